-- expect: nesting | max_nesting=3
SELECT ((((1)))) FROM dual
-- expect: nesting | max_nesting=3
SELECT CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN CASE WHEN 1 = 1 THEN 1 END END END END FROM dual
-- expect: nesting | max_nesting=3
SELECT 1 FROM dual WHERE NOT NOT NOT NOT 1 = 1
-- expect: allowed | max_nesting=3
SELECT CASE WHEN a = 1 THEN 1 END, CASE WHEN a = 2 THEN 1 END, CASE a WHEN 3 THEN 1 END, CASE WHEN a = 4 THEN 1 END FROM t WHERE NOT (NOT a = 1)
