-- expect: arguments
SELECT NVL(name) FROM customers
-- expect: arguments
SELECT COUNT(id, name) FROM customers
-- expect: arguments
SELECT COUNT(DISTINCT *) FROM customers
-- expect: arguments
SELECT TRIM(name, 'x') FROM customers
-- expect: arguments
SELECT ADD_MONTHS(born) FROM customers
-- expect: allowed
SELECT COUNT(DISTINCT name), MAX(NVL(name, SUBSTR(city, 1, 2))), SUM(DECODE(id, 1, 2)) FROM customers
-- expect: arguments
SELECT SUM(*) FROM bills
-- expect: allowed
WITH max (id, year) AS (SELECT id, year FROM bills) SELECT m.id FROM max m
