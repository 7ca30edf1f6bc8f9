/**
 * What versions print in their own ways: queries of one table or several, sorted, grouped, nested; defaults, checks, bodies.
 *
 * @module
 */

/** The statements. */
export const TEXTS: string = `
CREATE SCHEMA texts;
CREATE TYPE texts.comp AS (x integer);
CREATE TABLE texts.t (a integer PRIMARY KEY, b text, c varchar(9), d timestamptz, j jsonb);
SET search_path = texts;
CREATE VIEW texts.v1 AS SELECT a AS b, b AS a FROM t ORDER BY a;
CREATE VIEW texts.v2 AS SELECT upper(b) AS b FROM t ORDER BY b;
CREATE VIEW texts.v3 AS SELECT upper(b) AS b, a FROM t ORDER BY t.b, a + 1;
CREATE VIEW texts.v4 AS SELECT b, count(*) FROM t GROUP BY b HAVING min(a) > 1 ORDER BY count(*);
CREATE VIEW texts.v5 AS SELECT DISTINCT ON (b) b, a FROM t ORDER BY b, a DESC;
CREATE VIEW texts.v6 AS SELECT a FROM t WHERE a IN (1,2,3) AND b LIKE 'x%' AND a BETWEEN 1 AND 5 AND b NOT ILIKE 'y' AND b SIMILAR TO 'z';
CREATE VIEW texts.v7 AS SELECT b FROM t WHERE b IN ('a', 'b') OR c IN ('x'::varchar, 'y') OR b = ANY (ARRAY['q','r']) OR a = ALL ('{1,2}'::int[]);
CREATE VIEW texts.v8 AS SELECT EXTRACT(epoch FROM d) AS e, date_trunc('day', d) AS f, d AT TIME ZONE 'UTC' AS g, d + interval '1 day 2 hours' AS h, CURRENT_DATE AS i, now() AS j, LOCALTIMESTAMP(2) AS k FROM t;
CREATE VIEW texts.v9 AS SELECT sum(a) OVER w AS s, row_number() OVER (PARTITION BY b ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) AS r FROM t WINDOW w AS (PARTITION BY b);
CREATE VIEW texts.v10 AS SELECT b, c, sum(a) FROM t GROUP BY GROUPING SETS ((b), (c), ()), a;
CREATE VIEW texts.v11 AS SELECT b, grouping(b) FROM t GROUP BY CUBE (b, c);
CREATE VIEW texts.v12 AS SELECT b FROM t GROUP BY DISTINCT ROLLUP (b, c);
CREATE VIEW texts.v13 AS SELECT x.* FROM (SELECT a, b FROM t WHERE a > 1) x WHERE x.a > 2;
CREATE VIEW texts.v14 AS SELECT v.n FROM (VALUES (1, 'a'), (2, 'b')) v(n, m);
CREATE VIEW texts.v15 AS SELECT l.z FROM t, LATERAL (SELECT t.a + 1 AS z) l;
CREATE VIEW texts.v16 AS SELECT t.a, u.a AS ua FROM t JOIN t u USING (b) WHERE u.a > t.a;
CREATE VIEW texts.v17 AS SELECT * FROM t NATURAL JOIN (SELECT a, 1 AS z FROM t) q;
CREATE VIEW texts.v18 AS SELECT b FROM (t JOIN t u USING (b)) AS j;
CREATE VIEW texts.v19 AS SELECT t.a FROM t FULL JOIN t u ON t.a = u.a LEFT JOIN t w ON w.a = u.a;
CREATE VIEW texts.v20 AS WITH x AS MATERIALIZED (SELECT a FROM t) SELECT x.a FROM x UNION ALL SELECT a FROM t ORDER BY 1 LIMIT 5 OFFSET 1;
CREATE VIEW texts.v21 AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 9) SEARCH DEPTH FIRST BY n SET o CYCLE n SET c USING p SELECT n FROM r;
CREATE VIEW texts.v22 AS SELECT CASE WHEN a > 1 THEN 'x' ELSE b END AS x, CASE a WHEN 1 THEN 2 END AS y, COALESCE(a, 1) AS z, NULLIF(a, 2) AS n, GREATEST(a, 2) AS g FROM t;
CREATE VIEW texts.v23 AS SELECT ROW(a, b) = ROW(1, 'x') AS r, (a, b) < (1, 'y') AS s, ARRAY[a, 1] AS t, (ARRAY[a, 1])[1:2] AS u, j -> 'x' ->> 'y' AS v, j['k'] AS w FROM t;
CREATE VIEW texts.v24 AS SELECT b COLLATE "C" AS c, a::text || b AS d, a::bigint::numeric(5,1) AS e, -a AS f, a ^ 2 AS g, NOT (a > 1) AS h, a IS NULL AS i, (a > 1) IS TRUE AS k FROM t;
CREATE VIEW texts.v25 AS SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) AS p, string_agg(b, ',' ORDER BY a DESC NULLS LAST) FILTER (WHERE a > 1) AS s, count(DISTINCT b) AS c FROM t;
CREATE VIEW texts.v26 AS SELECT g.o, g.v FROM generate_series(1, 3) WITH ORDINALITY AS g(v, o);
CREATE VIEW texts.v27 AS SELECT r.a, r.b FROM ROWS FROM (generate_series(1, 3), generate_series(2, 4)) AS r(a, b);
CREATE VIEW texts.v28 AS SELECT x.a FROM json_to_recordset('[]') AS x(a int, b text);
CREATE VIEW texts.v29 AS SELECT EXISTS (SELECT FROM t u WHERE u.a = t.a) AS e, a IN (SELECT u.a FROM t u) AS i, (SELECT max(u.a) FROM t u) AS m, ARRAY(SELECT u.a FROM t u) AS r FROM t;
CREATE VIEW texts.v30 AS SELECT a FROM t FOR UPDATE;
CREATE VIEW texts.v31 AS SELECT a FROM t LIMIT 3;
CREATE VIEW texts.v32 AS SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES;
CREATE VIEW texts.v33 AS SELECT overlay(b PLACING 'x' FROM 1 FOR 2) AS o, substring(b FROM 2) AS s, position('x' IN b) AS p, trim(BOTH 'x' FROM b) AS t, b::bytea AS y, '\\x01'::bytea AS z FROM t;
CREATE VIEW texts.v34 AS SELECT xmlelement(name foo, b) AS x FROM t;
CREATE VIEW texts.v35 AS SELECT 1.5::float8 AS f, 1e10 AS g, 'a'::char(3) AS c, B'101' AS b, '{"a":1}'::jsonb AS j, '10:00'::time AS t, 'infinity'::date AS d, 'NaN'::float AS n;
CREATE VIEW texts.v36 AS SELECT t FROM t;
CREATE VIEW texts.v37 AS SELECT t.t FROM (SELECT t FROM t) t;
CREATE VIEW texts.v38 AS SELECT t.* FROM t;
CREATE VIEW texts.v39 AS SELECT (p).x FROM (SELECT ROW(1)::comp AS p) q;
CREATE VIEW texts.v40 AS SELECT a, b FROM t EXCEPT (SELECT a, b FROM t INTERSECT SELECT 1, 'x');
CREATE VIEW texts.v41 AS SELECT s.a FROM t s WHERE s.a > (SELECT avg(s2.a) FROM t s2 WHERE s2.b = s.b);
CREATE VIEW texts.v42 AS SELECT a FROM ONLY t;
CREATE VIEW texts.v43 AS SELECT upper(b) AS b, a AS c, rank() OVER (PARTITION BY t.b ORDER BY t.c DESC) AS r, array_agg(a) FILTER (WHERE a > 1) OVER (ORDER BY t.c) AS q FROM t;
CREATE VIEW texts.v44 AS SELECT DISTINCT ON (t.b) upper(b) AS b, a AS c FROM t ORDER BY t.b, t.c;
CREATE VIEW texts.v45 AS SELECT string_agg(b, ',' ORDER BY t.c) AS c FROM t GROUP BY t.c;
CREATE VIEW texts.v46 AS SELECT a AS b FROM t GROUP BY t.b, t.a ORDER BY t.b, t.a;
CREATE VIEW texts.v47 AS SELECT a AS b, b AS a FROM t WINDOW w AS (PARTITION BY t.a ORDER BY t.b);
CREATE VIEW texts.v48 AS SELECT "select".a FROM t AS "select";
CREATE VIEW texts.v49 AS SELECT jsonb_path_query(j, '$.a') AS q, normalize(b) AS n, b IS NORMALIZED AS i, unistr('x') AS u FROM t;
CREATE VIEW texts.v50 AS SELECT a OPERATOR(pg_catalog.+) 1 AS p FROM t;
CREATE VIEW texts.v51 AS SELECT mytot.a FROM t mytot WHERE mytot.a IN (SELECT t2.a FROM t t2);
RESET search_path;
CREATE TABLE texts.d (
  a integer DEFAULT 1 + 2, b text DEFAULT upper('x' || 'y'), c timestamptz DEFAULT now() - interval '1 mon', e date DEFAULT CURRENT_DATE,
  f text DEFAULT CURRENT_USER, g float8 DEFAULT 0.1, h numeric DEFAULT 1e-5, i jsonb DEFAULT '{}', k text[] DEFAULT ARRAY['a']::text[],
  l uuid DEFAULT gen_random_uuid(), m bytea DEFAULT '\\x00', n interval DEFAULT '1 day', o bit(3) DEFAULT B'101', q time DEFAULT '10:00',
  CHECK (b IN ('a', 'b')), CHECK (a > 0 AND (a < 5 OR b IS NOT NULL)), CHECK (b ~ '^x' AND length(b) > 2),
  CHECK (c > '2020-01-01 00:00:00+01'), CHECK (k <@ ARRAY['x']), CHECK (a BETWEEN 1 AND 2)
);
CREATE INDEX ON texts.d ((lower(b)), (a + 1), (i ->> 'x'));
CREATE INDEX ON texts.d USING gin (i jsonb_path_ops);
CREATE INDEX ON texts.d USING brin (a) WITH (pages_per_range = 4);
CREATE INDEX ON texts.d (b COLLATE "C" text_pattern_ops);
CREATE FUNCTION texts.atomic(integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC
  WITH x AS (SELECT a FROM texts.t) SELECT x.a FROM x;
  UPDATE texts.t SET a = 1 WHERE a = $1 RETURNING a;
  DELETE FROM texts.t USING texts.d WHERE d.a = t.a;
  INSERT INTO texts.t (a) VALUES (1), (2) ON CONFLICT DO NOTHING;
  SELECT CASE WHEN $1 > 1 THEN (SELECT max(t.a) FROM texts.t) ELSE 2 END;
END;
CREATE RULE also AS ON UPDATE TO texts.t WHERE NEW.a > OLD.a DO ALSO INSERT INTO texts.d (a) SELECT NEW.a FROM texts.t WHERE t.a = OLD.a;
CREATE POLICY own ON texts.t USING (b = CURRENT_USER AND a IN (SELECT d.a FROM texts.d WHERE d.b = t.b));
`;
