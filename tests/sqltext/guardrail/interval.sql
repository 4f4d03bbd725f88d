-- expect: interval
SELECT born + INTERVAL 1 DAY FROM customers
-- expect: interval
SELECT name FROM customers WHERE born > DATE 2024-01-01
