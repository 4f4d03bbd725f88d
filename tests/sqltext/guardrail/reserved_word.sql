-- expect: reserved_word
SELECT c.date FROM customers c
-- expect: reserved_word
SELECT born AS date FROM customers
-- expect: allowed
SELECT c."DATE", CAST(c.born AS DATE), c.rowid FROM customers c
