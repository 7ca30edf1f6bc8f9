-- Views per day and path, computed ahead because everybody asks for them.
--
-- Description: Add daily views
-- Depends: 001_create_page_views

CREATE MATERIALIZED VIEW daily_views AS
SELECT
    (viewed_at AT TIME ZONE 'UTC')::date AS day,
    path,
    count(*)                AS views,
    count(DISTINCT visitor) AS visitors
FROM page_views
GROUP BY 1, 2;

-- REFRESH MATERIALIZED VIEW CONCURRENTLY, which lets readers read on, asks for a unique index.
CREATE UNIQUE INDEX daily_views_day_path_key ON daily_views (day, path);

-- ROLLBACK
DROP MATERIALIZED VIEW daily_views;
