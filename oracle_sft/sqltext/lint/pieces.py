"""Pieces that are missing between two tokens: rules that hold wherever the tokens stand.

The parser forgives much of this (`a,, b`, `WHERE a = = 1`, `ORDER BY` at the end), and it gives up
on Oracle that it does not know; these rules read any text.
"""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.names import RESERVED_WORDS
from oracle_sft.sqltext.reading import Reading

_COMPARISONS = frozenset({"=", "<>", "!=", "^=", "~=", "¬=", "<", ">", "<=", ">="})
_OPERATORS = _COMPARISONS | {"||", "/", "=>", "AND", "OR", "LIKE", "BETWEEN", "IN", "IS"}
_HEADS = frozenset(
    {
        *("WHERE", "GROUP", "HAVING", "FROM", "ORDER", "UNION", "INTERSECT", "MINUS", "CONNECT"),
        *("START", "SELECT"),
    }
)
_END = "the end"
# Behind these a value, a table or a name must begin, and these begin none. All of them are signs or
# reserved words, so none can be somebody's column.
_NEED = _OPERATORS | {
    *("+", "-", "NOT", "WHERE", "HAVING", "BY", "ON", "FROM", "THEN", "ELSE", "SELECT", ",", "AS"),
}
_BEGIN_NONE = (
    _OPERATORS | _HEADS | {")", ",", "*", "THEN", "AS", "ON", "BY", "ASC", "DESC", "ELSE", _END}
)
_NEED_ROWS = {"UNION", "INTERSECT", "MINUS"}
_STAR_FOLLOWS = {"SELECT", ",", "ALL", "DISTINCT", "UNIQUE"}
_NEGATED = {"IN", "LIKE", "BETWEEN"}
# One operator, written with a blank.
_SPACED = {("<", "="), (">", "="), ("<", ">")}
_IN_BRACKET = _BEGIN_NONE - {")", "*", "SELECT", "FROM", "WHERE", "ORDER", "ON", "GROUP", _END}
_NO_CALL = _COMPARISONS | {"IN", "EXISTS", "AND", "OR", "WHERE", "FROM", "SELECT", "NOT", "ON"}
_BEFORE_EXISTS = {"WHERE", "AND", "OR", "NOT", "HAVING", "WHEN", "ON"}
_CASE_PAIRS = {
    *(("THEN", "END"), ("ELSE", "END"), ("THEN", "WHEN"), ("WHEN", "THEN"), ("CASE", "THEN")),
    *(("CASE", "ELSE"), ("WHEN", "ELSE")),
}


_STRANGE = frozenset({"MATCH_RECOGNIZE", "GRAPH_TABLE", "JSON_TRANSFORM"})


def strange_ranges(reading: Reading) -> list[range]:
    """Where other grammars rule: row patterns, graph patterns, operations on JSON, the cells of MODEL."""
    found: list[range] = [
        reading.inside(at + 1) for at in reading.places(_STRANGE) if reading.name(at + 1) == "("
    ]
    if "MODEL" in reading.present:
        found += [
            range(at, block.end)
            for block in reading.statement.blocks
            if (at := model_clause(reading, block)) is not None
        ]
    return found


def model_clause(reading: Reading, block: Block) -> int | None:
    """The index of a block's MODEL clause; the word alone may be a column."""
    group = reading.statement.group_of[block.start]
    for at in range(block.from_end, block.end - 1):
        if (
            reading.name(at) == "MODEL"
            and reading.statement.group_of[at] == group
            and reading.name(at + 1) in _MODEL_WORDS
        ):
            return at
    return None


_MODEL_WORDS = {
    *("DIMENSION", "PARTITION", "RETURN", "IGNORE", "KEEP", "UNIQUE", "REFERENCE", "MAIN"),
}


def _is_strange(ranges: list[range], position: int) -> bool:
    return any(position in one for one in ranges)


def pairs(reading: Reading) -> Iterator[Finding]:
    """`missing_piece`: no two tokens that cannot follow each other, like `= AND`, `,,` or `WHERE` at the end."""
    names = reading.statement.names
    last = len(names) - 1
    for position in reading.places(_LEADS):
        name = names[position]
        if position == last:
            following = _END
        else:
            following = names[position + 1]
            if not following:
                if (
                    (name == "IS" or (name == "NOT" and names[position - 1] == "IS"))
                    and reading.tokens[position + 1].kind in ("number", "string")
                    and not reading.name(reading.statement.group_of[position] - 1).startswith(
                        "JSON_"
                    )
                ):
                    yield from _missing(reading, position, "a literal behind IS")
                continue
        if _fit(reading, position, name, following):
            continue
        yield from _missing(reading, position, f"nothing between {name} and {following}")
        return


_LEADS = (
    _NEED | _NEED_ROWS | {"(", "*", "THEN", "WHEN", "CASE", "ALL", "DISTINCT", "EXISTS", "WITH"}
)


def _missing(reading: Reading, position: int, what: str) -> Iterator[Finding]:
    if _is_strange(strange_ranges(reading), position):
        return
    last = min(position + 1, len(reading.tokens) - 1)
    yield reading.finding("missing_piece", what, position, last, "invalid")


def _fit(reading: Reading, position: int, name: str, following: str) -> bool:
    """Whether `following` can stand directly behind `name`."""
    before = reading.name(position - 1)
    if (name, following) in _CASE_PAIRS:
        return before == "."
    if name == "(":
        if following == ")":
            return before not in _NO_CALL
        return following not in _IN_BRACKET
    if name == "*":
        if before == "USING":
            return True
        if following not in _BEGIN_NONE or reading.name(position + 1) == "*":
            return True
        if may_end_value(reading, position - 1):
            return before == "."
        return following not in _COMPARISONS
    if before == ".":
        return True  # a column's name, and of it `reserved_word` speaks
    if name == "DISTINCT":
        return following not in (")", ",", _END) or before == "UNION"
    if name == "EXISTS":
        if before in _BEFORE_EXISTS:
            return following not in _BEGIN_NONE
        return before == "." or following not in _OPERATORS
    if name == "WITH":
        return before != "START" or following not in _BEGIN_NONE
    if name == "ALL":
        return before not in _NEED_ROWS or following not in (")", _END)
    if name in _NEED_ROWS:
        return before == "MULTISET" or following not in (")", ",", _END, *_NEED_ROWS)
    if following not in _BEGIN_NONE or name not in _NEED:
        return True
    if following == "*":
        return name in _STAR_FOLLOWS
    if name == "SELECT" and following == "FROM":
        return True  # `select_list` says it
    if name == "," and following == "FROM":
        return True
    if following == "START" and reading.name(position + 2) == ")":
        return "TIME_BUCKET" in reading.present
    if name == "NOT" and following in _NEGATED:
        return True
    if name in ("+", "-") and following == ")":
        return before == "("  # the mark of an outer join
    return (name, following) in _SPACED


def may_end_value(reading: Reading, position: int) -> bool:
    """Whether a value may end here: a literal, a bracket, a word that is not reserved."""
    if position < 0:
        return False
    token = reading.tokens[position]
    if token.kind == "word":
        return token.name not in RESERVED_WORDS
    return token.kind != "op" or token.text in (")", "]")


# --- two values side by side ------------------------------------------------------------------------


def literals(reading: Reading) -> Iterator[Finding]:
    """`adjacent_literals`: no literal directly behind another one or behind a bracket."""
    kinds = reading.kinds
    if "string" not in kinds and "number" not in kinds:
        return
    tokens = reading.tokens
    before = tokens[0]
    for position in range(1, len(tokens)):
        token = tokens[position]
        if (
            token.kind in ("string", "number")
            and (before.kind in ("string", "number", "bind") or before.text == ")")
        ) and reading.name(reading.statement.group_of[position] - 1) != "COLUMNS":
            message = "two values side by side; an operator or a comma is missing"
            yield reading.finding("adjacent_literals", message, position - 1, position, "invalid")
            return
        before = token


# Words that may stand beside a value in a condition and are not reserved.
_BESIDE_VALUES = frozenset(
    """
    LIKEC LIKE2 LIKE4 ESCAPE MULTISET MEMBER SUBMULTISET COLLATE AT TIME ZONE LOCAL DAY YEAR MONTH
    HOUR MINUTE SECOND OVER WITHIN KEEP FILTER CASE WHEN END NULLS FIRST LAST RESPECT IGNORE NAN
    INFINITE EMPTY PRESENT JSON A TYPE SOME EXISTS PRIOR CONNECT_BY_ROOT TIMESTAMP INTERVAL NOCYCLE
    EXCEPT TRUE FALSE UNKNOWN DANGLING SIBLINGS ROLLUP CUBE GROUPING SETS FORMAT STRICT LAX WITHOUT
    KEYS NEW ONLY CURSOR TREAT RETURNING OVERLAPS PASSING JSON_VALUE DOCUMENT CONTENT VALUE USING
    DATE SCN VERSIONS ANY LOGGED CURRENT ILIKE RLIKE REGEXP FINAL
    """.split()
)
# What ends the conditions of a block without being reserved.
_OTHER_CLAUSES = {
    *("FETCH", "OFFSET", "MODEL", "WINDOW", "QUALIFY", "LIMIT", "FOR", "EXCEPT", "WITH", "OPTION"),
    *("RETURNING", "SEARCH", "CYCLE"),
}
_HALVES = {"!", "^", "~", "#", "<-"}
_CONDITIONS = ("WHERE", "HAVING", "START", "CONNECT")
_OPENED_BY = _COMPARISONS | {
    *("(", "AND", "OR", "NOT", "WHERE", "HAVING", "ON", "WHEN", "THEN", "ELSE", "+", "-", "*"),
    *("/", "||", "BY", "WITH", "BETWEEN", "LIKE"),
}


def conditions(reading: Reading) -> Iterator[Finding]:
    """`missing_operator`: no two values side by side in a condition, and no `a = b = c`."""
    statement = reading.statement
    strange: list[range] | None = None
    for block in statement.blocks:
        for clause in _CONDITIONS:
            start = block.clauses.get(clause)
            if start is None or start < block.from_end:
                continue
            fault = _side_by_side(reading, block, start)
            if fault is None:
                continue
            if strange is None:
                strange = strange_ranges(reading)
            if not _is_strange(strange, fault[0]):
                yield reading.finding("missing_operator", fault[2], fault[0], fault[1], "invalid")


def _side_by_side(reading: Reading, block: Block, start: int) -> tuple[int, int, str] | None:
    statement, tokens = reading.statement, reading.tokens
    names, group_of, block_of = statement.names, statement.group_of, statement.block_of
    own = group_of[start]
    plain = {own}
    compared: dict[int, int] = {}  # bracket -> index of the comparison that is open in it
    position = start
    while position + 1 < block.end:
        position += 1
        if block_of[position] is not block:
            continue
        group = group_of[position]
        if group not in plain:
            continue
        name = names[position]
        token = tokens[position]
        if name == "(":
            if names[position - 1] in _OPENED_BY:
                plain.add(position)
            continue
        if token.kind == "op":
            if name in _COMPARISONS:
                if names[position - 1] in _COMPARISONS or names[position - 1] in _HALVES:
                    continue
                if group in compared:
                    return compared[group], position, "two comparisons without AND or OR"
                compared[group] = position
            elif name == ",":
                if group == own:
                    return position, position, "a comma between conditions"
                compared.pop(group, None)
            continue
        if (group == own and (name in _HEADS or name in _OTHER_CLAUSES)) and (
            name != "WITH" or names[position - 1] != "START"
        ):
            return None
        if token.kind == "word" and (name in RESERVED_WORDS or name in _BESIDE_VALUES):
            compared.pop(group, None)
            if (
                name == "NOT"
                and reading.name(position + 1) not in _NEGATED_IN_CONDITIONS
                and ends_operand(reading, position - 1)
            ):
                return position - 1, position, "NOT behind a value"
            continue
        if token.kind not in ("word", "quoted"):
            if token.kind == "bind" and token.text[1].isdigit() and not token.text[1:].isdigit():
                compared.pop(group, None)  # `:1and` is a bind variable and a word
            continue
        before = tokens[position - 1]
        if before.kind == "op":
            if before.text != ")":
                continue
        elif (
            before.kind == "word"
            and (before.name in RESERVED_WORDS or before.name in _BESIDE_VALUES)
            and (before.name != "A" or names[position - 2] in ("IS", "NOT"))
        ):
            continue
        if before.kind == "bind":
            continue
        return position - 1, position, "two values side by side; an operator is missing"
    return None


_NEGATED_IN_CONDITIONS = _NEGATED | {"LIKEC", "LIKE2", "LIKE4", "MEMBER", "SUBMULTISET", "ILIKE"}


def ends_operand(reading: Reading, position: int) -> bool:
    """Whether a value ends here for sure: a literal, a bracket, a word with no other role."""
    token = reading.tokens[position]
    if token.kind == "word":
        return token.name not in RESERVED_WORDS and token.name not in _BESIDE_VALUES
    return token.kind != "op" or token.text == ")"


def between(reading: Reading) -> Iterator[Finding]:
    """`between`: BETWEEN has its AND."""
    if "BETWEEN" not in reading.present:
        return
    names, group_of = reading.statement.names, reading.statement.group_of
    for position, name in enumerate(names):
        if name != "BETWEEN" or names[position - 1] == ".":
            continue
        group = group_of[position]
        for at in range(position + 1, reading.statement.pairs.get(group, len(names))):
            if group_of[at] == group and (names[at] == "AND" or names[at] in _BETWEEN_ENDS):
                has_and = names[at] == "AND"
                break
        else:
            has_and = False
        if not has_and:
            yield reading.finding("between", "BETWEEN without AND", position, position, "invalid")
            return


_BETWEEN_ENDS = _HEADS | {"OR", ",", "THEN"}


def cases(reading: Reading) -> Iterator[Finding]:
    """`case_end`: every CASE has its END, and every THEN its CASE."""
    if not reading.present & {"CASE", "THEN"}:
        return
    opened: dict[int, list[int]] = {}
    names, group_of = reading.statement.names, reading.statement.group_of
    for position, name in enumerate(names):
        if name == "CASE":
            column = names[position - 1] in (".", "AS") or position + 1 == len(names)
            if not column and names[position + 1] not in _BEHIND_COLUMN:
                opened.setdefault(group_of[position], []).append(position)
        elif name == "THEN" and names[position - 1] != "." and not opened.get(group_of[position]):
            message = "THEN without CASE"
            yield reading.finding("case_end", message, position, position, "invalid")
            return
        elif name == "END" and opened.get(group_of[position]):
            opened[group_of[position]].pop()
    for left in opened.values():
        for position in left:
            message = "CASE without END"
            yield reading.finding("case_end", message, position, position, "invalid")
            return


_BEHIND_COLUMN = (_BEGIN_NONE - {"+", "-"}) | {".", "IS"}

RULES = (pairs, literals, conditions, between, cases)
