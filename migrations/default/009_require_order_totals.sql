-- NOT VALID takes the constraint on trust for the rows that are there, so nothing is read under the lock.
--
-- Description: Require order totals
-- Depends: 008_fill_order_totals
-- Lock-Timeout: 2s

ALTER TABLE orders ADD CONSTRAINT orders_total_cents_present CHECK (total_cents IS NOT NULL) NOT VALID;

-- ROLLBACK
ALTER TABLE orders DROP CONSTRAINT orders_total_cents_present;
