-- expect: over
SELECT ROW_NUMBER() FROM customers
-- expect: over
SELECT LAG(name, 1) IGNORE NULLS previous FROM customers
-- expect: over
SELECT RANK() FROM customers
-- expect: over
SELECT NTH_VALUE(name, 2) FROM LAST FROM customers
-- expect: over
SELECT RATIO_TO_REPORT(id) FROM customers
-- expect: over
SELECT ROW_NUMBER() OVER () FROM customers
-- expect: over
SELECT name, DENSE_RANK() OVER (PARTITION BY city) FROM customers
-- expect: over
SELECT LEAD(name) RESPECT NULLS OVER (PARTITION BY city) FROM customers
-- expect: allowed
SELECT RANK() OVER w, ROW_NUMBER() OVER (w), LAG(id) OVER (w) FROM customers WINDOW w AS (ORDER BY id)
-- expect: allowed
SELECT RANK(5) WITHIN GROUP (ORDER BY id), CUME_DIST(1) WITHIN GROUP (ORDER BY id) FROM customers
-- expect: allowed
SELECT FIRST_VALUE(name) OVER (), LAST_VALUE(id IGNORE NULLS) OVER (PARTITION BY city) FROM customers
-- expect: allowed
SELECT rank, row_number, c.lead FROM (SELECT id rank, id row_number, id lead FROM customers) c WHERE rank = 1
-- expect: allowed
SELECT NTILE(4) OVER (PARTITION BY city ORDER BY id), NTH_VALUE(id, 2) FROM FIRST OVER (ORDER BY id) FROM customers
-- expect: over
SELECT LAG(name) OVER FROM customers
-- expect: allowed
WITH rank (id, lag) AS (SELECT id, year FROM bills) SELECT rank.id, r.lag FROM rank, rank r
