-- Description: Find readings by hour
-- Depends: 002_fill_readings

CREATE INDEX readings_hour ON readings (hour);

-- ROLLBACK
DROP INDEX readings_hour;
