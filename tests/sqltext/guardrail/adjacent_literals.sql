-- expect: adjacent_literals
SELECT 'a' 'b' FROM dual
-- expect: adjacent_literals
SELECT name FROM customers WHERE (id) 5 > 1
