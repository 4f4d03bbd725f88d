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
-- expect: unparsed
SELECT x.a FROM p, XMLTABLE('/r' PASSING p.d AS "d" COLUMNS a NUMBER PATH 'a') x
-- expect: unparsed
SELECT y.v FROM p x, XMLTABLE('for $b in $d/r/b where $b/@n = $n return $b' PASSING x.doc AS "d", 5 AS "n" COLUMNS v VARCHAR2(10) PATH './text()') y
-- expect: unparsed
SELECT x.a FROM p, XMLTABLE('/r' PASSING BY VALUE p.d AS "d" COLUMNS a NUMBER PATH 'a') x
-- expect: unparsed
SELECT x.a FROM p, XMLTABLE(XMLNAMESPACES('http://a' AS "n"), '/n:r' PASSING p.d AS "d" COLUMNS a NUMBER PATH 'a') x
-- expect: unparsed
SELECT x.a FROM XMLTABLE('$d/r' PASSING XMLELEMENT("r", 1) AS "d" COLUMNS a NUMBER PATH '.') x
-- expect: unparsed
SELECT x.a FROM p, XMLTABLE('/r' PASSING p.d AS "d" COLUMNS a NUMBER PATH 'a' DEFAULT 0, n FOR ORDINALITY, x XMLTYPE PATH 'x', b VARCHAR2(10 CHAR) DEFAULT 'x') x
-- expect: unparsed
SELECT JSON_TRANSFORM(j, REPLACE '$.b' = 1 IGNORE ON MISSING RETURNING CLOB) FROM p
-- expect: unparsed
SELECT JSON_TRANSFORM(j, CASE WHEN '$.a == 1' THEN (SET '$.b' = 2) ELSE (SET '$.b' = 3) END) FROM p
-- expect: unparsed
SELECT JSON_TRANSFORM(j, SORT '$.a' ORDER BY '$.b' DESC, UNION '$.c' = JSON('[1]'), MINUS '$.d' = 1, PREPEND '$.e' = 1, COPY '$.f' = PATH '$.g') FROM p
-- expect: unparsed
SELECT JSON_TRANSFORM(j, INTERSECT '$.c' = PATH '$.d', MERGE '$.x' = PATH '$.y', ADD_SET '$.t' = 'x', REMOVE_SET '$.t' = 'y') FROM p
-- expect: unparsed
SELECT JSON_TRANSFORM(t.j, NESTED PATH '$.a[*]' (NESTED PATH '@.b' (REMOVE '@.c'), SET '@.d' = 5)) FROM p t WHERE t.a = 1
-- expect: unparsed
SELECT t.j.arr[0 to 2] FROM p t
-- expect: unparsed
SELECT t.j.arr[0, 3 to 5, last] FROM p t
-- expect: unparsed
SELECT FROM_VECTOR(TO_VECTOR('[1]') RETURNING CLOB) FROM dual
-- expect: unparsed
SELECT JSON_TRANSFORM(name, UNION '$.a' = PATH '$.b', MINUS '$.c' = 1) FROM customers c
WHERE c.id = 1 UNION ALL SELECT name FROM customers
-- expect: syntax
SELECT JSON_TRANSFORM(name, UNION '$.a' = PATH '$.b') FROM customers ORDER BY name DESC ASC
-- expect: syntax
SELECT x.a FROM customers p, XMLTABLE('/r' PASSING p.name AS "d" COLUMNS a NUMBER) x ORDER BY x.a DESC ASC
-- expect: unparsed
SELECT FROM_VECTOR(TO_VECTOR(name) RETURNING VARCHAR2(100)) FROM customers
-- expect: unparsed | allowed_functions=PACK,COLUMNS
SELECT PACK(name, COLUMNS(id, city)) FROM customers
-- expect: unparsed
SELECT JSON_TRANSFORM(name FORMAT JSON, REMOVE '$.a'), c.name.a[*][last - 1 to last] FROM customers c
