-- expect: parallel_hint
SELECT /*+ PARALLEL(b, 512) */ COUNT(*) FROM bills b
-- expect: allowed
SELECT /*+ PARALLEL(4) */ COUNT(*) FROM bills
-- expect: allowed
SELECT /*+ PARALLEL(bills2024 4) */ id FROM bills2024
-- expect: parallel_hint
SELECT /*+ SHARED(b, 900) */ b.id FROM bills b
