-- expect: table_alias_as
SELECT c.name FROM customers AS c
