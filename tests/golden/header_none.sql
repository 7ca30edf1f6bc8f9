-- depends: (none)
-- TRANSACTION: None
-- Depends on nothing, really
--Description: Without a blank
SELECT 1;
