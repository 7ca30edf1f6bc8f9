-- Description: A first note, with what a bundler has to keep: quotes, a backslash, letters of other alphabets
-- Depends: 001_create_notes

INSERT INTO notes (text) VALUES ('It''s a "note" with \ and Grüße, 你好');

-- ROLLBACK
DELETE FROM notes WHERE text LIKE '%Grüße, 你好';
