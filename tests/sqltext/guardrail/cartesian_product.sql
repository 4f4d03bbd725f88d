-- expect: cartesian_product
SELECT COUNT(*) FROM bills a, bills b, bills c, bills d
-- expect: allowed
SELECT COUNT(*) FROM bills a CROSS JOIN months b
