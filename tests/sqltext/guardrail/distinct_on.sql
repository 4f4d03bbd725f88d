-- expect: distinct_on
SELECT DISTINCT ON (city) name FROM customers
