-- Description: Create visits

CREATE TABLE visits (
    id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at  timestamptz NOT NULL DEFAULT now()
);

-- ROLLBACK
DROP TABLE visits;
