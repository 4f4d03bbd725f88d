-- expect: reserved_word
SELECT c.date FROM customers c
-- expect: reserved_word
SELECT born AS date FROM customers
-- expect: allowed
SELECT c."DATE", CAST(c.born AS DATE), c.rowid FROM customers c
-- expect: reserved_word
SELECT comment FROM customers
-- expect: reserved_word
SELECT name FROM customers WHERE size = 5
-- expect: reserved_word
SELECT NVL(unique, 1) FROM customers
-- expect: reserved_word
SELECT COALESCE(name, number) FROM customers
-- expect: allowed
SELECT NVL(rownum, 1), MAX(rowid), NVL(user, uid), NVL(sysdate, NULL) FROM customers GROUP BY rownum
-- expect: unparsed
SELECT COUNT(UNIQUE name), MAX(UNIQUE -id) FROM customers
