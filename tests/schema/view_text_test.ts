import { assertEquals } from "@std/assert";
import { unqualifyColumns } from "../../src/schema/view_text.ts";

const CASES: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    "takes the only table away from columns, also in expressions and clauses",
    ` SELECT users.a,\n    upper(users."B c") AS x\n   FROM app.users\n  WHERE (users.a > 1)\n  ORDER BY users.a;`,
    ` SELECT a,\n    upper("B c") AS x\n   FROM app.users\n  WHERE (a > 1)\n  ORDER BY a;`,
  ],
  [
    "leaves queries in parentheses alone, also what they say of the outer one",
    " SELECT u.a,\n ( SELECT count(p.x) FROM app.p WHERE (p.a = u.a)) AS n FROM app.users u;",
    " SELECT a,\n ( SELECT count(p.x) FROM app.p WHERE (p.a = u.a)) AS n FROM app.users u;",
  ],
  ["leaves several tables alone", " SELECT a.x, b.y FROM a, b;", " SELECT a.x, b.y FROM a, b;"],
  ["leaves joins alone", " SELECT a.x FROM (a JOIN b ON (a.x = b.x));", " SELECT a.x FROM (a JOIN b ON (a.x = b.x));"],
  [
    "leaves unions alone",
    " SELECT a.x FROM a UNION SELECT b.x FROM b;",
    " SELECT a.x FROM a UNION SELECT b.x FROM b;",
  ],
  [
    "knows functions with columns",
    " SELECT n.n FROM generate_series(1, 5) n(n);",
    " SELECT n FROM generate_series(1, 5) n(n);",
  ],
  [
    "knows samples",
    " SELECT u.a FROM app.u TABLESAMPLE bernoulli (10) REPEATABLE (1);",
    " SELECT a FROM app.u TABLESAMPLE bernoulli (10) REPEATABLE (1);",
  ],
  [
    "keeps whole rows and what is no column",
    " SELECT u.*::text, f.u.a, 'u.a' FROM u;",
    " SELECT u.*::text, f.u.a, 'u.a' FROM u;",
  ],
  [
    "leaves a join with a name alone",
    " SELECT j.b FROM (t JOIN u USING (b)) j(b, a);",
    " SELECT j.b FROM (t JOIN u USING (b)) j(b, a);",
  ],
  [
    "leaves a part of a set operation alone",
    " SELECT t.a FROM t EXCEPT ( SELECT u.a FROM u);",
    " SELECT t.a FROM t EXCEPT ( SELECT u.a FROM u);",
  ],
  [
    "knows several functions",
    " SELECT r.a FROM ROWS FROM(f(1), g(2)) r(a, b);",
    " SELECT a FROM ROWS FROM(f(1), g(2)) r(a, b);",
  ],
  [
    "keeps the table where a result has the name of what is sorted by",
    " SELECT t.a AS b, t.b AS a, t.c, sum(t.c) OVER (PARTITION BY t.b ORDER BY t.c) AS s FROM t GROUP BY t.b ORDER BY t.c, t.b DESC, (t.b + 1), t.a;",
    " SELECT a AS b, b AS a, c, sum(c) OVER (PARTITION BY t.b ORDER BY c) AS s FROM t GROUP BY b ORDER BY c, t.b DESC, (b + 1), t.a;",
  ],
  [
    "keeps the table in DISTINCT ON as well",
    " SELECT DISTINCT ON (t.c, t.b) t.c AS c, upper(t.b) AS b FROM t ORDER BY t.c, t.b;",
    " SELECT DISTINCT ON (c, t.b) c AS c, upper(b) AS b FROM t ORDER BY c, t.b;",
  ],
  ["leaves a query of nothing alone", " SELECT 1 AS one;", " SELECT 1 AS one;"],
];

for (const [name, before, after] of CASES) {
  Deno.test(`unqualifyColumns() ${name}`, () => assertEquals(unqualifyColumns(before), after));
}
