-- expect: malformed
SELECT name FROM customers WHERE city = 'Lin
-- expect: malformed
SELECT name FROM customers WHERE (id = 1
-- expect: malformed
-- nothing but a comment
-- expect: malformed
SELECT name FROM customers FROM all_users
-- expect: malformed
SELECT NVL(name FROM all_users) FROM customers
-- expect: allowed
SELECT TRIM(BOTH '.' FROM name), EXTRACT(YEAR FROM born) FROM customers
-- expect: malformed
SELECT FOR NVL(name FROM all_users) FROM customers
-- expect: malformed
SELECT 1, FOR NVL(name FROM all_users) FROM customers
-- expect: malformed
SELECT c.name PIVOT ame JOIN all_users FROM customers c
-- expect: malformed
SELECT name JOIN all_users FROM customers
-- expect: allowed
SELECT x.join, id join FROM (SELECT id, name AS join FROM customers) x
-- expect: malformed
SELECT NULL JOIN all_users FROM customers
-- expect: malformed
SELECT * JOIN all_users FROM customers
-- expect: allowed
SELECT c.id * c.id AS join FROM customers c
-- expect: malformed
SELECT c.id * JOIN all_users FROM customers c
-- expect: malformed
SELECT JOIN all_users FROM customers
-- expect: allowed
SELECT x.join j, x.join AS k FROM (SELECT id, name AS join FROM customers) x
