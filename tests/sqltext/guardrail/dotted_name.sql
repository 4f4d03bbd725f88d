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
