-- expect: length | max_chars=20
SELECT name FROM customers
