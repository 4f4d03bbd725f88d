-- expect: select_list
SELECT name, FROM customers
-- expect: select_list
SELECT *, name FROM customers
