-- expect: dml
DELETE FROM customers
-- expect: dml
/* only looking */ UPDATE customers SET name = 'x'
