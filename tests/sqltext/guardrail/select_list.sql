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
-- expect: select_list
SELECT name AS 'Name' FROM customers
-- expect: select_list
SELECT id DIV 2 FROM customers
-- expect: allowed
SELECT name AS "Name", INTERVAL '1' DAY AS d, born - DATE '2024-01-01' days, 1 one FROM customers
-- expect: select_list
SELECT name customers WHERE city = 'Linz'
-- expect: allowed
SELECT SYSDATE AS today, 1 + 1
