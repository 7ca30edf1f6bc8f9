-- Customers of a shop. The same person may buy in two shops and is then a customer of each.
--
-- Description: Add customers
-- Depends: 001_create_shops

CREATE TABLE customers (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shop_id     bigint      NOT NULL REFERENCES shops (id),
    email       text        NOT NULL CHECK (email LIKE '%_@_%'),
    name        text        NOT NULL CHECK (name <> ''),
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

-- An address is taken whatever its case: an index on an expression says so without an extension.
CREATE UNIQUE INDEX customers_shop_id_email_key ON customers (shop_id, lower(email));

-- ROLLBACK
DROP TABLE customers;
