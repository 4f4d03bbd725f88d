"""Names that stand alone where a value is expected: columns, or functions without brackets."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Source
from oracle_sft.sqltext.functions import (
    CLAUSE_FUNCTIONS,
    MODEL_FUNCTIONS,
    NAMING_FUNCTIONS,
    VALUES_WITHOUT_BRACKETS,
)
from oracle_sft.sqltext.names import RESERVED_WORDS
from oracle_sft.sqltext.reading import Reading

# After these a value begins: a name is no alias there, and a word before a bracket is called.
BEFORE_VALUE = frozenset(
    {
        *("SELECT", "DISTINCT", "UNIQUE", "ALL", "WHERE", "AND", "OR", "NOT", "ON", "HAVING", "BY"),
        *(
            "WHEN",
            "THEN",
            "ELSE",
            "CASE",
            "BETWEEN",
            "LIKE",
            "ESCAPE",
            "IN",
            "PRIOR",
            "ANY",
        ),
        *("CONNECT_BY_ROOT", "NOCYCLE", "SOME", "PASSING", "DEFAULT", "OFFSET", "LIKEC"),
        *("(", ",", "=", "<>", "!=", "^=", "~=", "<", ">", "<=", ">=", "+", "-", "*", "/", "||"),
        *("=>", ":", "[", "**", "|"),
    }
)
# Two words after which a value begins.
_BEFORE_VALUE_PAIRS = frozenset(
    {
        *(("FETCH", "FIRST"), ("FETCH", "NEXT"), ("OF", "SCN"), ("OF", "TIMESTAMP")),
        *(("TIME", "ZONE"), ("MEMBER", "OF"), ("BETWEEN", "SCN"), ("BETWEEN", "TIMESTAMP")),
    }
)

# Two words of which the second is no value.
_SYNTAX_PAIRS = frozenset(
    {
        *(("BY", "NOCYCLE"), ("CASE", "WHEN"), ("ON", "CONVERSION"), ("ON", "OVERFLOW")),
        *(("ON", "ERROR"), ("ON", "EMPTY"), ("ON", "MISMATCH"), ("NOT", "MATERIALIZED")),
        *(("NOT", "MEMBER"), ("NOT", "SUBMULTISET"), ("NOT", "LIKEC"), ("BY", "VALUE")),
        *(("NOT", "LIKE2"), ("NOT", "LIKE4")),
    }
)
# Words without brackets that are syntax inside of the named calls only.
_XML = ("DOCUMENT", "CONTENT", "NAME", "EVALNAME", "VALUE", "NO", "NOENTITYESCAPING")
_FIELDS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TIMEZONE_HOUR", "TIMEZONE_MINUTE")
_ZONES = ("TIMEZONE_REGION", "TIMEZONE_ABBR")
_JSON = ("KEY", "VALUE", "APPEND", "REMOVE", "REPLACE", "RENAME", "KEEP", "NESTED", "COPY", "MERGE")
_METRICS = frozenset(
    {
        *("COSINE", "DOT", "EUCLIDEAN", "EUCLIDEAN_SQUARED", "L2_SQUARED", "HAMMING", "MANHATTAN"),
        "JACCARD",
    }
)
_FORMATS = frozenset({"INT8", "FLOAT32", "FLOAT64", "BINARY", "DENSE", "SPARSE"})
_SYNTAX_INSIDE = {
    "TRIM": frozenset({"LEADING", "TRAILING", "BOTH"}),
    "EXTRACT": frozenset({*_FIELDS, *_ZONES}),
    "OVER": frozenset({"UNBOUNDED", "CURRENT", "PARTITION"}),
    **dict.fromkeys(("XMLPARSE", "XMLSERIALIZE", "XMLPI", "XMLELEMENT"), frozenset(_XML)),
    **dict.fromkeys(
        ("JSON_OBJECT", "JSON_OBJECTAGG", "JSON_TRANSFORM", "JSON_ARRAY", "JSON"), frozenset(_JSON)
    ),
    "KEEP": frozenset({"DENSE_RANK"}),
    "GRAPH_TABLE": frozenset({"MATCH", "COLUMNS"}),
    "VECTOR_DISTANCE": _METRICS,
    **dict.fromkeys(("VECTOR", "TO_VECTOR", "FROM_VECTOR", "VECTOR_SERIALIZE"), _FORMATS),
    "TIME_BUCKET": frozenset({"START", "END"}),
}
_SYNTAX = frozenset(
    {"CASE", "INTERVAL", "TIMESTAMP", "CONNECT_BY_ROOT", "CURSOR", "LATERAL", "NEW"}
)


def begins_value(reading: Reading, position: int) -> bool:
    """Whether a value begins at this token: what stands before it ends none and introduces one."""
    before = reading.name(position - 1)
    if before in BEFORE_VALUE:
        return reading.name(position - 2) != "." or not before[0].isalpha()
    pair = (reading.name(position - 2), before)
    if pair in _BEFORE_VALUE_PAIRS:
        return True
    if before == "USING":  # PREDICTION(model USING column AS name), and no TRANSLATE(.. USING ..)
        return next(reading.statement.calls_around(position), "") in MODEL_FUNCTIONS
    inside_json = before == "VALUE" and reading.tokens[position - 2].kind in ("string", "word")
    return inside_json and any(
        call.startswith("JSON_") for call in reading.statement.calls_around(position)
    )


def bare_values(reading: Reading) -> Iterator[int]:
    """The indexes of names without dot and bracket that are values of an expression.

    Not among them: keywords, Oracle's own values (SYSDATE), aliases, and what the statement itself
    has named.
    """
    tokens = reading.tokens
    # Brackets of JSON_TABLE and XMLTABLE in which COLUMNS has come: what follows defines columns.
    new_columns: set[int] = set()
    for position, token in enumerate(tokens):
        if not token.is_name:
            continue
        if not begins_value(reading, position):
            if token.name == "COLUMNS":
                new_columns.add(_column_list(reading, position))
            continue
        if reading.name(position + 1) in ("(", "."):
            continue
        defined = reading.statement.group_of[position] in new_columns
        if defined and reading.name(position - 1) in ("(", ","):
            continue
        if token.kind == "word" and _is_keyword(reading, position):
            continue
        if reading.name(position - 1) == "(" and reading.name(position - 2) in ("XMLELEMENT",):
            continue  # the element's name
        if not _is_introduced(reading, position):
            yield position


def _is_keyword(reading: Reading, position: int) -> bool:
    name = reading.tokens[position].name
    if name in RESERVED_WORDS or name in VALUES_WITHOUT_BRACKETS or name in _SYNTAX:
        return True
    before = reading.name(position - 1)
    if (before, name) in _SYNTAX_PAIRS or (before == "NOT" and reading.name(position - 2) == "IS"):
        return True
    following = reading.tokens[position + 1] if position + 1 < len(reading.tokens) else None
    if following is not None and (following.kind == "string" or following.text == "=>"):
        return True  # DATE '2024-01-01' and its like; the name of an argument
    if names_object(reading, position):
        return True
    around = list(reading.statement.calls_around(position))
    if "GRAPH_TABLE" in around:
        if "COLUMNS" in around:
            return around[0] in CLAUSE_FUNCTIONS["GRAPH_TABLE"]
        return before in ("(", "[", ",", "-", "|")  # the graph, or a variable of its pattern
    return any(name in _SYNTAX_INSIDE.get(call, ()) for call in around)


def names_object(reading: Reading, position: int) -> bool:
    """The first argument of PREDICTION, DOMAIN_CHECK and their like."""
    return (
        reading.name(position - 1) == "("
        and reading.name(position - 2) in NAMING_FUNCTIONS
        and reading.name(position - 3) != "."
    )


def is_graph_element(reading: Reading, position: int) -> bool:
    """A variable where a pattern of GRAPH_TABLE names it: `(p IS person)`, `-[e]->`, `(q)`."""
    if reading.name(position + 1) == "IS":
        return True
    if reading.name(position - 1) not in ("(", "[") or position < 2:
        return False
    called = reading.tokens[position - 2].is_name and reading.name(position - 2) != "MATCH"
    return not called and reading.name(position + 1) in (")", "]", "WHERE")


def _column_list(reading: Reading, position: int) -> int:
    """The bracket in which COLUMNS at this index defines columns, -1 if it does not."""
    around = list(reading.statement.calls_around(position))
    if reading.name(position + 1) == "(" and "JSON_TABLE" in around:
        return position + 1
    if around[:1] in (["JSON_TABLE"], ["XMLTABLE"]):
        return reading.statement.group_of[position]
    return -1


def _is_introduced(reading: Reading, position: int) -> bool:
    """Whether the statement itself gives the name to something: an output column, a table."""
    name = reading.tokens[position].name
    block = reading.statement.block_of[position]
    if position in reading.statement.cte_names:
        return True
    if block is None:
        return False
    if any(source.at <= position <= _last(source) for source in block.sources):
        return True
    order = block.clauses.get("ORDER", len(reading.tokens))
    return position > order and any(
        reading.tokens[place].is_name
        and reading.tokens[place].name == name
        and (named is block.leader or not begins_value(reading, place))
        for named in (block, block.leader or block)
        for place in range(named.start, named.clauses.get("FROM", named.end))
    )


def _last(source: Source) -> int:
    ends = [source.at, *source.parts]
    if source.alias is not None:
        ends.append(source.alias)
    return max(ends)
