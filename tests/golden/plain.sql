-- Add user authentication
-- Description: Add users
-- Depends: 001_roles, 002_tenants
-- Lock-Timeout: 10s
-- Statement-Timeout: 0

CREATE TABLE users (id bigint PRIMARY KEY, name text);

-- ROLLBACK (optional)
DROP TABLE users;
