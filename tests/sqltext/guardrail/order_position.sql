-- expect: order_position
SELECT name, city FROM customers ORDER BY 1, 3 DESC
-- expect: allowed
SELECT name, NVL(city, 'x') FROM customers ORDER BY 2 DESC NULLS LAST, id + 7
-- expect: allowed
SELECT c.* FROM customers c ORDER BY 4
