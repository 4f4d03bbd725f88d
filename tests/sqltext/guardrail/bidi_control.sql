-- expect: bidi_control
SELECT name FROM customers -- ‮ right to left
