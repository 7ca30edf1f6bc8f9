CREATE TABLE a (id int);
-- rollback
 -- ROLLBACK
--ROLLBACK
-- ROLLBACK:
-- ROLLBACK;
--  ROLLBACK
-- Roll back (removes the table)
-- Down
-- === UNDO ===
-- @revert
/* rollback */
/*
 * ROLLBACK
 */
-- migrate:down
-- +goose Down
-- Down Migration
-- +migrate Down
---- create above / drop below ----
DROP TABLE a;
