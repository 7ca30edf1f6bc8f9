-- Shops: everything else belongs to one.
--
-- Description: Create shops
-- Depends: (none)

CREATE TABLE shops (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug        text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name        text        NOT NULL CHECK (name <> ''),
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE shops IS 'One row per shop; the slug is its part of the address.';

-- ROLLBACK
DROP TABLE shops;
