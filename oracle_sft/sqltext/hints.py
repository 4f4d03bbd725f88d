"""What to tell a model about a refusal, by rule of the guardrail or by Oracle's error code.

A finding says what is wrong with one statement; a hint says how Oracle wants it.
"""

import re

_ONE_QUERY = "Write exactly one SELECT (or WITH ... SELECT), and nothing before or behind it."
_CALLS = (
    "Call only functions that come with Oracle SQL. Packages and stored functions may not be used; "
    "compute the value from columns instead."
)
_TABLES = "Use only the tables and columns of the schema above, spelled as they stand there."
_NO_LOCK = "The query only reads: leave the clause away."
_OTHER_DIALECT = "Write the query for Oracle, not for MySQL, PostgreSQL, SQL Server or SQLite."
_ROWS = (
    "Limit the rows that are generated: CONNECT BY LEVEL <= a small number, or a join condition."
)
_TEXT = "Use plain ASCII quotes, blanks and operators; other characters only inside of literals."

_RULE_HINTS = {
    **dict.fromkeys(
        (
            *(
                "multiple_statements",
                "not_a_query",
                "dml",
                "ddl",
                "dcl",
                "plsql",
                "session_control",
            ),
            *(
                "transaction_control",
                "explain_plan",
                "client_command",
                "write_verb",
                "inline_plsql",
            ),
            "select_ai",
        ),
        _ONE_QUERY,
    ),
    **dict.fromkeys(("function", "bare_call", "table_function", "sequence"), _CALLS),
    "dotted_name": (
        "A name before a dot must be a table or alias of the FROM clause; packages may not be called."
    ),
    **dict.fromkeys(("unknown_table", "unknown_column"), _TABLES),
    "dictionary": "Oracle's own views (ALL_, DBA_, USER_, V$) may not be read. " + _TABLES,
    "db_link": "Read local tables only, without @ behind a name.",
    **dict.fromkeys(("row_lock", "select_into"), _NO_LOCK),
    "xml_access": "Build no XML from text, and read none from elsewhere.",
    **dict.fromkeys(
        ("row_generator", "endless_recursion", "cartesian_product", "parallel_hint"), _ROWS
    ),
    **dict.fromkeys(("odd_character", "control_character", "bidi_control", "ambiguous"), _TEXT),
    **dict.fromkeys(("substitution", "bind"), "Write the value as a literal."),
    **dict.fromkeys(("length", "nesting"), "Write a shorter query with fewer levels of brackets."),
    "limit": "Oracle limits rows with FETCH FIRST n ROWS ONLY at the end of the query.",
    "top": "Oracle limits rows with FETCH FIRST n ROWS ONLY at the end of the query.",
    "offset": "Oracle writes OFFSET n ROWS FETCH NEXT m ROWS ONLY.",
    "qualify": "Put the query into brackets behind FROM and filter its window function in WHERE.",
    "table_alias_as": "Oracle takes no AS before the alias of a table: FROM orders o.",
    "reserved_word": "A reserved word as a name stands in double quotes, or take another alias.",
    "interval": "Oracle writes INTERVAL '1' DAY, or date + 1 for a day.",
    "foreign_type": "Oracle's types are NUMBER, VARCHAR2(n), CHAR(n), DATE, TIMESTAMP, CLOB.",
    "malformed": "Close every literal, quoted name, comment and bracket.",
    "over": "Oracle writes ROW_NUMBER() OVER (PARTITION BY .. ORDER BY ..), and LAG and RANK like it.",
    "join_condition": "Every JOIN but CROSS and NATURAL needs ON or USING.",
}

_ORA_HINTS = {
    "ORA-00904": "A column or function does not exist. " + _TABLES,
    "ORA-00942": "A table or view does not exist. " + _TABLES,
    "ORA-00918": "A column is in several tables: put the alias of its table before it.",
    "ORA-00923": "FROM is missing or in the wrong place: look for a missing comma or a reserved alias.",
    "ORA-00933": (
        "The statement goes on where it should end: no LIMIT, no AS before the alias of a table, no "
        "semicolon."
    ),
    "ORA-00936": "An expression is missing: look before FROM, behind a comma and behind an operator.",
    "ORA-00907": "A closing bracket is missing, or something inside of brackets is not Oracle's.",
    "ORA-00937": "Beside an aggregate every other selected column belongs into GROUP BY.",
    "ORA-00979": "Every selected column outside of an aggregate belongs into GROUP BY.",
    "ORA-00934": "An aggregate cannot stand in WHERE or GROUP BY: use HAVING.",
    "ORA-30483": "A window function stands in SELECT or ORDER BY only: filter in an outer query.",
    "ORA-00911": "A character is no part of Oracle SQL: no backticks, no trailing semicolon.",
    "ORA-00920": "A comparison is missing its operator.",
    "ORA-00932": "The types do not fit: convert with TO_CHAR, TO_NUMBER or TO_DATE.",
    "ORA-01722": "A text is no number: convert with TO_NUMBER only what holds digits.",
    "ORA-01861": "Write dates as DATE '2024-01-31' or TO_DATE('31.01.2024', 'DD.MM.YYYY').",
    "ORA-01858": "Write dates as DATE '2024-01-31' or TO_DATE('31.01.2024', 'DD.MM.YYYY').",
    "ORA-01843": "Write dates as DATE '2024-01-31' or TO_DATE('31.01.2024', 'DD.MM.YYYY').",
    "ORA-01427": "A subquery gives several rows: use IN, an aggregate, or FETCH FIRST 1 ROW ONLY.",
    "ORA-01476": "A division by zero: use NULLIF(divisor, 0).",
    "ORA-01789": "Both sides of UNION, INTERSECT and MINUS select equally many columns.",
    "ORA-01790": "Both sides of UNION, INTERSECT and MINUS select columns of the same types.",
    "ORA-00909": "A function got the wrong number of arguments.",
    "ORA-00938": "A function got too few arguments.",
    "ORA-00939": "A function got too many arguments.",
    "ORA-01747": "A column is a reserved word: put it in double quotes.",
    "ORA-00905": "A keyword is missing.",
    "ORA-00906": "A bracket is missing: VARCHAR2 needs a length in CAST.",
    "ORA-00972": "A name is longer than Oracle allows.",
    "ORA-01031": "The account may not read one of these tables; use another one.",
}

_ORA = re.compile(r"\bORA-\d{5}\b")


def hint(rule: str, message: str) -> str:
    """How Oracle wants what this finding is about: by the error code in its message, else by its rule."""
    code = _ORA.search(message)
    if code and code.group() in _ORA_HINTS:
        return _ORA_HINTS[code.group()]
    return _RULE_HINTS.get(rule, "" if rule.startswith("hook_") else _OTHER_DIALECT)
