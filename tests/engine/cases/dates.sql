-- case: days are numbers
SELECT taken + 1 AS a, taken - 0.5 AS b, taken + 1/24 AS c, returned - taken AS d FROM loans WHERE loan_id = 1;
-- A | B | C | D
-- 2024-01-06 09:00:00 | 2024-01-04 21:00:00 | 2024-01-05 10:00:00 | 7.375

-- case: a difference in hours and minutes
SELECT ROUND((returned - taken) * 24, 2) AS h, ROUND((returned - taken) * 1440) AS m FROM loans WHERE loan_id = 4;
-- H | M
-- 12 | 720

-- case: a part of a day that has no end
SELECT DATE '2024-01-01' + 1/3 AS a, DATE '2024-01-01' + 10/86400 AS b FROM dual;
-- A | B
-- 2024-01-01 08:00:00 | 2024-01-01 00:00:10

-- case: the clock
SELECT SYSDATE AS a, TRUNC(SYSDATE) AS b, SYSDATE - DATE '2026-03-01' AS c, CURRENT_DATE - SYSDATE AS d FROM dual;
-- A | B | C | D
-- 2026-03-15 14:30:00 | 2026-03-15 | 14.6041666667 | 0

-- case: loans of the last two years
SELECT loan_id FROM loans WHERE taken >= ADD_MONTHS(TRUNC(SYSDATE, 'MM'), -23);
-- LOAN_ID
-- 7
-- 8

-- case: ADD_MONTHS keeps the end of a month
SELECT ADD_MONTHS(joined, 1) AS a, ADD_MONTHS(joined, -2) AS b, ADD_MONTHS(joined, 12) AS c FROM members WHERE member_id IN (10, 11, 14);
-- A | B | C
-- 2020-02-29 | 2019-11-30 | 2021-01-31
-- 2021-03-31 10:15:00 | 2020-12-31 10:15:00 | 2022-02-28 10:15:00
-- 2024-03-31 | 2023-12-31 | 2025-02-28

-- case: ADD_MONTHS of other days
SELECT ADD_MONTHS(DATE '2024-01-30', 1) AS a, ADD_MONTHS(DATE '2024-01-29', 1) AS b, ADD_MONTHS(DATE '2023-12-30', 2) AS c, ADD_MONTHS(DATE '2024-03-15', 1.9) AS d FROM dual;
-- A | B | C | D
-- 2024-02-29 | 2024-02-29 | 2024-02-29 | 2024-04-15

-- case: MONTHS_BETWEEN
SELECT MONTHS_BETWEEN(DATE '2024-03-31', DATE '2024-02-29') AS a, MONTHS_BETWEEN(DATE '2024-03-15', DATE '2024-01-15') AS b, MONTHS_BETWEEN(DATE '2024-03-16', DATE '2024-02-15') AS c, MONTHS_BETWEEN(DATE '2024-01-01', DATE '2024-01-31') AS d FROM dual;
-- A | B | C | D
-- 1 | 2 | 1.0322580645 | -0.9677419355

-- case: MONTHS_BETWEEN with times
SELECT MONTHS_BETWEEN(returned, taken) AS m FROM loans WHERE loan_id IN (1, 3);
-- M
-- 0.2379032258
-- 1.0322580645

-- case: full years
SELECT member_id, TRUNC(MONTHS_BETWEEN(SYSDATE, joined) / 12) AS y FROM members;
-- MEMBER_ID | Y
-- 10 | 6
-- 11 | 5
-- 12 | 3
-- 13 | 3
-- 14 | 2

-- case: LAST_DAY and NEXT_DAY keep the time
SELECT LAST_DAY(taken) AS a, NEXT_DAY(taken, 'MONDAY') AS b, NEXT_DAY(taken, 'Fri') AS c FROM loans WHERE loan_id = 1;
-- A | B | C
-- 2024-01-31 09:00:00 | 2024-01-08 09:00:00 | 2024-01-12 09:00:00

-- case: NEXT_DAY of no day
SELECT NEXT_DAY(SYSDATE, 'Someday') FROM dual;
-- error: ORA-01846

-- case: TRUNC of a date
SELECT TRUNC(joined) AS a, TRUNC(joined, 'MM') AS b, TRUNC(joined, 'YYYY') AS c, TRUNC(joined, 'Q') AS d, TRUNC(joined, 'HH24') AS e, TRUNC(joined, 'IW') AS f, TRUNC(joined, 'D') AS g, TRUNC(joined, 'W') AS h FROM members WHERE member_id = 11;
-- A | B | C | D | E | F | G | H
-- 2021-02-28 | 2021-02-01 | 2021-01-01 | 2021-01-01 | 2021-02-28 10:00:00 | 2021-02-22 | 2021-02-28 | 2021-02-22

-- case: TRUNC to weeks of the year, ISO years, centuries
SELECT TRUNC(DATE '2024-12-30', 'WW') AS a, TRUNC(DATE '2024-12-30', 'IYYY') AS b, TRUNC(DATE '2024-12-30', 'CC') AS c, TRUNC(DATE '2000-12-30', 'CC') AS d FROM dual;
-- A | B | C | D
-- 2024-12-30 | 2024-12-30 | 2001-01-01 | 1901-01-01

-- case: ROUND of a date
SELECT ROUND(DATE '2024-07-01', 'YYYY') AS a, ROUND(DATE '2024-06-30', 'YYYY') AS b, ROUND(DATE '2024-02-15', 'MM') AS c, ROUND(DATE '2024-02-16', 'MM') AS d, ROUND(TO_DATE('2024-02-16 12:00', 'YYYY-MM-DD HH24:MI')) AS e, ROUND(DATE '2024-05-16', 'Q') AS f, ROUND(DATE '2024-05-15', 'Q') AS g FROM dual;
-- A | B | C | D | E | F | G
-- 2025-01-01 | 2024-01-01 | 2024-02-01 | 2024-03-01 | 2024-02-17 | 2024-07-01 | 2024-04-01

-- case: the middle of a week
SELECT ROUND(DATE '2024-08-14', 'D') FROM dual;
-- unsupported: middle of the week

-- case: a unit that is none
SELECT TRUNC(SYSDATE, 'FORTNIGHT') FROM dual;
-- error: ORA-01899

-- case: EXTRACT
SELECT EXTRACT(YEAR FROM joined) AS y, EXTRACT(MONTH FROM joined) AS m, EXTRACT(DAY FROM joined) AS d FROM members WHERE member_id = 12;
-- Y | M | D
-- 2022 | 6 | 30

-- case: a DATE has no hour to EXTRACT
SELECT EXTRACT(HOUR FROM joined) FROM members;
-- error: ORA-30076

-- case: intervals
SELECT EXTRACT(DAY FROM (TIMESTAMP '2024-01-03 12:00:00' - TIMESTAMP '2024-01-01 10:30:00')) AS d, EXTRACT(MINUTE FROM (TIMESTAMP '2024-01-03 12:00:00' - TIMESTAMP '2024-01-01 10:30:00')) AS m, DATE '2024-01-31' + INTERVAL '1' DAY AS a, DATE '2024-01-31' - INTERVAL '1:30' HOUR TO MINUTE AS b, DATE '2024-01-15' + INTERVAL '1-2' YEAR TO MONTH AS c, DATE '2024-01-01' + NUMTODSINTERVAL(90, 'MINUTE') AS e FROM dual;
-- D | M | A | B | C | E
-- 2 | 30 | 2024-02-01 | 2024-01-30 22:30:00 | 2025-03-15 | 2024-01-01 01:30:00

-- case: a month later there is no such day
SELECT DATE '2024-01-31' + INTERVAL '1' MONTH FROM dual;
-- error: ORA-01839

-- case: the difference of timestamps
SELECT TIMESTAMP '2024-01-02 00:00:00' - TIMESTAMP '2024-01-01 18:00:00' AS i FROM dual;
-- I
-- interval 21600

-- case: dates may not be added
SELECT taken + returned FROM loans;
-- error: ORA-00975

-- case: a date is no number
SELECT taken * 2 FROM loans;
-- error: ORA-00932

-- case: a date compared with a number
SELECT loan_id FROM loans WHERE taken > 20240101;
-- error: ORA-00932

-- case: DATE literals have no time
SELECT loan_id FROM loans WHERE taken = DATE '2024-01-05';
-- LOAN_ID

-- case: text in the session's format is read as a date
SELECT loan_id FROM loans WHERE taken BETWEEN '01-FEB-24' AND '28-FEB-24';
-- LOAN_ID
-- 3
-- 4

-- case: text in another format is not
SELECT loan_id FROM loans WHERE taken >= '2024-02-01';
-- error: ORA-01861

-- case: TO_CHAR of dates
SELECT TO_CHAR(joined, 'YYYY-MM-DD HH24:MI:SS') AS a, TO_CHAR(joined, 'DD Mon YYYY') AS b, TO_CHAR(joined, 'fmDay, DD Month') AS c, TO_CHAR(joined, 'Q/WW/IW/DDD') AS d, TO_CHAR(joined, 'HH:MI AM') AS e, TO_CHAR(joined) AS f FROM members WHERE member_id = 11;
-- A | B | C | D | E | F
-- '2021-02-28 10:15:00' | '28 Feb 2021' | 'Sunday, 28 February' | '1/09/08/059' | '10:15 AM' | '28-FEB-21'

-- case: names are padded without FM
SELECT TO_CHAR(DATE '2024-05-01', 'Month') || '|' AS a, TO_CHAR(DATE '2024-05-01', 'DAY') || '|' AS b, TO_CHAR(DATE '2024-05-01', 'fmMonth') || '|' AS c, TO_CHAR(DATE '2024-05-01', 'mon') AS d, TO_CHAR(DATE '2024-05-06', 'DY D') AS e FROM dual;
-- A | B | C | D | E
-- 'May      |' | 'WEDNESDAY|' | 'May|' | 'may' | 'MON 2'

-- case: FM takes zeros away, and gives them back
SELECT TO_CHAR(DATE '2024-05-01', 'FMDD/MM/YYYY') AS a, TO_CHAR(DATE '2024-05-01', 'FMDD/FMMM') AS b, TO_CHAR(DATE '2024-05-01', 'YY YYY Y') AS c, TO_CHAR(DATE '2024-05-01', 'J SSSSS') AS d FROM dual;
-- A | B | C | D
-- '1/5/2024' | '1/05' | '24 024 4' | '2460432 00000'

-- case: text in a format
SELECT TO_CHAR(DATE '2024-05-01', '"year" YYYY, "100%"') AS a, TO_CHAR(DATE '2024-05-01', 'YYYY"-W"IW') AS b FROM dual;
-- A | B
-- 'year 2024, 100%' | '2024-W18'

-- case: days with endings
SELECT TO_CHAR(DATE '2024-05-01', 'fmDDTH') AS a, TO_CHAR(DATE '2024-05-22', 'fmddth') AS b, TO_CHAR(DATE '2024-05-13', 'DDTH') AS c FROM dual;
-- A | B | C
-- '1ST' | '22nd' | '13TH'

-- case: a date format that is none
SELECT TO_CHAR(SYSDATE, 'YYYY-QQQ-BB') FROM dual;
-- error: ORA-01821

-- case: an element that is not known
SELECT TO_CHAR(SYSDATE, 'SYEAR') FROM dual;
-- unsupported: SYEAR

-- case: groups by month
SELECT TO_CHAR(taken, 'YYYY-MM') AS m, COUNT(*) AS n FROM loans GROUP BY TO_CHAR(taken, 'YYYY-MM') ORDER BY m;
-- M | N (ordered)
-- '2024-01' | 2
-- '2024-02' | 2
-- '2024-03' | 2
-- '2024-04' | 1
-- '2024-05' | 1

-- case: TO_DATE
SELECT TO_DATE('05/02/2024', 'DD/MM/YYYY') AS a, TO_DATE('2024-2-5', 'YYYY-MM-DD') AS b, TO_DATE('5 february 2024', 'DD MONTH YYYY') AS c, TO_DATE('20240205', 'YYYYMMDD') AS d, TO_DATE('05-FEB-98', 'DD-MON-RR') AS e, TO_DATE('02/05/2024 1:30 PM', 'MM/DD/YYYY HH:MI PM') AS f FROM dual;
-- A | B | C | D | E | F
-- 2024-02-05 | 2024-02-05 | 2024-02-05 | 2024-02-05 | 1998-02-05 | 2024-02-05 13:30:00

-- case: TO_DATE takes other punctuation, and a time that is missing
SELECT TO_DATE('2024/02/05', 'YYYY-MM-DD') AS a, TO_DATE('2024-02-05', 'YYYY-MM-DD HH24:MI:SS') AS b, TO_DATE('05.FEB.24') AS c FROM dual;
-- A | B | C
-- 2024-02-05 | 2024-02-05 | 2024-02-05

-- case: TO_DATE with text left over
SELECT TO_DATE('2024-02-05 10:00', 'YYYY-MM-DD') FROM dual;
-- error: ORA-01830

-- case: TO_DATE with too little text
SELECT TO_DATE('2024-02', 'YYYY-MM-DD') FROM dual;
-- error: ORA-01840

-- case: TO_DATE of no month
SELECT TO_DATE('2024-13-01', 'YYYY-MM-DD') FROM dual;
-- error: ORA-01843

-- case: TO_DATE of a day that the month lacks
SELECT TO_DATE('2023-02-29', 'YYYY-MM-DD') FROM dual;
-- error: ORA-01839

-- case: TO_DATE of a column
SELECT TO_DATE(TO_CHAR(joined, 'YYYY-MM-DD'), 'YYYY-MM-DD') AS d FROM members WHERE member_id = 13;
-- D
-- 2022-12-31

-- case: the letters of an element decide the case of its TH, those of the suffix do not
SELECT TO_CHAR(DATE '2030-12-01', 'DDth Ddth ddTH fmDDth') AS t, TO_CHAR(DATE '2030-12-30', 'Ccthsp CCthsp') AS c FROM dual;
-- T | C
-- '01ST 01st 01st 1ST' | 'Twenty-First TWENTY-FIRST'

-- case: half a second added to a date
SELECT SYSDATE + 0.5/86400 FROM dual;
-- unsupported: half a second

-- case: the same of a column
SELECT taken + loan_id/172800 FROM loans WHERE loan_id = 1;
-- unsupported: half a second

-- case: parts of a day from a column
SELECT loan_id, DATE '2024-01-01' + loan_id/24 AS h, DATE '2024-01-01' + loan_id/1440 AS m, DATE '2024-01-01' - loan_id/3 AS t FROM loans WHERE loan_id IN (2, 7);
-- LOAN_ID | H | M | T
-- 2 | 2024-01-01 02:00:00 | 2024-01-01 00:02:00 | 2023-12-31 08:00:00
-- 7 | 2024-01-01 07:00:00 | 2024-01-01 00:07:00 | 2023-12-29 16:00:00

-- case: more days than there are
SELECT SYSDATE + 1e30 FROM dual;
-- error: ORA-01841

-- case: the end of time
SELECT taken + 10000000 FROM loans WHERE loan_id = 1;
-- error: ORA-01841

-- case: ADD_MONTHS past the end of time
SELECT ADD_MONTHS(taken, 120000) FROM loans WHERE loan_id = 1;
-- error: ORA-01841

-- case: NVL gives a date of the first one's type
SELECT NVL(returned, SYSTIMESTAMP) AS a, NVL(CAST(returned AS TIMESTAMP), SYSDATE) AS b FROM loans WHERE loan_id = 2;
-- A | B
-- 2026-03-15 14:30:00 | 2026-03-15 14:30:00

-- case: a DATE beside a TIMESTAMP in CASE
SELECT CASE WHEN loan_id = 1 THEN taken ELSE LOCALTIMESTAMP END FROM loans;
-- unsupported: DATE beside a TIMESTAMP

-- case: TO_DATE of a date reads its text
SELECT TO_DATE(taken) AS a, TO_DATE(taken,'DD-MON-YYYY') AS b FROM loans WHERE loan_id = 1;
-- A | B
-- 2024-01-05 | 0024-01-05

-- case: a unit of TRUNC from a column
SELECT TRUNC(taken, CASE WHEN loan_id = 1 THEN 'MM' WHEN loan_id = 3 THEN 'iw' END) AS a FROM loans WHERE loan_id < 4;
-- A
-- 2024-01-01
-- NULL
-- 2024-01-29

-- case: units of TRUNC that are none or too many
SELECT TRUNC(SYSDATE, 'YYYY-MM') FROM dual;
-- error: ORA-01898

-- case: seconds are no unit of TRUNC
SELECT TRUNC(SYSDATE, 'SS') FROM dual;
-- error: ORA-01899

-- case: centuries and ISO years begin
SELECT TRUNC(DATE '2024-08-14','CC') AS a, TRUNC(DATE '2000-08-14','SCC') AS b, TRUNC(DATE '2024-08-14','IYYY') AS c, TRUNC(DATE '2023-01-01','IYYY') AS d FROM dual;
-- A | B | C | D
-- 2001-01-01 | 1901-01-01 | 2024-01-01 | 2022-01-03

-- case: ROUND to a century
SELECT ROUND(DATE '2024-08-14','CC') FROM dual;
-- unsupported: ROUND of a date to CC

-- case: ROUND up past the end of time
SELECT ROUND(DATE '9999-12-31','YYYY') FROM dual;
-- error: ORA-01841

-- case: ROUND up to a week past the end of time
SELECT ROUND(DATE '9999-12-31','DAY') FROM dual;
-- error: ORA-01841

-- case: NEXT_DAY from a column
SELECT NEXT_DAY(taken, TO_CHAR(taken,'DAY')) - taken AS d FROM loans WHERE loan_id = 1;
-- D
-- 7

-- case: NEXT_DAY of a day that is none
SELECT NEXT_DAY(taken, note) FROM loans WHERE loan_id = 1;
-- error: ORA-01846
