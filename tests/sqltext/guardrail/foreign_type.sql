-- expect: foreign_type
SELECT CAST(id AS TEXT) FROM customers
-- expect: foreign_type
SELECT CAST(id AS SIGNED) FROM customers
-- expect: foreign_type
SELECT CONVERT(VARCHAR(10), born, 120) FROM customers
-- expect: allowed
SELECT CONVERT(name, 'US7ASCII'), CAST(id AS DOUBLE PRECISION) FROM customers
-- expect: foreign_type
SELECT CAST(id AS INT UNSIGNED) FROM customers
