SELECT '🐘🐘'; VACUUM;
/* 🐘é */ SELECT 'é' \x
-- ROLLBACK
SELECT '🐘'; BEGIN;
