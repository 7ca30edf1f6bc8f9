-- VALIDATE reads the whole table, but beside those who write to it. SET NOT NULL then finds the proof and reads nothing,
-- and the constraint has done its work.
--
-- Description: Validate order totals
-- Depends: 009_require_order_totals
-- Lock-Timeout: 2s

ALTER TABLE orders VALIDATE CONSTRAINT orders_total_cents_present;
ALTER TABLE orders ALTER COLUMN total_cents SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_total_cents_present;

-- ROLLBACK
ALTER TABLE orders ADD CONSTRAINT orders_total_cents_present CHECK (total_cents IS NOT NULL) NOT VALID;
ALTER TABLE orders ALTER COLUMN total_cents DROP NOT NULL;
