-- expect: unknown_table | schema=yes
SELECT name FROM custmers
-- expect: unknown_table | schema=yes
SELECT name FROM customers WHERE EXISTS (SELECT 1 FROM secrets)
-- expect: allowed | schema=yes
SELECT id FROM user_objects
-- expect: allowed | schema=yes
WITH secrets AS (SELECT id FROM bills) SELECT id FROM secrets
