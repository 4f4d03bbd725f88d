-- expect: xml_access
SELECT XMLQUERY('doc("/x")' PASSING p.doc RETURNING CONTENT) FROM pages p
-- expect: xml_access
SELECT XMLTYPE('<!DOC' || 'TYPE a>') FROM dual
-- expect: allowed
SELECT XMLTYPE(p.text) FROM pages p
-- expect: allowed
SELECT x.city FROM pages p, XMLTABLE(XMLNAMESPACES('http://example.com/shop' AS "s", DEFAULT 'http://example.com/d'), '/s:a' PASSING p.doc COLUMNS city VARCHAR2(40) PATH 's:city') x
-- expect: unparsed
SELECT XMLQUERY('declare namespace s="http://example.com/shop"; /s:a/s:b' PASSING p.doc RETURNING CONTENT) FROM pages p
-- expect: xml_access
SELECT XMLQUERY('declare namespace o="http://example.com"; o:view("HR","STAFF")' PASSING p.doc RETURNING CONTENT) FROM pages p
-- expect: xml_access
SELECT SYS.XMLTYPE('<!DOCTYPE a>') FROM dual
-- expect: xml_access
SELECT XMLTYPE.createXML('<!DOC' || p.text) FROM pages p
-- expect: allowed
SELECT XMLTYPE.createXML(p.text) FROM pages p
-- expect: xml_access
SELECT COUNT(*) FROM XMLTABLE('declare namespace f="http://www.w3.org/2005/xpath-functions"; f:collection (: all :) ("oradb:/HR/EMP")')
-- expect: xml_access
SELECT COUNT(*) FROM XMLTABLE('declare namespace o="http://xmlns.oracle.com/xdb"; o:view("HR", "EMP")')
-- expect: xml_access
SELECT XMLQUERY('let $f := fn:doc#1 return $f("/x")' PASSING p.doc RETURNING CONTENT) FROM pages p
-- expect: xml_access
SELECT XMLQUERY('import module namespace m="m" at "m.xq"; m:f()' PASSING p.doc RETURNING CONTENT) FROM pages p
-- expect: xml_access
SELECT XMLQUERY(:path PASSING p.doc RETURNING CONTENT) FROM pages p
-- expect: allowed
SELECT x.id FROM pages p, XMLTABLE(XMLNAMESPACES('http://example.com/a' AS "a"), '/a:doc/a:view[@doc="1"]' PASSING p.doc COLUMNS id NUMBER PATH '@id') x
-- expect: xml_access
SELECT XMLTYPE(t.x) FROM (SELECT '<!DOCTYPE a SYSTEM "http://example.com"><a/>' x FROM dual) t
-- expect: xml_access
WITH t AS (SELECT CHR(60) || '!DOC' || 'TYPE a>' x FROM dual) SELECT XMLPARSE(DOCUMENT x) FROM t
-- expect: xml_access
SELECT XMLTYPE(x) FROM (VALUES ('<!ENTITY a SYSTEM "b">')) v (x)
-- expect: xml_access
SELECT CAST('<!DOCTYPE a><a/>' AS XMLTYPE) FROM dual
-- expect: allowed
SELECT XMLTYPE('<a><![CDATA[1 < 2]]><!-- c --></a>') FROM dual
-- expect: allowed
WITH t AS (SELECT text, name FROM pages WHERE name = 'DOC') SELECT XMLTYPE(text) FROM t
-- expect: allowed
SELECT CAST(p.text AS XMLTYPE) FROM pages p
