-- case: documented results of number formats
SELECT TO_CHAR(0,'99.99') AS a, TO_CHAR(0.1,'99.99') AS b, TO_CHAR(-0.2,'99.99') AS c, TO_CHAR(0,'90.99') AS d, TO_CHAR(-0.2,'90.99') AS e, TO_CHAR(0,'9999') AS f, TO_CHAR(123.456,'999.999') AS g, TO_CHAR(123.456,'FM999.009') AS h, TO_CHAR(123.45,'FM999.009') AS i, TO_CHAR(123.0,'FM999.009') AS j, TO_CHAR(1234567890,'9999999999S') AS k, TO_CHAR(-1234567890,'9999999999S') AS l FROM dual;
-- A | B | C | D | E | F | G | H | I | J | K | L
-- '   .00' | '   .10' | '  -.20' | '  0.00' | ' -0.20' | '    0' | ' 123.456' | '123.456' | '123.45' | '123.00' | '1234567890+' | '1234567890-'

-- case: B blanks zero to the full width
SELECT TO_CHAR(0,'B9999') AS a, TO_CHAR(1,'B9999') AS b, TO_CHAR(0,'B90.99') AS c, TO_CHAR(0.5,'B99.99') AS d FROM dual;
-- A | B | C | D
-- '     ' | '    1' | '      ' | '   .50'

-- case: B blanks zero to the full width (2)
SELECT TO_CHAR(0.5,'B90.99') FROM dual;
-- unsupported: B with 0 in the format

-- case: signs in front, behind and around
SELECT TO_CHAR(123.45,'999.99PR') AS a, TO_CHAR(-123.45,'999.99PR') AS b, TO_CHAR(123.45,'999.99MI') AS c, TO_CHAR(1.5,'999.99S') AS d, TO_CHAR(0,'S999') AS e, TO_CHAR(-5,'FM999PR') AS f, TO_CHAR(5,'FM999PR') AS g, TO_CHAR(-5,'FM999MI') AS h, TO_CHAR(5,'FMS999') AS i FROM dual;
-- A | B | C | D | E | F | G | H | I
-- ' 123.45 ' | '<123.45>' | '123.45 ' | '  1.50+' | '  +0' | '<5>' | '5' | '5-' | '+5'

-- case: overflow shows the full width
SELECT TO_CHAR(12345.67,'999.99') AS a, TO_CHAR(-12345.67,'FM999.99PR') AS b, TO_CHAR(99.995,'FM99.99') AS c, TO_CHAR(12345,'99,99') AS d, TO_CHAR(12345,'FM0000') AS e FROM dual;
-- A | B | C | D | E
-- '#######' | '########' | '######' | '######' | '#####'

-- case: zeros, commas and points where the format has them
SELECT TO_CHAR(5,'999.') AS a, TO_CHAR(5,'FM0999') AS b, TO_CHAR(5,'99099') AS c, TO_CHAR(12345,'9,9,9,9,9') AS d, TO_CHAR(1,'9,9,9,9,9') AS e, TO_CHAR(1234,'0,000,000') AS f, TO_CHAR(1234,'99,99') AS g, TO_CHAR(0.5,'FM99.99') AS h, TO_CHAR(-70,'FM90.99') AS i FROM dual;
-- A | B | C | D | E | F | G | H | I
-- '   5.' | '0005' | '   005' | ' 1,2,3,4,5' | '         1' | ' 0,001,234' | ' 12,34' | '.5' | '-70.'

-- case: zero under FM keeps a digit before its point
SELECT TO_CHAR(0, 'FM99.99') AS a, TO_CHAR(0.004, 'FM9,999.99') AS b, TO_CHAR(0, 'FM99.90') AS c, TO_CHAR(0, 'FMS$9.9') AS d FROM dual;
-- A | B | C | D
-- '0.' | '0.' | '.00' | '+$0.'

-- case: currencies stand beside the first digit
SELECT TO_CHAR(123.45,'FML999.99') AS a, TO_CHAR(12,'FMC999') AS b, TO_CHAR(12,'FMU999') AS c, TO_CHAR(12,'FM$99') AS d, TO_CHAR(12,'99$') AS e, TO_CHAR(-7,'$99') AS f, TO_CHAR(5,'S$999') AS g, TO_CHAR(-1234.5,'FM$9,999.00') AS h, TO_CHAR(-1234.5,'$9,999.00MI') AS i, TO_CHAR(-12.5,'$99.9PR') AS j FROM dual;
-- A | B | C | D | E | F | G | H | I | J
-- '$123.45' | 'USD12' | '$12' | '$12' | ' $12' | ' -$7' | '  +$5' | '-$1,234.50' | '$1,234.50-' | '<$12.5>'

-- case: currencies stand beside the first digit (2)
SELECT TO_CHAR(12,'L99') FROM dual;
-- unsupported: pads to an open width

-- case: marks of the NLS argument
SELECT TO_CHAR(1234.5,'FM9G999D00','NLS_NUMERIC_CHARACTERS='',.''') AS a, TO_CHAR(1234.5,'FML9G999D00','NLS_NUMERIC_CHARACTERS='',.'' NLS_CURRENCY=''EUR ''') AS b, TO_CHAR(1234567,'9G999G990D00','NLS_NUMERIC_CHARACTERS='', ''') AS c, TO_CHAR(1,'9',NULL) AS d FROM dual;
-- A | B | C | D
-- '1.234,50' | 'EUR 1.234,50' | ' 1 234 567,00' | NULL

-- case: marks of the NLS argument (2)
SELECT TO_CHAR(1,'9','NLS_NUMERIC_CHARACTERS=''..''') FROM dual;
-- error: ORA-12702

-- case: marks of the NLS argument (3)
SELECT TO_CHAR(1,'9','nonsense') FROM dual;
-- error: ORA-12702

-- case: marks of the NLS argument (4)
SELECT TO_CHAR(1,'9','NLS_ISO_CURRENCY=GERMANY') FROM dual;
-- unsupported: NLS_ISO_CURRENCY

-- case: EEEE has one digit before the point
SELECT TO_CHAR(123.456,'9.9EEEE') AS a, TO_CHAR(123.456,'FM9.9EEEE') AS b, TO_CHAR(9.96,'FM9.9EEEE') AS c, TO_CHAR(-0.000123,'FM9.99EEEE') AS d, TO_CHAR(5,'FM9EEEE') AS e FROM dual;
-- A | B | C | D | E
-- '  1.2E+02' | '1.2E+02' | '1.0E+01' | '-1.23E-04' | '5E+00'

-- case: EEEE has one digit before the point (2)
SELECT TO_CHAR(0,'FM9.9EEEE') FROM dual;
-- unsupported: EEEE of zero

-- case: EEEE has one digit before the point (3)
SELECT TO_CHAR(fee,'FM9.99EEEE') AS a FROM members WHERE member_id IN (10,11,13);
-- A
-- '3.00E+01'
-- '1.25E+01'
-- NULL

-- case: TM shows all digits, TME with an exponent
SELECT TO_CHAR(1234.5,'TM') AS a, TO_CHAR(0.25,'TM9') AS b, TO_CHAR(1234.5,'TME') AS c, TO_CHAR(1000,'tme') AS d, TO_CHAR(123456789012,'TME') AS e FROM dual;
-- A | B | C | D | E
-- '1234.5' | '.25' | '1.2345E+03' | '1e+03' | '1.23456789012E+11'

-- case: TM shows all digits, TME with an exponent (2)
SELECT TO_CHAR(price,'TME') AS a FROM books WHERE book_id=100;
-- A
-- '9.99E+00'

-- case: Roman numbers are fifteen wide
SELECT TO_CHAR(485,'RN') AS a, TO_CHAR(485,'FMRN') AS b, TO_CHAR(3999,'FMrn') AS c, TO_CHAR(4000,'RN') AS d, TO_CHAR(0,'FMRN') AS e FROM dual;
-- A | B | C | D | E
-- '        CDLXXXV' | 'CDLXXXV' | 'mmmcmxcix' | '###############' | '###############'

-- case: Roman numbers are fifteen wide (2)
SELECT TO_CHAR(3.2,'RN') FROM dual;
-- unsupported: RN of a number that is not whole

-- case: Roman numbers are fifteen wide (3)
SELECT TO_CHAR(fee,'RN') AS a FROM members WHERE member_id=10;
-- A
-- '            XXX'

-- case: hexadecimal numbers are rounded, and never negative
SELECT TO_CHAR(255,'XXX') AS a, TO_CHAR(255,'FMxxx') AS b, TO_CHAR(255,'FM0XXX') AS c, TO_CHAR(15,'0X') AS d, TO_CHAR(12.5,'fm0xxxx') AS e, TO_CHAR(45678,'XXXXXXX') AS f, TO_CHAR(4096,'XXX') AS g FROM dual;
-- A | B | C | D | E | F | G
-- '  FF' | 'ff' | '00FF' | ' 0F' | '0000d' | '    B26E' | '####'

-- case: hexadecimal numbers are rounded, and never negative (2)
SELECT TO_CHAR(-1,'XXX') FROM dual;
-- error: ORA-01481

-- case: hexadecimal numbers are rounded, and never negative (3)
SELECT TO_CHAR(fee,'XXX') AS a FROM members WHERE member_id<=11;
-- A
-- '  1E'
-- '   D'

-- case: V multiplies by tens
SELECT TO_CHAR(12.3,'999V99') AS a, TO_CHAR(12.345,'FM999V99') AS b, TO_CHAR(123.45,'999V999') AS c FROM dual;
-- A | B | C
-- '  1230' | '1235' | ' 123450'

-- case: no number format
SELECT TO_CHAR(12,'999-99') FROM dual;
-- error: ORA-01481

-- case: no number format (2)
SELECT TO_CHAR(12,' 99') FROM dual;
-- error: ORA-01481

-- case: no number format (3)
SELECT TO_CHAR(12,'S99MI') FROM dual;
-- error: ORA-01481

-- case: no number format (4)
SELECT TO_CHAR(12,',99') FROM dual;
-- error: ORA-01481

-- case: no number format (5)
SELECT TO_CHAR(12,'99.9,9') FROM dual;
-- error: ORA-01481

-- case: no number format (6)
SELECT TO_CHAR(12,'9.9.9') FROM dual;
-- error: ORA-01481

-- case: no number format (7)
SELECT TO_CHAR(1,'9G9.9') FROM dual;
-- error: ORA-01481

-- case: no number format (8)
SELECT TO_CHAR(1,'$$9') FROM dual;
-- error: ORA-01481

-- case: no number format (9)
SELECT TO_CHAR(1,'9MI9') FROM dual;
-- error: ORA-01481

-- case: no number format (10)
SELECT TO_CHAR(1,'abc') FROM dual;
-- error: ORA-01481

-- case: the sign of what is rounded to zero is not known
SELECT TO_CHAR(-0.001,'0.00') FROM dual;
-- unsupported: negative number that is rounded to zero

-- case: the sign of what is rounded to zero is not known (2)
SELECT TO_CHAR(-fee/1000,'0.0') FROM members WHERE member_id=11;
-- unsupported: negative number that is rounded to zero

-- case: columns in formats
SELECT TO_CHAR(fee,'FM9990.0') AS a FROM members;
-- A
-- '30.0'
-- '12.5'
-- '12.5'
-- NULL
-- '0.0'

-- case: columns in formats (2)
SELECT TO_CHAR(AVG(fee),'990.00') AS a FROM members;
-- A
-- '  13.75'

-- case: columns in formats (3)
SELECT TO_CHAR(pages/9,'FM990.000') AS a FROM books WHERE book_id=100;
-- A
-- '23.333'

-- case: columns in formats (4)
SELECT TO_CHAR(SQRT(price),'FM0.0000') AS a FROM books WHERE book_id=101;
-- A
-- '3.8079'

-- case: TO_NUMBER reads what TO_CHAR writes (1)
SELECT TO_NUMBER('1,234.56','9G999D99') AS a, TO_NUMBER('1.234,56','9G999D99','NLS_NUMERIC_CHARACTERS='',.''') AS b, TO_NUMBER('-12.5','S99.9') AS c, TO_NUMBER('+12','S99') AS d, TO_NUMBER('12-','99MI') AS e, TO_NUMBER('12 ','99MI') AS f, TO_NUMBER('<12>','99PR') AS g, TO_NUMBER('$1,234','$9,999') AS h, TO_NUMBER('EUR5','L9','NLS_CURRENCY=''EUR''') AS i, TO_NUMBER('1.5E+02','9.9EEEE') AS j, TO_NUMBER('   .50','99.99') AS k, TO_NUMBER('234','999,999') AS l FROM dual;
-- A | B | C | D | E | F | G | H | I | J | K | L
-- 1234.56 | 1234.56 | -12.5 | 12 | -12 | 12 | -12 | 1234 | 5 | 150 | 0.5 | 234

-- case: TO_NUMBER reads what TO_CHAR writes (2)
SELECT TO_NUMBER('12','99',NULL) AS a FROM dual;
-- A
-- NULL

-- case: TO_NUMBER reads what TO_CHAR writes (3)
SELECT TO_NUMBER(TO_CHAR(-fee,'S990.99'),'S990.99') AS a FROM members;
-- A
-- -30
-- -12.5
-- -12.5
-- NULL
-- 0

-- case: TO_NUMBER reads what TO_CHAR writes (4)
SELECT TO_NUMBER(TO_CHAR(-fee,'990.99MI'),'990.99MI') AS a FROM members;
-- A
-- -30
-- -12.5
-- -12.5
-- NULL
-- 0

-- case: TO_NUMBER reads what TO_CHAR writes (5)
SELECT TO_NUMBER(TO_CHAR(-fee,'990.99PR'),'990.99PR') AS a FROM members;
-- A
-- -30
-- -12.5
-- -12.5
-- NULL
-- 0

-- case: TO_NUMBER reads what TO_CHAR writes (6)
SELECT TO_NUMBER(TO_CHAR(fee,'$990.99'),'$990.99') AS a FROM members;
-- A
-- 30
-- 12.5
-- 12.5
-- NULL
-- 0

-- case: TO_NUMBER reads what TO_CHAR writes (7)
SELECT TO_NUMBER(TRIM(TO_CHAR(book_id,'XXXX')),'XXXX') AS a FROM books WHERE book_id=100;
-- A
-- 100

-- case: TO_NUMBER of what does not fit its format
SELECT TO_NUMBER('1234','999') FROM dual;
-- error: ORA-01722

-- case: TO_NUMBER of what does not fit its format (2)
SELECT TO_NUMBER('12.345','99.99') FROM dual;
-- error: ORA-01722

-- case: TO_NUMBER of what does not fit its format (3)
SELECT TO_NUMBER('abc','999') FROM dual;
-- error: ORA-01722

-- case: TO_NUMBER of what does not fit its format (4)
SELECT TO_NUMBER('$99','99') FROM dual;
-- error: ORA-01722

-- case: TO_NUMBER of what does not fit its format (5)
SELECT TO_NUMBER('12,34','999,999') FROM dual;
-- error: ORA-01722

-- case: TO_NUMBER of what does not fit its format (6)
SELECT TO_NUMBER(123.56,'999.9') FROM dual;
-- error: ORA-01722

-- case: TO_NUMBER of what does not fit its format (7)
SELECT TO_NUMBER('FFF','XX') FROM dual;
-- error: ORA-01722

-- case: TO_NUMBER of what does not fit its format (8)
SELECT TO_NUMBER('XYZ','XXX') FROM dual;
-- error: ORA-01722

-- case: TO_NUMBER of what does not fit its format (9)
SELECT TO_NUMBER(name,'999') FROM members;
-- error: ORA-01722

-- case: TO_NUMBER of what may or may not fit its format
SELECT TO_NUMBER('1234','999,999') FROM dual;
-- unsupported: TO_NUMBER of '1234'

-- case: TO_NUMBER of what may or may not fit its format (2)
SELECT TO_NUMBER('12','S99') FROM dual;
-- unsupported: TO_NUMBER of '12'

-- case: TO_NUMBER of what may or may not fit its format (3)
SELECT TO_NUMBER('99','$99') FROM dual;
-- unsupported: TO_NUMBER of '99'

-- case: hexadecimal text
SELECT TO_NUMBER('FF','XX') AS a, TO_NUMBER('ff','XXXX') AS b, TO_NUMBER('7FFFFFFF','XXXXXXXX') AS c FROM dual;
-- A | B | C
-- 255 | 255 | 2147483647

-- case: DEFAULT on conversion error
SELECT TO_NUMBER('abc' DEFAULT -1 ON CONVERSION ERROR) AS a, TO_NUMBER('12' DEFAULT -1 ON CONVERSION ERROR) AS b, TO_NUMBER('abc' DEFAULT 0 ON CONVERSION ERROR,'999') AS c, TO_NUMBER('x' DEFAULT NULL ON CONVERSION ERROR) AS d, TO_NUMBER('x' DEFAULT '7.5' ON CONVERSION ERROR) AS e, CAST('x' AS NUMBER DEFAULT -1 ON CONVERSION ERROR) AS f FROM dual;
-- A | B | C | D | E | F
-- -1 | 12 | 0 | NULL | 7.5 | -1

-- case: DEFAULT on conversion error (2)
SELECT TO_NUMBER('x' DEFAULT 'y' ON CONVERSION ERROR) FROM dual;
-- error: ORA-01722

-- case: DEFAULT on conversion error (3)
SELECT TO_NUMBER(TO_CHAR(fee) DEFAULT 0.125 ON CONVERSION ERROR) AS a FROM members;
-- A
-- 30
-- 12.5
-- 12.5
-- NULL
-- 0

-- case: DEFAULT on conversion error (4)
SELECT TO_NUMBER(name DEFAULT 0 ON CONVERSION ERROR) AS a FROM members;
-- A
-- 0
-- 0
-- 0
-- 0
-- 0

-- case: text that is a number
SELECT TO_NUMBER('  12.5  ') AS a, TO_NUMBER('+12') AS b, TO_NUMBER('1.5e-3') AS c, TO_NUMBER('.5') AS d, TO_NUMBER('5.') AS e FROM dual;
-- A | B | C | D | E
-- 12.5 | 12 | 0.0015 | 0.5 | 5

-- case: text that is a number (2)
SELECT COUNT(*) AS a FROM members WHERE SUBSTR('12e-1',1,member_id) = 1.2;
-- A
-- 5

-- case: text that is no number
SELECT TO_NUMBER('1 2') FROM dual;
-- error: ORA-01722

-- case: text that is no number (2)
SELECT TO_NUMBER('-') FROM dual;
-- error: ORA-01722

-- case: text that is no number (3)
SELECT TO_NUMBER('.') FROM dual;
-- error: ORA-01722

-- case: text that is no number (4)
SELECT TO_NUMBER(' ') FROM dual;
-- error: ORA-01722

-- case: text that is no number (5)
SELECT TO_NUMBER('- 5') FROM dual;
-- error: ORA-01722

-- case: text that is no number (6)
SELECT TO_NUMBER('1,5') FROM dual;
-- error: ORA-01722

-- case: text that is no number (7)
SELECT name+1 FROM members;
-- error: ORA-01722

-- case: text that is no number (8)
SELECT TO_NUMBER(SUBSTR('0.1234567890123456789012',1,member_id+20)) FROM members WHERE member_id=10;
-- unsupported: many digits

-- case: a format that differs from row to row
SELECT TO_CHAR(price, CASE WHEN price > 10 THEN 'FM99' ELSE 'FM90.00' END) AS a, TO_CHAR(price / 3, SUBSTR('FM90D000', 1, book_id), 'NLS_NUMERIC_CHARACTERS='',.''') AS b FROM books WHERE price IS NOT NULL;
-- A | B
-- '9.99' | '3,330'
-- '15' | '4,833'
-- '40' | '13,333'
-- '15' | '4,833'

-- case: a format from a column that is none
SELECT TO_CHAR(price, title) FROM books;
-- error: ORA-01481

-- case: reading by a format from a column
SELECT TO_NUMBER('1,234', SUBSTR('9,999', 1, books.book_id)) AS a, TO_NUMBER(TO_CHAR(price), note) AS b FROM books, loans WHERE books.book_id = 100 AND loan_id = 2;
-- A | B
-- 1234 | NULL
