-- expect: double_colon_cast
SELECT id::VARCHAR2 FROM customers
