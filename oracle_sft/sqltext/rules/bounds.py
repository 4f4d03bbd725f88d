"""What conditions say about the number of rows: conjuncts, upper bounds, literal values.

Estimates, on the safe side: what data decide counts as bounded, what literals decide is added up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.functions import BUILTIN_FUNCTIONS, VALUES_WITHOUT_BRACKETS
from oracle_sft.sqltext.lexer import literal_value
from oracle_sft.sqltext.names import RESERVED_WORDS
from oracle_sft.sqltext.reading import Reading

_CLAUSE_ENDS = {
    *("START", "GROUP", "HAVING", "ORDER", "MODEL", "UNION", "INTERSECT", "MINUS", "EXCEPT"),
    *("FETCH", "OFFSET", "FOR", "WHERE", "WINDOW", "CONNECT"),
}
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPERATORS = frozenset(
    {*("=", "<", "<=", ">", ">=", "<>", "!=", "^=", "~=", "¬=", "BETWEEN", "IN", "IS", "LIKE")}
)
_NO_DATA = (
    RESERVED_WORDS
    | BUILTIN_FUNCTIONS
    | VALUES_WITHOUT_BRACKETS
    | {"DUAL", "CASE", "WHEN", "END", "INTERVAL", "DAY", "MONTH", "YEAR", "HOUR", "MINUTE", "ANY"}
    | {"DBMS_RANDOM", "SOME", "TIMESTAMP", "EXISTS"}
) - {"ROWID", "COLUMN_VALUE", "OBJECT_VALUE", "OBJECT_ID", "NESTED_TABLE_ID", "VALUE"}
# Functions that make a large number out of small literals.
AMPLIFY = frozenset(
    {
        *("EXP", "SINH", "COSH", "RPAD", "LPAD", "ORA_HASH", "TIMESTAMP_TO_SCN", "SYS_GUID", "UID"),
        *("STANDARD_HASH", "UNISTR", "BIN_TO_NUM", "**", "POWER"),
    }
)
# A literal beside data (`LEVEL <= x + 1`) matters when it is large by itself.
HARMLESS = 10_000


@dataclass(frozen=True, slots=True)
class Comparison:
    left: range
    operator: str
    right: range


def clause(block: Block, start: int) -> range:
    """The tokens of a clause of a block that begins at `start`."""
    ends = [at for word, at in block.clauses.items() if at >= start and word in _CLAUSE_ENDS]
    return range(start, min(ends, default=block.end))


def conjuncts(reading: Reading, condition: range) -> Iterator[range]:
    """The parts of a condition that AND joins, without brackets around them.

    OR binds weaker than AND: a condition with an OR outside of brackets is one part.
    """
    if len(list(alternatives(reading, condition))) > 1:
        yield condition
        return
    start, between = condition.start, False
    for position in _outside(reading, condition):
        word = reading.name(position)
        if word == "BETWEEN":
            between = True
        elif word == "AND" and between:
            between = False
        elif word == "AND":
            yield from _unwrapped(reading, range(start, position))
            start = position + 1
    yield from _unwrapped(reading, range(start, condition.stop))


def alternatives(reading: Reading, condition: range) -> Iterator[range]:
    """The parts of a condition that OR joins; without any, the condition itself."""
    start = condition.start
    for position in _outside(reading, condition):
        if reading.name(position) == "OR":
            yield range(start, position)
            start = position + 1
    yield range(start, condition.stop)


def conditions(reading: Reading, block: Block) -> Iterator[range]:
    """The conjuncts of WHERE and of every ON of a block."""
    if "WHERE" in block.clauses:
        yield from conjuncts(reading, clause(block, block.clauses["WHERE"] + 1))
    for at in range(block.clauses.get("FROM", block.end), block.from_end):
        if reading.name(at) == "ON" and reading.statement.block_of[at] is block:
            yield from conjuncts(reading, _join_condition(reading, block, at + 1))


def _join_condition(reading: Reading, block: Block, start: int) -> range:
    at = start
    while at < block.from_end and reading.name(at) not in _JOIN_ENDS:
        at = reading.statement.pairs.get(at, at) + 1
    return range(start, min(at, block.from_end))


_JOIN_ENDS = {*("JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", ",", "ON", ")")}


def _outside(reading: Reading, part: range) -> Iterator[int]:
    """The indexes outside of brackets and CASE .. END, but for their first."""
    position, cases = part.start, 0
    while position < part.stop:
        word = reading.name(position)
        if word == "CASE":
            cases += 1
        if cases == 0 or (cases == 1 and word == "CASE"):
            yield position
        if word == "END" and cases:
            cases -= 1
        position = reading.statement.pairs.get(position, position) + 1


def _unwrapped(reading: Reading, part: range) -> Iterator[range]:
    closing = reading.statement.pairs.get(part.start) if part else None
    if closing == part.stop - 1 and reading.name(part.start + 1) not in ("SELECT", "WITH"):
        yield from conjuncts(reading, range(part.start + 1, part.stop - 1))
    elif part:
        yield part


def comparison(reading: Reading, part: range) -> Comparison | None:
    """The comparison of a conjunct: the first operator outside of brackets and CASE."""
    for position in _outside(reading, part):
        word = reading.name(position)
        if word in _OPERATORS:
            negated = reading.name(position - 1) == "NOT"
            left = range(part.start, position - negated)
            return Comparison(left, f"NOT {word}" * negated or word, range(position + 1, part.stop))
    return None


def data_names(reading: Reading, part: range) -> set[str]:
    """Columns and binds: what is neither syntax nor a function of Oracle's own."""
    found = set()
    for position in part:
        token = reading.tokens[position]
        if token.kind == "bind":
            found.add(token.text)
        elif token.kind == "quoted" or (token.kind == "word" and token.name not in _NO_DATA):
            found.add(token.name)
    return found


def is_trivial(reading: Reading, part: range) -> bool:
    """Whether a conjunct leaves every row: `1 = 1`, `a.id = a.id`, `a.id IS NOT NULL`."""
    sides = list(alternatives(reading, part))
    if len(sides) > 1:
        return any(
            all(is_trivial(reading, one) for one in conjuncts(reading, side)) for side in sides
        )
    words = [reading.name(position) for position in part]
    if "EXISTS" in words:
        return False
    if not data_names(reading, part):
        return True
    compared = comparison(reading, part)
    if compared is None:
        return False
    if compared.operator == "IS":
        return words[-2:] == ["NOT", "NULL"]
    return spelled(reading, compared.left) == spelled(reading, compared.right)


def spelled(reading: Reading, part: range) -> list[str]:
    """The tokens of an expression, however they are written."""
    return [reading.tokens[position].name or reading.tokens[position].text for position in part]


# --- values ---------------------------------------------------------------------------------------


def number_at(reading: Reading, position: int) -> float:
    return _float(reading.tokens[position].text.rstrip("fFdD") or "0")


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")


def upper_value(reading: Reading, side: range) -> float:
    """An upper estimate of an expression; 0 where a column or a bind decides.

    Arithmetic on literals counts as their product; what makes large numbers of small ones is
    infinite.
    """
    numbers: list[float] = []
    words: set[str] = set()
    for position in side:
        token = reading.tokens[position]
        if token.kind == "number":
            numbers.append(number_at(reading, position))
        elif token.kind == "string":
            numbers.append(text_as_number(reading, position))
        words.add(reading.name(position))
    largest = max(numbers, default=0)
    if data_names(reading, side):
        return largest if largest > HARMLESS else 0
    if words & AMPLIFY:
        return _power(reading, side)
    if words & {"*", "**"}:
        product = 1.0
        for number in numbers:
            product *= max(number, 1)
        return product
    return sum(numbers)


def text_as_number(reading: Reading, position: int) -> float:
    """A text counts where Oracle reads it as a number, not in dates, masks and patterns."""
    before = reading.name(position - 1)
    call = reading.name(reading.statement.group_of[position] - 1)
    if before in ("DATE", "TIMESTAMP", "INTERVAL") or call not in ("TO_NUMBER", "", "CAST", "ALL"):
        return 0
    value = literal_value(reading.tokens[position])
    if re.fullmatch(r"\s*[Xx0]+\s*", value) and before == ",":
        return float("inf")  # a mask of hexadecimal digits
    digits = re.search(r"\d[\d.eE+]*", value)
    return _float(digits.group()) if digits else 0.0


def _power(reading: Reading, side: range) -> float:
    """`POWER(2, 10)` has its value; every other large maker is infinite."""
    texts = [reading.tokens[position].text.upper() for position in side]
    if len(texts) == 6 and texts[:2] == ["POWER", "("] and texts[3] == ",":
        try:
            return float(number_at(reading, side[2]) ** number_at(reading, side[4]))
        except (OverflowError, ZeroDivisionError):
            return float("inf")
    return float("inf")
