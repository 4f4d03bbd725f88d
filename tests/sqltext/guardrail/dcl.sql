-- expect: dcl
GRANT SELECT ON bills TO PUBLIC
