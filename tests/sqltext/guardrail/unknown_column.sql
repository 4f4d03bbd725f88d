-- expect: unknown_column | schema=yes
SELECT c.nme FROM customers c
-- expect: unknown_column | schema=yes
SELECT purge_all FROM customers
-- expect: allowed | schema=yes
SELECT c.name, SUM(b.amount) total FROM customers c, bills b WHERE b.customer_id = c.id(+) GROUP BY c.name ORDER BY total
