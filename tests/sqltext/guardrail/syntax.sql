-- expect: syntax
SELECT name FROM customers WHERE EXISTS id
-- expect: allowed
SELECT q'éit''s!é' || Nq'€a€' text FROM customers
-- expect: allowed
SELECT c.name.a.b[0].c.number() FROM customers c WHERE c.name.list[last - 1] = 'a'
