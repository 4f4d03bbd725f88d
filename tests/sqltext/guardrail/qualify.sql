-- expect: qualify
SELECT name FROM customers QUALIFY ROW_NUMBER() OVER (ORDER BY name) = 1
-- expect: qualify | oracle_version=23ai
SELECT name FROM customers WHERE id > 1 QUALIFY RANK() OVER (PARTITION BY city ORDER BY name) = 1
-- expect: unparsed
SELECT qualify.name FROM customers qualify
