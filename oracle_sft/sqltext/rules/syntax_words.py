"""Words before brackets that are syntax, and call nothing."""

from oracle_sft.sqltext.functions import CLAUSE_FUNCTIONS
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules.bare_names import begins_value

# Reserved words that stand before brackets; nobody's function can have their name.
_RESERVED_SYNTAX = frozenset(
    {
        *("SELECT", "DISTINCT", "UNIQUE", "ALL", "FROM", "WHERE", "AND", "OR", "NOT", "ON", "IN"),
        *("ANY", "EXISTS", "BETWEEN", "LIKE", "THEN", "ELSE", "AS", "BY", "HAVING", "GROUP", "FOR"),
        *("UNION", "MINUS", "INTERSECT", "VALUES", "PRIOR", "OF", "IS", "ORDER", "UPDATE", "WITH"),
        *("DEFAULT", "START", "ROW", "VARCHAR2", "VARCHAR", "CHAR", "NUMBER", "FLOAT", "RAW"),
        *("DECIMAL", "INTEGER", "SMALLINT", "TO", "CONNECT"),
    }
)
# Other words that stand before brackets, but never where a value begins: there they are called.
_SYNTAX = frozenset(
    {
        *("USING", "LIKEC", "LIKE2", "LIKE4", "ESCAPE", "WHEN", "END", "SETS", "OVER", "WITHIN"),
        *(
            "KEEP",
            "PARTITION",
            "SUBPARTITION",
            "EXCEPT",
            "JOIN",
            "APPLY",
            "PIVOT",
            "XML",
            "UNPIVOT",
        ),
        *("NULLS", "MATCH_RECOGNIZE", "PATTERN", "DEFINE", "SUBSET", "MEASURES", "DIMENSION"),
        *("RULES", "UPSERT", "SEQUENTIAL", "AUTOMATIC", "ITERATE", "UNTIL", "REFERENCE", "MAIN"),
        *("SAMPLE", "BLOCK", "SEED", "FIRST", "NEXT", "OFFSET", "COLUMNS", "MATCH", "PASSING"),
        *("RETURNING", "FILTER", "EXCLUDE", "INCLUDE", "NOCYCLE", "MEMBER", "SUBMULTISET"),
        *("PERIOD", "MATERIALIZED", "JSON", "APPROX", "EXACT", "NESTED", "ONLY", "MULTISET"),
        *("LIMIT", "TOP", "SCN", "TIMESTAMP", "SNAPSHOT", "ZONE", "MODEL", "OVERLAPS"),
    }
)
_TYPES = frozenset(
    {
        *("NVARCHAR2", "NCHAR", "NUMERIC", "TIMESTAMP", "CHARACTER", "VARYING", "UROWID", "DEC"),
        *("STRING", "INT", "REAL", "CLOB", "BLOB", "BINARY_DOUBLE", "BINARY_FLOAT", "DATE"),
    }
)
_UNITS = frozenset({"DAY", "SECOND", "YEAR", "HOUR", "MINUTE", "MONTH"})
_COMPARISONS = frozenset({"=", "<>", "!=", "^=", "<", ">", "<=", ">="})


def is_syntax(reading: Reading, position: int) -> bool:
    name = reading.name(position)
    before = reading.name(position - 1)
    if name in _RESERVED_SYNTAX or name == "CASE":
        return True
    around = list(reading.statement.calls_around(position))
    if "PATTERN" in around and "MATCH_RECOGNIZE" in around:
        return True  # a row pattern: A (B | C)+
    if name == "WHEN" and before == "CASE":
        return True
    if name == "TYPE":
        if reading.name(position + 2) in ("STRICT", "LAX") and reading.name(position + 3) == ")":
            in_json = bool(around) and around[0].startswith("JSON_")
            return in_json and not begins_value(reading, position)
        return before == "OF" and reading.name(position - 2) in ("IS", "NOT")
    if name in ("SCN", "TIMESTAMP") and before == "BETWEEN":
        return reading.name(position - 2) == "VERSIONS"
    if name == "THE":
        return is_source(reading, position) and is_old_table(reading, position)
    if name in _UNITS:
        return _follows_interval(reading, position)
    if name in _TYPES and (before in _BEFORE_TYPE or _is_column_type(reading, position)):
        return True
    if name == "CURSOR":
        return reading.name(position + 2) in ("SELECT", "WITH", "(")
    if name == "MULTISET":
        return reading.name(position - 2) == "CAST" or not begins_value(reading, position)
    if name in ("ROLLUP", "CUBE"):
        block = reading.statement.block_of[position]
        return block is not None and block.clauses.get("GROUP", position) < position
    if name == "SOME":
        return before in _COMPARISONS
    if name == "MISMATCH":  # ERROR ON MISMATCH (MISSING DATA)
        return before == "ON" and reading.name(position - 2) in ("ERROR", "NULL", "IGNORE")
    if name in ("LATERAL", "ONLY", "CONTAINERS", "SHARDS"):
        return any(is_source(reading, position + ahead) for ahead in range(3)) or (
            name == "ONLY" and lists_types(reading, reading.statement.group_of[position])
        )
    if name in ("CONNECT_BY_ROOT", "NOCYCLE"):
        return name == "CONNECT_BY_ROOT" or before == "BY"
    if name == "KEY":
        return around[:1] in (["JSON_OBJECT"], ["JSON_OBJECTAGG"])
    return name in _SYNTAX and not begins_value(reading, position)


def is_clause_function(reading: Reading, position: int) -> bool:
    name = reading.name(position)
    if name in CLAUSE_FUNCTIONS["MATCH_RECOGNIZE"]:
        return "MATCH_RECOGNIZE" in reading.statement.calls_around(position)
    if name in CLAUSE_FUNCTIONS["GRAPH_TABLE"]:
        return "GRAPH_TABLE" in reading.statement.calls_around(position)
    if name in CLAUSE_FUNCTIONS["MODEL"]:
        block = reading.statement.block_of[position]
        return any("MODEL" in outer.clauses for outer in reading.outer_blocks(block))
    return False


def is_old_table(reading: Reading, position: int) -> bool:
    """`THE (SELECT nested ..)`, which is TABLE of a query."""
    return reading.name(position) == "THE" and reading.name(position + 2) == "SELECT"


def is_json_path(reading: Reading, first: int) -> bool:
    """`FROM pages NESTED doc.items[*] COLUMNS (..)`, `COLUMNS (a NUMBER PATH c.d)` of JSON_TABLE."""
    if reading.name(first - 1) == "PATH" and "JSON_TABLE" in reading.statement.calls_around(first):
        return True
    at = first - 2 if reading.name(first - 1) == "PATH" else first - 1
    return reading.name(at) == "NESTED" and is_source(reading, at)


def is_source(reading: Reading, position: int) -> bool:
    return any(
        source.at == position for block in reading.statement.blocks for source in block.sources
    )


_BEFORE_TYPE = frozenset(
    {"AS", "RETURNING", "CHARACTER", "CHAR", "NCHAR", "NATIONAL", "TO", "MULTISET", "DEC"}
)


def _follows_interval(reading: Reading, position: int) -> bool:
    """`INTERVAL '1' DAY(3)`, `(a - b) DAY(9) TO SECOND(2)`, `INTERVAL DAY(2) TO SECOND(6)`."""
    before = reading.tokens[position - 1]
    return before.kind == "string" or before.text == ")" or before.name in ("TO", "INTERVAL")


def _is_column_type(reading: Reading, position: int) -> bool:
    """Behind a column name in the COLUMNS list of XMLTABLE or JSON_TABLE."""
    return reading.tokens[position - 1].is_name and reading.name(position - 2) in (
        "(",
        ",",
        "COLUMNS",
    )


def lists_types(reading: Reading, opening: int) -> bool:
    """Whether the bracket is the one of IS OF (..), IS NOT OF TYPE (..)."""
    at = opening - 1
    if reading.name(at) == "TYPE":
        at -= 1
    return reading.name(at) == "OF" and reading.name(at - 1) in ("IS", "NOT")
