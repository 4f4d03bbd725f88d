-- expect: column_count
SELECT name, city FROM customers UNION ALL SELECT city FROM customers
-- expect: allowed
SELECT name, city FROM customers UNION ALL SELECT NVL(city, 'x'), city FROM customers
-- expect: allowed
SELECT id, amount FROM bills MINUS SELECT b.* FROM bills b
