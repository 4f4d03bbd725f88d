-- expect: bare_call
SELECT wipe FROM dual
-- expect: bare_call
SELECT CASE WHEN NVL(wipe, 1) = 1 THEN 1 END FROM dual
-- expect: bare_call
SELECT 1 FROM dual FETCH FIRST wipe ROWS ONLY
-- expect: bare_call
SELECT wipe
-- expect: allowed
SELECT SYSDATE, USER, dummy, DATE '2024-01-01', INTERVAL '1' DAY FROM dual
-- expect: bare_call
SELECT * FROM TABLE(wipe)
-- expect: allowed
SELECT p.COLUMN_VALUE FROM customers c, TABLE(c.phones) p
-- expect: unparsed
SELECT PREDICTION(churn_model USING 3 AS visits, 'web' AS channel) FROM dual
-- expect: bare_call
SELECT PREDICTION(churn_model USING wipe AS visits) FROM dual
-- expect: allowed
SELECT * FROM JSON_TABLE(:doc, '$[*]' COLUMNS (id NUMBER PATH '$.id', city VARCHAR2(40) PATH '$.city', NESTED PATH '$.tags[*]' COLUMNS (tag, kind)))
-- expect: allowed
SELECT * FROM XMLTABLE('/a/b' PASSING :doc COLUMNS id NUMBER PATH '@id', city VARCHAR2(40) PATH 'city')
-- expect: bare_call
SELECT * FROM XMLTABLE('/a/b' PASSING columns, wipe COLUMNS id NUMBER PATH '@id')
-- expect: bare_call
SELECT * FROM JSON_TABLE(wipe, '$' COLUMNS (id NUMBER PATH '$.id'))
-- expect: allowed | allowed_functions=NET_PRICE
SELECT net_price(gross => 119, rate => 19) FROM dual
-- expect: bare_call | allowed_functions=NET_PRICE
SELECT net_price(gross => wipe) FROM dual
-- expect: allowed
SELECT BINARY_DOUBLE_NAN, BINARY_FLOAT_INFINITY FROM dual
-- expect: unparsed
SELECT * FROM GRAPH_TABLE (kin MATCH (a IS person) -[e]-> (b) COLUMNS (VERTEX_ID(a) AS v, e.since AS since))
-- expect: allowed
SELECT VECTOR_DISTANCE(TO_VECTOR('[1, 2]', 2, FLOAT32), VECTOR('[3, 4]'), EUCLIDEAN) AS d FROM dual
-- expect: allowed
SELECT DOMAIN_CHECK(card_number, '1234') AS ok FROM dual
-- expect: bare_call
SELECT DOMAIN_CHECK(card_number, wipe) AS ok FROM dual
-- expect: bare_call
SELECT x.n FROM (SELECT wipe AS n FROM dual) x
-- expect: bare_call
SELECT wipe FROM (SELECT 1 AS n FROM dual)
-- expect: bare_call
WITH d AS (SELECT 1 AS n FROM dual) SELECT n FROM d WHERE wipe = 1
-- expect: bare_call
WITH dual AS (SELECT 1 AS n FROM customers) SELECT wipe FROM dual
-- expect: allowed
WITH d (n, m) AS (SELECT 1, 2 FROM dual), e AS (SELECT d.*, n * m AS k FROM d) SELECT n, m, k FROM e ORDER BY k
-- expect: allowed
SELECT anything FROM (SELECT * FROM customers) c
-- expect: allowed
SELECT EXTRACT(YEAR FROM born) AS y, COUNT(*) FROM (SELECT born FROM customers) GROUP BY y
-- expect: allowed
SELECT value FROM (SELECT 1 a, 2 b FROM dual) UNPIVOT (value FOR kind IN (a, b))
-- expect: bare_call
SELECT wipe FROM XMLTABLE('1 to 3' COLUMNS n NUMBER PATH '.')
-- expect: allowed
SELECT n, COLUMN_VALUE FROM XMLTABLE('1 to 3' COLUMNS n NUMBER PATH '.')
-- expect: bare_call
SELECT v.a FROM (VALUES (wipe, 1)) v (a, b)
-- expect: bare_call
SELECT wipe FROM (VALUES (1, 2)) v (a, b)
-- expect: bare_call
(SELECT 1 AS n FROM dual) ORDER BY wipe
-- expect: allowed
(SELECT 1 AS n FROM dual) ORDER BY n
-- expect: allowed
(SELECT name FROM customers) ORDER BY city
-- expect: bare_call
SELECT EXTRACT(YEAR FROM wipe), TRIM(LEADING FROM name) FROM dual
-- expect: bare_call
SELECT TRIM(BOTH wipe FROM 'x') FROM dual
-- expect: bare_call
SELECT 1 FROM dual START WITH wipe = 1 CONNECT BY LEVEL <= 1
-- expect: bare_call
SELECT SUM(1) OVER (ORDER BY 1 RANGE wipe PRECEDING) FROM dual
-- expect: bare_call
SELECT JSON_OBJECT(KEY wipe VALUE 1) FROM dual
-- expect: bare_call
SELECT JSON_OBJECT('a' IS wipe) FROM dual
-- expect: bare_call
SELECT XMLQUERY('1' PASSING BY VALUE wipe RETURNING CONTENT) FROM dual
-- expect: bare_call
SELECT TO_VECTOR('[1]') <=> wipe FROM dual
-- expect: allowed
SELECT TRIM(LEADING '0' FROM 'x'), SUM(1) OVER (ORDER BY 1 ROWS UNBOUNDED PRECEDING), JSON_OBJECT(KEY 'a' VALUE 1) FROM dual
-- expect: bare_call
SELECT COUNT(*) GROUP BY wipe
-- expect: bare_call
SELECT XMLSERIALIZE(CONTENT wipe AS CLOB) FROM dual
-- expect: unparsed
SELECT JSON{'n' : p.n} AS doc FROM (SELECT 1 AS n FROM dual) p
-- expect: allowed
SELECT d, SUM(x) OVER w, SUM(x) OVER (w ROWS 1 PRECEDING) FROM (SELECT d, x FROM t)
WINDOW w AS (PARTITION BY d ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
-- expect: bare_call
SELECT * FROM t FETCH FIRST wipe ROWS ONLY
-- expect: bare_call
SELECT * FROM t FETCH FIRST wipe PERCENT ROWS ONLY
-- expect: bare_call
SELECT * FROM t OFFSET wipe ROWS
-- expect: bare_call
SELECT * FROM t OFFSET wipe ROWS FETCH NEXT 5 ROWS ONLY
-- expect: bare_call
SELECT * FROM t AS OF TIMESTAMP wipe
-- expect: bare_call
SELECT * FROM t AS OF TIMESTAMP (wipe - 1)
-- expect: bare_call
SELECT * FROM t AS OF SCN wipe
-- expect: bare_call
SELECT * FROM t AS OF PERIOD FOR v wipe
-- expect: bare_call
SELECT * FROM t VERSIONS BETWEEN TIMESTAMP wipe AND MAXVALUE
-- expect: bare_call
SELECT * FROM t VERSIONS BETWEEN TIMESTAMP MINVALUE AND wipe
-- expect: bare_call
SELECT * FROM t VERSIONS BETWEEN SCN 1 AND wipe
-- expect: bare_call
SELECT * FROM t SAMPLE (wipe)
-- expect: bare_call
SELECT * FROM t SAMPLE (10) SEED (wipe)
-- expect: bare_call
SELECT * FROM t SAMPLE BLOCK (wipe)
-- expect: bare_call
SELECT * FROM t PARTITION FOR (wipe)
-- expect: bare_call
SELECT * FROM t PIVOT (MAX(a) FOR b IN (wipe))
-- expect: bare_call
SELECT * FROM t PIVOT (MAX(a) FOR b IN ('x' AS x, wipe AS y))
-- expect: bare_call
SELECT wipe FROM TABLE(SYS.ODCINUMBERLIST(1))
-- expect: bare_call
SELECT * FROM t PIVOT (MAX(a) FOR (b, c) IN ((wipe, 'x') AS d))
-- expect: bare_call
SELECT * FROM t x AS OF TIMESTAMP wipe x
-- expect: bare_call
SELECT * FROM (SELECT 1 n FROM t) AS OF SCN wipe
-- expect: bare_call
SELECT COLUMN_VALUE FROM TABLE(SYS.ODCINUMBERLIST(1)) WHERE wipe = 1
-- expect: allowed
SELECT * FROM t FETCH FIRST 5 ROWS ONLY
-- expect: allowed
SELECT * FROM t FETCH FIRST :n ROWS ONLY
-- expect: allowed
SELECT * FROM t OFFSET :n ROWS FETCH NEXT 10 PERCENT ROWS ONLY
-- expect: allowed
SELECT * FROM t FETCH FIRST ROW ONLY
-- expect: allowed
SELECT * FROM t FETCH FIRST ROWS ONLY
-- expect: allowed
SELECT * FROM t FETCH NEXT ROW WITH TIES
-- expect: allowed
SELECT * FROM t AS OF TIMESTAMP SYSTIMESTAMP - INTERVAL '1' DAY
-- expect: allowed
SELECT * FROM t AS OF TIMESTAMP (SYSTIMESTAMP - INTERVAL '10' MINUTE) x WHERE x.a = 1
-- expect: allowed
SELECT * FROM t AS OF SCN 12345
-- expect: allowed
SELECT * FROM t AS OF SCN :scn
-- expect: allowed
SELECT * FROM t AS OF TIMESTAMP TO_TIMESTAMP('2024-01-01','YYYY-MM-DD')
-- expect: unparsed
SELECT * FROM t AS OF PERIOD FOR valid_time SYSDATE
-- expect: unparsed
SELECT * FROM t AS OF PERIOD FOR valid_time DATE '2024-01-01' x
-- expect: unparsed
SELECT * FROM t VERSIONS BETWEEN TIMESTAMP MINVALUE AND MAXVALUE
-- expect: unparsed
SELECT * FROM t VERSIONS BETWEEN SCN MINVALUE AND MAXVALUE v WHERE v.a = 1
-- expect: unparsed
SELECT * FROM t VERSIONS BETWEEN TIMESTAMP SYSTIMESTAMP - 1 AND SYSTIMESTAMP
-- expect: allowed
SELECT * FROM t SAMPLE (10)
-- expect: unparsed
SELECT * FROM t SAMPLE BLOCK (10, 2) SEED (5)
-- expect: unparsed
SELECT * FROM t PARTITION FOR (DATE '2024-01-01')
-- expect: allowed
SELECT * FROM t PARTITION (p1)
-- expect: unparsed
SELECT * FROM t PARTITION FOR ('EU', 3) x
-- expect: allowed
SELECT * FROM (SELECT a, b FROM t) PIVOT (MAX(a) FOR b IN ('x' AS x, 'y' y, 3))
-- expect: allowed
SELECT * FROM (SELECT a, b, c FROM t) PIVOT (MAX(a) AS m, COUNT(*) AS n FOR (b, c) IN (('x', 1) AS x1, ('y', 2) y2))
-- expect: unparsed
SELECT * FROM (SELECT a, b FROM t) PIVOT XML (MAX(a) FOR b IN (ANY))
-- expect: unparsed
SELECT * FROM (SELECT a, b FROM t) PIVOT XML (MAX(a) FOR b IN (SELECT code FROM codes))
-- expect: allowed
SELECT COLUMN_VALUE FROM TABLE(SYS.ODCINUMBERLIST(1))
-- expect: allowed
SELECT t.COLUMN_VALUE FROM TABLE(SYS.ODCINUMBERLIST(1)) t
-- expect: allowed
SELECT c.name, t.COLUMN_VALUE FROM c, TABLE(SYS.ODCINUMBERLIST(1, c.x)) t WHERE c.y = 2
-- expect: allowed
SELECT COLUMN_VALUE AS n FROM TABLE(SYS.ODCINUMBERLIST(1)) ORDER BY n
-- expect: allowed
SELECT value(t) FROM TABLE(SYS.ODCINUMBERLIST(1)) t
-- expect: allowed
SELECT name, offset FROM t
-- expect: allowed
SELECT * FROM (SELECT a, b FROM t) UNPIVOT (v FOR k IN (a, b))
-- expect: allowed
SELECT name FROM t AS OF TIMESTAMP SYSDATE - 1/24 WHERE name = 'x' ORDER BY name
-- expect: bare_call
SELECT wipe FROM dual MODEL DIMENSION BY (0 AS x) MEASURES (0 AS s) RULES (s[0] = 1)
-- expect: bare_call
SELECT x FROM dual MODEL DIMENSION BY (0 AS x) MEASURES (0 AS s) RULES (s[0] = wipe)
-- expect: bare_call
SELECT x FROM dual MODEL DIMENSION BY (wipe AS x) MEASURES (0 AS s) RULES (s[0] = 1)
-- expect: bare_call
SELECT x FROM dual MODEL DIMENSION BY (0 AS x) MEASURES (wipe s) RULES (s[0] = 1)
-- expect: bare_call
SELECT x FROM dual WHERE wipe = 1 MODEL DIMENSION BY (0 AS x) MEASURES (0 AS wipe) RULES (wipe[0] = 1)
-- expect: bare_call
SELECT wipe FROM dual MODEL DIMENSION BY (wipe AS wipe) MEASURES (0 AS s) RULES (s[0] = 1)
-- expect: unparsed
SELECT x, s FROM dual MODEL DIMENSION BY (0 AS x) MEASURES (0 AS s) RULES ITERATE (10) (s[ITERATION_NUMBER] = ITERATION_NUMBER * 2) ORDER BY x
-- expect: unparsed
SELECT * FROM dual MODEL DIMENSION BY (0 d) MEASURES (0 v) RULES (v[1] = v[0] + 1)
-- expect: unparsed
SELECT key, n FROM dual MODEL DIMENSION BY (0 key) MEASURES (CAST(NULL AS NUMBER) n) RULES (n[FOR key FROM 1 TO 5 INCREMENT 1] = CV(key) * 2)
-- expect: unparsed
SELECT d, v FROM (SELECT d, v FROM dual MODEL DIMENSION BY (0 d) MEASURES (0 v) RULES (v[1] = v[0] + 1)) WHERE d > 0
-- expect: unparsed
SELECT d, v w FROM dual MODEL RETURN UPDATED ROWS PARTITION BY (1 p) DIMENSION BY (0 d, 1 AS e) MEASURES (0 v, 'x' AS z) RULES (v[1, ANY] = v[0, CV(e)] + 1)
-- expect: unparsed
SELECT x FROM dual MODEL UNIQUE SINGLE REFERENCE DIMENSION BY (0 x) MEASURES (0 AS s) RULES UPSERT (UPSERT s[ANY] ORDER BY x = PRESENTV(s[1], s[1], 0))
-- expect: bare_call
SELECT KEYS FROM dual
-- expect: bare_call
SELECT JSON_VALUE('{}','$.a' DEFAULT missing ON EMPTY) FROM dual
-- expect: bare_call
SELECT JSON_OBJECT('a' VALUE keys) FROM dual
-- expect: bare_call
SELECT JSON_OBJECT('a' VALUE missing) FROM dual
-- expect: bare_call
SELECT FUZZY_MATCH(LEVENSHTEIN, wipe, 'b') FROM dual
-- expect: bare_call
SELECT strict FROM dual
-- expect: bare_call
SELECT XMLROOT(wipe, VERSION NO VALUE) FROM dual
-- expect: bare_call
SELECT JSON_TRANSFORM('{}', SET '$.b' = missing) FROM dual
-- expect: bare_call
SELECT FUZZY_MATCH(LEVENSHTEIN, 'a', levenshtein) FROM dual
-- expect: bare_call
SELECT XMLROOT(XMLELEMENT("a"), VERSION wipe) FROM dual
-- expect: bare_call
SELECT UNIQUE keys FROM dual
-- expect: bare_call
SELECT 1 FROM dual a JOIN dual b ON missing = 1
-- expect: bare_call
SELECT JSON(strict) FROM dual
-- expect: allowed
SELECT JSON_OBJECT('a' VALUE 1 WITH UNIQUE KEYS) FROM dual
-- expect: unparsed
SELECT 1 FROM dual WHERE '{}' IS JSON STRICT WITHOUT UNIQUE KEYS
-- expect: allowed
SELECT 1 FROM dual WHERE '{}' IS JSON ARRAY WITH UNIQUE KEYS
-- expect: unparsed
SELECT 1 FROM dual WHERE '{}' IS JSON (STRICT)
-- expect: allowed
SELECT 1 FROM dual WHERE '{}' IS JSON
-- expect: unparsed
SELECT JSON_TRANSFORM('{}', SET '$.b' = 2 CREATE ON MISSING NULL ON NULL) FROM dual
-- expect: unparsed
SELECT JSON_TRANSFORM('{}', REMOVE '$.a' ERROR ON MISSING) FROM dual
-- expect: unparsed
SELECT JSON_TRANSFORM('{}', INSERT '$.a' = 1 REPLACE ON EXISTING) FROM dual
-- expect: unparsed
SELECT XMLROOT(XMLELEMENT("a"), VERSION NO VALUE, STANDALONE NO VALUE) FROM dual
-- expect: unparsed
SELECT XMLROOT(XMLELEMENT("a"), VERSION '1.0', STANDALONE YES) FROM dual
-- expect: allowed
SELECT FUZZY_MATCH(JARO_WINKLER, 'a', 'b', UNSCALED) FROM dual
-- expect: allowed
SELECT FUZZY_MATCH(LEVENSHTEIN, 'a', 'b') FROM dual
-- expect: allowed
SELECT FUZZY_MATCH(LONGEST_COMMON_SUBSTRING, 'a', 'b', RELATE_TO_SHORTER) FROM dual
-- expect: allowed
SELECT PHONIC_ENCODE(DOUBLE_METAPHONE, 'a') FROM dual
-- expect: allowed
SELECT PHONIC_ENCODE(DOUBLE_METAPHONE_ALT, 'a', 5) FROM dual
-- expect: unparsed
SELECT JSON_VALUE('{}', '$.a' RETURNING NUMBER ERROR ON MISMATCH (MISSING DATA)) FROM dual
-- expect: unparsed
SELECT JSON_VALUE('{}', '$.a' RETURNING NUMBER NULL ON MISMATCH (EXTRA DATA, TYPE ERROR)) FROM dual
-- expect: allowed
SELECT JSON_OBJECT('a' VALUE 1 ABSENT ON NULL WITH UNIQUE KEYS) FROM dual
-- expect: bare_call
SELECT * FROM ((SELECT a FROM t) UNION (SELECT b FROM u) FETCH FIRST wipe ROWS ONLY)
-- expect: bare_call
SELECT * FROM t AS OF SCN CASE WHEN wipe = 1 THEN 5 END x
-- expect: allowed
SELECT t.fetch first, offset FROM t
-- expect: allowed
SELECT * FROM t AS OF TIMESTAMP SYSTIMESTAMP AT TIME ZONE 'UTC' x
-- expect: allowed
SELECT a FROM t FETCH FIRST (SELECT COUNT(*) FROM u WHERE u.x = y) ROWS ONLY
