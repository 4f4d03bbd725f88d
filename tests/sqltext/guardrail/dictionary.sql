-- expect: dictionary
SELECT username FROM all_users
-- expect: dictionary
SELECT sql_text FROM v$sql
-- expect: dictionary
SELECT name FROM sys.user$
-- expect: dictionary
SELECT name FROM "SYS"."OBJ$"
-- expect: dictionary
WITH q AS (SELECT grantee FROM dba_role_privs) SELECT grantee FROM q
-- expect: allowed
SELECT id FROM all_visits_v
-- expect: allowed
SELECT name FROM user_accounts
-- expect: allowed
WITH dba_users AS (SELECT 1 AS n FROM dual) SELECT n FROM dba_users
-- expect: allowed
SELECT dummy FROM sys.dual
-- expect: dictionary
SELECT * FROM ONLY (all_users)
-- expect: dictionary
SELECT * FROM CONTAINERS(sys.dba_users) u
-- expect: allowed
SELECT u.con_id, u.name FROM CONTAINERS(app.customers) u
