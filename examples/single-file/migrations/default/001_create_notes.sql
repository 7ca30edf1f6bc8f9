-- Description: Create notes

CREATE TABLE notes (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text  text NOT NULL
);

-- ROLLBACK
DROP TABLE notes;
