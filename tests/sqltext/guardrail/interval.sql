-- expect: interval
SELECT born + INTERVAL 1 DAY FROM customers
