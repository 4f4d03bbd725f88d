-- expect: adjacent_literals
SELECT 'a' 'b' FROM dual
