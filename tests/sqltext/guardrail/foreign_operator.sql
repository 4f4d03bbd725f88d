-- expect: foreign_operator
SELECT name FROM customers WHERE name ILIKE 'a%'
-- expect: foreign_operator
SELECT name->'$.a' FROM customers
-- expect: foreign_operator
SELECT id | 1 FROM customers
-- expect: foreign_operator
SELECT [name] FROM [customers]
