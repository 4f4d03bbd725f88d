-- expect: table_alias_as
SELECT c.name FROM customers AS c
-- expect: allowed
SELECT j.a FROM customers c, JSON_TABLE(c.name, '$' COLUMNS (a VARCHAR2(10) PATH '$.a')) AS j
