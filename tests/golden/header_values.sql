-- Depends: 001_roles 002_tenants, 003_x.sql, none,, Users, 001_a, 001_a
-- Transaction: off
-- Lock-Timeout: 3 s
-- Statement-Timeout: 1d
-- Depends: 004_more
-- Description:
SELECT 1;
