-- expect: name
SELECT _name FROM customers
-- expect: allowed
SELECT "_name" FROM customers
