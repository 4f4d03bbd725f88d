-- expect: fetch
SELECT name FROM customers FETCH FIRST 5 ROWS
-- expect: fetch
SELECT name FROM customers ORDER BY name FETCH 5 ROWS ONLY
-- expect: allowed
SELECT name FROM customers ORDER BY name OFFSET 5 ROWS FETCH NEXT 10 PERCENT ROWS WITH TIES
-- expect: allowed
SELECT name FROM customers FETCH FIRST ROW ONLY
