-- expect: not_grouped
SELECT city, COUNT(*) FROM customers
-- expect: not_grouped
SELECT c.city AS place, MAX(c.id) KEEP (DENSE_RANK LAST ORDER BY c.born) FROM customers c
-- expect: not_grouped
SELECT MAX(COUNT(*)) FROM customers
-- expect: allowed
SELECT MAX(COUNT(*)) FROM customers GROUP BY city
-- expect: allowed
SELECT SYSDATE, 'x' AS k, COUNT(*) FROM customers
-- expect: allowed
SELECT city, COUNT(*) OVER (PARTITION BY city) FROM customers
-- expect: allowed
SELECT name, (SELECT COUNT(*) FROM bills) n FROM customers
