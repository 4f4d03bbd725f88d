-- expect: bind | allow_binds=False
SELECT name FROM customers WHERE id = :id
