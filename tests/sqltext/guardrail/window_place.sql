-- expect: window_place
SELECT name FROM customers WHERE ROW_NUMBER() OVER (ORDER BY id) = 1
-- expect: window_place
SELECT city FROM customers GROUP BY city HAVING RANK() OVER (ORDER BY city) = 1
-- expect: allowed
SELECT name FROM (SELECT name, ROW_NUMBER() OVER (ORDER BY id) n FROM customers) WHERE n = 1
-- expect: allowed
SELECT name FROM customers ORDER BY RANK() OVER (ORDER BY city)
