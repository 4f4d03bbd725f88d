-- expect: join_condition
SELECT name FROM customers c JOIN bills b
-- expect: join_condition
SELECT c.name FROM customers c CROSS JOIN bills b ON b.customer_id = c.id
