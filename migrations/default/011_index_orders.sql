-- CREATE INDEX CONCURRENTLY lets the shop write while the index is built, and refuses to run in a transaction. So this
-- file has none: each statement stands alone, and a run that is cut off goes on where it stopped.
--
-- Description: Index orders
-- Depends: 004_add_orders
-- Transaction: none

CREATE INDEX CONCURRENTLY orders_customer_id_placed_at_idx ON orders (customer_id, placed_at DESC);

-- What nobody waits for any more is left out of the index.
CREATE INDEX CONCURRENTLY orders_open_idx ON orders (shop_id, placed_at) WHERE status IN ('open', 'paid');

CREATE INDEX CONCURRENTLY order_items_product_id_idx ON order_items (product_id);

-- ROLLBACK
DROP INDEX CONCURRENTLY order_items_product_id_idx;
DROP INDEX CONCURRENTLY orders_open_idx;
DROP INDEX CONCURRENTLY orders_customer_id_placed_at_idx;
