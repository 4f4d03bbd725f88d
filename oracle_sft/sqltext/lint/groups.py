"""Aggregates and window functions where Oracle does not take them."""

from collections.abc import Iterator
from itertools import pairwise

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.functions import VALUES_WITHOUT_BRACKETS
from oracle_sft.sqltext.lint.lists import select_items
from oracle_sft.sqltext.lint.pieces import model_clause
from oracle_sft.sqltext.names import PSEUDO_COLUMNS, RESERVED_WORDS
from oracle_sft.sqltext.reading import Reading

# Only names that nobody gives to a function of another kind.
AGGREGATES = frozenset(
    {
        *("COUNT", "SUM", "AVG", "MIN", "MAX", "LISTAGG", "MEDIAN", "STDDEV", "VARIANCE"),
        *("STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP", "STATS_MODE"),
        *("APPROX_COUNT_DISTINCT", "JSON_ARRAYAGG", "JSON_OBJECTAGG", "XMLAGG"),
    }
)
_AFTER_WINDOWS = ("WHERE", "GROUP", "HAVING", "START", "CONNECT")
_OTHERS_CALLS = {"MATCH_RECOGNIZE", "GRAPH_TABLE", "JSON_TABLE", "XMLTABLE", "PIVOT"}


def windows(reading: Reading) -> Iterator[Finding]:
    """`window_place`: window functions stand in the select list and in ORDER BY only."""
    if "OVER" not in reading.present:
        return
    statement = reading.statement
    models = _blocks_with_model(reading)
    for position, name in enumerate(statement.names):
        if name != "OVER" or reading.name(position - 1) != ")":
            continue
        if reading.name(position + 1) in ("PARTITION", "ORDER", "ROWS"):
            message = "OVER needs brackets: OVER (PARTITION BY ..)"
            yield reading.finding("window", message, position, position + 1, "invalid")
            return
        block = statement.block_of[position]
        if reading.name(position + 1) != "(" or block is None:
            continue
        clause = clause_at(block, position)
        if clause in _AFTER_WINDOWS and block.start not in models:
            message = f"a window function in {clause}; filter it in an outer query"
            yield reading.finding("window_place", message, position, position, "invalid")
            return


def _blocks_with_model(reading: Reading) -> set[int]:
    if "MODEL" not in reading.present:
        return set()
    blocks = reading.statement.blocks
    return {block.start for block in blocks if model_clause(reading, block) is not None}


def frames(reading: Reading) -> Iterator[Finding]:
    """`window`: OVER (..), PARTITION BY, ORDER BY and WITHIN GROUP (..) are whole."""
    if not reading.present & {"OVER", "WITHIN", "KEEP"}:
        return
    for position, name in enumerate(reading.statement.names):
        if name == "OVER" and reading.name(position + 1) == "(":
            for at in (position + 2, position + 3):
                if (
                    reading.name(at) == "PARTITION"
                    and reading.name(at + 1) != "BY"
                    and reading.name(at - 1) == "("
                ):
                    message = "PARTITION without BY"
                    yield reading.finding("window", message, at, at, "invalid")
                    return
            if _is_unordered(reading, position + 1) and _has_frame(reading, position + 1):
                message = "a window frame needs an ORDER BY before it"
                yield reading.finding("window", message, position, position + 1, "invalid")
                return
        elif (
            name == "WITHIN"
            and reading.name(position - 1) == ")"
            and (reading.statement.names[position + 1 : position + 4] != ["GROUP", "(", "ORDER"])
        ):
            message = "WITHIN needs GROUP (ORDER BY ..)"
            yield reading.finding("window", message, position, position, "invalid")
            return
        elif (
            name == "KEEP"
            and reading.name(position - 1) == ")"
            and reading.name(position + 1) == "("
            and reading.name(position + 2) != "DENSE_RANK"
        ):
            message = "KEEP needs (DENSE_RANK FIRST ORDER BY ..) or (DENSE_RANK LAST ORDER BY ..)"
            yield reading.finding("window", message, position, position, "invalid")
            return


# Functions that are no aggregates: they have an OVER, and the last ones an ORDER BY in it.
_WITHIN = {"RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST"}
_ORDERED = _WITHIN | {"ROW_NUMBER", "NTILE", "LAG", "LEAD"}
_ANALYTIC = frozenset(_ORDERED | {"FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "RATIO_TO_REPORT"})
_NO_WINDOW = RESERVED_WORDS | {",", ")", "."}
# Functions that take no ORDER BY among their arguments.
_UNORDERED = frozenset({"LISTAGG", "COUNT", "SUM", "AVG", "MIN", "MAX", "MEDIAN", "STDDEV"})


def overs(reading: Reading) -> Iterator[Finding]:
    """`over`: ROW_NUMBER, LAG, FIRST_VALUE and their like have their OVER, and who ranks an ORDER BY."""
    if not reading.present & _ANALYTIC:
        return
    for position in reading.places(_ANALYTIC):
        name = reading.name(position)
        if reading.name(position + 1) != "(" or reading.name(position - 1) == ".":
            continue
        over = reading.statement.pairs.get(position + 1, len(reading.tokens)) + 1
        if name in _WITHIN and reading.name(over) == "WITHIN":
            continue
        while reading.name(over) in ("FROM", "FIRST", "LAST", "IGNORE", "RESPECT", "NULLS"):
            over += 1
        if reading.name(over) != "OVER" or reading.name(over + 1) in _NO_WINDOW:
            within = " or WITHIN GROUP (ORDER BY ..)" if name in _WITHIN else ""
            message = f"{name} needs OVER (..){within}"
        elif name in _ORDERED and _is_unordered(reading, over + 1):
            message = f"{name} needs an ORDER BY in its OVER"
        else:
            continue
        if position in reading.statement.cte_names or reading.name(position - 1) == ")":
            continue  # WITH rank (id, place) AS (..), or an alias with names of its columns
        yield reading.finding("over", message, position, position, "invalid")
        return


def _is_unordered(reading: Reading, opening: int) -> bool:
    """Whether a window is spelled out, builds on no other one and has no order."""
    if reading.name(opening) != "(":
        return False
    first = reading.name(opening + 1)
    if first not in ("PARTITION", ")", "ROWS", "RANGE", "GROUPS"):
        return False
    group_of = reading.statement.group_of
    return not any(
        reading.name(at) == "ORDER" and group_of[at] == opening for at in reading.inside(opening)
    )


def distinct_windows(reading: Reading) -> Iterator[Finding]:
    """`window` for COUNT(DISTINCT ..) OVER (ORDER BY ..), which may be partitioned and no more."""
    if "OVER" not in reading.present or not reading.present & _DISTINCT:
        return
    group_of = reading.statement.group_of
    for position in reading.places(_DISTINCT):
        if reading.name(position - 1) != "(" or not reading.tokens[position - 2].is_name:
            continue
        over = reading.statement.pairs.get(position - 1, len(reading.tokens)) + 1
        if reading.name(over) != "OVER" or reading.name(over + 1) != "(":
            continue
        for at in reading.inside(over + 1):
            if reading.name(at) == "ORDER" and group_of[at] == over + 1:
                message = f"no ORDER BY in the OVER of {reading.name(position - 2)} ({reading.name(position)} ..)"
                yield reading.finding("window", message, at, at, "invalid")
                return


_DISTINCT = frozenset({"DISTINCT", "UNIQUE"})


def _has_frame(reading: Reading, opening: int) -> bool:
    for at in reading.inside(opening):
        if reading.statement.group_of[at] != opening:
            continue
        if reading.name(at) in ("ROWS", "RANGE", "GROUPS"):
            if reading.name(at + 1) in ("BETWEEN", "UNBOUNDED", "CURRENT"):
                return True
            if reading.name(at + 2) == "PRECEDING":
                return True
    return False


def ordered_arguments(reading: Reading) -> Iterator[Finding]:
    """`window` for an ORDER BY among the arguments, where WITHIN GROUP or OVER has it."""
    if "ORDER" not in reading.present or not reading.present & _UNORDERED:
        return
    for position in reading.places(_ORDER):
        opening = reading.statement.group_of[position]
        if opening < 0:
            continue
        call = reading.name(opening - 1)
        if call in _UNORDERED and reading.name(position + 1) == "BY":
            if reading.name(opening + 1) in ("SELECT", "WITH") or reading.name(opening - 2) == ".":
                continue
            instead = "WITHIN GROUP" if call == "LISTAGG" else "OVER"
            message = f"{call} takes no ORDER BY in its brackets; write {instead} (ORDER BY ..)"
            yield reading.finding("window", message, position, position + 1, "invalid")
            return


_ORDER = frozenset({"ORDER"})


def clause_at(block: Block, position: int) -> str:
    """The clause of a block that a token stands in; FROM and everything before it is ''."""
    found, start = "", block.from_end - 1
    for clause, at in block.clauses.items():
        if start < at <= position and clause != "FROM":
            found, start = clause, at
    return found


def aggregates(reading: Reading) -> Iterator[Finding]:
    """`aggregate_place`: no aggregate stands in WHERE.

    `not_grouped`: without GROUP BY no plain column stands beside an aggregate.
    """
    if not reading.present & AGGREGATES:
        return
    statement = reading.statement
    models = _blocks_with_model(reading)
    by_block: dict[int, list[int]] = {}
    for position in reading.places(AGGREGATES):
        name, block = statement.names[position], statement.block_of[position]
        if block is None or not _is_aggregate(reading, position):
            continue
        if any(call in _OTHERS_CALLS for call in statement.calls_around(position)):
            continue
        clause = clause_at(block, position)
        if clause == "WHERE" and block.outer is None and block.start not in models:
            message = f"{name} in WHERE; a condition on groups stands in HAVING"
            yield reading.finding("aggregate_place", message, position, position, "invalid")
            return
        if clause == "" and position < block.clauses.get("FROM", -1):
            by_block.setdefault(block.start, []).append(position)
    for block in statement.blocks:
        found = by_block.get(block.start)
        if (
            found
            and "GROUP" not in block.clauses
            and block.outer is None
            and block.start not in models
            and "PIVOT" not in reading.present
        ):
            yield from _ungrouped(reading, block, found)


def _is_aggregate(reading: Reading, position: int) -> bool:
    """Whether a call stands here that no OVER makes a window function."""
    if reading.name(position + 1) != "(" or reading.name(position - 1) == ".":
        return False
    pairs = reading.statement.pairs
    at = pairs.get(position + 1, len(reading.tokens)) + 1
    while reading.name(at) in ("WITHIN", "KEEP", "FILTER", "RESPECT", "IGNORE", "FROM"):
        while reading.name(at) not in ("(", "OVER", ""):
            at += 1
        if reading.name(at) == "(":
            at = pairs.get(at, len(reading.tokens)) + 1
    return reading.name(at) != "OVER"


def _ungrouped(reading: Reading, block: Block, found: list[int]) -> Iterator[Finding]:
    for outer, inner in pairwise(found):
        if inner in reading.inside(outer + 1):
            message = "an aggregate of an aggregate needs GROUP BY"
            yield reading.finding("not_grouped", message, outer, inner, "invalid")
            return
    for first, end in select_items(reading, block):
        column = _plain_column(reading, first, end)
        if column is not None:
            message = f"{reading.tokens[column].text} beside an aggregate and not in a GROUP BY"
            yield reading.finding("not_grouped", message, first, column, "invalid")
            return


def _plain_column(reading: Reading, first: int, end: int) -> int | None:
    """The index of the column's name if an item is one column and at most an alias."""
    tokens = reading.tokens
    if first >= end or not tokens[first].is_name:
        return None
    column = first
    while reading.name(column + 1) == "." and column + 2 < end and tokens[column + 2].is_name:
        column += 2
    rest = end - column - 1
    if rest > 2 or (rest == 2 and reading.name(column + 1) != "AS"):
        return None
    if rest and not tokens[end - 1].is_name:
        return None
    token = tokens[column]
    if token.kind == "word" and column == first:
        if token.name in RESERVED_WORDS or token.name in VALUES_WITHOUT_BRACKETS:
            return None
        if token.name in PSEUDO_COLUMNS:
            return None
    if column > first and reading.statement.visible(first, tokens[first].name) is None:
        return None
    return column


RULES = (windows, frames, overs, ordered_arguments, distinct_windows, aggregates)
