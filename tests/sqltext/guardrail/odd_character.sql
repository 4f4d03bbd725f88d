-- expect: allowed
SELECT "Größe", имя FROM "Läden"
-- expect: allowed
SELECT 'שלום 👋 ‘quoted’' FROM dual
-- expect: odd_character
SEL​ECT name FROM customers
-- expect: odd_character
SELECT name FROM customers WHERE city = ‘Linz’
-- expect: odd_character
SELECT UTL_HTTP．REQUEST('x') FROM dual
-- expect: odd_character
SELECT nаme FROM customers
-- expect: odd_character
SELECT ſum FROM bills
-- expect: odd_character
SELECT name FROM customers
-- expect: odd_character
SELECT name FROM linK$
-- expect: odd_character
SELECT name FROM customers WHERE id = ٣
-- expect: odd_character
SELECT name FROM customers WHERE city = ʼLinzʼ
-- expect: odd_character
SELECT name FROM "ＡＬＬ_ＵＳＥＲＳ"
-- expect: allowed
SELECT größe AS "Fläche in m²", straße FROM gebäude
