-- expect: foreign_operator
SELECT name FROM customers WHERE name ILIKE 'a%'
-- expect: foreign_operator
SELECT name->'$.a' FROM customers
-- expect: foreign_operator
SELECT id | 1 FROM customers
-- expect: foreign_operator
SELECT [name] FROM [customers]
-- expect: foreign_operator
SELECT id FROM customers WHERE name ISNULL
-- expect: foreign_operator
SELECT id FROM customers WHERE year NOTNULL AND id = 1
-- expect: foreign_operator
SELECT CASE WHEN name ISNULL THEN 1 END FROM customers
-- expect: foreign_operator
SELECT a DIV 2 FROM customers
-- expect: foreign_operator
SELECT id FROM customers WHERE name GLOB 'x*'
-- expect: foreign_operator
SELECT CAST([id] AS NUMBER) FROM customers
-- expect: foreign_operator
SELECT c.[id] FROM customers c
-- expect: foreign_operator
SELECT id FROM hr..customers
-- expect: unparsed
SELECT CASE WHEN isnull THEN 1 END, notnull FROM (SELECT id isnull, id notnull FROM customers) WHERE notnull = 2
-- expect: allowed
SELECT c.name.join[0], c.name.list[0].b FROM customers c
-- expect: unparsed
SELECT id div, name glob FROM customers div WHERE div.id = 1
-- expect: foreign_operator
SELECT b.id FROM customers c JOIN bills b ON b.customer_id = c.id AND c.name NOTNULL
-- expect: foreign_operator
SELECT id DIV year FROM bills
-- expect: foreign_operator
SELECT id FROM bills WHERE id = ANY (ARRAY[1, 2])
-- expect: allowed
SELECT c.name.array[0], id div FROM customers c
-- expect: substitution
SELECT id FROM &&owner..customers
