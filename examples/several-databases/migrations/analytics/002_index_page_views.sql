-- Description: Find page views by path, without keeping writers waiting
-- Depends: 001_create_page_views
-- Transaction: none

CREATE INDEX CONCURRENTLY page_views_path ON page_views (path);

-- ROLLBACK
DROP INDEX CONCURRENTLY page_views_path;
