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
-- expect: needs_23ai | oracle_version=19c
SELECT COUNT(*) FILTER (WHERE id = 1) FROM customers
-- expect: allowed
SELECT COUNT(*) FILTER (WHERE id = 1) FROM customers
-- expect: needs_23ai | oracle_version=19c
SELECT id FROM customers UNION DISTINCT SELECT id FROM bills
-- expect: needs_23ai | oracle_version=19c
SELECT id FROM customers WHERE (id = 1) IS NOT UNKNOWN
-- expect: unparsed | oracle_version=19c
SELECT city MULTISET UNION DISTINCT name FROM customers WHERE unknown IS NULL
-- expect: needs_23ai | oracle_version=19c
SELECT id, EXISTS (SELECT 1 FROM bills) FROM customers
-- expect: needs_23ai | oracle_version=19c
SELECT NOT name FROM customers
-- expect: allowed
SELECT id, EXISTS (SELECT 1 FROM bills), NOT name FROM customers
-- expect: allowed | oracle_version=19c
SELECT COUNT(*), CASE WHEN NOT EXISTS (SELECT 1 FROM bills) THEN 1 END FROM customers GROUP BY name
