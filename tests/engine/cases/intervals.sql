-- case: precision of an INTERVAL literal
SELECT EXTRACT(DAY FROM INTERVAL '100' DAY(3)) AS a, EXTRACT(HOUR FROM INTERVAL '250' HOUR(3)) AS b, EXTRACT(SECOND FROM INTERVAL '30.12345' SECOND(2,4)) AS c, EXTRACT(YEAR FROM INTERVAL '123-2' YEAR(3) TO MONTH) AS d FROM dual;
-- A | B | C | D
-- 100 | 10 | 30.1235 | 123

-- case: more digits than an INTERVAL literal has
SELECT INTERVAL '100' DAY FROM dual;
-- error: ORA-01873

-- case: a field of an INTERVAL literal that is too large
SELECT INTERVAL '0:90' MINUTE TO SECOND FROM dual;
-- error: ORA-01852

-- case: an INTERVAL literal that does not fit its fields
SELECT INTERVAL '1 2' DAY TO MINUTE FROM dual;
-- error: ORA-01867

-- case: an INTERVAL literal from months to days
SELECT INTERVAL '1 2' MONTH TO DAY FROM dual;
-- error: ORA-30089

-- case: every field of an interval has its sign
SELECT EXTRACT(MINUTE FROM INTERVAL '-1:30' HOUR TO MINUTE) AS a, EXTRACT(HOUR FROM INTERVAL '-1:30' HOUR TO MINUTE) AS b, EXTRACT(MONTH FROM INTERVAL '-1-6' YEAR TO MONTH) AS c FROM dual;
-- A | B | C
-- -30 | -1 | -6

-- case: a month is no field of days and seconds
SELECT EXTRACT(MONTH FROM INTERVAL '1' DAY) FROM dual;
-- error: ORA-30076

-- case: intervals times and divided by numbers
SELECT INTERVAL '1' DAY * 3 AS a, INTERVAL '3' DAY / 2 AS b, 2 * INTERVAL '1' HOUR AS c, INTERVAL '1' DAY + INTERVAL '2' HOUR AS d, -INTERVAL '1' HOUR AS e FROM dual;
-- A | B | C | D | E
-- interval 259200 | interval 129600 | interval 7200 | interval 93600 | interval -3600

-- case: months of an interval
SELECT EXTRACT(MONTH FROM INTERVAL '1-2' YEAR TO MONTH * 2) AS a, EXTRACT(YEAR FROM INTERVAL '1' YEAR + INTERVAL '14' MONTH) AS b FROM dual;
-- A | B
-- 4 | 2

-- case: a part of a month
SELECT INTERVAL '1' MONTH / 2 FROM dual;
-- unsupported: a part of a month

-- case: days and months do not add up
SELECT INTERVAL '1' DAY - INTERVAL '1' MONTH FROM dual;
-- error: ORA-30081

-- case: a date and an interval
SELECT DATE '2024-01-31' + INTERVAL '2' MONTH AS a, DATE '2024-02-28' + INTERVAL '36' HOUR AS b, DATE '2024-01-01' - INTERVAL '1-1' YEAR TO MONTH AS c, INTERVAL '1' DAY + DATE '2024-02-28' AS d FROM dual;
-- A | B | C | D
-- 2024-03-31 | 2024-02-29 12:00:00 | 2022-12-01 | 2024-02-29

-- case: a date plus a month into a day that is none
SELECT DATE '2024-01-31' + INTERVAL '1' MONTH FROM dual;
-- error: ORA-01839

-- case: the same of a column
SELECT joined + INTERVAL '1' MONTH FROM members WHERE member_id = 10;
-- error: ORA-01839

-- case: texts of intervals in both forms
SELECT DATE '2024-01-01' + TO_DSINTERVAL('P1DT2H') AS a, DATE '2024-01-01' + TO_YMINTERVAL('P1Y2M') AS b, DATE '2024-01-01' - TO_DSINTERVAL('-2 10:00:00') AS c FROM dual;
-- A | B | C
-- 2024-01-02 02:00:00 | 2025-03-01 | 2024-01-03 10:00:00

-- case: a text that is no interval
SELECT TO_DSINTERVAL('90') FROM dual;
-- error: ORA-01867

-- case: texts of intervals in a column
SELECT TO_DSINTERVAL(loan_id || ' 01:00:00') AS a, TO_DSINTERVAL(note DEFAULT '1 00:00:00' ON CONVERSION ERROR) AS b FROM loans WHERE loan_id = 1;
-- A | B
-- interval 90000 | interval 86400

-- case: numbers to intervals
SELECT NUMTODSINTERVAL(100,'MINUTE') AS a, NUMTODSINTERVAL(1.5,'day') AS b, NUMTODSINTERVAL(loan_id,'HOUR') AS c, EXTRACT(YEAR FROM NUMTOYMINTERVAL(30,'MONTH')) AS d FROM loans WHERE loan_id = 2;
-- A | B | C | D
-- interval 6000 | interval 129600 | interval 7200 | 2

-- case: a unit that NUMTODSINTERVAL does not know
SELECT NUMTODSINTERVAL(1,'WEEK') FROM dual;
-- error: ORA-01760

-- case: text of intervals is as wide as their precision
SELECT TO_CHAR(INTERVAL '2 10:00:00' DAY TO SECOND) AS a, TO_CHAR(INTERVAL '1-2' YEAR TO MONTH) AS b, TO_CHAR(NUMTODSINTERVAL(100,'MINUTE')) AS c, TO_CHAR(NUMTOYMINTERVAL(14,'MONTH')) AS d, TO_CHAR(INTERVAL '90' SECOND) AS e FROM dual;
-- A | B | C | D | E
-- '+02 10:00:00.000000' | '+01-02' | '+000000000 01:40:00.000000000' | '+000000001-02' | '+00 00:01:30.000000'

-- case: text of an interval that was computed
SELECT TO_CHAR(INTERVAL '1' DAY * 2) FROM dual;
-- unsupported: precision is not known

-- case: a difference of timestamps
SELECT TIMESTAMP '2024-03-01 12:00:00' - TIMESTAMP '2024-02-28 10:30:00' AS a, TIMESTAMP '2024-01-05 10:00:00' - DATE '2024-01-01' AS b, TO_CHAR(CAST(taken AS TIMESTAMP) - CAST(DATE '2024-01-01' AS TIMESTAMP)) AS c FROM loans WHERE loan_id = 1;
-- A | B | C
-- interval 178200 | interval 381600 | '+000000004 09:00:00.000000'

-- case: a difference of dates as an interval
SELECT (returned - taken) DAY(3) TO SECOND AS a FROM loans WHERE loan_id = 1;
-- A
-- interval 637200

-- case: a difference of dates that does not fit its days
SELECT (SYSDATE - DATE '2000-01-01') DAY TO SECOND FROM dual;
-- error: ORA-01873

-- case: CAST to an interval
SELECT CAST('2 03:04:05' AS INTERVAL DAY TO SECOND) AS a, CAST('200 03:04:05' AS INTERVAL DAY(3) TO SECOND(0)) AS b, TO_CHAR(CAST(NUMTOYMINTERVAL(14,'MONTH') AS INTERVAL YEAR(2) TO MONTH)) AS c FROM dual;
-- A | B | C
-- interval 183845 | interval 17291045 | '+01-02'

-- case: CAST to an interval that is too short
SELECT CAST('200 03:04:05' AS INTERVAL DAY TO SECOND) FROM dual;
-- error: ORA-01873

-- case: intervals compare by length
SELECT loan_id FROM loans WHERE NUMTODSINTERVAL(returned - taken,'DAY') > INTERVAL '7' DAY AND INTERVAL '36' HOUR > INTERVAL '1' DAY;
-- LOAN_ID
-- 1
-- 3
-- 5

-- case: an interval is no number
SELECT INTERVAL '1' DAY + 1 FROM dual;
-- error: ORA-00932
