-- expect: control_character
SELECT 'a' FROM dual
