-- expect: parallel_hint
SELECT /*+ PARALLEL(b, 512) */ COUNT(*) FROM bills b
-- expect: allowed
SELECT /*+ PARALLEL(4) */ COUNT(*) FROM bills
