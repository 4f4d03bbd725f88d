-- expect: substitution
SELECT name FROM customers WHERE id = &id
-- expect: allowed
SELECT name FROM customers WHERE city = 'M&M' AND id = :1
