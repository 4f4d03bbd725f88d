"""What one version of Oracle has and an earlier one has not."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import SET_OPERATORS
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.reading import Reading

# Functions by the version that brought them. What a release update took back to 19c is left out.
_CALLS_OF_21 = frozenset(
    {
        *("JSON", "JSON_SCALAR", "CHECKSUM", "KURTOSIS_POP", "KURTOSIS_SAMP", "SKEWNESS_POP"),
        *("SKEWNESS_SAMP", "BIT_AND_AGG", "BIT_OR_AGG", "BIT_XOR_AGG"),
    }
)
_CALLS_OF_23 = frozenset(
    {
        *("TO_BOOLEAN", "TIME_BUCKET", "BOOLEAN_AND_AGG", "BOOLEAN_OR_AGG", "EVERY", "GRAPH_TABLE"),
        *("VECTOR_DISTANCE", "VECTOR", "TO_VECTOR", "FROM_VECTOR", "VECTOR_NORM", "L1_DISTANCE"),
        *("L2_DISTANCE", "COSINE_DISTANCE", "INNER_PRODUCT", "HAMMING_DISTANCE", "FUZZY_MATCH"),
        *("JACCARD_DISTANCE", "VECTOR_EMBEDDING", "VECTOR_DIMENSION_COUNT", "VECTOR_SERIALIZE"),
        *("PHONIC_ENCODE", "DOMAIN_DISPLAY", "DOMAIN_NAME", "DOMAIN_ORDER", "DOMAIN_CHECK"),
    }
)
_WORDS_OF_21 = _CALLS_OF_21 | {"EXCEPT", "INTERSECT", "MINUS", "WINDOW", "GROUPS", "EXCLUDE"}
_WORDS_OF_23 = _CALLS_OF_23 | {
    *("TRUE", "FALSE", "UNKNOWN", "BOOLEAN", "VALUES", "CONCAT", "ALL", "<=>", "FILTER"),
    *("DISTINCT", "EXISTS", "NOT"),
}


def version(reading: Reading) -> Iterator[Finding]:
    """`needs_21c`: nothing of 21c where the policy names an earlier version: EXCEPT, WINDOW.

    `needs_23ai`: nothing of 23ai where the policy names an earlier version: TRUE, no FROM.
    """
    if reading.policy.oracle_version is None:
        return
    number = _number(reading.policy.oracle_version)
    if number < 21 and reading.present & _WORDS_OF_21:
        for position, name in enumerate(reading.statement.names):
            if name in _WORDS_OF_21:
                what = _of_21(reading, position, name)
                if what:
                    message = f"{what} needs 21c"
                    yield reading.finding("needs_21c", message, position, position, "invalid")
    if number >= 23:
        return
    if reading.present & _WORDS_OF_23:
        for position, name in enumerate(reading.statement.names):
            if name in _WORDS_OF_23 and reading.name(position - 1) != ".":
                what = _of_23(reading, position, name)
                if what:
                    message = f"{what} needs 23ai"
                    yield reading.finding("needs_23ai", message, position, position, "invalid")
    for block in reading.statement.blocks:
        if "FROM" not in block.clauses:
            message = "SELECT without FROM needs 23ai; use FROM dual"
            yield reading.finding("needs_23ai", message, block.start, block.start, "invalid")


def _number(version: str) -> int:
    digits = "".join(character for character in version[:2] if character.isdigit())
    return int(digits) if digits else 99


def _of_21(reading: Reading, position: int, name: str) -> str:
    before, following = reading.name(position - 1), reading.name(position + 1)
    if before == ".":
        return ""
    if name in _CALLS_OF_21:
        return f"{name}()" if following == "(" else ""
    if name in ("EXCEPT", "INTERSECT", "MINUS"):
        if before == "MULTISET" or following not in ("ALL", "SELECT", "("):
            return ""
        if following == "ALL":
            return f"{name} ALL"
        return "EXCEPT as a set operator" if name == "EXCEPT" and following == "SELECT" else ""
    if name == "WINDOW":
        named = reading.name(position + 2) == "AS" and reading.name(position + 3) == "("
        return "the WINDOW clause" if named else ""
    if "OVER" not in reading.statement.calls_around(position):
        return ""
    if name == "GROUPS":
        ahead = ("BETWEEN", "UNBOUNDED", "CURRENT")
        is_frame = following in ahead or reading.name(position + 2) == "PRECEDING"
        return "a frame of GROUPS" if is_frame else ""
    return "EXCLUDE" if following in ("CURRENT", "GROUP", "TIES", "NO") else ""


def _of_23(reading: Reading, position: int, name: str) -> str:
    before, following = reading.name(position - 1), reading.name(position + 1)
    if name in _CALLS_OF_23:
        return f"{name}()" if following == "(" else ""
    if name in ("TRUE", "FALSE"):
        return f"{name} (before, 'Y'/'N' or 1/0)" if following not in ("(", "ON") else ""
    if name == "UNKNOWN":
        is_tested = before == "IS" or (before == "NOT" and reading.name(position - 2) == "IS")
        return "IS UNKNOWN" if is_tested else ""
    if name == "DISTINCT":
        return (
            f"{before} DISTINCT" if before in SET_OPERATORS and _is_set(reading, position) else ""
        )
    if name in ("EXISTS", "NOT"):
        return "a condition as a column" if _begins_column(reading, position) else ""
    if name == "FILTER":
        is_clause = before == ")" and following == "(" and reading.name(position + 2) == "WHERE"
        return "FILTER (WHERE ..)" if is_clause else ""
    if name == "BOOLEAN":
        is_type = before == "AS" and "CAST" in reading.statement.calls_around(position)
        return "BOOLEAN" if is_type else ""
    if name == "VALUES":
        return "VALUES as a table" if before in ("(", "AS") and following == "(" else ""
    if name == "CONCAT":
        return "CONCAT of more than two" if _arguments(reading, position + 1) > 2 else ""
    if name == "ALL":
        grouped = before == "BY" and reading.name(position - 2) == "GROUP"
        return "GROUP BY ALL" if grouped else ""
    return "the operator <=>"


def _is_set(reading: Reading, position: int) -> bool:
    return reading.name(position - 2) != "MULTISET" and reading.name(position + 1) in (
        "SELECT",
        "(",
    )


def _begins_column(reading: Reading, position: int) -> bool:
    """Whether an item of a select list begins here."""
    block = reading.statement.block_of[position]
    if block is None or position > block.clauses.get("FROM", block.end):
        return False
    group_of = reading.statement.group_of
    return (
        reading.name(position - 1) in ("SELECT", ",")
        and reading.name(position + 1) not in (",", "FROM", "AS")
        and group_of[position] == group_of[block.start]
    )


def _arguments(reading: Reading, opening: int) -> int:
    if reading.name(opening) != "(":
        return 0
    group_of = reading.statement.group_of
    return 1 + sum(
        reading.name(at) == "," and group_of[at] == opening for at in reading.inside(opening)
    )


RULES = (version,)
