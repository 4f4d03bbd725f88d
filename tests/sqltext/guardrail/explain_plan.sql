-- expect: explain_plan
EXPLAIN PLAN FOR SELECT 1 FROM dual
