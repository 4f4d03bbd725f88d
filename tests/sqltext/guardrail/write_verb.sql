-- expect: write_verb
SELECT name FROM customers GO DROP TABLE customers
-- expect: write_verb
WITH gone AS (DELETE FROM customers) SELECT 1 FROM dual
