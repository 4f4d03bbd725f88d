-- expect: select_ai
SELECT AI narrate who owes us most
-- expect: allowed
SELECT ai FROM sensors
-- expect: select_ai
SELECT AI what is the average value of orders FROM europe
-- expect: select_ai
SELECT /* */ ai
list the type of customers
-- expect: allowed
SELECT ai score FROM sensors
-- expect: allowed
SELECT ai, ai + 1 AS next_ai FROM sensors WHERE ai IS NOT NULL
