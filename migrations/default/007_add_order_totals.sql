-- The first of four steps to a column that every order must have, none of which holds up a busy shop:
--
--   007  the column, empty, and a trigger that fills it for what is sold from now on   (a short lock)
--   008  the orders that were there before                                             (locks rows, not the table)
--   009  a constraint that new rows must obey                                          (a short lock)
--   010  proof that the old ones do, and NOT NULL                                      (reads beside the writers)
--
-- Description: Add order totals
-- Depends: 004_add_orders

ALTER TABLE orders ADD COLUMN total_cents bigint;
-- Set apart from ADD COLUMN, the default is for new orders only: those that are there stay NULL, which 008 looks for.
ALTER TABLE orders ALTER COLUMN total_cents SET DEFAULT 0;

CREATE FUNCTION keep_order_total() RETURNS trigger
LANGUAGE plpgsql AS $body$
DECLARE
    changed bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.order_id]
        WHEN 'DELETE' THEN ARRAY[OLD.order_id]
        ELSE ARRAY[OLD.order_id, NEW.order_id]
    END;
BEGIN
    UPDATE orders
    SET total_cents = (
        SELECT coalesce(sum(item.quantity * item.price_cents), 0)
        FROM order_items AS item
        WHERE item.order_id = orders.id
    )
    WHERE orders.id = ANY (changed);
    RETURN NULL;
END;
$body$;

CREATE TRIGGER order_items_keep_order_total AFTER INSERT OR UPDATE OR DELETE ON order_items
    FOR EACH ROW EXECUTE FUNCTION keep_order_total();

-- ROLLBACK
DROP TRIGGER order_items_keep_order_total ON order_items;
DROP FUNCTION keep_order_total();
ALTER TABLE orders DROP COLUMN total_cents;
