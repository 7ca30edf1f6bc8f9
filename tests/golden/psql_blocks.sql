\set ON_ERROR_STOP 1
-- Depends: 001_roles
SELECT 1
\g
SELECT (2 \crosstabview
);
