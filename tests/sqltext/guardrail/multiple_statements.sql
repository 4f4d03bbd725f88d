-- expect: allowed
SELECT name FROM customers
-- expect: allowed
select name from customers;
-- expect: allowed
SELECT name FROM customers;
/
-- expect: allowed
SELECT name -- it's; not the end
FROM customers /* ; DROP TABLE x */
-- expect: allowed
SELECT total
  / amount AS ratio FROM bills
-- expect: multiple_statements
SELECT name FROM customers; SELECT 2 FROM dual
-- expect: multiple_statements
SELECT name FROM customers
/
DROP TABLE customers
-- expect: multiple_statements
SELECT q'[;]' FROM dual; TRUNCATE TABLE bills
-- expect: multiple_statements
SELECT name FROM customers;;
