-- expect: malformed
SELECT name FROM customers WHERE city = 'Lin
-- expect: malformed
SELECT name FROM customers WHERE (id = 1
-- expect: malformed
-- nothing but a comment
