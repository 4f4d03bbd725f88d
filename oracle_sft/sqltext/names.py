"""Oracle names: reserved words, what must be quoted, and the nearest known name."""

import difflib
import re
from collections.abc import Iterable

# V$RESERVED_WORDS where RESERVED = 'Y', without the operators: names that must be quoted.
_RESERVED = """
    ACCESS ADD ALL ALTER AND ANY AS ASC AUDIT BETWEEN BY CHAR CHECK CLUSTER COLUMN COLUMN_VALUE
    COMMENT COMPRESS CONNECT CREATE CURRENT DATE DECIMAL DEFAULT DELETE DESC DISTINCT DROP ELSE
    EXCLUSIVE EXISTS FILE FLOAT FOR FROM GRANT GROUP HAVING IDENTIFIED IMMEDIATE IN INCREMENT INDEX
    INITIAL INSERT INTEGER INTERSECT INTO IS LEVEL LIKE LOCK LONG MAXEXTENTS MINUS MLSLABEL MODE
    MODIFY NESTED_TABLE_ID NOAUDIT NOCOMPRESS NOT NOWAIT NULL NUMBER OF OFFLINE ON ONLINE OPTION OR
    ORDER PCTFREE PRIOR PUBLIC RAW RENAME RESOURCE REVOKE ROW ROWID ROWNUM ROWS SELECT SESSION SET
    SHARE SIZE SMALLINT START SUCCESSFUL SYNONYM SYSDATE TABLE THEN TO TRIGGER UID UNION UNIQUE
    UPDATE USER VALIDATE VALUES VARCHAR VARCHAR2 VIEW WHENEVER WHERE WITH
"""
RESERVED_WORDS = frozenset(_RESERVED.split())

PLAIN_NAME = re.compile(r"[A-Z][A-Z0-9_$#]*")
"""A stored name that needs no quotes, unless it is reserved."""

# Words that stand for a value without brackets and without being reserved: quoted, they are names.
PSEUDO_COLUMNS = frozenset(
    {
        *("SYSTIMESTAMP", "CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "DBTIMEZONE"),
        *("SESSIONTIMEZONE", "ORA_ROWSCN", "CONNECT_BY_ISLEAF", "CONNECT_BY_ISCYCLE", "TRUE"),
        *("FALSE", "ORA_INVOKING_USER", "ORA_INVOKING_USERID", "OBJECT_VALUE", "OBJECT_ID"),
        *("VERSIONS_STARTTIME", "VERSIONS_STARTSCN", "VERSIONS_ENDTIME", "VERSIONS_ENDSCN"),
        *("VERSIONS_XID", "VERSIONS_OPERATION", "NEXTVAL", "CURRVAL", "XMLDATA", "CONNECT_BY_ROOT"),
    }
)


def written(name: str) -> str:
    """A stored name as SQL writes it: lower case where Oracle folds it back, quoted otherwise."""
    if PLAIN_NAME.fullmatch(name) and name not in RESERVED_WORDS:
        return name.lower()
    return f'"{name}"'


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was most likely meant to be, or None."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None
