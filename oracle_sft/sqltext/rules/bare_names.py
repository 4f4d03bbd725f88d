"""Names that stand alone where a value is expected: columns, or functions without brackets."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Block
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
        *("LIKE2", "LIKE4", "MEMBER", "SUBMULTISET"),
        *("(", ",", "=", "<>", "!=", "^=", "~=", "<", ">", "<=", ">=", "+", "-", "*", "/", "||"),
        *("=>", ":", "[", "**", "|", "<=>", "¬="),
    }
)
# Two words after which a value begins.
_BEFORE_VALUE_PAIRS = frozenset(
    {
        *(("FETCH", "FIRST"), ("FETCH", "NEXT"), ("OF", "SCN"), ("OF", "TIMESTAMP")),
        *(("APPROX", "FIRST"), ("APPROX", "NEXT"), ("APPROXIMATE", "FIRST"), ("EXACT", "FIRST")),
        *(("APPROXIMATE", "NEXT"), ("EXACT", "NEXT")),
        *(("TIME", "ZONE"), ("MEMBER", "OF"), ("BETWEEN", "SCN"), ("BETWEEN", "TIMESTAMP")),
        *(("START", "WITH"), ("BY", "VALUE"), ("SUBMULTISET", "OF"), ("MULTISET", "UNION")),
        *(("MULTISET", "EXCEPT"), ("MULTISET", "INTERSECT")),
    }
)

# Two words of which the second is no value.
_SYNTAX_PAIRS = frozenset(
    {
        *(("BY", "NOCYCLE"), ("CASE", "WHEN"), ("ON", "CONVERSION"), ("ON", "OVERFLOW")),
        *(("ON", "ERROR"), ("ON", "EMPTY"), ("ON", "MISMATCH"), ("NOT", "MATERIALIZED")),
        *(("NOT", "MEMBER"), ("NOT", "SUBMULTISET"), ("NOT", "LIKEC"), ("BY", "VALUE")),
        *(("NOT", "LIKE2"), ("NOT", "LIKE4"), ("BY", "GROUPING"), ("MEMBER", "OF")),
        *(("SUBMULTISET", "OF"), ("MULTISET", "UNION"), ("MULTISET", "EXCEPT")),
    }
)
# Two words of which the first is no value: clauses of a window.
_WINDOW_PAIRS = frozenset(
    {
        *(("PARTITION", "BY"), ("UNBOUNDED", "PRECEDING"), ("UNBOUNDED", "FOLLOWING")),
        ("CURRENT", "ROW"),
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
    if before == "*" and reading.name(position - 2) in (".", "("):
        return False  # JSON_OBJECT(t.* RETURNING CLOB): all columns, no product
    if before in BEFORE_VALUE:
        return reading.name(position - 2) != "." or not before[0].isalpha()
    pair = (reading.name(position - 2), before)
    if pair in _BEFORE_VALUE_PAIRS:
        return True
    if before == "USING":  # PREDICTION(model USING column AS name), and no TRANSLATE(.. USING ..)
        return next(reading.statement.calls_around(position), "") in MODEL_FUNCTIONS
    if before in _OPENS_VALUE_IN:
        opening = reading.statement.group_of[position]
        return reading.name(opening - 1) in _OPENS_VALUE_IN[before]
    if pair[0] == "FOR" and reading.name(position - 3) == "PERIOD":
        return True  # AS OF PERIOD FOR its name, and a value
    if before in ("RANGE", "ROWS", "GROUPS"):
        return reading.name(position + 1) in ("PRECEDING", "FOLLOWING")
    if before == "IS" and reading.tokens[position - 2].kind == "string":
        return reading.name(reading.statement.group_of[position] - 1) in _JSON_OBJECTS
    inside_json = before == "VALUE" and reading.tokens[position - 2].kind in ("string", "word")
    return inside_json and any(
        call.startswith("JSON_") for call in reading.statement.calls_around(position)
    )


_JSON_OBJECTS = ("JSON_OBJECT", "JSON_OBJECTAGG", "JSON")
# Words after which a value begins in the arguments of these calls.
_OPENS_VALUE_IN: dict[str, tuple[str, ...]] = {
    "FROM": ("EXTRACT", "TRIM"),
    **dict.fromkeys(("LEADING", "TRAILING", "BOTH"), ("TRIM",)),
    "KEY": _JSON_OBJECTS,
    "VERSION": ("XMLROOT",),
    **dict.fromkeys(("CONTENT", "DOCUMENT"), ("XMLSERIALIZE", "XMLPARSE")),
}


def bare_values(reading: Reading) -> Iterator[int]:
    """The indexes of names without dot and bracket that are values of an expression.

    Not among them: keywords, Oracle's own values (SYSDATE), aliases, and what the statement itself
    has named.
    """
    tokens = reading.tokens
    # Brackets of JSON_TABLE and XMLTABLE in which COLUMNS has come: what follows defines columns.
    new_columns: set[int] = set()
    named, outputs = _named_places(reading), _Outputs(reading)
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
        if reading.name(position - 1) == "(" and reading.name(position - 2) in _NAMED_FIRST:
            continue  # the element's name, the window's name or what its clause begins with
        if position not in named and not outputs.has(position):
            yield position


def _is_keyword(reading: Reading, position: int) -> bool:
    name = reading.tokens[position].name
    if name in RESERVED_WORDS or name in VALUES_WITHOUT_BRACKETS or name in _SYNTAX:
        return True
    if (name, reading.name(position + 1)) in _WINDOW_PAIRS:
        return True
    before = reading.name(position - 1)
    if name == "KEYS" and before == "UNIQUE":
        return reading.name(position - 2) in ("WITH", "WITHOUT")
    if (before, name) in _SYNTAX_PAIRS or (before == "NOT" and reading.name(position - 2) == "IS"):
        return True
    following = reading.tokens[position + 1] if position + 1 < len(reading.tokens) else None
    if following is not None and (following.kind == "string" or following.text == "=>"):
        return True  # DATE '2024-01-01' and its like; the name of an argument
    if name == "JSON" and following is not None and following.text in ("{", "["):
        return True
    if names_object(reading, position):
        return True
    if name == "UPSERT" and reading.name(position + 2) == "[":
        return True  # a rule of MODEL
    if name in ("DIMENSION", "SINGLE") and before == "UNIQUE":
        return reading.name(position - 2) in ("MODEL", "NAV", ")")
    around = list(reading.statement.calls_around(position))
    if around and _is_option(reading, position, around[0]):
        return True
    if "GRAPH_TABLE" in around:
        if "COLUMNS" in around:
            return around[0] in CLAUSE_FUNCTIONS["GRAPH_TABLE"]
        return before in ("(", "[", ",", "-", "|")  # the graph, or a variable of its pattern
    return any(name in _SYNTAX_INSIDE.get(call, ()) for call in around)


# Words that are syntax only as the first argument, or behind a comma, of these calls.
_FIRST_OPTIONS = {
    "FUZZY_MATCH": frozenset(
        {
            *("LEVENSHTEIN", "DAMERAU_LEVENSHTEIN", "JARO_WINKLER", "BIGRAM", "TRIGRAM"),
            *("NORMALIZED_LEVENSHTEIN", "NORMALIZED_DAMERAU_LEVENSHTEIN", "WHOLE_WORD_MATCH"),
            *("NORMALIZED_BIGRAM", "NORMALIZED_TRIGRAM", "LONGEST_COMMON_SUBSTRING"),
        }
    ),
    "PHONIC_ENCODE": frozenset({"DOUBLE_METAPHONE", "DOUBLE_METAPHONE_ALT"}),
    "MISMATCH": frozenset({"MISSING", "EXTRA", "TYPE"}),
    "JSON": frozenset({"STRICT", "LAX", "VALUE", "ARRAY", "OBJECT", "SCALAR", "ALLOW", "DISALLOW"}),
}
_LATER_OPTIONS = {
    "FUZZY_MATCH": frozenset({"UNSCALED", "RELATE_TO_SHORTER", "EDIT_TOLERANCE"}),
    "MISMATCH": _FIRST_OPTIONS["MISMATCH"],
    "XMLROOT": frozenset({"VERSION", "STANDALONE"}),
}


def _is_option(reading: Reading, position: int, call: str) -> bool:
    """Whether a word is one of a call's options, where that stands."""
    name, before = reading.name(position), reading.name(position - 1)
    if before == "(":
        tested = call != "JSON" or reading.name(position - 3) in ("IS", "NOT")  # IS JSON (STRICT)
        return tested and name in _FIRST_OPTIONS.get(call, ())
    if before == ",":
        alone = call == "XMLROOT" and reading.name(position + 1) in (",", ")")
        return not alone and name in _LATER_OPTIONS.get(call, ())
    if before == "ON":  # REMOVE '$.a' ERROR ON MISSING
        return call == "JSON_TRANSFORM" and name in ("MISSING", "EXISTING")
    return before == "VERSION" and name == "NO" and reading.name(position + 1) == "VALUE"


_NAMED_FIRST = ("XMLELEMENT", "OVER")


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


def _named_places(reading: Reading) -> set[int]:
    """The indexes at which the statement names tables, their aliases and its WITH queries."""
    found = set(reading.statement.cte_names)
    for block in reading.statement.blocks:
        for source in block.sources:
            found.update(source.parts)
            if source.alias is not None:
                found.add(source.alias)
    return found


class _Outputs:
    """Which names the select list of a block gives to its columns: ORDER BY may use them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._found: dict[int, set[str]] = {}

    def has(self, position: int) -> bool:
        """Whether the name at this index stands in an ORDER BY and is one of its block's."""
        block = self._reading.statement.block_of[position]
        if block is None or position <= block.clauses.get("ORDER", position):
            return False
        if block.start not in self._found:
            self._found[block.start] = set(self._names(block))
        return self._reading.tokens[position].name in self._found[block.start]

    def _names(self, block: Block) -> Iterator[str]:
        for named in (block, block.leader or block):
            for place in range(named.start, named.clauses.get("FROM", named.end)):
                token = self._reading.tokens[place]
                # The first side of a set operation names the columns, with plain columns too.
                if token.is_name and (
                    named is block.leader or not begins_value(self._reading, place)
                ):
                    yield token.name
