-- expect: select_ai
SELECT AI narrate who owes us most
-- expect: allowed
SELECT ai FROM sensors
