"""Up to which number a condition lets LEVEL or ROWNUM count."""

from collections.abc import Iterator

from oracle_sft.sqltext.names import RESERVED_WORDS
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules.bounds import (
    AMPLIFY,
    FLIPPED,
    HARMLESS,
    Comparison,
    comparison,
    data_names,
    number_at,
    spelled,
    text_as_number,
    upper_value,
)

_COUNTERS = frozenset({"LEVEL", "ROWNUM"})
# With the counter behind their first argument these find nothing at some time.
SEARCHES = frozenset(
    {
        *("REGEXP_SUBSTR", "REGEXP_INSTR", "REGEXP_COUNT", "INSTR", "JSON_VALUE", "JSON_QUERY"),
        *("JSON_EXISTS", "EXTRACTVALUE", "EXTRACT", "EXISTSNODE", "SUBSTR"),
    }
)
# What is not found stays so through these.
_PASS_ON = SEARCHES | {"TRIM", "LTRIM", "RTRIM", "UPPER", "LOWER", "LENGTH", "TO_NUMBER", "TO_CHAR"}
# Through these the counter still counts.
_COUNT_ON = frozenset(
    {
        *("ROUND", "TRUNC", "FLOOR", "CEIL", "ABS", "TO_NUMBER", "ADD_MONTHS", "LAST_DAY"),
        *("NUMTODSINTERVAL", "NUMTOYMINTERVAL", "TO_DATE", "CAST"),
    }
)


def counter_bound(reading: Reading, part: range) -> float | None:
    """The number up to which a conjunct lets LEVEL or ROWNUM count: 0 if data decide it.

    None: it does not bound them.
    """
    places = [at for at in part if reading.name(at) in _COUNTERS]
    compared = comparison(reading, part)
    if not places or compared is None or reading.name(part.start) == "NOT":
        return None
    if places[0] not in compared.left:
        operator = FLIPPED.get(compared.operator, compared.operator)
        compared = Comparison(compared.right, operator, compared.left)
    # What a CASE or a query makes of the counter need not grow with it.
    if any(reading.name(at) in ("CASE", "SELECT", "OR") for at in compared.left):
        return None
    around = list(_calls_around(reading, places[0], part))
    if around and reading.name(around[0] - 1) in SEARCHES:
        return 0 if _finds_nothing(reading, compared, around, places[0]) else None
    if len(places) > 1 or not all(_counts_on(reading, opening) for opening in around):
        return None
    operator = compared.operator
    if reading.name(places[0] - 1) == "-":
        operator = FLIPPED.get(operator, operator)
    if operator not in ("<", "<=", "=", "BETWEEN", "IN"):
        return None
    bound = _value_of_counter(reading, compared)
    if bound is not None and data_names(reading, part):
        return bound if bound > HARMLESS else 0
    return bound


def _value_of_counter(reading: Reading, compared: Comparison) -> float | None:
    """The literals on both sides, moved to the side of the bound; None where that cannot be done."""
    own = compared.left
    words = {reading.name(at) for at in own}
    bound = upper_value(reading, compared.right)
    if not words & {"*", "/"}:
        return bound + upper_value(reading, own)
    numbers = [number_at(reading, at) for at in own if reading.tokens[at].kind == "number"]
    texts = [at for at in own if reading.tokens[at].kind == "string"]
    if any(text_as_number(reading, at) for at in texts) or words & AMPLIFY:
        return None
    # Of `(LEVEL - 1) * 5` the difference is known, of `x - LEVEL * 5` it is not.
    lowered = all(reading.name(at - 1) in _COUNTERS for at in own if reading.name(at) == "-")
    if not lowered or any(number < 1 for number in numbers):
        return None
    bound = max(bound, 1)
    for number in numbers:
        bound *= number if "/" in words else 1
    return bound + sum(numbers)


def _calls_around(reading: Reading, position: int, part: range) -> Iterator[int]:
    """The brackets of the calls of a conjunct in whose arguments a token stands, innermost first."""
    opening = reading.statement.group_of[position]
    while opening >= part.start:
        before = opening - 1
        if (
            before >= part.start
            and reading.tokens[before].is_name
            and reading.name(before) not in RESERVED_WORDS
        ):
            yield opening
        opening = reading.statement.group_of[opening]


def _counts_on(reading: Reading, opening: int) -> bool:
    """Whether the result of a call grows with its argument: not of TRUNC(LEVEL, -15)."""
    coarse = any(
        reading.name(at) == "," and reading.name(at + 1) == "-" for at in reading.inside(opening)
    )
    return reading.name(opening - 1) in _COUNT_ON and not coarse


def _finds_nothing(
    reading: Reading, compared: Comparison, around: list[int], position: int
) -> bool:
    """SUBSTR(x, LEVEL, 1) finds nothing at some time, SUBSTR(x, 1, LEVEL) and f(x, LEVEL * 0) do."""
    calls = {reading.name(opening - 1) for opening in around}
    if spelled(reading, compared.left)[-2:] == ["0", ")"] and compared.operator == ">":
        calls.discard("NVL")
    if not calls <= _PASS_ON:
        return False
    if compared.operator == "IS" and reading.name(compared.right.start) != "NOT":
        return False
    stays = any(
        reading.tokens[at].kind == "number" and number_at(reading, at) == 0
        for at in reading.inside(reading.statement.group_of[position])
    )
    argument = _argument(reading, around[0], position)
    found = argument == 1 or (argument > 1 and reading.name(around[0] - 1) != "SUBSTR")
    return found and not stays


def _argument(reading: Reading, opening: int, position: int) -> int:
    """Which of a call's arguments a token stands in, from 0."""
    argument, at = 0, opening + 1
    while at < position:
        argument += reading.name(at) == ","
        closing = reading.statement.pairs.get(at, at)
        at = at + 1 if closing > position else closing + 1
    return argument
