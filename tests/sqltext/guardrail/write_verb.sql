-- expect: write_verb
SELECT name FROM customers GO DROP TABLE customers
-- expect: write_verb
WITH gone AS (DELETE FROM customers) SELECT 1 FROM dual
-- expect: unparsed
SELECT JSON_TRANSFORM(doc, RENAME '$.a' = 'b', SET '$.c' = 1 CREATE ON MISSING) FROM pages
-- expect: write_verb
SELECT JSON_TRANSFORM(doc, SET '$.c' = 1) FROM pages RENAME
-- expect: write_verb
SELECT * FROM (UPDATE customers SET name = 'x')
-- expect: write_verb
SELECT name FROM customers WHERE update = 1
-- expect: allowed
SELECT c."UPDATE" FROM customers c
-- expect: unparsed
SELECT * FROM bills MODEL DIMENSION BY (id) MEASURES (amount) RULES UPDATE (UPDATE amount[1] = 1)
-- expect: write_verb
SELECT JSON_TRANSFORM(doc, RENAME customers = 'b') FROM pages
-- expect: unparsed
SELECT JSON_TRANSFORM(doc, RENAME '$.a' = 'b', INSERT '$.c' = 1) FROM pages
