-- expect: limit
SELECT name FROM customers LIMIT 5
