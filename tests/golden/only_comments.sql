-- Description: nothing yet
-- more to come
;
