-- Depends: 001_roles
SELECT 'a
b';
-- ROLLBACK	(x)
SELECT 2;
