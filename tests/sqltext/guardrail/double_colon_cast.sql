-- expect: double_colon_cast
SELECT id::VARCHAR2 FROM customers
-- expect: unparsed
SELECT JSON_OBJECT('a'::name) FROM customers
