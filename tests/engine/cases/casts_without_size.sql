-- case: a CAST to VARCHAR2 without a size
SELECT CAST(member_id AS VARCHAR2) AS t FROM members;
-- error: ORA-00906

-- case: the older name of VARCHAR2 wants a size too, before a column is looked for
SELECT LOWER(CAST(no_such_column AS VARCHAR)) AS t FROM members;
-- error: ORA-00906

-- case: a CAST to NVARCHAR2 without a size
SELECT CAST(name AS NVARCHAR2) AS t FROM members;
-- error: ORA-00906

-- case: a CAST to CHAR without a size is one character
SELECT CAST('xyz' AS CHAR) AS t FROM dual;
-- T
-- 'x'

-- case: a CAST to DOUBLE wants PRECISION
SELECT ROUND(CAST(NVL(fee, 0) AS DOUBLE), 1) AS f FROM members;
-- error: ORA-02000

-- case: DOUBLE PRECISION is a type, and DOUBLE a name outside of CAST
SELECT CAST('2.5' AS DOUBLE PRECISION) AS double FROM dual;
-- DOUBLE
-- 2.5

-- case: NVARCHAR without the 2 is no type
SELECT CAST(name AS NVARCHAR(10)) AS t FROM members;
-- error: ORA-00902

-- case: NVARCHAR2 with a size counts characters
SELECT CAST('Łódź' AS NVARCHAR2(3)) AS t FROM dual;
-- T
-- 'Łód'
