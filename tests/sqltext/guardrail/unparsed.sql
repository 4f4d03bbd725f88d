-- expect: unparsed
SELECT year, amount FROM bills MODEL DIMENSION BY (year) MEASURES (amount) RULES (amount[2024] = 1)
-- expect: unparsed
SELECT * FROM bills PIVOT XML (SUM(amount) FOR city IN (ANY))
-- expect: unparsed
SELECT JSON_OBJECT(KEY 'a' || name VALUE city ABSENT ON NULL RETURNING CLOB) FROM customers
-- expect: unparsed
SELECT TO_DATE(name DEFAULT '01.01.2000' ON CONVERSION ERROR, 'DD.MM.YYYY') FROM customers
-- expect: unparsed
SELECT LISTAGG(UNIQUE name, ',' ON OVERFLOW TRUNCATE) WITHIN GROUP (ORDER BY name) FROM customers
-- expect: unparsed
SELECT * FROM bills VERSIONS BETWEEN SCN 1 AND 2 b WHERE b.id = 1
-- expect: unparsed
SELECT c.name FROM customers c LEFT JOIN bills b PARTITION BY (b.year) ON b.customer_id = c.id
-- expect: unparsed
SELECT name FROM customers SAMPLE BLOCK (10, 2) SEED (1) WHERE name LIKEC 'a%'
-- expect: syntax
SELECT name FROM bills SAMPLE BLOCK (10, 2) WHERE name LIKEC EXISTS 'a%'
-- expect: unparsed
SELECT v.name, v.n FROM customers c NESTED name COLUMNS (n NUMBER) v
-- expect: unparsed
SELECT XMLSERIALIZE(CONTENT XMLELEMENT(NAME "x", name) AS CLOB INDENT SIZE = 2) FROM customers
-- expect: unparsed
SELECT name FROM customers WHERE name IS OF TYPE (ONLY staff_t) OR id MEMBER OF city
-- expect: syntax
SELECT JSON_OBJECT(KEY 'a' VALUE name) FROM customers ORDER BY name DESC ASC
-- expect: unparsed
SELECT JSON_OBJECT('d' : name, 'e' : JSON_ARRAY(SELECT b.id FROM bills b), 'f' IS city) FROM customers
-- expect: unparsed
SELECT JSON_OBJECT(c.* RETURNING CLOB), JSON_OBJECTAGG(name : city) FROM customers c
-- expect: unparsed
SELECT XMLELEMENT("a", XMLATTRIBUTES(id AS "id", name || city full_name)) FROM customers
-- expect: unparsed
SELECT JSON_TRANSFORM(name, INSERT '$.f' = PATH '$.g'), JSON [JSON {c.*}] FROM customers c
