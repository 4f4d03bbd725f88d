"""Dates of every year against a slow reference, and texts that come back as what they were."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.result import Database, OracleError, QueryError, Row, UnsupportedSQL
from oracle_sft.engine.rewrite.dates import date_parse
from oracle_sft.engine.rewrite.terms import DATE, VARCHAR2, Term
from tests.engine import date_reference as reference
from tests.engine.library import CLOCK
from tests.examples import examples

_quick = examples(6)
_seconds = st.integers(0, 86399).map(lambda number: timedelta(seconds=number))
_MODERN = datetime(1583, 1, 1)


def _moments(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    days = st.dates(first.date(), last.date())
    ends = st.builds(
        lambda year, month: reference.add_months(datetime(year, 1, 31), month),
        st.integers(first.year, last.year - 1),
        st.integers(0, 11),
    ).map(datetime.date)
    whole = st.one_of(days, ends, st.sampled_from([last.date(), first.date()]))
    return st.builds(
        lambda day, time: datetime(day.year, day.month, day.day) + time, whole, _seconds
    )


_any_year = _moments(datetime(1, 1, 1), datetime(9999, 12, 31))
_modern = _moments(_MODERN, datetime(9999, 12, 31))
_inner = _moments(datetime(1600, 1, 1), datetime(9900, 12, 31))


def _literal(moment: datetime) -> str:
    return f"TO_DATE('{moment.isoformat(sep=' ')}', 'YYYY-MM-DD HH24:MI:SS')"


def _rows(
    database: Database, expressions: str, moments: list[datetime], **more: object
) -> list[Row]:
    """The expressions over the dates as a column `d`, in their order."""
    rows = " UNION ALL ".join(
        f"SELECT {number} AS n, {_literal(moment)} AS d FROM dual"
        for number, moment in enumerate(moments)
    )
    found = database.query(f"SELECT n, {expressions} FROM ({rows}) ORDER BY n").rows
    return [row[1:] for row in found]


_UNITS = (
    "CC SCC SYYYY YYYY YEAR SYEAR YYY YY Y IYYY IYY IY I Q MONTH MON MM RM WW IW W DDD DD J DAY DY D "
    "HH HH12 HH24 MI"
).split()


@_quick
@given(moments=st.lists(_inner, min_size=1, max_size=12))
def test_trunc_knows_every_unit(database: Database, moments: list[datetime]) -> None:
    found = _rows(database, ", ".join(f"TRUNC(d, '{unit}')" for unit in _UNITS), moments)
    for moment, row in zip(moments, found, strict=True):
        assert row == tuple(reference.trunc(moment, unit) for unit in _UNITS)


_ROUNDED = ("SYYYY YYYY YEAR SYEAR YYY YY Y Q MONTH MON MM RM DDD DD J HH HH12 HH24 MI").split()


@_quick
@given(moments=st.lists(_inner, min_size=1, max_size=12))
def test_round_goes_up_from_the_middle(database: Database, moments: list[datetime]) -> None:
    found = _rows(database, ", ".join(f"ROUND(d, '{unit}')" for unit in _ROUNDED), moments)
    for moment, row in zip(moments, found, strict=True):
        assert row == tuple(reference.round_(moment, unit) for unit in _ROUNDED)


@_quick
@given(
    moments=st.lists(_inner, min_size=1, max_size=12),
    others=st.lists(_inner, min_size=1, max_size=3),
    months=st.integers(-150, 150),
    day=st.sampled_from(["SUN", "Monday", "tue", "WEDNESDAY", "thu", "fri", "SATurday"]),
)
def test_months_and_days(
    database: Database, moments: list[datetime], others: list[datetime], months: int, day: str
) -> None:
    between = ", ".join(f"MONTHS_BETWEEN(d, {_literal(other)})" for other in others)
    columns = f"ADD_MONTHS(d, {months}), ADD_MONTHS(d, n * 0 + {months}), NEXT_DAY(d, '{day}')"
    for moment, row in zip(
        moments, _rows(database, f"{columns}, LAST_DAY(d), {between}", moments), strict=True
    ):
        moved = reference.add_months(moment, months)
        last = moment
        while not reference.is_month_end(last):
            last += timedelta(days=1)
        assert row[:4] == (moved, moved, reference.next_day(moment, day), last)
        for value, other in zip(row[4:], others, strict=True):
            assert isinstance(value, Decimal)
            assert abs(value - reference.months_between(moment, other)) < Decimal("1e-9")


@_quick
@given(moments=st.lists(_any_year, min_size=1, max_size=12))
def test_to_char_knows_every_element(database: Database, moments: list[datetime]) -> None:
    def check(elements: list[str], dates: list[datetime]) -> None:
        columns = [f"TO_CHAR(d, '{element}')" for element in elements]
        lower = [f"TO_CHAR(d, '{element.lower()}')" for element in elements if element.isalpha()]
        # All at once: what is written in one piece must not change what stands beside it.
        whole = f"TO_CHAR(d, '{'|'.join(elements)}')"
        found = _rows(database, ", ".join([*columns, *lower, whole]), dates)
        for moment, row in zip(dates, found, strict=True):
            expected = [reference.element(moment, element) for element in elements]
            small = [
                text.lower()
                for element, text in zip(elements, expected, strict=True)
                if element.isalpha()
            ]
            assert row == (*expected, *small, "|".join(expected))

    everywhere = [name for name in reference.ELEMENTS if name not in reference.CALENDAR_ELEMENTS]
    check(everywhere, moments)
    modern = [moment for moment in moments if moment >= _MODERN]
    if modern:
        check(reference.ELEMENTS, modern)


@pytest.mark.parametrize("name", sorted(reference.CALENDAR_ELEMENTS))
def test_days_of_old_are_refused(database: Database, name: str) -> None:
    with pytest.raises(UnsupportedSQL, match="before 1583"):
        _rows(database, f"TO_CHAR(d, '{name}')", [datetime(1582, 12, 31)])


_ROUND_TRIPS = [
    "YYYY-MM-DD HH24:MI:SS",
    "YYYYMMDDHH24MISS",
    "DD/MM/YYYY SSSSS",
    "SYYYY-MM-DD HH24.MI.SS",
    "YYYY DDD SSSSS",
    "FMDD.MM.YYYY HH24:MI:SS",
    "DD-MON-YYYY HH:MI:SS AM",
    'Day, DD Month YYYY "at" HH12:MI:SS p.m.',
    "fmMonth DD, YYYY HH24:MI:SS",
    "FXYYYY/MM/DD HH24:MI:SS",
    "RM/DD/RRRR HH24:MI:SS",
]


@_quick
@given(moments=st.lists(_modern, min_size=1, max_size=12))
def test_a_text_is_read_by_the_format_that_wrote_it(
    database: Database, moments: list[datetime]
) -> None:
    columns = ", ".join(f"TO_DATE(TO_CHAR(d, '{fmt}'), '{fmt}')" for fmt in _ROUND_TRIPS)
    for moment, row in zip(moments, _rows(database, columns, moments), strict=True):
        assert row == (moment,) * len(_ROUND_TRIPS)


_FORMATS = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "DD-MM-RR": "%d-%m-%y",
    "DD/MM/YY HH24:MI:SS": "%d/%m/%y %H:%M:%S",
    "YYYYMMDD": "%Y%m%d",
    "RRMMDD": "%y%m%d",
    "DD-MON-RR": "%d-%b-%y",
    "MM/DD/RRRR HH:MI AM": "%m/%d/%Y %I:%M %p",
    "DD.MM.YYYY HH:MI": "%d.%m.%Y %I:%M",
    "FXDD-MM-YYYY": "%d-%m-%Y",
    'YYYY-MM-DD"T"HH24:MI:SS': "%Y-%m-%dT%H:%M:%S",
}
"""Oracle's formats and Python's for the same text."""
_piece = st.one_of(
    st.sampled_from(
        ["-", "/", " ", "  ", ".", ":", "T", "am", "P.M.", "JAN", "may", "June", "x", ""]
    ),
    st.integers(0, 99).map(str),
    st.integers(0, 40).map(lambda number: f"{number:02d}"),
    st.sampled_from(["2024", "1999", "0024", "20240229", "310124", "12:30:59", "1600", "99"]),
)
_texts = st.lists(_piece, min_size=1, max_size=8).map("".join)
_plausible = st.builds(
    lambda year, month, day, mark, tail: mark.join((year, month, day)) + tail,
    st.sampled_from(["2024", "24", "1999", "50", "49", "1", "05", "31", "12"]),
    st.sampled_from(["1", "02", "12", "13", "JAN", "Feb", "June", "2"]),
    st.sampled_from(["1", "05", "29", "30", "31", "2024", "99", "1950"]),
    st.sampled_from(["-", "/", ".", " ", "", "--", " - "]),
    st.sampled_from(["", " ", " 10:30:00", " 12:30", "T10:30:00", " 12:05 pm", " 24:00:00"]),
)


@st.composite
def _written(draw: st.DrawFn, format_: str) -> str:
    """A date in the format, with a piece in place of none, one or two of its characters."""
    moment = draw(st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)))
    text = moment.strftime(_FORMATS[format_])
    at, length = draw(st.integers(0, len(text))), draw(st.integers(0, 2))
    return text[:at] + draw(_piece) + text[at + length :] if draw(st.booleans()) else text


@examples(40)
@given(format_=st.sampled_from(sorted(_FORMATS)), data=st.data())
def test_a_column_is_read_as_a_literal_is(
    database: Database, format_: str, data: st.DataObject
) -> None:
    _check_column(database, data.draw(st.one_of(_written(format_), _texts, _plausible)), format_)


def _check_column(database: Database, text: str, format_: str) -> None:
    """The three steps of a column against the reader alone."""

    def outcome(value: str) -> object:
        sql = f"SELECT TO_DATE({value}, '{format_}') FROM (SELECT '{text}' AS t FROM dual) x"
        try:
            return database.query(sql).rows
        except QueryError as error:
            return str(error)

    literal = outcome(f"'{text}'")
    column = outcome("x.t || SUBSTR('a', 2)")
    assert column == literal


@pytest.mark.parametrize("format_", ["YYYY-MM-DD", "YYYY-MM-DD HH24:MI"])
@pytest.mark.parametrize(
    "text",
    [
        "2024-02-05\t",
        "\n2024-02-05",
        " \t2024-02-05",
        "2024-02-05\t ",
        "2024-02-05\t10:30",
        "2024-02-05 \t10:30",
        "2024-02-05 \t0:30",
        "2024-02-05 10:3\r",
        "epoch",
        "-infinity",
    ],
)
def test_white_space_and_words_are_not_passed_over(
    database: Database, text: str, format_: str
) -> None:
    """DuckDB's own reading takes all of these for dates."""
    _check_column(database, text, format_)


def test_the_reader_is_the_last_step_only() -> None:
    sql = date_parse.to_date(Term("t", VARCHAR2), "YYYY-MM-DD", DATE, CLOCK).sql
    assert sql.index("try_strptime") < sql.index("regexp_matches") < sql.index(date_parse.READ_DATE)


def test_a_wrong_format_is_an_error_before_any_row(database: Database) -> None:
    with pytest.raises(OracleError, match="ORA-01821"):
        database.query("SELECT TO_DATE(note, 'YYYY-QQQ-BB') FROM loans WHERE 1 = 0")
