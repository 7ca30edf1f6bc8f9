-- Rollback of the users table is done by hand
-- down below the tables are filled
-- undo log
SELECT 1; -- rollback
SELECT 2 /* undo */;
-- Revert "add users"
-- ROLLBACK
-- rollback
SELECT 3;
