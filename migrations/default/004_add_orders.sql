-- Orders and their items. An item keeps the price of its day, so that a later change of price leaves old orders alone.
--
-- Description: Add orders
-- Depends: 002_add_customers, 003_add_products

CREATE TYPE order_status AS ENUM ('open', 'paid', 'shipped', 'cancelled');

CREATE TABLE orders (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id      bigint       NOT NULL REFERENCES shops (id),
    customer_id  bigint       NOT NULL REFERENCES customers (id),
    number       text         NOT NULL,
    status       order_status NOT NULL DEFAULT 'open',
    placed_at    timestamptz  NOT NULL DEFAULT now(),
    updated_at   timestamptz  NOT NULL DEFAULT now(),
    UNIQUE (shop_id, number)
);

CREATE TABLE order_items (
    order_id     bigint  NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id   bigint  NOT NULL REFERENCES products (id),
    quantity     integer NOT NULL CHECK (quantity > 0),
    price_cents  bigint  NOT NULL CHECK (price_cents >= 0),
    PRIMARY KEY (order_id, product_id)
);

-- ROLLBACK
DROP TABLE order_items;
DROP TABLE orders;
DROP TYPE order_status;
