-- A function body is one string to PostgreSQL and to this tool: the semicolons in it end no statement of the file, and a
-- line in it that looks like the marker of the rollback section is text like any other.
--
-- Description: Keep updated_at
-- Depends: 004_add_orders

CREATE FUNCTION keep_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- The next line is a comment of this function: at column 1, but inside a string, it marks nothing.
-- ROLLBACK
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER shops_keep_updated_at BEFORE UPDATE ON shops
    FOR EACH ROW EXECUTE FUNCTION keep_updated_at();

CREATE TRIGGER customers_keep_updated_at BEFORE UPDATE ON customers
    FOR EACH ROW EXECUTE FUNCTION keep_updated_at();

CREATE TRIGGER products_keep_updated_at BEFORE UPDATE ON products
    FOR EACH ROW EXECUTE FUNCTION keep_updated_at();

CREATE TRIGGER orders_keep_updated_at BEFORE UPDATE ON orders
    FOR EACH ROW EXECUTE FUNCTION keep_updated_at();

-- ROLLBACK
DROP TRIGGER orders_keep_updated_at ON orders;
DROP TRIGGER products_keep_updated_at ON products;
DROP TRIGGER customers_keep_updated_at ON customers;
DROP TRIGGER shops_keep_updated_at ON shops;
DROP FUNCTION keep_updated_at();
