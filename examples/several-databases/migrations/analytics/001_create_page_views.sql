-- Description: Create page views

CREATE TABLE page_views (
    path  text NOT NULL,
    at    timestamptz NOT NULL DEFAULT now()
);

-- ROLLBACK
DROP TABLE page_views;
