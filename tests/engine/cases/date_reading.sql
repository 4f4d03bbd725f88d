-- case: what a format does not say comes from the clock, and the day is the first
SELECT TO_DATE('2024','YYYY') AS a, TO_DATE('15','DD') AS b, TO_DATE('07','MM') AS c, TO_DATE('10:30','HH24:MI') AS d, TO_DATE('4','Y') AS e, TO_DATE('024-06','YYY-MM') AS f FROM dual;
-- A | B | C | D | E | F
-- 2024-03-01 | 2026-03-15 | 2026-07-01 | 2026-03-01 10:30:00 | 2024-03-01 | 2024-06-01

-- case: any punctuation, fewer digits and month names are taken
SELECT TO_DATE('5/1/2024','DD-MM-YYYY') AS a, TO_DATE('05 jan 24','DD MON RR') AS b, TO_DATE('5-January-2024','DD-MON-YYYY') AS c, TO_DATE('05-JAN-2024','DD-MM-YYYY') AS d, TO_DATE('05012024','DD-MM-YYYY') AS e FROM dual;
-- A | B | C | D | E
-- 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-05

-- case: a column of texts, some with fewer digits
SELECT TO_DATE(t, 'DD-MM-YYYY') AS d FROM (SELECT '5/1/2024' AS t FROM dual UNION ALL SELECT '05-JAN-2024' FROM dual UNION ALL SELECT '06012024' FROM dual UNION ALL SELECT NULL FROM dual);
-- D
-- 2024-01-05
-- 2024-01-05
-- 2024-01-06
-- NULL

-- case: two digits are a year of the first century to YYYY, and four are welcome to RR
SELECT TO_DATE('24-01-05','YYYY-MM-DD') AS a, TO_DATE('24-01-05','RRRR-MM-DD') AS b, TO_DATE('01-JAN-2024','DD-MON-RR') AS c, TO_DATE('99-01-05','YY-MM-DD') AS d, TO_DATE('2304','YYMM') AS e FROM dual;
-- A | B | C | D | E
-- 0024-01-05 | 2024-01-05 | 2024-01-01 | 2099-01-05 | 2023-04-01

-- case: a time may be missing at the end
SELECT TO_DATE('2024-01-05','YYYY-MM-DD HH24:MI:SS') AS a, TO_DATE('2024-01-05 10','YYYY-MM-DD HH24:MI:SS') AS b FROM dual;
-- A | B
-- 2024-01-05 | 2024-01-05 10:00:00

-- case: half days are read with points or without
SELECT TO_DATE('2024-02-03 11:10 PM','YYYY-MM-DD HH:MI AM') AS a, TO_DATE('12 a.m. 2024-02-03','HH AM YYYY-MM-DD') AS b, TO_DATE('2024-02-03 12:05','YYYY-MM-DD HH:MI') AS c FROM dual;
-- A | B | C
-- 2024-02-03 23:10:00 | 2024-02-03 | 2024-02-03 00:05:00

-- case: Roman months, days of the year, Julian days, seconds of the day
SELECT TO_DATE('XII-2024','RM-YYYY') AS a, TO_DATE('2024-366','YYYY-DDD') AS b, TO_DATE('2460346','J') AS c, TO_DATE('2024-02-05 3661','YYYY-MM-DD SSSSS') AS d FROM dual;
-- A | B | C | D
-- 2024-12-01 | 2024-12-31 | 2024-02-05 | 2024-02-05 01:01:01

-- case: text in quotes must stand there
SELECT TO_DATE('2024-02-03T10:11:12','YYYY-MM-DD"T"HH24:MI:SS') AS a FROM dual;
-- A
-- 2024-02-03 10:11:12

-- case: text in quotes that does not stand there
SELECT TO_DATE('2024-02-03 10:11:12','YYYY-MM-DD"T"HH24:MI:SS') AS a FROM dual;
-- error: ORA-01861

-- case: FX wants all digits
SELECT TO_DATE('2024-2-3','FXYYYY-MM-DD') FROM dual;
-- error: ORA-01862

-- case: FX wants the same punctuation
SELECT TO_DATE('2024/02/03','FXYYYY-MM-DD') FROM dual;
-- error: ORA-01861

-- case: FX with FM takes fewer digits
SELECT TO_DATE('2024-2-3','FXFMYYYY-MM-DD') AS d FROM dual;
-- D
-- 2024-02-03

-- case: a weekday must be the right one
SELECT TO_DATE('Monday 2024-02-05','DAY YYYY-MM-DD') AS d FROM dual;
-- D
-- 2024-02-05

-- case: a weekday that is not the right one
SELECT TO_DATE('Tuesday 2024-02-05','DAY YYYY-MM-DD') FROM dual;
-- error: ORA-01835

-- case: no such month
SELECT TO_DATE('2024-13-05','YYYY-MM-DD') FROM dual;
-- error: ORA-01843

-- case: no such month in a column
SELECT TO_DATE(t,'YYYY-MM-DD') FROM (SELECT '2024-13-05' AS t FROM dual);
-- error: ORA-01843

-- case: no such day of any month
SELECT TO_DATE('2024-12-32','YYYY-MM-DD') FROM dual;
-- error: ORA-01847

-- case: no such day of this month
SELECT TO_DATE('2023-02-29','YYYY-MM-DD') FROM dual;
-- error: ORA-01839

-- case: no such hour
SELECT TO_DATE('2024-02-03 25','YYYY-MM-DD HH24') FROM dual;
-- error: ORA-01850

-- case: no such hour of twelve
SELECT TO_DATE('2024-02-03 13','YYYY-MM-DD HH12') FROM dual;
-- error: ORA-01849

-- case: HH24 leaves no room for AM
SELECT TO_DATE('2024-02-03 11 AM','YYYY-MM-DD HH24 AM') FROM dual;
-- error: ORA-01818

-- case: MM for the minutes stands there twice
SELECT TO_DATE('2024-02-03 10:11','YYYY-MM-DD HH24:MM') FROM dual;
-- error: ORA-01810

-- case: two kinds of month
SELECT TO_DATE('2024-02-03','YYYY-MM-DD MON') FROM dual;
-- error: ORA-01816

-- case: quarters are for output only
SELECT TO_DATE('2024-1','YYYY-Q') FROM dual;
-- error: ORA-01820

-- case: neither AM nor PM
SELECT TO_DATE('2024-02-03 11 XX','YYYY-MM-DD HH AM') FROM dual;
-- error: ORA-01855

-- case: there is no year 0
SELECT TO_DATE('0000-02-03','YYYY-MM-DD') FROM dual;
-- error: ORA-01841

-- case: a fraction of a second is no part of a DATE
SELECT TO_DATE('2024-02-03 11.5','YYYY-MM-DD SS.FF') FROM dual;
-- error: ORA-01821

-- case: a default for what cannot be read
SELECT TO_DATE('x' DEFAULT '01-JAN-00' ON CONVERSION ERROR) AS a, TO_DATE('2024-99-01' DEFAULT NULL ON CONVERSION ERROR,'YYYY-MM-DD') AS b, CAST('zz' AS DATE DEFAULT '2024-02-05' ON CONVERSION ERROR, 'YYYY-MM-DD') AS c FROM dual;
-- A | B | C
-- 2000-01-01 | NULL | 2024-02-05

-- case: a default for what cannot be read in a column
SELECT loan_id, TO_DATE(note DEFAULT '2020-01-01' ON CONVERSION ERROR,'YYYY-MM-DD') AS d FROM loans WHERE loan_id < 3;
-- LOAN_ID | D
-- 1 | 2020-01-01
-- 2 | NULL

-- case: VALIDATE_CONVERSION is 1 for NULL
SELECT VALIDATE_CONVERSION('2024-02-05' AS DATE, 'YYYY-MM-DD') AS a, VALIDATE_CONVERSION('2024-02-35' AS DATE, 'YYYY-MM-DD') AS b, VALIDATE_CONVERSION(note AS DATE, 'YYYY-MM-DD') AS c, VALIDATE_CONVERSION('1e3' AS NUMBER) AS d, VALIDATE_CONVERSION('abc' AS NUMBER) AS e FROM loans WHERE loan_id = 2;
-- A | B | C | D | E
-- 1 | 0 | 1 | 1 | 0

-- case: CAST reads a date by the session's format or by its own
SELECT CAST('05-FEB-24' AS DATE) AS a, CAST('2024-02-05' AS DATE, 'YYYY-MM-DD') AS b, CAST(TIMESTAMP '2024-02-05 10:00:00' AS DATE) AS c, CAST('05-FEB-24 10.11.12.0 PM' AS TIMESTAMP) AS d FROM dual;
-- A | B | C | D
-- 2024-02-05 | 2024-02-05 | 2024-02-05 10:00:00 | 2024-02-05 22:11:12

-- case: CAST of a fraction of a second to DATE
SELECT CAST(TIMESTAMP '2024-02-05 10:00:00.5' AS DATE) FROM dual;
-- unsupported: fraction of a second

-- case: TO_TIMESTAMP keeps fractions
SELECT TO_TIMESTAMP('10-Sep-02 14:10:10.123000','DD-Mon-RR HH24:MI:SS.FF') AS a, TO_TIMESTAMP('10-SEP-02 02.10.10.123 PM') AS b FROM dual;
-- A | B
-- 2002-09-10 14:10:10.123 | 2002-09-10 14:10:10.123

-- case: more digits of a second than FFn says
SELECT TO_TIMESTAMP('2024-01-01 1.123','YYYY-MM-DD SS.FF2') FROM dual;
-- error: ORA-01830

-- case: a format from another column
SELECT TO_DATE(TO_CHAR(taken, f), f) AS d FROM (SELECT taken, CASE loan_id WHEN 1 THEN 'YYYYMMDD' ELSE 'DD-MON-YYYY' END AS f FROM loans WHERE loan_id < 3);
-- D
-- 2024-01-05
-- 2024-01-20

-- case: text beside a date is read by the session's format
SELECT loan_id FROM loans WHERE taken >= '31-MAR-24' AND taken < '01-MAY-2024';
-- LOAN_ID
-- 6
-- 7

-- case: text beside a date that the session's format does not read
SELECT loan_id FROM loans WHERE taken >= '2024-03-31';
-- error: ORA-01861

-- case: a date literal with no such day
SELECT DATE '2024-02-30' FROM dual;
-- error: ORA-01839

-- case: a date literal with no such month
SELECT DATE '2024-13-30' FROM dual;
-- error: ORA-01843

-- case: a year with a comma
SELECT TO_DATE('2,024-05-06', 'Y,YYY-MM-DD') AS a, TO_DATE(name || '1,999-05-06', 'Y,YYY-MM-DD') AS b FROM (SELECT SUBSTR(name, 99) AS name FROM genres WHERE genre_id = 1);
-- A | B
-- 2024-05-06 | 1999-05-06
