-- Description: Fill readings
-- Depends: 001_create_readings
-- Transaction: none
-- Lock-Timeout: 3s
--
-- What takes longer than a call may take is cut into statements that do not: each commits for itself, and the next call
-- goes on after the last one that did. The sleep stands in for the work.

INSERT INTO readings SELECT 1, hour FROM generate_series(1, 1000) AS hour, pg_sleep(1);
INSERT INTO readings SELECT 2, hour FROM generate_series(1, 1000) AS hour, pg_sleep(1);
INSERT INTO readings SELECT 3, hour FROM generate_series(1, 1000) AS hour, pg_sleep(1);

-- ROLLBACK
TRUNCATE readings;
