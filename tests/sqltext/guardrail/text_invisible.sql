-- expect: odd_character
SELECT name FROM customers
-- expect: control_character
SELECT 'a' FROM dual
