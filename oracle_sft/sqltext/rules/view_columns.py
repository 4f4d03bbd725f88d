"""Rules about names over sources whose columns the statement itself says.

Oracle calls a function where no column has the name. Over a table that cannot be told without a
schema; over DUAL, an inline view or a WITH query it can.
"""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.functions import VALUES_WITHOUT_BRACKETS
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules.bare_names import bare_values
from oracle_sft.sqltext.rules.columns import KnownColumns
from oracle_sft.sqltext.rules.models import ModelNames


def names_over_known_columns(reading: Reading) -> Iterator[Finding]:
    """`bare_call`: DUAL has one column, DUMMY; any other bare name over it is a function call.

    So is a name over inline views and WITH queries that have no such column, and one in the
    arguments of a table function, or in VALUES, that has no table before it.

    `dotted_name`, too: the columns of an inline view or a WITH query are those that it selects.
    """
    if all(_is_all_tables(reading, block) for block in reading.statement.blocks):
        return
    known = KnownColumns(reading)
    yield from _bare_names(reading, known)
    yield from _dotted_names(reading, known)


def _bare_names(reading: Reading, known: KnownColumns) -> Iterator[Finding]:
    models = ModelNames(reading)
    for position in bare_values(reading):
        block = reading.statement.block_of[position]
        name = reading.tokens[position].name
        if name in reading.allowed:
            continue
        if _is_alone_in_table(reading, position):
            yield reading.finding("bare_call", f"TABLE({name}) calls a function", position)
        elif not _is_column(reading, known, models, block, position):
            message = f"no source here has a column {name}: a function call"
            yield reading.finding("bare_call", message, position)


def _dotted_names(reading: Reading, known: KnownColumns) -> Iterator[Finding]:
    for position in reading.places(_DOT):
        first = position - 1
        if not _is_name(reading, first) or not _is_name(reading, position + 1):
            continue
        found = reading.statement.visible(first, reading.tokens[first].name)
        if found is None or reading.name(first - 1) == "." or reading.is_dual(found[1]):
            continue
        column = reading.tokens[position + 1].name
        columns = known.of_source(*found)
        if columns is None or column in columns or column in VALUES_WITHOUT_BRACKETS:
            continue
        message = f"{reading.tokens[first].name} selects no {column}: a call"
        yield reading.finding("dotted_name", message, first, position + 1)


_DOT = frozenset({"."})


def _is_all_tables(reading: Reading, block: Block) -> bool:
    """Whether a block reads tables and views only, of which nobody here knows the columns."""
    return "FROM" in block.clauses and not any(
        source.called
        or not source.parts
        or reading.is_dual(source)
        or reading.tokens[source.parts[0]].name in block.ctes
        for source in block.sources
    )


def _is_alone_in_table(reading: Reading, position: int) -> bool:
    return (
        reading.name(position - 1) == "("
        and reading.name(position + 1) == ")"
        and reading.name(position - 2) == "TABLE"
    )


def _is_column(
    reading: Reading, known: KnownColumns, models: ModelNames, block: Block | None, position: int
) -> bool:
    """Whether a source that the name can see may have it as a column.

    A table function does not see itself, nor what stands behind it.
    """
    name = reading.tokens[position].name
    if block is None:
        if _is_in_values(reading, position):
            return False
        block = _bracketed_before(reading, position)
        if block is None or known.unknown:
            return True  # of a clause that holds no values
        outputs = known.of_select(block)
        if outputs is None or name in outputs:
            return True
    elif position > block.clauses.get("GROUP", position) and not all(
        map(reading.is_dual, block.sources)
    ):
        outputs = known.of_select(block)
        if outputs is None or name in outputs:
            return True  # an alias, from 23ai on
    if reading.name(position - 1) == "(" and reading.name(position - 2) in ("VALUE", "REF"):
        return True
    for outer in reading.outer_blocks(block):
        if models.has(outer, position):
            return True
        inside = next(
            (
                source.at
                for source in outer.sources
                if source.called and position in reading.inside(source.parts[-1] + 1)
            ),
            None,
        )
        for source in outer.sources:
            if inside is None or source.at < inside:
                columns = known.of_source(outer, source)
                if columns is None or name in columns:
                    return True
    return False


def _is_in_values(reading: Reading, position: int) -> bool:
    opening = reading.statement.group_of[position]
    while opening >= 0:
        if reading.name(opening + 1) == "VALUES":
            return True
        opening = reading.statement.group_of[opening]
    return False


def _bracketed_before(reading: Reading, position: int) -> Block | None:
    """The query in brackets before the ORDER BY or FETCH that a name stands in."""
    for block in reading.statement.blocks:
        body = any(
            start <= block.start < end for start, end in reading.statement.cte_bodies.values()
        )
        if block.end <= position and not body:
            return block
    return None


def _is_name(reading: Reading, position: int) -> bool:
    return 0 <= position < len(reading.tokens) and reading.tokens[position].is_name


RULES = (names_over_known_columns,)
