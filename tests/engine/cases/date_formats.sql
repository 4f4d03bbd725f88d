-- case: YEAR is the year in words
SELECT TO_CHAR(DATE '2024-02-29','YEAR') AS a, TO_CHAR(DATE '2007-02-28','Year') AS b, TO_CHAR(DATE '1999-02-28','year') AS c, TO_CHAR(DATE '2000-01-01','YEAR') AS d FROM dual;
-- A | B | C | D
-- 'TWENTY TWENTY-FOUR' | 'Two Thousand Seven' | 'nineteen ninety-nine' | 'TWO THOUSAND'

-- case: a year whose words are not certain
SELECT TO_CHAR(DATE '1905-02-28','YEAR') FROM dual;
-- unsupported: YEAR of a date in words

-- case: TH makes an ordinal number
SELECT TO_CHAR(DATE '2024-02-03','DDTH') AS a, TO_CHAR(DATE '2024-02-03','fmDDTH') AS b, TO_CHAR(DATE '2024-02-12','fmddth') AS c, TO_CHAR(DATE '2024-02-21','Ddth') AS d, TO_CHAR(DATE '2024-04-21','DDDTH') AS e FROM dual;
-- A | B | C | D | E
-- '03RD' | '3RD' | '12th' | '21st' | '112TH'

-- case: SP and SPTH are words
SELECT TO_CHAR(DATE '2024-02-05','DDSPTH') AS a, TO_CHAR(DATE '2024-02-21','Ddspth') AS b, TO_CHAR(DATE '2024-02-21','ddsp') AS c, TO_CHAR(DATE '2024-02-05','YYYYSP') AS d, TO_CHAR(DATE '2024-02-21','fmDdspth "of" Month YYYY') AS e FROM dual;
-- A | B | C | D | E
-- 'FIFTH' | 'Twenty-First' | 'twenty-one' | 'TWO THOUSAND TWENTY-FOUR' | 'Twenty-First of February 2024'

-- case: the idiom for a number in words
SELECT TO_CHAR(TO_DATE(5000,'J'),'JSP') AS a, TO_CHAR(TO_DATE(1234567,'J'),'jsp') AS b, TO_CHAR(TO_DATE(42,'J'),'Jsp') AS c FROM dual;
-- A | B | C
-- 'FIVE THOUSAND' | 'one million two hundred thirty-four thousand five hundred sixty-seven' | 'Forty-Two'

-- case: the idiom for a number in words ends where Julian days do
SELECT TO_CHAR(TO_DATE(0,'J'),'JSP') FROM dual;
-- error: ORA-01854

-- case: CC is the century
SELECT TO_CHAR(DATE '2024-02-05','CC') AS a, TO_CHAR(DATE '2000-02-05','CC') AS b, TO_CHAR(DATE '2001-01-01','CC') AS c FROM dual;
-- A | B | C
-- '21' | '20' | '21'

-- case: years in all their lengths
SELECT TO_CHAR(DATE '2005-12-30','YYY YY Y RR RRRR Y,YYY SYYYY') AS a, TO_CHAR(DATE '2005-12-30','FMYY') AS b, TO_CHAR(DATE '0099-12-30','YYYY') AS c FROM dual;
-- A | B | C
-- '005 05 5 05 2005 2,005  2005' | '5' | '0099'

-- case: ISO weeks belong to ISO years
SELECT TO_CHAR(DATE '2024-12-30','IYYY-IW IYY IY I') AS a, TO_CHAR(DATE '2021-01-03','IYYY-IW') AS b, TO_CHAR(DATE '2024-12-30','WW W IW') AS c FROM dual;
-- A | B | C
-- '2025-01 025 25 5' | '2020-53' | '53 5 01'

-- case: RM is Roman and padded to four
SELECT TO_CHAR(DATE '2024-08-05','RM') || '|' AS a, TO_CHAR(DATE '2024-02-05','RM') || '|' AS b, TO_CHAR(DATE '2024-02-05','fmrm') AS c FROM dual;
-- A | B | C
-- 'VIII|' | 'II  |' | 'ii'

-- case: the two first letters of a name decide its case
SELECT TO_CHAR(DATE '2024-02-05','DY,Dy,dy MON,Mon,mon') AS a, TO_CHAR(DATE '2024-02-05','Day') || '|' AS b, TO_CHAR(DATE '2024-02-05','DAY') || '|' AS c FROM dual;
-- A | B | C
-- 'MON,Mon,mon FEB,Feb,feb' | 'Monday   |' | 'MONDAY   |'

-- case: FM toggles, and again it pads
SELECT TO_CHAR(DATE '2024-02-05','FMDD/FMMM') AS a, TO_CHAR(DATE '2024-02-05','FMDay, DD Month YYYY HH24:MI') AS b, TO_CHAR(DATE '2024-02-05','Day, DD Month YYYY') AS c FROM dual;
-- A | B | C
-- '5/02' | 'Monday, 5 February 2024 0:0' | 'Monday   , 05 February  2024'

-- case: half days, with points and without
SELECT TO_CHAR(DATE '2024-02-05' + 13/24,'HH:MI PM') AS a, TO_CHAR(DATE '2024-02-05' + 13/24,'hh12 am A.M. p.m.') AS b, TO_CHAR(DATE '2024-02-05','HH AM AD B.C.') AS c FROM dual;
-- A | B | C
-- '01:00 PM' | '01 pm P.M. p.m.' | '12 AM AD A.D.'

-- case: text in quotes stands for itself
SELECT TO_CHAR(DATE '2024-02-05','"It''s" yyyy') AS a, TO_CHAR(DATE '2024-02-05','YYYY%MM "%d"') AS b, TO_CHAR(DATE '2024-02-05','"x"') AS c FROM dual;
-- A | B | C
-- 'It''s 2024' | '2024%02 %d' | 'x'

-- case: a quote that is not closed
SELECT TO_CHAR(DATE '2024-02-05','"abc') FROM dual;
-- error: ORA-01821

-- case: fractions of a second
SELECT TO_CHAR(TIMESTAMP '2024-02-05 10:11:12.123456','HH24:MI:SS.FF3') AS a, TO_CHAR(TIMESTAMP '2024-02-05 10:11:12.123456','SSXFF6 FF1 FF9') AS b FROM dual;
-- A | B
-- '10:11:12.123' | '12.123456 1 123456000'

-- case: a DATE has no fractions of a second
SELECT TO_CHAR(DATE '2024-02-05','SS.FF3') FROM dual;
-- error: ORA-01821

-- case: a TIMESTAMP without a format
SELECT TO_CHAR(TIMESTAMP '2024-02-05 10:11:12.5') AS a, TO_CHAR(CAST(TIMESTAMP '2024-02-05 22:11:12.5' AS TIMESTAMP)) AS b, TO_CHAR(CAST(DATE '2024-02-05' AS TIMESTAMP(3))) AS c FROM dual;
-- A | B | C
-- '05-FEB-24 10.11.12.500000000 AM' | '05-FEB-24 10.11.12.500000 PM' | '05-FEB-24 12.00.00.000 AM'

-- case: a date that is NULL has no text, whatever its format says
SELECT TO_CHAR(returned,'AM') AS a, TO_CHAR(returned,'"x"') AS b, TO_CHAR(returned,'AD') AS c, TO_CHAR(taken,'') AS d, TO_CHAR(taken,'YEAR') AS e FROM loans WHERE loan_id = 2;
-- A | B | C | D | E
-- NULL | NULL | NULL | NULL | 'TWENTY TWENTY-FOUR'

-- case: a format from a column
SELECT loan_id, TO_CHAR(taken, CASE WHEN loan_id = 1 THEN 'YYYY' WHEN loan_id = 2 THEN 'fmDay' END) AS a FROM loans WHERE loan_id < 4;
-- LOAN_ID | A
-- 1 | '2024'
-- 2 | 'Saturday'
-- 3 | NULL

-- case: a format from a column that is none
SELECT TO_CHAR(taken, note) FROM loans WHERE loan_id = 1;
-- error: ORA-01821

-- case: the language of dates is American
SELECT TO_CHAR(DATE '2024-02-05','MON','NLS_DATE_LANGUAGE=AMERICAN') AS a, TO_CHAR(DATE '2024-02-05','MON','nls_date_language = ''English''') AS b FROM dual;
-- A | B
-- 'FEB' | 'FEB'

-- case: another language of dates
SELECT TO_CHAR(DATE '2024-02-05','MONTH','NLS_DATE_LANGUAGE=FRENCH') FROM dual;
-- unsupported: FRENCH

-- case: an NLS argument that is none
SELECT TO_CHAR(DATE '2024-02-05','MONTH','FRENCH') FROM dual;
-- error: ORA-12702

-- case: days of old are counted by another calendar
SELECT TO_CHAR(DATE '1492-10-12','YYYY-MM-DD Q') AS a, TRUNC(DATE '1492-10-12','MM') AS b FROM dual;
-- A | B
-- '1492-10-12 4' | 1492-10-01

-- case: the weekday of a day of old
SELECT TO_CHAR(DATE '1492-10-12','DAY') FROM dual;
-- unsupported: before 1583

-- case: days that the change of calendars skipped
SELECT DATE '1582-10-10' FROM dual;
-- unsupported: a day that not every calendar has

-- case: too many formats to compile within a deadline
SELECT TO_CHAR(SYSDATE, '"' || LEVEL || '"') FROM dual CONNECT BY LEVEL <= 60;
-- unsupported: different date formats

-- case: some formats made of numbers
SELECT TO_CHAR(DATE '2024-02-05', 'YYYY"-' || LEVEL || '"') AS a FROM dual CONNECT BY LEVEL <= 2;
-- A
-- '2024-1'
-- '2024-2'

-- case: a dollar and a letter in quotes, of a date that is computed once
SELECT TO_CHAR((SELECT MAX(joined) FROM members), '"$d "YYYY" $s"') AS a, TO_DATE((SELECT MAX(TO_CHAR(joined, 'YYYY"$d"MM')) FROM members), 'YYYY"$d"MM') AS b FROM dual;
-- A | B
-- '$d 2024 $s' | 2024-02-01
