-- expect: type_size
SELECT CAST(id AS VARCHAR2) FROM customers
-- expect: type_size
SELECT CAST(id AS VARCHAR(MAX)) FROM customers
-- expect: type_size
SELECT CAST(id NUMBER) FROM customers
-- expect: allowed
SELECT CAST(id AS VARCHAR2(30)), CAST(id AS CHAR), CAST(id AS NUMBER) FROM customers
