-- Each shop sees its own rows. The application says once per transaction whose work it does:
--
--   SET LOCAL shop.id = '42';
--
-- and whoever says nothing sees nothing. The owner of the tables, who runs the migrations, is not held by the policies.
--
-- Description: Isolate shops
-- Depends: 004_add_orders

CREATE FUNCTION current_shop_id() RETURNS bigint
LANGUAGE sql STABLE
RETURN nullif(current_setting('shop.id', true), '')::bigint;

ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE products ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_items ENABLE ROW LEVEL SECURITY;

CREATE POLICY customers_of_shop ON customers USING (shop_id = current_shop_id());
CREATE POLICY products_of_shop ON products USING (shop_id = current_shop_id());
CREATE POLICY orders_of_shop ON orders USING (shop_id = current_shop_id());

-- An item has no shop of its own: it is seen by who sees its order, and the policy above decides that.
CREATE POLICY order_items_of_shop ON order_items USING (
    EXISTS (SELECT FROM orders WHERE orders.id = order_items.order_id)
);

-- ROLLBACK
DROP POLICY order_items_of_shop ON order_items;
DROP POLICY orders_of_shop ON orders;
DROP POLICY products_of_shop ON products;
DROP POLICY customers_of_shop ON customers;
ALTER TABLE order_items DISABLE ROW LEVEL SECURITY;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
ALTER TABLE products DISABLE ROW LEVEL SECURITY;
ALTER TABLE customers DISABLE ROW LEVEL SECURITY;
DROP FUNCTION current_shop_id();
