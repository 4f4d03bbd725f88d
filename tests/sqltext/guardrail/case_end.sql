-- expect: case_end
SELECT CASE WHEN id = 1 THEN 'a' ELSE 'b' FROM customers
-- expect: allowed
SELECT CASE id WHEN 1 THEN CASE WHEN city = 'x' THEN 1 END END AS k FROM customers
-- expect: case_end
SELECT IF id = 1 THEN 2 END FROM customers
