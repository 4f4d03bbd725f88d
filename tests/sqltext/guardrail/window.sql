-- expect: window
SELECT SUM(amount) OVER PARTITION BY customer_id FROM bills
-- expect: window
SELECT SUM(amount) OVER (PARTITION customer_id) FROM bills
-- expect: window
SELECT LISTAGG(name, ',') WITHIN (ORDER BY name) FROM customers
-- expect: allowed
SELECT SUM(amount) OVER (PARTITION BY customer_id ORDER BY id ROWS 2 PRECEDING) FROM bills
