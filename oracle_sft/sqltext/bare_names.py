"""Names that stand alone where a value is expected: columns, or functions without brackets."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Source
from oracle_sft.sqltext.functions import VALUES_WITHOUT_BRACKETS
from oracle_sft.sqltext.reading import Reading

# Words that may stand before a bracket without calling anything.
SYNTAX_WORDS = frozenset(
    {
        *(
            "SELECT",
            "DISTINCT",
            "UNIQUE",
            "ALL",
            "FROM",
            "WHERE",
            "AND",
            "OR",
            "NOT",
            "ON",
            "USING",
        ),
        *("IN", "ANY", "SOME", "EXISTS", "BETWEEN", "LIKE", "LIKEC", "LIKE2", "LIKE4", "ESCAPE"),
        *("CASE", "WHEN", "THEN", "ELSE", "END", "AS", "BY", "HAVING", "GROUP", "SETS", "ROLLUP"),
        *("CUBE", "OVER", "WITHIN", "KEEP", "PARTITION", "SUBPARTITION", "FOR", "UNION", "MINUS"),
        *("INTERSECT", "EXCEPT", "JOIN", "APPLY", "LATERAL", "VALUES", "PRIOR", "CONNECT_BY_ROOT"),
        *("CURSOR", "MULTISET", "OF", "ONLY", "IS", "JSON", "PIVOT", "XML", "UNPIVOT", "NULLS"),
        *("MATCH_RECOGNIZE", "PATTERN", "DEFINE", "SUBSET", "MEASURES", "MODEL", "DIMENSION"),
        *("RULES", "UPDATE", "UPSERT", "SEQUENTIAL", "AUTOMATIC", "ORDER", "ITERATE", "UNTIL"),
        *("REFERENCE", "MAIN", "SAMPLE", "BLOCK", "SEED", "FIRST", "NEXT", "OFFSET", "COLUMNS"),
        *("MATCH", "PASSING", "DEFAULT", "RETURNING", "WITH", "FILTER", "EXCLUDE", "INCLUDE"),
        *(
            "START",
            "NOCYCLE",
            "MEMBER",
            "SUBMULTISET",
            "ROW",
            "KEY",
            "VALUE",
            "PERIOD",
            "MATERIALIZED",
        ),
        *("VARCHAR2", "NVARCHAR2", "VARCHAR", "CHAR", "NCHAR", "NUMBER", "FLOAT", "RAW", "DECIMAL"),
        *("NUMERIC", "TIMESTAMP", "DAY", "SECOND", "YEAR", "HOUR", "MINUTE", "MONTH", "CHARACTER"),
        *("VARYING", "INTERVAL", "UROWID", "DEC", "INTEGER", "INT", "SMALLINT", "REAL", "DATE"),
        *("BINARY_DOUBLE", "BINARY_FLOAT", "CLOB", "BLOB", "STRING", "VECTOR", "APPROX", "EXACT"),
        *("TABLE", "PERMUTE", "LIMIT", "TOP", "RENAME", "REMOVE", "KEEP", "APPEND", "NESTED"),
    }
)
# After these a name is an expression and no alias.
_BEFORE_EXPRESSION = frozenset(
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
            "WITH",
            "ANY",
        ),
        *("CONNECT_BY_ROOT", "NOCYCLE", "SOME", "KEY", "PASSING", "(", ",", "=", "<>", "!=", "^="),
        *("<", ">", "<=", ">=", "+", "-", "*", "/", "||", "=>"),
    }
)
# Words in such a place that are no names of values.
_NO_VALUES = SYNTAX_WORDS | {
    *("TRIM", "LEADING", "TRAILING", "BOTH", "TIMEZONE_HOUR", "TIMEZONE_MINUTE", "TIMEZONE_REGION"),
    *("TIMEZONE_ABBR", "DOCUMENT", "CONTENT", "NAME", "UNBOUNDED", "CURRENT", "ROWS", "RANGE"),
    *("GROUPS", "SIBLINGS", "TIES", "PERCENT", "WRAPPER", "OVERFLOW", "ERROR", "EMPTY", "ABSENT"),
    *("STRICT", "LAX", "NEW", "AI", "EVALNAME", "LAST", "GROUPING", "DESC", "ASC", "YEAR", "MONTH"),
    *("ROWNUM", "DEPTH", "BREADTH", "SEARCH", "CYCLE", "SET", "TO", "CONVERSION", "LINEAR"),
}


def bare_values(reading: Reading) -> Iterator[int]:
    """The indexes of names without dot and bracket that are values of an expression.

    Not among them: keywords, Oracle's own values (SYSDATE), aliases, and what the statement itself
    has named.
    """
    tokens = reading.tokens
    for position, token in enumerate(tokens):
        if not token.is_name or reading.name(position - 1) not in _BEFORE_EXPRESSION:
            continue
        if reading.name(position + 1) in ("(", "."):
            continue
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.kind == "word" and (
            token.name in _NO_VALUES
            or token.name in VALUES_WITHOUT_BRACKETS
            or (following is not None and following.kind == "string")
        ):
            continue
        if reading.name(position - 2) in ("XMLELEMENT", "EXTRACT", "XMLPI", "KEEP"):
            continue
        if not _is_introduced(reading, position):
            yield position


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
        and reading.name(place - 1) not in _BEFORE_EXPRESSION
        for named in (block, block.leader or block)
        for place in range(named.start, named.clauses.get("FROM", named.end))
    )


def _last(source: Source) -> int:
    ends = [source.at, *source.parts]
    if source.alias is not None:
        ends.append(source.alias)
    return max(ends)
