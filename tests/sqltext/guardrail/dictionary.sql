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
-- expect: dictionary
WITH q AS (SELECT username FROM all_users), all_users AS (SELECT 1 n FROM dual) SELECT username FROM q
-- expect: dictionary
WITH all_users AS (SELECT username FROM all_users) SELECT username FROM all_users
-- expect: allowed
WITH all_users AS (SELECT name FROM customers), q AS (SELECT name FROM all_users) SELECT name FROM q
-- expect: dictionary
SELECT * FROM ONLY (all_source)
-- expect: dictionary
SELECT sql_text FROM dba_sql_firewall_violations
-- expect: dictionary
SELECT snap_id FROM awr_pdb_snapshot
-- expect: dictionary
SELECT table_name FROM information_schema.tables
-- expect: allowed
SELECT n.note FROM dba_notes_archive n, user_domains d, all_registry_notes r WHERE n.id = d.id AND r.id = n.id
