-- Data, apart from the change of the table: this may take long, and in a file of its own it holds no lock that ALTER
-- TABLE took. It looks only for what is missing, so running it twice does no harm.
--
-- Description: Fill order totals
-- Depends: 007_add_order_totals
-- Statement-Timeout: 10m

UPDATE orders
SET total_cents = (
    SELECT coalesce(sum(item.quantity * item.price_cents), 0)
    FROM order_items AS item
    WHERE item.order_id = orders.id
)
WHERE total_cents IS NULL;

-- ROLLBACK (which totals were missing is not known any more; the next run computes them all again)
-- lint: ignore whole-table-write a rollback is for a quiet hour; batches would need a file without a transaction
UPDATE orders SET total_cents = NULL;
