-- expect: between
SELECT name FROM customers WHERE id BETWEEN 1
-- expect: between
SELECT name FROM customers WHERE id BETWEEN 1, 5
-- expect: allowed
SELECT name FROM customers WHERE id BETWEEN (1) AND (SELECT MAX(id) FROM bills)
