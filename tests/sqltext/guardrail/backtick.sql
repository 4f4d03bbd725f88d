-- expect: backtick
SELECT `name` FROM customers
