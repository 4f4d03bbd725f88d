-- case: JSON_VALUE reads scalars as text
SELECT JSON_VALUE('{"a":{"b":[1,2,{"c":"x"}]}}', '$.a.b[2].c') AS a, JSON_VALUE('{"a":true}', '$.a') AS b, JSON_VALUE('{"a":null}', '$.a') AS c, JSON_VALUE('{"a":""}', '$.a') AS d, JSON_VALUE('{"a":7}', '$.a') AS e, ASCII(JSON_VALUE('{"a":"\n"}', '$.a')) AS f FROM dual;
-- A | B | C | D | E | F
-- 'x' | 'true' | NULL | NULL | '7' | 10

-- case: JSON_VALUE of what is no scalar, not there, or no JSON is NULL
SELECT JSON_VALUE('{"a":{"b":1}}', '$.a') AS a, JSON_VALUE('{"a":1}', '$.b') AS b, JSON_VALUE('{"a":[1,2]}', '$.a[*]') AS c, JSON_VALUE('hello', '$.a') AS d, JSON_VALUE('{"a":1', '$.a') AS e, JSON_VALUE(NULL, '$.a') AS f FROM dual;
-- A | B | C | D | E | F
-- NULL | NULL | NULL | NULL | NULL | NULL

-- case: a name asked of an array is asked of its elements, a place of anything else finds that
SELECT JSON_VALUE('{"a":[{"b":1}]}', '$.a.b') AS a, JSON_VALUE('{"a":{"b":1}}', '$.a[0].b') AS b, JSON_VALUE('{"a":5}', '$.a[0]') AS c, JSON_VALUE('{"a":5}', '$.a[1]') AS d, JSON_QUERY('[{"a":1},{"a":2}]', '$.a' WITH WRAPPER) AS e FROM dual;
-- A | B | C | D | E
-- '1' | '1' | '5' | NULL | '[1,2]'

-- case: names are found in their own case
SELECT JSON_VALUE('{"Name":"x"}', '$.name') AS a, JSON_VALUE('{"Name":"x"}', '$.Name') AS b, JSON_VALUE('{"first name":"x"}', '$."first name"') AS c FROM dual;
-- A | B | C
-- NULL | 'x' | 'x'

-- case: places of an array
SELECT JSON_VALUE('[1,2,3]', '$[last]') AS a, JSON_VALUE('[1,2,3]', '$[last-1]') AS b, JSON_QUERY('[1,2,3,4]', '$[1 to 2]' WITH WRAPPER) AS c, JSON_QUERY('[1,2,3,4]', '$[0,3]' WITH WRAPPER) AS d, JSON_VALUE('[1,2,3]', '$[7]') AS e, JSON_VALUE('[1,2,3]', '$.size()') AS f FROM dual;
-- A | B | C | D | E | F
-- '3' | '2' | '[2,3]' | '[1,4]' | NULL | '3'

-- case: JSON_VALUE as numbers and dates
SELECT JSON_VALUE('{"a":1.5}', '$.a' RETURNING NUMBER) * 2 AS a, JSON_VALUE('{"a":"12"}', '$.a' RETURNING NUMBER) AS b, JSON_VALUE('{"a":"x"}', '$.a' RETURNING NUMBER) AS c, JSON_VALUE('{"a":"2024-02-29"}', '$.a' RETURNING DATE) AS d, JSON_VALUE('{"a":12.5}', '$.a' RETURNING NUMBER(4,2)) AS e, JSON_VALUE('{"a":"soon"}', '$.a' RETURNING DATE) AS f FROM dual;
-- A | B | C | D | E | F
-- 3 | 12 | NULL | 2024-02-29 | 12.5 | NULL

-- case: JSON_VALUE that is too long is an error, which is NULL
SELECT JSON_VALUE('{"a":"abcdef"}', '$.a' RETURNING VARCHAR2(3)) AS a, JSON_VALUE('{"a":"abcdef"}', '$.a' RETURNING VARCHAR2(6)) AS b, JSON_VALUE('{"a":"abcdef"}', '$.a' RETURNING VARCHAR2(3) DEFAULT '-' ON ERROR) AS c FROM dual;
-- A | B | C
-- NULL | 'abcdef' | '-'

-- case: defaults on errors and on nothing
SELECT JSON_VALUE('{}', '$.a' DEFAULT 'none' ON EMPTY) AS a, JSON_VALUE('{}', '$.a' DEFAULT 'bad' ON ERROR) AS b, JSON_VALUE('{"a":{}}', '$.a' DEFAULT 'bad' ON ERROR DEFAULT 'none' ON EMPTY) AS c, JSON_VALUE('{"a":"x"}', '$.a' RETURNING NUMBER DEFAULT -1 ON ERROR) AS d, JSON_VALUE('{}', '$.a' ERROR ON ERROR NULL ON EMPTY) AS e, JSON_VALUE('{"a":null}', '$.a' DEFAULT 'none' ON EMPTY) AS f FROM dual;
-- A | B | C | D | E | F
-- 'none' | 'bad' | 'bad' | -1 | NULL | NULL

-- case: JSON_VALUE that finds nothing, with ERROR ON ERROR
SELECT JSON_VALUE('{}', '$.a' ERROR ON ERROR) AS a FROM dual;
-- error: ORA-40462

-- case: JSON_VALUE that finds an array, with ERROR ON ERROR
SELECT JSON_VALUE('{"a":[1]}', '$.a' ERROR ON ERROR) AS a FROM dual;
-- error: ORA-40456

-- case: JSON_VALUE that finds several values, with ERROR ON ERROR
SELECT JSON_VALUE('{"a":[1,2]}', '$.a[*]' ERROR ON ERROR) AS a FROM dual;
-- error: ORA-40470

-- case: JSON_VALUE of what is no JSON, with ERROR ON ERROR
SELECT JSON_VALUE('x', '$.a' ERROR ON ERROR) AS a FROM dual;
-- error: ORA-40441

-- case: a path without its dollar
SELECT JSON_VALUE('{}', 'a.b') AS a FROM dual;
-- error: ORA-40597

-- case: JSON_VALUE of a number
SELECT JSON_VALUE(fee, '$.a') AS a FROM members;
-- error: ORA-00932

-- case: the text of a number that is not written in the shortest way
SELECT JSON_VALUE('{"a":10.50}', '$.a') AS a FROM dual;
-- unsupported: the text of a JSON number

-- case: an item method
SELECT JSON_VALUE('{"a":"x"}', '$.a.upper()') AS a FROM dual;
-- unsupported: the item method upper()

-- case: lax syntax in a literal
SELECT JSON_VALUE('{a:100, b:''x'', c:TRUE, d:.5,}', '$.a') AS a, JSON_VALUE('{a:100, b:''x''}', '$.b') AS b, JSON_QUERY('{a:100, b:[1,2,]}', '$') AS c FROM dual;
-- A | B | C
-- '100' | 'x' | '{"a":100,"b":[1,2]}'

-- case: JSON_QUERY gives objects and arrays without blanks
SELECT JSON_QUERY('{"a": {"b": 1, "c" : [1, 2]}}', '$.a') AS a, JSON_QUERY('{"a": [1, 2]}', '$.a') AS b, JSON_QUERY('{"a":1}', '$.a') AS c, JSON_QUERY('{"a":1}', '$.b') AS d FROM dual;
-- A | B | C | D
-- '{"b":1,"c":[1,2]}' | '[1,2]' | NULL | NULL

-- case: JSON_QUERY with wrappers
SELECT JSON_QUERY('{"a":1}', '$.a' WITH WRAPPER) AS a, JSON_QUERY('{"a":[1,2]}', '$.a' WITH UNCONDITIONAL ARRAY WRAPPER) AS b, JSON_QUERY('{"a":[1,2]}', '$.a' WITH CONDITIONAL WRAPPER) AS c, JSON_QUERY('{"a":"x"}', '$.a' WITH CONDITIONAL WRAPPER) AS d, JSON_QUERY('{"a":[1,2]}', '$.a[*]' WITH WRAPPER) AS e, JSON_QUERY('{"a":[1,2]}', '$.a[*]') AS f, JSON_QUERY('{}', '$.a' EMPTY ON EMPTY) AS g FROM dual;
-- A | B | C | D | E | F | G
-- '[1]' | '[[1,2]]' | '[1,2]' | '["x"]' | '[1,2]' | NULL | '[]'

-- case: JSON_QUERY of a scalar, with ERROR ON ERROR
SELECT JSON_QUERY('{"a":1}', '$.a' ERROR ON ERROR) AS a FROM dual;
-- error: ORA-40480

-- case: JSON_EXISTS, also of null
SELECT CASE WHEN JSON_EXISTS('{"a":null}', '$.a') THEN 1 ELSE 0 END AS a, CASE WHEN JSON_EXISTS('{"a":1}', '$.b') THEN 1 ELSE 0 END AS b, CASE WHEN JSON_EXISTS('no', '$.b') THEN 1 ELSE 0 END AS c, CASE WHEN NOT JSON_EXISTS('{"a":1}', '$.b') THEN 1 ELSE 0 END AS d, CASE WHEN JSON_EXISTS('[{"b":1}]', '$.b') THEN 1 ELSE 0 END AS e FROM dual;
-- A | B | C | D | E
-- 1 | 0 | 0 | 1 | 1

-- case: JSON_EXISTS with filters
SELECT CASE WHEN JSON_EXISTS('{"a":[{"n":1,"t":"x"},{"n":5}]}', '$.a[*]?(@.n > 3)') THEN 1 ELSE 0 END AS a, CASE WHEN JSON_EXISTS('{"a":[{"n":1,"t":"x"},{"n":5}]}', '$.a?(@.n > 3 && @.t == "x")') THEN 1 ELSE 0 END AS b, CASE WHEN JSON_EXISTS('{"a":[{"n":1,"t":"x"},{"n":5}]}', '$.a?(@.n == 1 && @.t == "x")') THEN 1 ELSE 0 END AS c, CASE WHEN JSON_EXISTS('{"a":[{"n":1}]}', '$.a?(!(@.n == 1) || exists(@.t))') THEN 1 ELSE 0 END AS d FROM dual;
-- A | B | C | D
-- 1 | 0 | 1 | 0

-- case: a filter that compares text with a number
SELECT CASE WHEN JSON_EXISTS('{"a":"5"}', '$?(@.a > 3)') THEN 1 ELSE 0 END AS a FROM dual;
-- unsupported: of different types

-- case: JSON_EXISTS is no value
SELECT JSON_EXISTS('{}', '$.a') AS a FROM dual;
-- error: ORA-00904

-- case: IS JSON
SELECT CASE WHEN '{"a":1}' IS JSON THEN 1 ELSE 0 END AS a, CASE WHEN 'x' IS JSON THEN 1 ELSE 0 END AS b, CASE WHEN 'x' IS NOT JSON THEN 1 ELSE 0 END AS c, CASE WHEN '[1,2' IS JSON THEN 1 ELSE 0 END AS d, CASE WHEN '{a:1}' IS JSON THEN 1 ELSE 0 END AS e, CASE WHEN '5' IS JSON THEN 1 ELSE 0 END AS f, CASE WHEN email IS NOT JSON THEN 1 ELSE 0 END AS g FROM members WHERE member_id = 14;
-- A | B | C | D | E | F | G
-- 1 | 0 | 1 | 0 | 1 | 0 | 0

-- case: IS JSON with more words
SELECT COUNT(*) AS n FROM members WHERE email IS JSON STRICT;
-- unsupported: IS JSON STRICT

-- case: JSON of columns, read back
SELECT JSON_VALUE(d, '$.name') AS a, JSON_VALUE(d, '$.fee' RETURNING NUMBER) AS b FROM (SELECT JSON_OBJECT('name' VALUE name, 'fee' VALUE fee) AS d FROM members) WHERE JSON_VALUE(d, '$.fee' RETURNING NUMBER) > 12.5;
-- A | B
-- 'Ann Byrne' | 30

-- case: JSON_OBJECT and JSON_ARRAY differ about NULL
SELECT JSON_OBJECT('id' VALUE member_id, 'fee' VALUE fee, 'in' VALUE joined) AS a, JSON_OBJECT('fee' : fee ABSENT ON NULL) AS b, JSON_ARRAY(name, fee, 0.5) AS c, JSON_ARRAY(fee, 'x' NULL ON NULL) AS d FROM members WHERE member_id = 13;
-- A | B | C | D
-- '{"id":13,"fee":null,"in":"2022-12-31T23:59:59"}' | '{}' | '["Dora Núñez",0.5]' | '[null,"x"]'

-- case: JSON inside of JSON
SELECT JSON_ARRAY(JSON_OBJECT(KEY 'half' VALUE .50), JSON_ARRAY(1, -.25), 100, 'q"u\o', NULL NULL ON NULL) AS a, JSON_OBJECT('d' VALUE '{"x":1}' FORMAT JSON, 'e' VALUE '{"x":1}') AS b, JSON_OBJECT() AS c FROM dual;
-- A | B | C
-- '[{"half":0.5},[1,-0.25],100,"q\"u\\o",null]' | '{"d":{"x":1},"e":"{\"x\":1}"}' | '{}'

-- case: JSON of all columns
SELECT JSON_OBJECT(*) AS j FROM genres WHERE genre_id < 3 ORDER BY genre_id;
-- J (ordered)
-- '{"GENRE_ID":1,"NAME":"All","PARENT_ID":null}'
-- '{"GENRE_ID":2,"NAME":"Fiction","PARENT_ID":1}'

-- case: JSON of groups
SELECT branch_id, JSON_ARRAYAGG(fee ORDER BY fee DESC) AS a, JSON_OBJECTAGG(KEY TO_CHAR(member_id) VALUE fee) AS b FROM members WHERE branch_id IS NOT NULL AND member_id <> 12 GROUP BY branch_id ORDER BY branch_id;
-- BRANCH_ID | A | B (ordered)
-- 1 | '[30,12.5]' | '{"10":30,"11":12.5}'
-- 2 | '[]' | '{"13":null}'

-- case: JSON of a subquery inside of JSON
SELECT JSON_OBJECT('branch' VALUE b.name, 'members' VALUE (SELECT JSON_ARRAYAGG(JSON_OBJECT('name' VALUE m.name) ORDER BY m.name) FROM members m WHERE m.branch_id = b.branch_id)) AS j FROM branches b WHERE b.branch_id = 1;
-- J
-- '{"branch":"Central","members":[{"name":"Ann Byrne"},{"name":"Bela Kiss"}]}'

-- case: JSON_ARRAYAGG over no rows
SELECT JSON_ARRAYAGG(name) AS a FROM members WHERE member_id = 0;
-- unsupported: JSON_ARRAYAGG over no rows

-- case: JSON that is longer than its type
SELECT JSON_OBJECT('a' VALUE 100 RETURNING VARCHAR2(5)) AS a FROM dual;
-- error: ORA-40478

-- case: JSON with a name that is NULL
SELECT JSON_OBJECT(email VALUE 1) AS a FROM members WHERE member_id = 14;
-- error: ORA-40759

-- case: JSON of columns without names
SELECT JSON_OBJECT(name, fee) AS a FROM members;
-- unsupported: without names

-- case: JSON_TABLE makes a row of each item
SELECT jt.* FROM JSON_TABLE('{"items":[{"n":1,"name":"ash"},{"n":2},{"name":"oak"}]}', '$.items[*]' COLUMNS (r FOR ORDINALITY, n NUMBER PATH '$.n', name VARCHAR2(10) PATH '$.name')) jt ORDER BY r;
-- R | N | NAME (ordered)
-- 1 | 1 | 'ash'
-- 2 | 2 | NULL
-- 3 | NULL | 'oak'

-- case: JSON_TABLE sees the tables before it, rows without items are left out
SELECT m.name, jt.y FROM (SELECT name, CASE WHEN fee > 0 THEN '{"a":[' || member_id || ',' || fee || ']}' END AS d FROM members) m, JSON_TABLE(m.d, '$.a[*]' COLUMNS (y NUMBER PATH '$')) jt WHERE jt.y > 11;
-- NAME | Y
-- 'Ann Byrne' | 30
-- 'Bela Kiss' | 12.5
-- 'Cid o''Dea' | 12
-- 'Cid o''Dea' | 12.5

-- case: JSON_TABLE behind an outer join keeps rows without items
SELECT m.member_id, jt.v FROM members m LEFT JOIN JSON_TABLE(JSON_ARRAY(m.fee), '$[*]' COLUMNS (v NUMBER PATH '$')) jt ON 1 = 1 WHERE m.member_id IN (10, 13) ORDER BY m.member_id;
-- MEMBER_ID | V (ordered)
-- 10 | 30
-- 13 | NULL

-- case: nested paths of JSON_TABLE
SELECT jt.* FROM (SELECT '[{"id":1,"tags":["x","y"]},{"id":2,"tags":[]},{"id":3}]' AS d FROM dual) t, JSON_TABLE(t.d, '$[*]' COLUMNS (id NUMBER PATH '$.id', NESTED PATH '$.tags[*]' COLUMNS (k FOR ORDINALITY, tag VARCHAR2(5) PATH '$'))) jt ORDER BY id, k;
-- ID | K | TAG (ordered)
-- 1 | 1 | 'x'
-- 1 | 2 | 'y'
-- 2 | NULL | NULL
-- 3 | NULL | NULL

-- case: nested paths beside and inside of each other
SELECT jt.* FROM JSON_TABLE('{"id":1,"a":[{"p":1,"q":[7,8]}],"b":["x"]}', '$' COLUMNS (id NUMBER PATH '$.id', NESTED PATH '$.a[*]' COLUMNS (p NUMBER PATH '$.p', NESTED PATH '$.q[*]' COLUMNS (q NUMBER PATH '$')), NESTED PATH '$.b[*]' COLUMNS (b VARCHAR2(5) PATH '$'))) jt;
-- ID | P | Q | B
-- 1 | 1 | 7 | NULL
-- 1 | 1 | 8 | NULL
-- 1 | NULL | NULL | 'x'

-- case: columns of JSON_TABLE with other types and clauses
SELECT jt.* FROM JSON_TABLE('{"a":{"b":1},"d":"2024-01-02","P":2.5}', '$' COLUMNS (a VARCHAR2(20) FORMAT JSON PATH '$.a', s VARCHAR2(5) PATH '$.a', h NUMBER EXISTS PATH '$.a', z VARCHAR2(5) EXISTS PATH '$.z', e VARCHAR2(10) PATH '$.z' DEFAULT 'none' ON EMPTY, d DATE PATH '$.d', P NUMBER(3,1))) jt;
-- A | S | H | Z | E | D | P
-- '{"b":1}' | NULL | 1 | 'false' | 'none' | 2024-01-02 | 2.5

-- case: a column of JSON_TABLE without PATH, whose case is not known
SELECT jt.* FROM JSON_TABLE('{"a":1}', '$' COLUMNS (a NUMBER)) jt;
-- unsupported: without PATH

-- case: JSON_TABLE of what is no JSON has no rows
SELECT COUNT(*) AS n FROM members m, JSON_TABLE(m.name, '$' COLUMNS (v NUMBER PATH '$.v')) jt;
-- N
-- 0

-- case: JSON_TABLE of what is no JSON, with ERROR ON ERROR
SELECT COUNT(*) AS n FROM members m, JSON_TABLE(m.name, '$' ERROR ON ERROR COLUMNS (v NUMBER PATH '$.v')) jt;
-- error: ORA-40441

-- case: JSON_TABLE of a document that breaks off, of which Oracle may have given rows already
SELECT jt.v FROM JSON_TABLE('[1, 2, ', '$[*]' COLUMNS (v NUMBER PATH '$')) jt;
-- unsupported: not well-formed

-- case: JSON_TABLE whose row path finds nothing is an error to ERROR ON ERROR
SELECT jt.v FROM JSON_TABLE('{"a":[]}', '$.a[*]' ERROR ON ERROR COLUMNS (v NUMBER PATH '$')) jt;
-- unsupported: finds no rows

-- case: JSON_TABLE whose row path finds nothing has no rows otherwise
SELECT COUNT(*) AS n FROM JSON_TABLE('{"a":[]}', '$.a[*]' NULL ON ERROR COLUMNS (v NUMBER PATH '$')) jt;
-- N
-- 0

-- case: a column of JSON_TABLE with ERROR ON ERROR
SELECT jt.v FROM JSON_TABLE('[1,"x"]', '$[*]' COLUMNS (v NUMBER PATH '$' ERROR ON ERROR)) jt;
-- error: ORA-01722

-- case: JSON_TABLE in a scalar subquery and behind CROSS APPLY
SELECT t.id, (SELECT MAX(j.v) FROM JSON_TABLE(t.d, '$[*]' COLUMNS (v NUMBER PATH '$')) j) AS m, k.w FROM (SELECT 1 AS id, '[5,6]' AS d FROM dual) t CROSS APPLY JSON_TABLE(t.d, '$[0]' COLUMNS (w NUMBER PATH '$')) k;
-- ID | M | W
-- 1 | 6 | 5

-- case: groups over JSON_TABLE
SELECT j.k, SUM(j.v) AS s FROM JSON_TABLE('[{"k":"a","v":1},{"k":"b","v":2},{"k":"a","v":0.5}]', '$[*]' COLUMNS (k VARCHAR2(1) PATH '$.k', v NUMBER PATH '$.v')) j GROUP BY j.k HAVING COUNT(*) > 1;
-- K | S
-- 'a' | 1.5

-- case: names and values with dollars
SELECT JSON_OBJECT('$e' VALUE '$k' ABSENT ON NULL) AS a, JSON_ARRAY('$r', '$t') AS b, JSON_VALUE('{"p":"$q"}', '$.p') AS c FROM dual;
-- A | B | C
-- '{"$e":"$k"}' | '["$r","$t"]' | '$q'

-- case: a default and a path with dollars
SELECT JSON_VALUE('{}', '$.p' DEFAULT '$t' ON EMPTY) AS a, JSON_VALUE('{"b":{"$q":1}}', '$.b."$q"') AS b, JSON_QUERY('{"a$d":[1]}', '$.a$d') AS c FROM dual;
-- A | B | C
-- '$t' | '1' | '[1]'

-- case: FORMAT JSON before the path of a JSON_TABLE, and without one
SELECT i.n, j.n AS m FROM JSON_TABLE('{"a":[1,2]}' FORMAT JSON, '$.a[*]' COLUMNS (n NUMBER PATH '$')) i, JSON_TABLE('{"a":5}' FORMAT JSON COLUMNS (n NUMBER PATH '$.a')) j;
-- N | M
-- 1 | 5
-- 2 | 5

-- case: nested rows come in the order of the document
SELECT j.i, j.t, j.u, ROWNUM AS r FROM JSON_TABLE('[{"i":1,"t":["c","a"],"u":[7]},{"i":2},{"i":3,"u":[9,8]}]', '$[*]' COLUMNS (i NUMBER PATH '$.i', NESTED PATH '$.t[*]' COLUMNS (t VARCHAR2(5) PATH '$'), NESTED PATH '$.u[*]' COLUMNS (u NUMBER PATH '$'))) j;
-- I | T | U | R (ordered)
-- 1 | 'c' | NULL | 1
-- 1 | 'a' | NULL | 2
-- 1 | NULL | 7 | 3
-- 2 | NULL | NULL | 4
-- 3 | NULL | 9 | 5
-- 3 | NULL | 8 | 6
