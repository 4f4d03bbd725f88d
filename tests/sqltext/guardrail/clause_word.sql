-- expect: clause_word
SELECT name FROM customers GROUP name
-- expect: clause_word
SELECT name order FROM customers
-- expect: clause_word
SELECT name FROM customers START id = 1 CONNECT BY PRIOR id = parent AND LEVEL < 5
-- expect: allowed
SELECT LISTAGG(name, ',') WITHIN GROUP (ORDER BY name) FROM customers
