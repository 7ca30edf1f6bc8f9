BEGIN;
START TRANSACTION;
COMMIT;
END;
ROLLBACK;
ABORT;
SAVEPOINT a;
RELEASE a;
ROLLBACK TO a;
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SET LOCAL TRANSACTION READ ONLY;
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;
PREPARE TRANSACTION 'x';
COMMIT PREPARED 'x';
ROLLBACK PREPARED 'x';
DISCARD ALL;
SELECT pg_advisory_unlock_all();
SET standard_conforming_strings = off;
SET LOCAL standard_conforming_strings TO 'off';
SELECT set_config('standard_conforming_strings', 'off', false);
DO $$ BEGIN PERFORM pg_catalog.pg_advisory_unlock_all(); END $$;
COPY users FROM STDIN;
COPY users (a, b) FROM STDIN WITH (FORMAT csv);
1	it's a quote
2	-- ROLLBACK
\.
COPY users TO STDOUT;
\connect other
\i file.sql
SELECT 1 \gexec
# rollback
