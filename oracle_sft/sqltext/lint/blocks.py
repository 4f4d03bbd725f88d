"""Tables, joins and clauses of a query block: their order, and what each must have."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import SET_OPERATORS, Block, Source
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.reading import Reading


def shape(reading: Reading) -> Iterator[Finding]:
    """`table_alias_as`: no AS between a table and its alias.

    `join_condition`: JOIN has its ON or USING, and CROSS JOIN has none.

    `join`: joins are Oracle's own, and a table has one alias.
    """
    for block in reading.statement.blocks:
        for source in block.sources:
            if (
                source.alias_as is not None
                and source.alias is not None
                and not _allows_as(reading, source)
            ):
                message = "no AS before the alias of a table in Oracle"
                yield reading.finding(
                    "table_alias_as", message, source.alias_as, source.alias, "invalid"
                )
        yield from _joins(reading, block)


def _allows_as(reading: Reading, source: Source) -> bool:
    """XMLTABLE, JSON_TABLE, GRAPH_TABLE and VALUES take an AS before their alias."""
    if source.called:
        return reading.name(source.parts[-1]) in ("XMLTABLE", "JSON_TABLE", "GRAPH_TABLE")
    return not source.parts and reading.name(source.at + 1) == "VALUES"


# --- joins ------------------------------------------------------------------------------------------

_SIDES = {"INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL"}
_JOINS_OF_OTHERS = {"SEMI", "ANTI", "ASOF", "STRAIGHT_JOIN", "GLOBAL", "POSITIONAL"}
_BEHIND_ALIAS = SET_OPERATORS | {
    *("JOIN", "APPLY", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER", "ON"),
    *("USING", "WHERE", "GROUP", "HAVING", "START", "CONNECT", "ORDER", "MODEL", "FETCH", "OFFSET"),
    *("FOR", "WINDOW", "QUALIFY", "PIVOT", "UNPIVOT", "MATCH_RECOGNIZE", "PARTITION", "VERSIONS"),
    *(
        "AS",
        "SAMPLE",
        "SEED",
        "WITH",
        "LIMIT",
        "FROM",
        "SELECT",
        "AND",
        "OR",
        "INTO",
        "SUBPARTITION",
        "NESTED",
    ),
}


def _joins(reading: Reading, block: Block) -> Iterator[Finding]:
    statement, name = reading.statement, reading.name
    start = block.clauses.get("FROM", block.end)
    group = statement.group_of[block.start]
    joins = conditions = own_conditions = 0
    brackets = False
    last = start
    for position in range(start, block.from_end):
        word = name(position)
        if word not in _JOIN_MARKS or statement.block_of[position] is not block:
            continue
        own = statement.group_of[position] == group
        if word == "(":
            brackets = True
        elif word == "JOIN":
            before = {name(position - 1), name(position - 2), name(position - 3)}
            if not before & {"CROSS", "NATURAL"}:
                joins += 1
                last = position
            if name(position + 1) in ("ON", "USING", "WHERE", ",") and own:
                yield reading.finding(
                    "join", "JOIN without its table", position, position + 1, "invalid"
                )
        elif word in ("ON", "USING"):
            conditions += 1
            if own:
                own_conditions += 1
            if word == "USING" and own and name(position + 1) != "(":
                message = "USING needs its columns in brackets"
                yield reading.finding("join", message, position, position, "invalid")
        elif word == "OUTER":
            if _is_no_side(reading, position):
                message = "OUTER JOIN needs its side: LEFT, RIGHT or FULL"
                yield reading.finding("join", message, position, position + 1, "invalid")
        elif word in _JOINS_OF_OTHERS:
            yield from _foreign_join(reading, block, position)
    if joins > conditions:
        yield reading.finding("join_condition", "JOIN needs ON or USING", last, last, "invalid")
    elif own_conditions > joins and not brackets:
        yield reading.finding(
            "join_condition", "ON or USING without a JOIN that takes it", last, last, "invalid"
        )
    for source in block.sources:
        yield from _behind_alias(reading, source)


_JOIN_MARKS = _JOINS_OF_OTHERS | {"(", "JOIN", "ON", "USING", "OUTER"}


def _is_no_side(reading: Reading, position: int) -> bool:
    """Whether OUTER stands alone before JOIN and is not meant as the alias that Oracle takes it for."""
    table = reading.name(position - 1)
    if reading.name(position + 1) != "JOIN" or table in ("LEFT", "RIGHT", "FULL"):
        return False
    names = reading.statement.names
    return any(names[at + 1] == "." for at in reading.places(frozenset({table})) if table)


def _foreign_join(reading: Reading, block: Block, position: int) -> Iterator[Finding]:
    before = reading.name(position - 1)
    named = any(position in (source.alias, *source.parts) for source in block.sources)
    joined = reading.name(position + 1) == "JOIN" or reading.name(position) == "STRAIGHT_JOIN"
    if joined and (not named or before in ("LEFT", "RIGHT")):
        message = f"{reading.name(position)} is no join of Oracle"
        yield reading.finding("join", message, position, position, "invalid")


_CLAUSES_AS_ALIAS = {"NESTED", "QUALIFY", "WINDOW", "LIMIT", "FETCH", "OFFSET", "MODEL"}


def _behind_alias(reading: Reading, source: Source) -> Iterator[Finding]:
    """A table has one alias, and then a comma, a join or the next clause."""
    if source.alias is None or source.alias + 1 >= len(reading.tokens):
        return
    position = source.alias + 1
    token = reading.tokens[position]
    if reading.name(source.alias) in _CLAUSES_AS_ALIAS and token.kind == "word":
        return
    if token.kind in ("quoted", "number", "string"):
        is_wrong = True
    else:
        is_wrong = token.kind == "word" and token.name not in _BEHIND_ALIAS
        if token.name == "OUTER":
            is_wrong = reading.name(position + 1) == "JOIN"
        elif token.name in _SIDES:
            ahead = [reading.name(position + step) for step in (1, 2, 3)]
            is_wrong = "JOIN" not in ahead and "APPLY" not in ahead
    if is_wrong:
        message = f"{token.text[:30]!r} behind a table and its alias; a comma or a word is missing"
        yield reading.finding("join", message, source.alias, position, "invalid")


# --- clauses ----------------------------------------------------------------------------------------

# The order in which clauses stand in a block; those of one rank in any order among themselves.
_RANKS = {
    **{"FROM": 0, "WHERE": 1, "START": 3, "CONNECT": 3, "GROUP": 3, "HAVING": 3, "ORDER": 5},
    **{"OFFSET": 6, "FETCH": 7},
}
_PARTNERS = {
    "GROUP": ("BY",),
    "ORDER": ("BY", "SIBLINGS"),
    "CONNECT": ("BY",),
    "START": ("WITH",),
}
_ROW_WORDS = {"FIRST", "NEXT", "APPROX", "APPROXIMATE", "EXACT"}


def clauses(reading: Reading) -> Iterator[Finding]:
    """`clause_order`: each clause once and in its order: WHERE before GROUP BY before ORDER BY.

    `clause_word`: GROUP, ORDER and CONNECT have their BY, START its WITH.

    `fetch`: FETCH has FIRST or NEXT, and ROWS ONLY or ROWS WITH TIES.
    """
    names, group_of = reading.statement.names, reading.statement.group_of
    seen: dict[int, tuple[Block, str]] = {}
    in_set = bool(reading.present & SET_OPERATORS)
    for position in reading.places(_RANKS.keys()):
        name = names[position]
        if names[position - 1] == ".":
            continue
        partners = _PARTNERS.get(name)
        following = reading.name(position + 1)
        if partners is not None and following not in partners:
            if not _has_other_role(reading, position):
                message = f"{name} without {partners[0]}, or a reserved word as a name"
                yield reading.finding("clause_word", message, position, position, "invalid")
                return
            continue
        block = reading.statement.block_of[position]
        if block is None or group_of[position] != group_of[block.start]:
            continue
        if name == "FETCH":
            if position < block.from_end or names[position - 1] in _VALUES_FOLLOW:
                continue
            if (
                following not in _ROW_WORDS
                and reading.tokens[position].kind == "word"
                and not _counts_rows(reading, position)
            ):
                continue
            fault = _fetch_fault(reading, block, position)
            if fault:
                yield reading.finding("fetch", fault, position, position, "invalid")
                return
        elif name == "OFFSET":
            if position < block.from_end or reading.name(position + 2) not in ("ROW", "ROWS"):
                continue
        elif name == "FROM":
            if following in ("FIRST", "LAST") or names[position - 1] == "DISTINCT":
                continue
        elif name in ("START", "CONNECT") and position < block.from_end:
            continue
        before = seen.get(id(block))
        if before is not None:
            rank, earlier = _RANKS[name], _RANKS[before[1]]
            if (rank < earlier or (rank == earlier and name == before[1])) and not _is_model(
                reading, block
            ):
                message = f"{name} behind {before[1]}"
                yield reading.finding("clause_order", message, position, position, "invalid")
                return
        seen[id(block)] = (block, name)
    for block in reading.statement.blocks:
        order = block.clauses.get("ORDER") if in_set else None
        if order is not None and block.from_end <= order < block.end:
            group = group_of[block.start]
            if any(
                names[at] in SET_OPERATORS and group_of[at] == group
                for at in range(order, block.end)
            ):
                message = "ORDER BY before a set operator; it stands behind the last query only"
                yield reading.finding("clause_order", message, order, order + 1, "invalid")


_VALUES_FOLLOW = {"=", "<", ">", "<=", ">=", "<>", "!=", ",", "AND", "OR", "BY", "WHERE", "("}


def _has_other_role(reading: Reading, position: int) -> bool:
    """GROUP of WITHIN GROUP, ORDER of the rules of MODEL, START of row patterns and graphs."""
    word, before = reading.name(position), reading.name(position - 1)
    if word == "GROUP" and before == "WITHIN":
        return reading.name(position + 1) == "("
    if word == "START" and reading.name(position + 1) == ")":
        return "TIME_BUCKET" in reading.present
    if word == "ORDER" and before in ("AUTOMATIC", "SEQUENTIAL"):
        return True
    return bool(reading.present & {"MATCH_RECOGNIZE", "GRAPH_TABLE", "MODEL"})


def _is_model(reading: Reading, block: Block) -> bool:
    return "MODEL" in block.clauses


def _counts_rows(reading: Reading, position: int) -> bool:
    """Whether FETCH is followed by a number of rows without FIRST or NEXT."""
    return (
        reading.tokens[position + 1].kind in ("number", "bind")
        if (position + 1 < len(reading.tokens))
        else False
    )


def _fetch_fault(reading: Reading, block: Block, position: int) -> str:
    if reading.name(position + 1) not in _ROW_WORDS:
        return "FETCH needs FIRST or NEXT: FETCH FIRST n ROWS ONLY"
    rows = False
    for at in range(position + 1, block.end):
        word = reading.name(at)
        if word in ("ROW", "ROWS"):
            rows = True
        elif rows and (word == "ONLY" or (word == "WITH" and reading.name(at + 1) == "TIES")):
            return ""
    return "FETCH needs ROWS ONLY or ROWS WITH TIES: FETCH FIRST n ROWS ONLY"


RULES = (shape, clauses)
