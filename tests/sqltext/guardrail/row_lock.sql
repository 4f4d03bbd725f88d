-- expect: row_lock
SELECT name FROM customers FOR/* */UPDATE SKIP LOCKED
-- expect: row_lock
SELECT name FROM (SELECT name FROM customers FOR UPDATE)
