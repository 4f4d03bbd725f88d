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
