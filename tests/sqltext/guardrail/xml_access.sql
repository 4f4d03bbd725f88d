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
