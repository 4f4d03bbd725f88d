-- expect: dotted_name
SELECT UTL_INADDR.GET_HOST_NAME FROM dual
-- expect: dotted_name
SELECT name FROM customers WHERE app_pkg.flag = 1
-- expect: allowed
SELECT shop.customers.name, c.city FROM shop.customers, shop.customers c
-- expect: dotted_name
SELECT utl_inaddr.get_host_name FROM customers utl_inaddr
-- expect: dotted_name
SELECT * FROM dual pkg, (SELECT pkg.wipe FROM dual) x
-- expect: dotted_name
SELECT d.wipe FROM dual d
-- expect: allowed
SELECT c.name, v.n FROM customers c, LATERAL (SELECT COUNT(*) n FROM visits v WHERE v.id = c.id) v
-- expect: allowed
SELECT model.name, c.id FROM car_models model LEFT JOIN cars c ON c.model_id = model.id WHERE model.year > 2020
-- expect: unparsed
SELECT limit.amount, window.opens FROM credit limit JOIN opening window ON window.id = limit.id
-- expect: allowed
SELECT version.id, sample.id FROM versions version, sample_values sample WHERE sample.id = version.id
-- expect: unparsed
SELECT b.balance FROM accounts VERSIONS BETWEEN SCN MINVALUE AND MAXVALUE b WHERE b.id = 1
-- expect: allowed
SELECT b.balance FROM accounts AS OF TIMESTAMP SYSTIMESTAMP - INTERVAL '10' MINUTE b WHERE b.id = 1
-- expect: unparsed
SELECT PREDICTION(mining.churn_model USING *) FROM customers
-- expect: dotted_name
SELECT PREDICTION(churn_model USING app_pkg.key AS visits) FROM customers
-- expect: allowed
SELECT v.name FROM ONLY (hr.staff_v) v WHERE v.id = 2
-- expect: allowed
SELECT a.balance - b.balance FROM accounts AS OF SCN 100 a JOIN accounts AS OF SCN 200 b ON a.id = b.id
-- expect: allowed
SELECT apply.id FROM applications apply CROSS APPLY (SELECT 1 AS n FROM dual) one
-- expect: dotted_name
SELECT app.rotate FROM (SELECT 1 AS n FROM dual) app
-- expect: dotted_name
WITH app AS (SELECT id FROM customers) SELECT app.rotate FROM app
-- expect: allowed
WITH app AS (SELECT c.*, 1 AS n FROM customers c) SELECT app.n, app.city FROM app
-- expect: allowed
SELECT x.n.lines FROM (SELECT p.doc AS n FROM pages p) x
-- expect: unparsed
SELECT p.id, i.price FROM pages NESTED doc.items[*] COLUMNS (price NUMBER PATH '$.p') i, shops p WHERE i.price > 1
-- expect: dotted_name
SELECT i.price, app_pkg.key FROM pages NESTED doc.items[*] COLUMNS (price NUMBER PATH '$.p') i
-- expect: allowed
SELECT nested.id FROM boxes nested WHERE nested.id = 1
-- expect: allowed
SELECT sleep.hours, external.id FROM sleep_log sleep JOIN vendors external ON external.id = sleep.vendor_id
-- expect: dotted_name
SELECT utl_http.request FROM customers utl_http
-- expect: dotted_name
SELECT t.wipe FROM TABLE(SYS.ODCINUMBERLIST(1)) t
-- expect: allowed
SELECT t.COLUMN_VALUE FROM TABLE(SYS.ODCINUMBERLIST(1)) t
-- expect: dotted_name
SELECT id FROM t
MODEL REFERENCE conv ON (SELECT cur, rate FROM rates) DIMENSION BY (cur) MEASURES (rate)
MAIN m DIMENSION BY (id) MEASURES (amt) RULES (amt[1] = amt[1] * pkg.rate)
-- expect: dotted_name
SELECT conv.rate FROM t
MODEL REFERENCE conv ON (SELECT cur, rate FROM rates) DIMENSION BY (cur) MEASURES (rate)
MAIN m DIMENSION BY (id) MEASURES (amt) RULES (amt[1] = amt[1])
-- expect: dotted_name
SELECT id FROM t
MODEL REFERENCE conv ON (SELECT cur, rate FROM rates) DIMENSION BY (cur) MEASURES (rate)
MAIN m DIMENSION BY (id) MEASURES (amt) RULES (amt[1] = conv.rate)
-- expect: unparsed
SELECT id FROM t
MODEL REFERENCE conv ON (SELECT cur, rate FROM rates) DIMENSION BY (cur) MEASURES (rate)
MAIN m DIMENSION BY (id) MEASURES (amt) RULES (amt[1] = amt[1] * conv.rate['EUR'])
-- expect: unparsed
SELECT * FROM ticks MATCH_RECOGNIZE (ORDER BY d MEASURES AVG(u.c) AS m PATTERN (a b+) SUBSET u = (a, b) DEFINE b AS b.c > PREV(b.c))
-- expect: dotted_name
SELECT * FROM ticks MATCH_RECOGNIZE (ORDER BY d MEASURES AVG(u.c) AS m PATTERN (a b+) DEFINE b AS b.c > PREV(b.c))
-- expect: unparsed
SELECT j.c FROM pages p, JSON_TABLE(p.doc, '$' TYPE(STRICT) COLUMNS (c VARCHAR2(10) PATH c.d)) j
