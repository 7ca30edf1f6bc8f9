/**
 * A plugin for `deno lint` that keeps the arrows between the folders of `src/`. ARCHITECTURE.md says why they are as
 * they are.
 *
 * @module
 */

/** What a folder of `src/` may import. */
interface Layer {
  /** Other folders of `src/`; of those after `type:` only types. */
  readonly folders: readonly string[];
  /** Packages; a name that ends in `*` stands for all that begin so. */
  readonly packages: readonly string[];
}

const LAYERS: Readonly<Record<string, Layer>> = {
  core: { folders: [], packages: [] },
  runner: { folders: ["core"], packages: [] },
  database: { folders: ["core"], packages: ["postgres", "pg", "@electric-sql/pglite", "@std/path"] },
  runtime: { folders: ["core"], packages: ["node:*", "@std/path"] },
  schema: { folders: ["core"], packages: [] },
  lint: { folders: ["core"], packages: ["libpg-query"] },
  rehearsal: { folders: ["core", "runner", "schema"], packages: [] },
  trace: { folders: ["core", "runner", "rehearsal"], packages: [] },
  report: { folders: ["core", "type:schema", "type:lint", "type:rehearsal", "type:trace"], packages: [] },
  cli: {
    folders: ["core", "runner", "schema", "lint", "rehearsal", "trace", "report", "database", "type:runtime"],
    packages: ["commander", "@std/path"],
  },
};

/** Names of the platform, which reaches the rest of the code as a value. */
const PLATFORM: ReadonlySet<string> = new Set(["Deno", "Bun", "process", "console"]);

/** File names that say nothing about what the file holds. */
const VAGUE: ReadonlySet<string> = new Set(["utils.ts", "common.ts", "helpers.ts", "types.ts", "index.ts"]);

const root = decodeURIComponent(new URL("../", import.meta.url).pathname);

/** Path of a linted file from the top of the checkout. */
function pathOf(filename: string): string {
  const path = filename.replaceAll("\\", "/");
  return path.startsWith(root) ? path.slice(root.length) : path;
}

/** The folder of `src/` that a path is in. */
function folderOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** Whether a path belongs to the product: the layers, and the entry points that join them. */
function isProduct(path: string): boolean {
  return path.startsWith("src/") || !path.includes("/");
}

/** What is wrong with an import, if anything is. */
function importProblem(path: string, specifier: string, kind: "type" | "value"): string | undefined {
  const folder = folderOf(path);
  if (folder === undefined) return undefined;
  const layer = LAYERS[folder];
  if (layer === undefined) return `Folder "src/${folder}" has no line in the table of layers`;
  if (!specifier.startsWith(".")) {
    const allowed = layer.packages.some((name) =>
      name.endsWith("*") ? specifier.startsWith(name.slice(0, -1)) : specifier === name
    );
    return allowed ? undefined : `"src/${folder}" must not import the package "${specifier}"`;
  }
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
  const other = folderOf(target);
  if (other === undefined) return `"src/${folder}" must not import "${target}", which is outside the layers`;
  if (other === folder || layer.folders.includes(other)) return undefined;
  if (!layer.folders.includes(`type:${other}`)) return `"src/${folder}" must not import "src/${other}"`;
  return kind === "type" ? undefined : `"src/${folder}" may import only types of "src/${other}"`;
}

/** Whether a declaration brings in only types: by `import type`, or by `type` on every name. */
function importKind(node: Deno.lint.ImportDeclaration): "type" | "value" {
  if (node.importKind === "type") return "type";
  const typed = node.specifiers.length > 0 &&
    node.specifiers.every((name) => name.type === "ImportSpecifier" && name.importKind === "type");
  return typed ? "type" : "value";
}

const imports: Deno.lint.Rule = {
  create(context) {
    const path = pathOf(context.filename);
    const look = (node: Deno.lint.Node, specifier: unknown, kind: "type" | "value") => {
      if (typeof specifier !== "string") return;
      const message = importProblem(path, specifier, kind);
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => look(node, node.source.value, importKind(node)),
      ExportAllDeclaration: (node) => look(node, node.source.value, node.exportKind),
      ExportNamedDeclaration: (node) => look(node, node.source?.value, node.exportKind),
      ImportExpression: (node) => look(node, "value" in node.source ? node.source.value : undefined, "value"),
      "TSImportType > TSLiteralType > Literal": (node: Deno.lint.Literal) => look(node, node.value, "type"),
    };
  },
};

/** Whether an identifier stands for a key, and so not for the global of that name. */
function isKey(node: Deno.lint.Identifier): boolean {
  const parent = node.parent;
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed &&
        !(parent.object.type === "Identifier" && parent.object.name === "globalThis");
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
    case "TSPropertySignature":
    case "TSMethodSignature":
      return parent.key === node && !parent.computed;
    case "TSQualifiedName":
      return parent.right === node;
    default:
      return false;
  }
}

const platform: Deno.lint.Rule = {
  create(context) {
    const path = pathOf(context.filename);
    if (!isProduct(path) || folderOf(path) === "runtime") return {};
    return {
      Identifier(node) {
        if (!PLATFORM.has(node.name) || isKey(node)) return;
        context.report({ node, message: `Only "src/runtime" may name "${node.name}"` });
      },
    };
  },
};

const named: Deno.lint.Rule = {
  create(context) {
    if (!isProduct(pathOf(context.filename))) return {};
    const message = "Exports of the product have names; there is no default export";
    return {
      ExportDefaultDeclaration: (node) => context.report({ node, message }),
      ExportSpecifier(node) {
        if (node.exported.type === "Identifier" && node.exported.name === "default") context.report({ node, message });
      },
    };
  },
};

const files: Deno.lint.Rule = {
  create(context) {
    const file = pathOf(context.filename).split("/").at(-1) ?? "";
    if (!VAGUE.has(file)) return {};
    return {
      Program: (node) => context.report({ node, message: `Name the file for its one concept, not "${file}"` }),
    };
  },
};

/** The plugin: `layers/imports`, `layers/platform`, `layers/named` and `layers/files`. */
const plugin: Deno.lint.Plugin = { name: "layers", rules: { imports, platform, named, files } };

export default plugin;
