SELECT 1; -- Depends: 001_roles
-- depends on 001_roles
CREATE TABLE a (
  -- Description: what it is
  id int
);
/*
 * Transaction: none
 */
-- ROLLBACK
-- Lock-Timeout: 3s
SELECT 2;
