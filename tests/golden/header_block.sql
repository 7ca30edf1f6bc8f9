/*
 * Description: the licence
 * Depends: 001_roles
 */
-- Depends: 002_tenants
SELECT 1;
