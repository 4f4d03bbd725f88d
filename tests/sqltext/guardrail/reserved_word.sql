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
