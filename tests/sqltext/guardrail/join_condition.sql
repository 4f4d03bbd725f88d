-- expect: join_condition
SELECT name FROM customers c JOIN bills b
