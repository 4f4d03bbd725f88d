-- expect: nesting | max_nesting=3
SELECT ((((1)))) FROM dual
