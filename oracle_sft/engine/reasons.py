"""Oracle's rules, a sentence each, for whoever asks what a query became.

Only what differs from plain DuckDB is here; docs/oracle-semantics.md has the constructs one by one.
"""

from sqlglot import exp

_EMPTY = "an empty text is NULL in Oracle"
_FORMAT = "the format is Oracle's; a constant one is compiled into native functions"
_DAYS = "dates are counted in days, and keep their time"
_DIGITS = "NUMBER is decimal: no binary rounding"
_CHARACTERS = "positions count from 1, 0 is 1, and negative ones count from the end"
_REGEXP = "Oracle's regular expressions and their flags, not DuckDB's"

COMPARISON = (
    "compared as Oracle types them: CHARs with their padding, text with a number as a number"
)

FUNCTIONS: dict[str, str] = {
    "NVL": "the second value takes the type of the first; " + _EMPTY,
    "NVL2": "the third value takes the type of the second; " + _EMPTY,
    "COALESCE": _EMPTY,
    "DECODE": "NULL equals NULL here, and everything takes the type of the first result",
    "NULLIF": _EMPTY,
    "LNNVL": "true where the condition is false or unknown",
    "HEXTORAW": "bytes; text that meets a RAW is read like this",
    "RAWTOHEX": "the bytes in hexadecimal, upper case",
    "GREATEST": "NULL as soon as one value is; all are compared as the first one's type",
    "LEAST": "NULL as soon as one value is; all are compared as the first one's type",
    "CONCAT": f"NULL adds nothing, and {_EMPTY}",
    "TO_CHAR": _FORMAT,
    "TO_DATE": _FORMAT,
    "TO_TIMESTAMP": _FORMAT,
    "TO_TIMESTAMP_TZ": _FORMAT,
    "TO_NUMBER": "decimal, and ORA-01722 for what is no number",
    "TRUNC": "of a date: down to the format's unit; of a number: toward zero",
    "ROUND": "of a date: to the format's unit; of a number: halves away from zero",
    "MOD": "the sign of the first number; MOD(x, 0) is x",
    "REMAINDER": "to the nearest multiple, not toward zero",
    "POWER": _DIGITS,
    "SUBSTR": f"{_CHARACTERS}; {_EMPTY}",
    "SUBSTRB": "counted in bytes",
    "INSTR": "with a start and an occurrence; 0 where there is none",
    "LENGTH": f"NULL of an empty text: {_EMPTY}",
    "LENGTHB": "counted in bytes of UTF-8",
    "REPLACE": f"without a replacement the text is removed; {_EMPTY}",
    "TRANSLATE": "characters without a partner are removed; NULL if one argument is",
    "LPAD": f"to a width on the display; {_EMPTY}",
    "RPAD": f"to a width on the display; {_EMPTY}",
    "INITCAP": "a word begins behind what is no letter or digit",
    "ADD_MONTHS": "the last day of a month stays the last day",
    "MONTHS_BETWEEN": "a whole number between equal or last days, else with 31ths of a month",
    "LAST_DAY": _DAYS,
    "NEXT_DAY": "the next such day after the date, by its English name",
    "NUMTODSINTERVAL": "an interval of days and seconds",
    "NUMTOYMINTERVAL": "an interval of years and months",
    "LISTAGG": "NULLs are left out; longer than 4000 bytes is ORA-01489",
    "AVG": _DIGITS,
    "SUM": _DIGITS,
    "MEDIAN": "between the two in the middle",
    "STDDEV": "0 for one row",
    "VARIANCE": "0 for one row",
    "RATIO_TO_REPORT": "the share of the sum over its partition",
    "REGEXP_LIKE": _REGEXP,
    "REGEXP_SUBSTR": _REGEXP,
    "REGEXP_INSTR": _REGEXP,
    "REGEXP_REPLACE": _REGEXP,
    "REGEXP_COUNT": _REGEXP,
    "LAST_VALUE": "the default window ends with the current row and its ties",
    "SYS_CONNECT_BY_PATH": "the way from the root; a value with the separator in it is ORA-30004",
    "GROUPING_ID": "the bits of GROUPING for each key, the first the highest",
}
"""By Oracle's name."""

NODES: dict[type[exp.Expr], str] = {
    exp.DPipe: f"NULL adds nothing to a text, and {_EMPTY}",
    exp.Div: "a quotient is decimal; where its digits do not end, the last ones may not be Oracle's",
    exp.Like: "of the value's text; NULL where either is; '' is NULL",
    exp.Extract: "a NUMBER",
    exp.Case: "all results take the type of the first; " + _EMPTY,
    exp.Cast: "Oracle's conversion: lengths are cut for CHARs, numbers rounded to their scale",
    exp.Trim: _EMPTY,
}

WORDS: dict[tuple[str, ...], str] = {
    ("ROWNUM",): "rows are numbered behind WHERE, and before GROUP BY and ORDER BY",
    ("(", "+", ")"): "the table of this column is joined from outside: its rows may be missing",
    ("CONNECT", "BY"): "the hierarchy is made before WHERE; a loop in the data is ORA-01436",
    ("START", "WITH"): "the rows at the root",
    ("ORDER", "SIBLINGS", "BY"): "within each parent",
    ("ORDER", "BY"): "NULLs come last, and first with DESC; text is sorted by its bytes",
    (
        "FETCH",
    ): "of the ordered rows; PERCENT is rounded up, WITH TIES keeps what ties with the last",
    ("MINUS",): "distinct rows of the first query; NULL equals NULL",
    ("INTERSECT",): "distinct rows of both; NULL equals NULL",
    ("PIVOT",): "grouped by every column that is not named in it",
    ("UNPIVOT",): "NULLs are left out unless INCLUDE NULLS asks for them",
    ("SYSDATE",): "the clock of the request, to the second",
    ("SYSTIMESTAMP",): "the clock of the request",
    ("CURRENT_DATE",): "the clock of the request, to the second",
    ("DUAL",): "a table of one row",
}
"""Words in a row, as the query has them."""
