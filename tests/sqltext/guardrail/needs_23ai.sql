-- expect: allowed
SELECT name FROM customers WHERE active = TRUE
-- expect: needs_23ai | oracle_version=19c
SELECT name FROM customers WHERE active = TRUE
-- expect: allowed | oracle_version=23ai
SELECT name FROM customers WHERE active = TRUE
-- expect: needs_23ai | oracle_version=19c
SELECT 1 + 1
-- expect: needs_23ai | oracle_version=19c
SELECT CONCAT(name, ' ', city) FROM customers
-- expect: allowed | oracle_version=19c
SELECT CONCAT(name, city) FROM customers WHERE JSON_EXISTS(city, '$.a' FALSE ON ERROR)
