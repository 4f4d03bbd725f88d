-- expect: join
SELECT c.name FROM customers c JOIN bills b USING id
-- expect: join
SELECT c.name FROM customers c LEFT SEMI JOIN bills b ON b.customer_id = c.id
-- expect: join
SELECT c.name FROM customers c bills b WHERE b.customer_id = c.id
-- expect: join
SELECT name FROM customers c LEFT OUTER bills b ON c.id = 1
-- expect: allowed
SELECT name FROM customers semi JOIN bills b ON b.customer_id = semi.id CROSS JOIN dual d
-- expect: allowed
SELECT name FROM customers c JOIN bills b USING (id) LEFT OUTER JOIN bills d ON d.id = c.id
-- expect: join
SELECT c.name FROM customers c OUTER JOIN bills b ON b.customer_id = c.id
-- expect: join
SELECT customers.name FROM customers OUTER JOIN bills b ON b.customer_id = customers.id
-- expect: allowed
SELECT c.name FROM customers c LEFT OUTER JOIN bills b ON b.customer_id = c.id OUTER APPLY (SELECT 1 n FROM dual) z
