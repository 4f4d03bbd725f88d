-- expect: ambiguous
SELECT name FROM customers WHERE id = 1eq'[x]'
-- expect: ambiguous
SELECT "na""me" FROM customers
