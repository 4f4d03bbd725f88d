-- expect: foreign_phrase
SELECT name FROM customers c WITH (NOLOCK) WHERE c.id = 1
-- expect: foreign_phrase
SELECT city, COUNT(*) FROM customers GROUP BY city WITH ROLLUP
-- expect: foreign_phrase
SELECT name FROM customers WHERE city IS DISTINCT FROM 'Linz'
-- expect: foreign_phrase
SELECT name FROM customers WHERE name SIMILAR TO 'a|b'
-- expect: foreign_phrase
SELECT name FROM customers FOR JSON AUTO
-- expect: foreign_phrase
SELECT name FROM customers FORCE INDEX (ix_name)
-- expect: allowed
SELECT name FROM customers START WITH (id = 1) CONNECT BY PRIOR id = parent
-- expect: foreign_phrase
SELECT id FROM customers WHERE name LIKE ANY ('a%', 'b%')
-- expect: foreign_phrase
SELECT id FROM customers WHERE name NOT LIKE ALL ('a%', 'b%')
-- expect: allowed
SELECT id FROM customers WHERE id = ANY (1, 2) AND id <> SOME (3, 4) AND id > ALL (5, 6)
-- expect: foreign_phrase
SELECT id FROM customers WHERE id BETWEEN SYMMETRIC 2 AND 1
-- expect: unparsed
SELECT id FROM (SELECT id, id symmetric FROM customers) WHERE id BETWEEN symmetric AND 2
-- expect: foreign_phrase
SELECT ROW(id, name) FROM customers
-- expect: allowed
SELECT id FROM customers FETCH FIRST ROW ONLY
