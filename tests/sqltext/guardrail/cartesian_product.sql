-- expect: cartesian_product
SELECT COUNT(*) FROM bills a, bills b, bills c, bills d
-- expect: allowed
SELECT COUNT(*) FROM bills a CROSS JOIN months b
-- expect: cartesian_product
SELECT COUNT(*) FROM bills a, bills b, bills c, bills d WHERE 1 = 1
-- expect: cartesian_product
SELECT COUNT(*) FROM bills a JOIN bills b ON 1 = 1 JOIN bills c ON b.id = b.id JOIN bills d ON d.id IS NOT NULL
-- expect: cartesian_product
SELECT COUNT(*) FROM bills a, bills b, bills c, bills d WHERE a.id <> b.id AND c.amount > 0
-- expect: cartesian_product
SELECT COUNT(*) FROM (SELECT a.id FROM bills a, bills b) x, (SELECT a.id FROM bills a, bills b) y
-- expect: cartesian_product
WITH a AS (SELECT x.id FROM bills x, bills y), b AS (SELECT x.id FROM a x, a y) SELECT COUNT(*) FROM b
-- expect: allowed
SELECT a.n, b.n, c.n, d.n
FROM (SELECT COUNT(*) n FROM bills) a, (SELECT MAX(id) n FROM bills) b,
     (SELECT COUNT(*) n FROM months) c, (SELECT COUNT(*) n FROM customers) d
-- expect: allowed
SELECT COUNT(*) FROM bills a, bills b, bills c, bills d
WHERE a.id = b.id AND b.id = c.id AND c.id = d.id AND a.amount > 0
-- expect: allowed
SELECT a.id FROM bills a CROSS JOIN months m CROSS JOIN customers c CROSS JOIN visits v WHERE v.id = 1 AND c.id = 2
-- expect: allowed
SELECT a.id FROM bills a, customers c, months m, visits v WHERE customer_id = c.id AND visit_month = m.id
-- expect: cartesian_product
SELECT COUNT(*) FROM bills a NATURAL JOIN bills b, months c, customers d, visits e WHERE 1 = 1
-- expect: allowed
SELECT COUNT(*) FROM bills a NATURAL JOIN bills b JOIN months c USING (id) JOIN customers d USING (id)
-- expect: cartesian_product
SELECT COUNT(*) FROM a, b, c, d WHERE a.x = b.x AND b.x = c.x AND c.x = d.x OR 1 = 1
-- expect: cartesian_product
SELECT COUNT(*) FROM a, b, c, d WHERE a.x = b.x OR c.x = d.x
-- expect: allowed
SELECT COUNT(*) FROM a, b, c, d WHERE (a.x = b.x OR a.y = b.y) AND b.x = c.x AND c.x = d.x
