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
(SELECT name FROM customers) UNION ALL (SELECT name FROM suppliers) ORDER BY 1
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
-- expect: write_verb
SELECT name FROM customers GO DROP TABLE customers
-- expect: dml
DELETE FROM customers
-- expect: dml
/* only looking */ UPDATE customers SET name = 'x'
-- expect: not_a_query
WITH gone AS (SELECT 1 a FROM dual) MERGE INTO t USING gone ON (t.a = gone.a)
-- expect: write_verb
WITH gone AS (DELETE FROM customers) SELECT 1 FROM dual
-- expect: ddl
TRUNCATE TABLE bills
-- expect: dcl
GRANT SELECT ON bills TO PUBLIC
-- expect: plsql
BEGIN wipe; END;
-- expect: session_control
ALTER SESSION SET NLS_SORT = BINARY
-- expect: transaction_control
COMMIT
-- expect: explain_plan
EXPLAIN PLAN FOR SELECT 1 FROM dual
-- expect: client_command
SPOOL /tmp/x
-- expect: not_a_query
TABLE customers
-- expect: inline_plsql
WITH FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; SELECT f FROM dual
-- expect: inline_plsql
SELECT x FROM (WITH PROCEDURE p IS BEGIN NULL; END; SELECT 1 x FROM dual)
-- expect: row_lock
SELECT name FROM customers FOR/* */UPDATE SKIP LOCKED
-- expect: row_lock
SELECT name FROM (SELECT name FROM customers FOR UPDATE)
-- expect: select_into
SELECT name INTO v_name FROM customers
-- expect: db_link
SELECT name FROM customers /* far */ @ /* away */ office
-- expect: allowed
SELECT 'me@example.com' FROM dual
-- expect: substitution
SELECT name FROM customers WHERE id = &id
-- expect: allowed
SELECT name FROM customers WHERE city = 'M&M' AND id = :1
-- expect: bind | allow_binds=False
SELECT name FROM customers WHERE id = :id
-- expect: ambiguous
SELECT name FROM customers WHERE id = 1eq'[x]'
-- expect: ambiguous
SELECT "na""me" FROM customers
-- expect: select_ai
SELECT AI narrate who owes us most
-- expect: allowed
SELECT ai FROM sensors
-- expect: malformed
SELECT name FROM customers WHERE city = 'Lin
-- expect: malformed
SELECT name FROM customers WHERE (id = 1
-- expect: malformed
-- nothing but a comment
-- expect: nesting | max_nesting=3
SELECT ((((1)))) FROM dual
-- expect: length | max_chars=20
SELECT name FROM customers
