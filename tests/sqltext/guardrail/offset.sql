-- expect: offset
SELECT name FROM customers ORDER BY name OFFSET 5
