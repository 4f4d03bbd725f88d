-- expect: foreign_function
SELECT IFNULL(city, '-') FROM customers
