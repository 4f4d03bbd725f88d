-- expect: allowed
SELECT name FROM customers WHERE active = TRUE
-- expect: needs_23ai | oracle_version=19c
SELECT name FROM customers WHERE active = TRUE
-- expect: allowed | oracle_version=23ai
SELECT name FROM customers WHERE active = TRUE
-- expect: needs_23ai | oracle_version=19c
SELECT 1 + 1
