"""What a query block selects: the items of its list, and their number."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import SET_OPERATORS, Block
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.functions import VALUES_WITHOUT_BRACKETS
from oracle_sft.sqltext.lint.pieces import ends_operand
from oracle_sft.sqltext.names import PSEUDO_COLUMNS
from oracle_sft.sqltext.reading import Reading


def select_list(reading: Reading) -> Iterator[Finding]:
    """`select_list`: something is selected from somewhere, and `*` stands alone."""
    for block in reading.statement.blocks:
        yield from _select_list(reading, block)


_BEHIND_STAR = {"FROM", "INTO", ")", "BULK", ""}


def _select_list(reading: Reading, block: Block) -> Iterator[Finding]:
    name = reading.name
    first = block.start + 1
    if name(first) in ("DISTINCT", "UNIQUE", "ALL"):
        first += 1
    source = block.clauses.get("FROM")
    if source is not None:
        if first == source:
            yield reading.finding(
                "select_list", "nothing is selected", block.start, source, "invalid"
            )
        elif name(source - 1) == ",":
            message = "a comma before FROM"
            yield reading.finding("select_list", message, source - 1, source, "invalid")
    elif block.outer is None and _misses_from(reading, block):
        message = "columns without a FROM"
        yield reading.finding("select_list", message, block.start, block.start, "invalid")
    if name(first) == "*" and first + 1 < len(reading.tokens):
        if name(first + 1) == ",":
            message = "`*` stands alone in Oracle; write table.* beside other columns"
            yield reading.finding("select_list", message, first, first + 1, "invalid")
        elif name(first + 1) not in _BEHIND_STAR and reading.tokens[first + 1].kind == "word":
            message = "`*` stands alone in Oracle"
            yield reading.finding("select_list", message, first, first + 1, "invalid")
    end = source if source is not None else block.end
    group = reading.statement.group_of[block.start]
    if "string" in reading.kinds or "number" in reading.kinds:
        for position in range(first + 1, end):
            if reading.tokens[position].kind not in ("string", "number"):
                continue
            if reading.statement.group_of[position] != group:
                continue
            if name(position - 1) == "AS":
                message = "an alias stands in double quotes or in none"
                yield reading.finding("select_list", message, position, position, "invalid")
            elif _behind_own_alias(reading, first, position):
                message = "a value behind an alias; an operator or a comma is missing"
                yield reading.finding("select_list", message, position - 1, position, "invalid")
    if "*" not in reading.present and "DISTINCT" not in reading.present:
        return
    for position in range(first + 1, end):
        if (
            name(position - 1) == ","
            and name(position) in ("*", "DISTINCT")
            and reading.statement.group_of[position] == group
        ):
            message = f"{name(position)} behind a comma of the select list"
            yield reading.finding("select_list", message, position - 1, position, "invalid")


_OF_A_TABLE = {"WHERE", "GROUP", "HAVING", "CONNECT", "ORDER"}
_BEFORE_COLUMN = {"SELECT", "DISTINCT", ",", "WHERE", "AND", "OR", "BY", "=", "<", ">", "<=", ">="}


def _misses_from(reading: Reading, block: Block) -> bool:
    """Whether a block without FROM selects `*`, or has columns and clauses that need rows.

    A name alone may be a function without brackets, which needs no FROM in 23ai.
    """
    if reading.name(block.start + 1) == "*":
        return True
    if not block.clauses.keys() & _OF_A_TABLE:
        return False
    for position in range(block.start + 1, block.end):
        if reading.name(position - 1) not in _BEFORE_COLUMN or reading.name(position + 1) == "(":
            continue
        token = reading.tokens[position]
        if reading.statement.block_of[position] is block and token.is_name:
            known = token.name in VALUES_WITHOUT_BRACKETS or token.name in PSEUDO_COLUMNS
            if not known and ends_operand(reading, position):
                return True
    return False


def _behind_own_alias(reading: Reading, first: int, position: int) -> bool:
    """Whether two values that no operator joins stand before a literal: `id DIV 2`."""
    if position - 2 < first or not reading.tokens[position - 1].is_name:
        return False
    return ends_operand(reading, position - 1) and ends_operand(reading, position - 2)


# --- numbers of columns -----------------------------------------------------------------------------


def columns(reading: Reading) -> Iterator[Finding]:
    """`column_count`: the sides of a set operation have as many columns as each other.

    `order_position`: a position behind ORDER BY is one of the select list.
    """
    statement = reading.statement
    in_set = bool(reading.present & SET_OPERATORS)
    if not in_set and "ORDER" not in reading.present:
        return
    counts: dict[int, int | None] = {}
    for block in statement.blocks:
        leader = block.leader or block
        if block.leader is not None and _follows_set_operator(reading, block):
            first, own = _count(reading, leader, counts), _count(reading, block, counts)
            if first is not None and own is not None and first != own:
                message = f"{own} columns here, {first} in the first query of the set operation"
                yield reading.finding("column_count", message, block.start, block.start, "invalid")
        order = block.clauses.get("ORDER")
        if order is None or order < block.from_end or reading.name(order + 1) != "BY":
            continue
        position = order + 2
        group = statement.group_of[block.start]
        while position < block.end:
            token = reading.tokens[position]
            if token.kind == "number" and statement.group_of[position] == group:
                alone = reading.name(position - 1) in ("BY", ",")
                after = reading.name(position + 1) if position + 1 < block.end else ","
                if alone and after in (",", "ASC", "DESC", "NULLS", "FETCH", "OFFSET", "FOR"):
                    count = _count(reading, leader, counts)
                    if (
                        count is not None
                        and token.text.isdigit()
                        and not 1 <= int(token.text) <= count
                    ):
                        message = f"ORDER BY {token.text} of {count} columns"
                        yield reading.finding(
                            "order_position", message, position, position, "invalid"
                        )
                        return
            if statement.group_of[position] == group and token.name in ("FETCH", "OFFSET"):
                break
            position += 1


def _follows_set_operator(reading: Reading, block: Block) -> bool:
    before = block.start - 1
    if reading.name(before) in ("ALL", "DISTINCT"):
        before -= 1
    return reading.name(before) in SET_OPERATORS


def _count(reading: Reading, block: Block, counts: dict[int, int | None]) -> int | None:
    """The number of columns of a block; None where a `*` hides it."""
    if block.start not in counts:
        items = list(select_items(reading, block))
        star = any(reading.name(end - 1) == "*" for _, end in items)
        counts[block.start] = None if star or not items else len(items)
    return counts[block.start]


def select_items(reading: Reading, block: Block) -> Iterator[tuple[int, int]]:
    """First index and end of each item of a select list with a FROM; nothing for one without."""
    end = block.clauses.get("FROM")
    if end is None:
        return
    group_of, names = reading.statement.group_of, reading.statement.names
    group = group_of[block.start]
    first = block.start + 1
    if names[first] in ("DISTINCT", "UNIQUE", "ALL"):
        first += 1
    for position in range(first, end):
        if names[position] == "," and group_of[position] == group:
            yield first, position
            first = position + 1
    yield first, end


RULES = (select_list, columns)
