-- expect: needs_21c | oracle_version=19c
SELECT name FROM customers EXCEPT SELECT city FROM customers
-- expect: needs_21c | oracle_version=19c
SELECT name FROM customers INTERSECT ALL SELECT city FROM customers
-- expect: allowed | oracle_version=21c
SELECT name FROM customers EXCEPT SELECT city FROM customers
-- expect: allowed | oracle_version=19c
SELECT name FROM customers MINUS SELECT city FROM customers
