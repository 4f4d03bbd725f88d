-- expect: select_list
SELECT name, FROM customers
-- expect: select_list
SELECT *, name FROM customers
-- expect: select_list
SELECT name, * FROM customers
-- expect: select_list
SELECT COUNT(*), DISTINCT name FROM customers
-- expect: select_list
SELECT * REPLACE (1 AS id) FROM customers
