-- Products of a shop, and where they are in their life. Nothing here needs customers, so it does not depend on them:
-- 002 and 003 both build on 001, and 004 brings them together again.
--
-- Description: Add products
-- Depends: 001_create_shops

CREATE TYPE product_status AS ENUM ('draft', 'active', 'retired');

CREATE TABLE products (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id      bigint         NOT NULL REFERENCES shops (id),
    sku          text           NOT NULL,
    name         text           NOT NULL CHECK (name <> ''),
    price_cents  bigint         NOT NULL CHECK (price_cents >= 0),
    status       product_status NOT NULL DEFAULT 'draft',
    created_at   timestamptz    NOT NULL DEFAULT now(),
    updated_at   timestamptz    NOT NULL DEFAULT now(),
    UNIQUE (shop_id, sku)
);

-- ROLLBACK
DROP TABLE products;
DROP TYPE product_status;
