-- expect: db_link
SELECT name FROM customers /* far */ @ /* away */ office
-- expect: allowed
SELECT 'me@example.com' FROM dual
