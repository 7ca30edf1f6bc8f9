-- Description: Create orders

CREATE TABLE orders (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    total  numeric(12, 2) NOT NULL CHECK (total >= 0)
);

-- ROLLBACK
DROP TABLE orders;
