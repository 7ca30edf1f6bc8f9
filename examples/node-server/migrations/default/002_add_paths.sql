-- Description: Keep the path of a visit
-- Depends: 001_create_visits

ALTER TABLE visits ADD COLUMN path text NOT NULL DEFAULT '/';

-- ROLLBACK
ALTER TABLE visits DROP COLUMN path;
