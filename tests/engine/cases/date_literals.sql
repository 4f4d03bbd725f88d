-- case: the year of a DATE literal may have a sign
SELECT DATE '+1969-7-20' AS d, TIMESTAMP '+1969-07-20 20:17:40' AS t FROM dual;
-- D | T
-- 1969-07-20 | 1969-07-20 20:17:40

-- case: a DATE literal before Christ
SELECT DATE '-0753-04-21' AS d FROM dual;
-- unsupported: a date before the year 1

-- case: the year 0, which a literal has and TO_DATE has not
SELECT DATE '0000-06-01' AS d FROM dual;
-- unsupported: a date before the year 1

-- case: a TIMESTAMP literal that ends with the minute
SELECT TIMESTAMP '2024-06-01 08:15' AS t FROM dual;
-- unsupported: a TIMESTAMP literal without seconds

-- case: a TIMESTAMP literal that ends with the day
SELECT TIMESTAMP '2024-06-01' AS t FROM dual;
-- unsupported: a TIMESTAMP literal without seconds
