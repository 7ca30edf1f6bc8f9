-- Rows to look at. They are found by their natural keys (slug, e-mail address, SKU, number), never by a generated id,
-- and ON CONFLICT leaves what is there alone: in a database where somebody opened that shop by hand this still works.
--
-- Description: Open a sample shop
-- Depends: 004_add_orders

INSERT INTO shops (slug, name)
VALUES ('corner-books', 'Corner Books')
ON CONFLICT (slug) DO NOTHING;

INSERT INTO customers (shop_id, email, name)
SELECT shops.id, person.email, person.name
FROM shops
CROSS JOIN (VALUES
    ('ada@example.com', 'Ada'),
    ('grace@example.com', 'Grace; the second')
) AS person (email, name)
WHERE shops.slug = 'corner-books'
ON CONFLICT (shop_id, lower(email)) DO NOTHING;

INSERT INTO products (shop_id, sku, name, price_cents, status)
SELECT shops.id, item.sku, item.name, item.price_cents, item.status::product_status
FROM shops
CROSS JOIN (VALUES
    ('atlas', 'Atlas of small islands', 2900, 'active'),
    ('diary', 'Diary, blank',            900, 'active'),
    ('globe', 'Globe with a lamp',      7900, 'draft')
) AS item (sku, name, price_cents, status)
WHERE shops.slug = 'corner-books'
ON CONFLICT (shop_id, sku) DO NOTHING;

INSERT INTO orders (shop_id, customer_id, number, status)
SELECT shops.id, customers.id, sale.number, sale.status::order_status
FROM shops
CROSS JOIN (VALUES
    ('A-1', 'ada@example.com',   'shipped'),
    ('A-2', 'grace@example.com', 'open')
) AS sale (number, email, status)
JOIN customers ON customers.shop_id = shops.id AND lower(customers.email) = sale.email
WHERE shops.slug = 'corner-books'
ON CONFLICT (shop_id, number) DO NOTHING;

INSERT INTO order_items (order_id, product_id, quantity, price_cents)
SELECT orders.id, products.id, line.quantity, products.price_cents
FROM shops
CROSS JOIN (VALUES
    ('A-1', 'atlas', 1),
    ('A-1', 'diary', 2),
    ('A-2', 'diary', 1)
) AS line (number, sku, quantity)
JOIN orders ON orders.shop_id = shops.id AND orders.number = line.number
JOIN products ON products.shop_id = shops.id AND products.sku = line.sku
WHERE shops.slug = 'corner-books'
ON CONFLICT (order_id, product_id) DO NOTHING;

-- ROLLBACK
DELETE FROM orders USING shops WHERE orders.shop_id = shops.id AND shops.slug = 'corner-books';
DELETE FROM products USING shops WHERE products.shop_id = shops.id AND shops.slug = 'corner-books';
DELETE FROM customers USING shops WHERE customers.shop_id = shops.id AND shops.slug = 'corner-books';
DELETE FROM shops WHERE slug = 'corner-books';
