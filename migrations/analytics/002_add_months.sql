-- Months of page views, made by a function that a scheduled job calls as well. It may be called twice.
--
-- Description: Add months of page views
-- Depends: 001_create_page_views

CREATE FUNCTION add_page_view_month(month date) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    first date := date_trunc('month', month)::date;
    name  text := 'page_views_' || to_char(first, 'YYYY_MM');
BEGIN
    EXECUTE format(
        $sql$
            CREATE TABLE IF NOT EXISTS %I PARTITION OF page_views
            FOR VALUES FROM (%L) TO (%L);
        $sql$,
        name,
        -- Days begin in UTC, whatever the time zone of the session.
        first::text || ' 00:00:00+00',
        (first + interval '1 month')::date::text || ' 00:00:00+00'
    );
END;
$function$;

-- Fixed months: a migration makes the same tables on the day it is written and a year later.
SELECT add_page_view_month((date '2026-01-01' + make_interval(months => n))::date)
FROM generate_series(0, 11) AS n;

-- ROLLBACK (the views move to the rest, none is lost)
-- lint: ignore detach-not-concurrent until the views are where they belong nobody may add one
ALTER TABLE page_views DETACH PARTITION page_views_rest;

-- lint: ignore work-under-lock for the same reason
INSERT INTO page_views_rest SELECT * FROM page_views;

DO $$
DECLARE
    part regclass;
BEGIN
    FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'page_views'::regclass LOOP
        EXECUTE format('DROP TABLE %s', part);
    END LOOP;
END;
$$;

-- lint: ignore attach-partition-scans nobody gets at it before the end of this anyway
ALTER TABLE page_views ATTACH PARTITION page_views_rest DEFAULT;

DROP FUNCTION add_page_view_month(date);
