-- expect: select_into
SELECT name INTO v_name FROM customers
-- expect: unparsed
SELECT CLUSTER_ID(INTO 4 USING *) OVER () AS c FROM customers
-- expect: select_into
SELECT PREDICTION(INTO v_name churn_model USING *) FROM customers
