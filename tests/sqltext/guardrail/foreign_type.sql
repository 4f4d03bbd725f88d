-- expect: foreign_type
SELECT CAST(id AS TEXT) FROM customers
