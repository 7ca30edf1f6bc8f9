INSERT INTO roles VALUES ('admin');
-- ROLLBACK (nothing to undo)
