-- expect: top
SELECT TOP 5 name FROM customers
