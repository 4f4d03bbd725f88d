-- expect: xml_access
SELECT XMLQUERY('doc("/x")' PASSING p.doc RETURNING CONTENT) FROM pages p
-- expect: xml_access
SELECT XMLTYPE('<!DOC' || 'TYPE a>') FROM dual
-- expect: allowed
SELECT XMLTYPE(p.text) FROM pages p
