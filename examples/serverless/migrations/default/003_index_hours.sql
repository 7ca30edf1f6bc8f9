-- Description: Find readings by hour
-- Depends: 002_fill_readings
-- Transaction: none

CREATE INDEX CONCURRENTLY readings_hour ON readings (hour);

-- ROLLBACK
DROP INDEX CONCURRENTLY readings_hour;
