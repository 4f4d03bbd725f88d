-- expect: extract_field
SELECT EXTRACT(DOW FROM born) FROM customers
-- expect: extract_field
SELECT EXTRACT(YEAR, born) FROM customers
-- expect: allowed
SELECT EXTRACT(YEAR FROM born), EXTRACT(TIMEZONE_HOUR FROM SYSTIMESTAMP) FROM customers
