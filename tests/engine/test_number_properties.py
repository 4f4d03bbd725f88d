"""Numbers against slow references: formats place by place, quotients as fractions, sums to 40 digits."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oracle_sft.engine.result import Database, OracleError, Row, UnsupportedSQL
from oracle_sft.engine.rewrite.numeric import numbers
from tests.examples import examples

_quick = examples(30)
_WIDE = Context(prec=80, rounding=ROUND_HALF_UP)


def _rows(database: Database, expressions: str, rows: list[dict[str, object]]) -> list[Row]:
    """The expressions over each of the rows, whose values are not known while rewriting."""
    selects = []
    for number, row in enumerate(rows):
        listed = ", ".join(f"{_literal(value)} AS {name}" for name, value in row.items())
        selects.append(f"SELECT {listed}, {number} AS row_id FROM dual")
    union = " UNION ALL ".join(selects)
    sql = f"SELECT {expressions} FROM ({union}) ORDER BY row_id"
    return list(database.query(sql).rows)


def _literal(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


# --- formats --------------------------------------------------------------------------------------

_wholes = st.one_of(
    st.text("9", min_size=1, max_size=7),
    st.tuples(st.text("9", max_size=4), st.text("09", min_size=1, max_size=3)).map("".join),
    st.sampled_from(["999,999,990", "9,999", "0,000,000", "99,99", "9,9,9"]),
)
_fractions = st.one_of(st.none(), st.text("90", max_size=4))
_signs = st.sampled_from([("", ""), ("S", ""), ("", "S"), ("", "MI"), ("", "PR")])
_values = st.decimals(-(10**6), 10**6, places=3)


@st.composite
def _formats(draw: st.DrawFn) -> str:
    before, behind = draw(_signs)
    fraction = draw(_fractions)
    digits = draw(_wholes) + ("" if fraction is None else f".{fraction}")
    dollar = draw(st.sampled_from(["", "", "$"]))
    return f"{draw(st.sampled_from(['', 'FM']))}{before}{dollar}{digits}{behind}"


def _reference(value: Decimal, format_: str) -> str | None:
    """TO_CHAR as documented, place by place; None where documentation says nothing."""
    match = re.fullmatch(r"(FM)?(S?)(\$?)([90,]+)(\.[90]*)?(S|MI|PR)?", format_)
    assert match is not None
    fill = match[1] is None
    whole, fraction = match[4], (match[5] or "")[1:]
    rounded = value.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP, _WIDE)
    if not rounded and value < 0:
        return None
    negative = rounded < 0
    digits_text, _, decimals = f"{abs(rounded):f}".partition(".")
    places = [index for index, letter in enumerate(whole) if letter != ","]
    digits = digits_text.lstrip("0")
    sign_width = 2 if match[6] == "PR" else 1
    width = len(whole) + (1 + len(fraction) if match[5] else 0) + sign_width + len(match[3])
    if len(digits) > len(places):
        return "#" * width
    shown = dict(zip(reversed(places), reversed(digits), strict=False))
    zeros = [index for index in places if whole[index] == "0"]
    for index in places:
        if index not in shown and zeros and index > zeros[0] - 1:
            shown[index] = "0"
    if not shown and not fraction:
        shown[places[-1]] = "0"
    first = min(shown, default=len(whole))
    text = "".join(
        "," if letter == "," else shown[index]
        for index, letter in enumerate(whole)
        if index > first or (index == first and letter != ",")
    )
    if not rounded and not fill and fraction and "0" not in whole + fraction:
        text = "0"
    if match[5]:
        while not fill and decimals.endswith("0") and fraction[len(decimals) - 1] == "9":
            decimals = decimals[:-1]
        text += f".{decimals}"
    text = match[3] + text
    if match[2]:
        text = ("-" if negative else "+") + text
    elif match[6] == "S":
        text += "-" if negative else "+"
    elif match[6] == "MI":
        text += "-" if negative else " "
    elif match[6] == "PR":
        text = f"<{text}>" if negative else f"{text} "
    elif negative:
        text = f"-{text}"
    return text.rjust(width) if fill else text.strip(" ")


@_quick
@given(values=st.lists(_values, min_size=1, max_size=8), format_=_formats())
def test_a_number_in_any_format(database: Database, values: list[Decimal], format_: str) -> None:
    expected = [_reference(value, format_) for value in values]
    assume(None not in expected)
    found = _rows(database, f"TO_CHAR(v, '{format_}')", [{"v": value} for value in values])
    assert [row[0] for row in found] == expected


@_quick
@given(value=_values, format_=_formats())
def test_a_literal_in_any_format(database: Database, value: Decimal, format_: str) -> None:
    expected = _reference(value, format_)
    sql = f"SELECT TO_CHAR({value:f}, '{format_}') FROM dual"
    if expected is None:
        with pytest.raises(UnsupportedSQL):
            database.query(sql)
        return
    assert database.query(sql).rows[0][0] == expected


@_quick
@given(values=st.lists(_values, min_size=1, max_size=6), format_=_formats())
def test_a_format_reads_what_it_wrote(
    database: Database, values: list[Decimal], format_: str
) -> None:
    decimals = len(format_.partition(".")[2].strip("SMIPR"))
    texts = [_reference(value, format_) for value in values]
    written = [text for text in texts if text and "#" not in text]
    assume(written and all(re.search("[0-9]", text) for text in written))
    assume(not any(re.search(r"\.(?![0-9])", text) for text in written))
    unit = Decimal(1).scaleb(-decimals)
    expected = [
        value.quantize(unit, ROUND_HALF_UP, _WIDE)
        for value, text in zip(values, texts, strict=True)
        if text in written
    ]
    rows: list[dict[str, object]] = [{"t": text} for text in written]
    found = _rows(database, f"TO_NUMBER(t, '{format_}')", rows)
    assert [row[0] for row in found] == expected
    literal = database.query(f"SELECT TO_NUMBER('{written[0]}', '{format_}') FROM dual")
    assert literal.rows[0][0] == expected[0]


@_quick
@given(text=st.text(" +-.,0123456789eE", min_size=1, max_size=7))
def test_text_is_a_number_or_is_none(database: Database, text: str) -> None:
    """A literal and a column are read alike, and as Python reads what has Oracle's shape."""
    number = re.fullmatch(r" *([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?) *", text)

    def answer(sql: str) -> object:
        try:
            return database.query(sql).rows[0][0]
        except OracleError as error:
            return error.code
        except UnsupportedSQL:
            return "refused"

    literal = answer(f"SELECT TO_NUMBER('{text}') FROM dual")
    column = answer(
        f"SELECT TO_NUMBER(t) FROM (SELECT '{text}' || SUBSTR(dummy, 2) AS t FROM dual)"
    )
    if number is None:
        assert literal == column == "ORA-01722"
        return
    value = Decimal(number[1])
    if value and value.adjusted() >= 126:
        assert literal == "ORA-01426"
        return
    assert literal == "refused" or _close(literal, Fraction(value))
    assert column == "refused" or _close(column, Fraction(value))


def _close(found: object, expected: Fraction) -> bool:
    assert isinstance(found, Decimal)
    return abs(Fraction(found) - expected) <= abs(expected) * Fraction(1, 10**14) + Fraction(
        1, 10**130
    )


# --- arithmetic -----------------------------------------------------------------------------------


@st.composite
def _divisions(draw: st.DrawFn) -> tuple[Decimal, Decimal, Decimal]:
    """A dividend, a divisor, and a number that their quotient is, or nearly is."""
    divisor = Decimal(draw(st.integers(1, 9999))).scaleb(-draw(st.integers(0, 2)))
    edge = Decimal(draw(st.integers(-2000, 2000))).scaleb(-draw(st.integers(0, 3)))
    dividend = edge * divisor + draw(st.sampled_from([-1, 0, 0, 1])) * Decimal("0.00001")
    if draw(st.booleans()):
        dividend = Decimal(draw(st.integers(-99999, 99999))).scaleb(-draw(st.integers(0, 2)))
    return dividend, divisor * draw(st.sampled_from([1, -1])), edge


def _rounded(value: Fraction, digits: int) -> Decimal:
    scaled = abs(value) * Fraction(10) ** digits
    whole = floor(scaled + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


def _cut(value: Fraction, digits: int) -> Decimal:
    whole = floor(abs(value) * Fraction(10) ** digits)
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


@_quick
@given(
    divisions=st.lists(_divisions(), min_size=1, max_size=10), digits=st.sampled_from([-1, 0, 1, 2])
)
def test_a_quotient_decides_exactly(
    database: Database,
    divisions: list[tuple[Decimal, Decimal, Decimal]],
    digits: int,
) -> None:
    rows: list[dict[str, object]] = [{"a": a, "b": b, "e": e} for a, b, e in divisions]
    tests = "CASE WHEN {0} < e THEN -1 WHEN {0} > e THEN 1 WHEN {0} = e THEN 0 END"
    expressions = "ROUND({0}, {1}), TRUNC({0}, {1}), FLOOR({0}), CEIL({0}), " + tests
    direct = _rows(database, expressions.format("(a / b)", digits), rows)
    inner = "(SELECT a / b AS r, e, row_id FROM ({}))"
    union = " UNION ALL ".join(
        f"SELECT {a:f} AS a, {b:f} AS b, {e:f} AS e, {number} AS row_id FROM dual"
        for number, (a, b, e) in enumerate(divisions)
    )
    sql = f"SELECT {expressions.format('r', digits)} FROM {inner.format(union)} ORDER BY row_id"
    handed_on = list(database.query(sql).rows)
    expected = []
    for a, b, e in divisions:
        quotient, edge = Fraction(a) / Fraction(b), Fraction(e)
        expected.append(
            (
                _rounded(quotient, digits),
                _cut(quotient, digits),
                Decimal(floor(quotient)),
                Decimal(ceil(quotient)),
                Decimal((quotient > edge) - (quotient < edge)),
            )
        )
    assert direct == expected
    assert handed_on == expected


@_quick
@given(divisions=st.lists(_divisions(), min_size=1, max_size=6))
def test_a_quotient_times_a_hundred_decides_exactly(
    database: Database, divisions: list[tuple[Decimal, Decimal, Decimal]]
) -> None:
    rows: list[dict[str, object]] = [{"a": a, "b": b} for a, b, _ in divisions]
    expressions = "ROUND(a / b * 100, 1), ROUND(100 * a / b, 1), ROUND(a / b / 4, 1), a / b"
    found = _rows(database, expressions, rows)
    for row, (a, b, _) in zip(found, divisions, strict=True):
        quotient = Fraction(a) / Fraction(b)
        assert row[:3] == (
            _rounded(quotient * 100, 1),
            _rounded(quotient * 100, 1),
            _rounded(quotient / 4, 1),
        )
        assert _close(row[3], quotient)


@_quick
@given(divisions=st.lists(_divisions(), min_size=2, max_size=8))
def test_quotients_are_sorted_and_grouped_by_their_value(
    database: Database, divisions: list[tuple[Decimal, Decimal, Decimal]]
) -> None:
    rows: list[dict[str, object]] = [{"a": a, "b": b} for a, b, _ in divisions]
    values = [Fraction(a) / Fraction(b) for a, b, _ in divisions]
    found = _rows(
        database, "DENSE_RANK() OVER (ORDER BY a / b), COUNT(*) OVER (PARTITION BY a / b)", rows
    )
    distinct = sorted(set(values))
    assert [row[0] for row in found] == [distinct.index(value) + 1 for value in values]
    assert [row[1] for row in found] == [values.count(value) for value in values]


_exact = st.decimals(
    min_value=Decimal(-(10**12)), max_value=Decimal(10**12), places=4, allow_nan=False
)


@_quick
@given(a=_exact, b=_exact, c=_exact)
def test_sums_and_products_keep_their_digits(
    database: Database, a: Decimal, b: Decimal, c: Decimal
) -> None:
    found = _rows(database, "a + b - c, a * b, a * 3 + c", [{"a": a, "b": b, "c": c}])[0]
    assert found == (
        _WIDE.subtract(_WIDE.add(a, b), c),
        numbers.oracle(_WIDE.multiply(a, b)),
        _WIDE.add(_WIDE.multiply(a, 3), c),
    )
    literals = database.query(f"SELECT ({a}) + ({b}), ({a}) * ({b}) FROM dual").rows[0]
    assert literals == (_WIDE.add(a, b), numbers.oracle(_WIDE.multiply(a, b)))


@_quick
@given(a=_exact, b=_exact.filter(bool))
def test_a_quotient_of_literals_has_twenty_pairs_of_digits(
    database: Database, a: Decimal, b: Decimal
) -> None:
    exact = _WIDE.divide(a, b)
    sql = f"SELECT TO_CHAR(({a}) / ({b})) FROM dual"
    try:
        text = database.query(sql).rows[0][0]
    except UnsupportedSQL:
        assert abs(exact) < 1
        return
    assert isinstance(text, str)
    shown = Decimal(text)
    pairs = exact.adjusted() // 2 if exact else 0
    unit = Decimal(1).scaleb(2 * pairs - 38)
    assert shown == exact.quantize(unit, ROUND_HALF_UP, _WIDE)
    columns = _rows(database, "TO_CHAR(a / b)", [{"a": a, "b": b}])
    assert columns == [(text,)]
