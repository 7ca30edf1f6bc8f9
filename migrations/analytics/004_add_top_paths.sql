-- The paths that were viewed most in a span of days. A body between BEGIN ATOMIC and END is not a string: PostgreSQL
-- parses it on creation and remembers that it needs daily_views. Its semicolons still end no statement of the file.
--
-- Description: Add top paths
-- Depends: 003_add_daily_views

CREATE FUNCTION top_paths(since date, until date, most integer DEFAULT 10)
RETURNS TABLE (path text, views numeric)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT daily_views.path, sum(daily_views.views)
    FROM daily_views
    WHERE daily_views.day BETWEEN since AND until
    GROUP BY daily_views.path
    ORDER BY 2 DESC, 1
    LIMIT most;
END;

COMMENT ON FUNCTION top_paths IS 'The paths viewed most from one day to another, both included.';

-- ROLLBACK
DROP FUNCTION top_paths(date, date, integer);
