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
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPERATORS = frozenset(
    {*("=", "<", "<=", ">", ">=", "<>", "!=", "^=", "~=", "¬=", "BETWEEN", "IN", "IS", "LIKE")}
)
_COUNTERS = frozenset({"LEVEL", "ROWNUM"})
_NO_DATA = (
    RESERVED_WORDS
    | BUILTIN_FUNCTIONS
    | VALUES_WITHOUT_BRACKETS
    | {"DUAL", "CASE", "WHEN", "END", "INTERVAL", "DAY", "MONTH", "YEAR", "HOUR", "MINUTE", "ANY"}
    | {"DBMS_RANDOM", "SOME", "TIMESTAMP", "EXISTS"}
) - {"ROWID", "COLUMN_VALUE", "OBJECT_VALUE", "OBJECT_ID", "NESTED_TABLE_ID", "VALUE"}
# Functions that make a large number out of small literals.
_AMPLIFY = frozenset(
    {
        *("EXP", "SINH", "COSH", "RPAD", "LPAD", "ORA_HASH", "TIMESTAMP_TO_SCN", "SYS_GUID", "UID"),
        *("STANDARD_HASH", "UNISTR", "BIN_TO_NUM", "**", "POWER"),
    }
)
# A literal beside data (`LEVEL <= x + 1`) matters when it is large by itself.
_HARMLESS = 10_000
# With the counter behind their first argument these find nothing at some time.
_SEARCHES = frozenset(
    {
        *("REGEXP_SUBSTR", "REGEXP_INSTR", "REGEXP_COUNT", "INSTR", "JSON_VALUE", "JSON_QUERY"),
        *("JSON_EXISTS", "EXTRACTVALUE", "EXTRACT", "EXISTSNODE", "SUBSTR"),
    }
)
# Through these the counter still counts.
_COUNT_ON = frozenset(
    {
        *("", "ROUND", "TRUNC", "FLOOR", "CEIL", "ABS", "TO_NUMBER", "ADD_MONTHS", "LAST_DAY"),
        *("NUMTODSINTERVAL", "NUMTOYMINTERVAL", "LENGTH", "TO_DATE", "CAST"),
    }
)


@dataclass(frozen=True, slots=True)
class Comparison:
    left: range
    operator: str
    right: range


def clause(reading: Reading, block: Block, start: int) -> range:
    """The tokens of a clause that begins at `start`."""
    position = start
    while position < block.end:
        word = reading.name(position)
        if word == "(":
            position = reading.statement.pairs.get(position, block.end)
        elif word in _CLAUSE_ENDS and reading.name(position - 1) != ".":
            break
        position += 1
    return range(start, min(position, block.end))


def conjuncts(reading: Reading, condition: range) -> Iterator[range]:
    """The parts of a condition that AND joins, without brackets around them."""
    start, between = condition.start, False
    position = condition.start
    while position < condition.stop:
        word = reading.name(position)
        if word == "(":
            position = reading.statement.pairs.get(position, condition.stop)
        elif word == "BETWEEN":
            between = True
        elif word == "AND" and between:
            between = False
        elif word == "AND":
            yield from _unwrapped(reading, range(start, position))
            start = position + 1
        elif word == "CASE":
            position = _end_of_case(reading, position, condition.stop)
        position += 1
    yield from _unwrapped(reading, range(start, condition.stop))


def _end_of_case(reading: Reading, position: int, stop: int) -> int:
    while position < stop and reading.name(position) != "END":
        position += 1
    return position


def _unwrapped(reading: Reading, part: range) -> Iterator[range]:
    closing = reading.statement.pairs.get(part.start) if part else None
    if closing == part.stop - 1 and reading.name(part.start + 1) not in ("SELECT", "WITH"):
        yield from conjuncts(reading, range(part.start + 1, part.stop - 1))
    elif part:
        yield part


def comparison(reading: Reading, part: range) -> Comparison | None:
    """The comparison of a conjunct: the first operator outside of brackets."""
    position = part.start
    while position < part.stop:
        word = reading.name(position)
        if word in _OPERATORS:
            negated = reading.name(position - 1) == "NOT"
            left = range(part.start, position - negated)
            return Comparison(left, f"NOT {word}" * negated or word, range(position + 1, part.stop))
        position = reading.statement.pairs.get(position, position) + 1
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
    words = [reading.name(position) for position in part]
    if "OR" in words:
        return any(is_trivial(reading, side) for side in _split(reading, part, "OR"))
    if "EXISTS" in words:
        return False
    if not data_names(reading, part):
        return True
    compared = comparison(reading, part)
    if compared is None:
        return False
    if compared.operator == "IS":
        return words[-2:] == ["NOT", "NULL"]
    left, right = (
        [reading.tokens[position].name or reading.tokens[position].text for position in side]
        for side in (compared.left, compared.right)
    )
    return left == right


def _split(reading: Reading, part: range, operator: str) -> Iterator[range]:
    start = position = part.start
    while position < part.stop:
        if reading.name(position) == operator:
            yield from conjuncts(reading, range(start, position))
            start = position + 1
        position = reading.statement.pairs.get(position, position) + 1
    if start > part.start:
        yield from conjuncts(reading, range(start, part.stop))


# --- counters -------------------------------------------------------------------------------------


def counter_bound(reading: Reading, part: range) -> float | None:
    """The number up to which a conjunct lets LEVEL or ROWNUM count: 0 if data decide it.

    None: it does not bound them.
    """
    if reading.name(part.start) == "NOT" or any(reading.name(at) == "OR" for at in part):
        return None
    places = [at for at in part if reading.name(at) in _COUNTERS]
    compared = comparison(reading, part)
    if not places or compared is None:
        return None
    call, argument = _call_around(reading, places[0], part)
    if call in _SEARCHES:
        return 0 if _comes_to_an_end(reading, call, argument, places[0]) else None
    operator, own, other = compared.operator, compared.left, compared.right
    if places[0] not in own:
        operator, own, other = _FLIPPED.get(operator, operator), other, own
    if call not in _COUNT_ON or any(at in other for at in places):
        return None
    if reading.name(places[0] - 1) == "-":
        operator = _FLIPPED.get(operator, operator)
    if operator not in ("<", "<=", "=", "BETWEEN", "IN"):
        return None
    signs = {reading.name(at) for at in own}
    numbers = [_number(reading, at) for at in own if reading.tokens[at].kind == "number"]
    bound = upper_value(reading, other)
    if signs & {"*", "/"}:
        if "-" in signs or any(number < 1 for number in numbers):
            return None
        for number in numbers:
            bound *= number if "/" in signs else 1
        return bound
    return bound + sum(numbers) if bound else bound


def _call_around(reading: Reading, position: int, part: range) -> tuple[str, int]:
    """The function in whose arguments a token stands, '' for none; which of them, from 0."""
    opening = reading.statement.group_of[position]
    while opening >= part.start and not reading.tokens[opening - 1].is_name:
        opening = reading.statement.group_of[opening]
    if opening < part.start or reading.name(opening - 1) in RESERVED_WORDS:
        return "", 0
    argument, at = 0, opening + 1
    while at < position:
        argument += reading.name(at) == ","
        closing = reading.statement.pairs.get(at, at)
        at = at + 1 if closing > position else closing + 1
    return reading.name(opening - 1), argument


def _comes_to_an_end(reading: Reading, call: str, argument: int, position: int) -> bool:
    """SUBSTR(x, LEVEL, 1) finds nothing at some time, SUBSTR(x, 1, LEVEL) and f(x, LEVEL * 0) do."""
    group = reading.statement.group_of[position]
    stays = any(
        reading.tokens[at].kind == "number" and _number(reading, at) == 0
        for at in reading.inside(group)
    )
    return argument > 0 and not stays and (call != "SUBSTR" or argument == 1)


def _number(reading: Reading, position: int) -> float:
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
            numbers.append(_number(reading, position))
        elif token.kind == "string":
            numbers.append(_text_as_number(reading, position))
        words.add(reading.name(position))
    largest = max(numbers, default=0)
    if data_names(reading, side):
        return largest if largest > _HARMLESS else 0
    if words & _AMPLIFY:
        return _power(reading, side)
    if words & {"*", "**"}:
        product = 1.0
        for number in numbers:
            product *= max(number, 1)
        return product
    return sum(numbers)


def _text_as_number(reading: Reading, position: int) -> float:
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
            return float(_number(reading, side[2]) ** _number(reading, side[4]))
        except (OverflowError, ZeroDivisionError):
            return float("inf")
    return float("inf")
