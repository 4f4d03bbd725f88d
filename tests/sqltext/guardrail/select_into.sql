-- expect: select_into
SELECT name INTO v_name FROM customers
