-- expect: ddl
TRUNCATE TABLE bills
