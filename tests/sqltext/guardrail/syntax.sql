-- expect: syntax
SELECT name FROM customers WHERE EXISTS id
