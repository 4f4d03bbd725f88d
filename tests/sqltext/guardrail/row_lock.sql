-- expect: row_lock
SELECT name FROM customers FOR/* */UPDATE SKIP LOCKED
-- expect: row_lock
SELECT name FROM (SELECT name FROM customers FOR UPDATE)
-- expect: row_lock
(SELECT name FROM customers) FOR UPDATE OF name WAIT 5
-- expect: row_lock
SELECT name FROM customers FOR SHARE
-- expect: row_lock
SELECT name FROM customers FOR NO KEY UPDATE
-- expect: row_lock
SELECT name FROM customers c WITH (UPDLOCK) WHERE id = 1
-- expect: allowed
SELECT * FROM (SELECT key, amount FROM bills) PIVOT (SUM(amount) FOR key IN (1 AS one))
-- expect: unparsed
SELECT * FROM bills MODEL DIMENSION BY (no) MEASURES (amount) RULES (amount[FOR no FROM 1 TO 3 INCREMENT 1] = 0)
-- expect: allowed
SELECT update_date FROM customers WHERE update_for = 'x'
