-- expect: window
SELECT SUM(amount) OVER PARTITION BY customer_id FROM bills
-- expect: window
SELECT SUM(amount) OVER (PARTITION customer_id) FROM bills
-- expect: window
SELECT LISTAGG(name, ',') WITHIN (ORDER BY name) FROM customers
-- expect: allowed
SELECT SUM(amount) OVER (PARTITION BY customer_id ORDER BY id ROWS 2 PRECEDING) FROM bills
-- expect: window
SELECT LISTAGG(name, ',' ORDER BY name) FROM customers
-- expect: window
SELECT city, SUM(id ORDER BY id) FROM customers GROUP BY city
-- expect: allowed
SELECT JSON_ARRAYAGG(name ORDER BY id RETURNING CLOB) FROM customers
-- expect: allowed
SELECT XMLAGG(XMLELEMENT("a", name) ORDER BY id), MAX((SELECT id FROM bills ORDER BY id FETCH FIRST 1 ROW ONLY)) FROM customers
-- expect: window
SELECT SUM(id) OVER (PARTITION BY city ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM customers
-- expect: allowed
SELECT SUM(id) OVER (w ROWS 2 PRECEDING), COUNT(*) OVER (PARTITION BY c.range) FROM customers c WINDOW w AS (ORDER BY id)
-- expect: window
SELECT LISTAGG(name, ',') WITHIN GROUP () FROM customers
-- expect: window
SELECT MAX(id) KEEP (ORDER BY name) FROM customers
-- expect: allowed
SELECT MAX(id) KEEP (DENSE_RANK LAST ORDER BY name) keep FROM customers
-- expect: window
SELECT COUNT(DISTINCT id) OVER (PARTITION BY city ORDER BY name) FROM customers
-- expect: allowed
SELECT COUNT(DISTINCT id) OVER (PARTITION BY city) FROM customers
