-- expect: foreign_operator
SELECT name FROM customers WHERE name ILIKE 'a%'
