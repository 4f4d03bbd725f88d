-- expect: limit
SELECT name FROM customers LIMIT 5
-- expect: table_alias_as
SELECT c.name FROM customers AS c
-- expect: backtick
SELECT `name` FROM customers
-- expect: double_colon_cast
SELECT id::VARCHAR2 FROM customers
-- expect: foreign_operator
SELECT name FROM customers WHERE name ILIKE 'a%'
-- expect: top
SELECT TOP 5 name FROM customers
-- expect: distinct_on
SELECT DISTINCT ON (city) name FROM customers
-- expect: interval
SELECT born + INTERVAL 1 DAY FROM customers
-- expect: offset
SELECT name FROM customers ORDER BY name OFFSET 5
-- expect: select_list
SELECT name, FROM customers
-- expect: select_list
SELECT *, name FROM customers
-- expect: join_condition
SELECT name FROM customers c JOIN bills b
-- expect: reserved_word
SELECT c.date FROM customers c
-- expect: reserved_word
SELECT born AS date FROM customers
-- expect: allowed
SELECT c."DATE", CAST(c.born AS DATE), c.rowid FROM customers c
-- expect: foreign_type
SELECT CAST(id AS TEXT) FROM customers
-- expect: no_brackets
SELECT SYSDATE() FROM dual
-- expect: adjacent_literals
SELECT 'a' 'b' FROM dual
-- expect: syntax
SELECT name FROM customers WHERE
-- expect: allowed
SELECT name FROM customers WHERE active = TRUE
-- expect: needs_23ai | oracle_version=19c
SELECT name FROM customers WHERE active = TRUE
-- expect: allowed | oracle_version=23ai
SELECT name FROM customers WHERE active = TRUE
-- expect: needs_23ai | oracle_version=19c
SELECT 1 + 1
-- expect: unparsed
SELECT year, amount FROM bills MODEL DIMENSION BY (year) MEASURES (amount) RULES (amount[2024] = 1)
-- expect: unparsed
SELECT * FROM bills PIVOT XML (SUM(amount) FOR city IN (ANY))
-- expect: recursive
WITH RECURSIVE n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n
