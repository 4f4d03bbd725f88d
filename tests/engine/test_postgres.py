"""The functions that PostgreSQL 15 with orafce shares with Oracle, over a few hundred rows of values.

Where the two are known to differ the argument is left out here, with the reason beside it: Oracle's
documentation decides, and the case files hold what it says.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, Value
from oracle_sft.sqltext.ddl import read_ddl
from tests.engine import postgres
from tests.engine.postgres import Server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not postgres.is_installed(),
        reason="needs the Debian packages postgresql-15 and postgresql-15-orafce (make setup-system)",
    ),
]

NUM_ROWS = 300
DDL = """CREATE TABLE grid (
  id NUMBER(6) PRIMARY KEY, d DATE, e DATE, n NUMBER(14,4), k NUMBER(4), s VARCHAR2(40), p VARCHAR2(10))"""
POSTGRES_COLUMNS = (
    "id int, d timestamp(0), e timestamp(0), n numeric, k int, s varchar(40), p varchar(10)"
)
WORDS = [
    "",
    "a",
    "ab",
    "banana",
    "Ünïcode wörd",
    "o'neil-smith JR",
    "  two  blanks ",
    "x_1%y",
    "ÀÉ",
]


def _rows() -> list[tuple[Value, ...]]:
    chosen = random.Random(15)
    ends = [
        datetime(2024, 2, 29),
        datetime(2023, 2, 28),
        datetime(2024, 1, 31),
        datetime(2021, 1, 3),
    ]
    ends += [datetime(1999, 12, 31, 23, 59, 59), datetime(2000, 1, 1), datetime(2020, 12, 28)]
    numbers = [Decimal(text) for text in "0 1 -1 0.5 -0.5 12345.6789 99999999 0.0049 9.995".split()]

    def moment() -> datetime:
        if chosen.random() < 0.2:
            return chosen.choice(ends)
        start = datetime(1950, 1, 1)
        return start + timedelta(seconds=chosen.randrange(100 * 365 * 86_400))

    def number() -> Decimal:
        if chosen.random() < 0.3:
            return chosen.choice(numbers)
        return Decimal(chosen.randrange(-(10**9), 10**9)).scaleb(-chosen.randrange(5))

    rows: list[tuple[Value, ...]] = []
    for key in range(NUM_ROWS):
        row = [moment(), moment(), number(), Decimal(chosen.randrange(-9, 10))]
        row += [chosen.choice(WORDS), chosen.choice(["a", "an", "b", " ", "wö", "x"])]  # type: ignore[list-item]
        empty = [value if value != "" and chosen.random() > 0.05 else None for value in row]
        rows.append((Decimal(key), *empty))
    return rows


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres.running() as running:
        running.load("grid", POSTGRES_COLUMNS, _rows())
        yield running


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    names = "ID D E N K S P".split()
    rows = [dict(zip(names, row, strict=True)) for row in _rows()]
    schema = read_ddl(DDL, schema_id="grid")
    opened = open_database(DatabaseSpec(schema=schema, rows={"GRID": rows}))
    yield opened
    opened.close()


def _shown(value: Value | str) -> str | None:
    """One spelling for both; '' is NULL in Oracle."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _agree(server: Server, database: Database, ours: str, theirs: str = "") -> None:
    found = database.query(f"SELECT id, {ours} AS v FROM grid ORDER BY id")
    expected = server.rows(f"SELECT id, {theirs or ours} AS v FROM grid ORDER BY id")
    numeric = found.types[1] == "NUMBER"
    wrong = []
    for (key, mine), (_, other) in zip(found.rows, expected, strict=True):
        if numeric and mine is not None and other is not None:
            number = Decimal(other)
            assert isinstance(mine, Decimal)
            same = abs(mine - number) <= Decimal("1e-9") * max(abs(number), 1)
        else:
            same = _shown(mine) == _shown(other)
        if not same:
            wrong.append((key, mine, other))
    assert wrong == []


# orafce takes the year 2000 to the 21st century; Oracle, as PostgreSQL itself, to the 20th.
UNITS = "YYYY YEAR Y Q MONTH MM RM WW W DDD DD J DAY D HH HH12 HH24 MI IYYY IW".split()


@pytest.mark.parametrize("unit", UNITS)
def test_trunc_of_dates(server: Server, database: Database, unit: str) -> None:
    _agree(server, database, f"TRUNC(d, '{unit}')")


# Weeks and ISO years are rounded at an instant that Oracle's documentation leaves open.
@pytest.mark.parametrize(
    "unit", [unit for unit in UNITS if unit[0] not in "WI" and unit not in ("D", "DAY")]
)
def test_round_of_dates(server: Server, database: Database, unit: str) -> None:
    _agree(server, database, f"ROUND(d, '{unit}')")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("ADD_MONTHS(d, k)", ""),
        ("LAST_DAY(d)", ""),
        *((f"NEXT_DAY(d, '{day}')", "") for day in ("MONDAY", "SUN", "thursday", "Sat")),
        # orafce leaves the time of day out, Oracle does not.
        ("MONTHS_BETWEEN(TRUNC(d), TRUNC(e))", "MONTHS_BETWEEN(d, e)"),
        ("EXTRACT(YEAR FROM d) * 100 + EXTRACT(MONTH FROM e)", ""),
        ("d + k", "d + k * INTERVAL '1 day'"),
        ("d - e", "extract(epoch FROM d - e) / 86400"),
        ("d + NUMTODSINTERVAL(k, 'HOUR')", "d + k * INTERVAL '1 hour'"),
        ("d + INTERVAL '1' DAY * k", "d + k * INTERVAL '1 day'"),
        ("GREATEST(d, e)", "CASE WHEN d >= e THEN d WHEN e > d THEN e END"),
    ],
)
def test_dates(server: Server, database: Database, ours: str, theirs: str) -> None:
    _agree(server, database, ours, theirs)


@pytest.mark.parametrize(
    "model",
    [
        "YYYY-MM-DD HH24:MI:SS",
        "DD-MON-YY",
        "fmDay, DD Month YYYY",
        "Day|DAY|day|Dy|DY|dy",
        "Month|MONTH|month|Mon",
        "IYYY-IW|IYY|IY|I",
        "Q|WW|W|DDD|D|J",
        "HH|HH12|HH24|MI|SS",
        "HH:MI AM|hh:mi pm",
        "HH:MI A.M.",
        "RM|fmRM|CC",
        "Y,YYY|YYY|YY|Y",
        "DDTH|fmDDTH",
        'YYYY "of the year" MM',
        "AD|B.C.",
        "fmDD.fmMM.FMHH24",
    ],
)
def test_text_of_dates(server: Server, database: Database, model: str) -> None:
    # PostgreSQL's FM holds for one element, Oracle's until the next.
    theirs = {
        "fmDay, DD Month YYYY": "FMDay, FMDD FMMonth FMYYYY",
        "DDTH|fmDDTH": "DDTH|FMDDTH",
        "RM|fmRM|CC": "RM|FMRM|FMCC",
        "fmDD.fmMM.FMHH24": "FMDD.MM.FMHH24",
    }.get(model, model.replace("fm", "FM"))
    _agree(server, database, f"TO_CHAR(d, '{model}')", f"to_char(d, '{theirs}')")


@pytest.mark.parametrize(
    "model",
    """9999999999 0000000000 999999999990.99 FM999999999990.00 FM9999999990.9999 999,999,990.00
    FM999,999,999,990.0 S9999999990.9 9999999990.9S 9999999990.9MI 9999999990.9PR 9999999990D99
    9G999G999G990D999 999999999.99""".split(),
)
def test_text_of_numbers(server: Server, database: Database, model: str) -> None:
    _agree(server, database, f"TO_CHAR(n, '{model}')", f"pg_catalog.to_char(n, '{model}')")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        *((f"ROUND(n, {digits})", "") for digits in (0, 1, 3, -1, -3)),
        *((f"TRUNC(n, {digits})", "") for digits in (0, 1, 3, -1, -3)),
        ("ROUND(n, k)", ""),
        ("TRUNC(n, k)", ""),
        ("MOD(n, k)", "CASE WHEN k = 0 THEN n ELSE pg_catalog.mod(n, k) END"),
        ("CEIL(n) - FLOOR(n)", ""),
        ("SIGN(n) * ABS(n) - n", ""),
        ("n * k + n - k", ""),
        ("n / NULLIF(k, 0)", ""),
        ("POWER(ABS(k), 2) + SQRT(ABS(n))", ""),
        ("LN(ABS(n) + 1) + EXP(k / 10)", "ln(abs(n) + 1) + exp(k / 10.0)"),
        ("LOG(10, ABS(n) + 1)", "log(10, abs(n) + 1)"),
        ("SIN(k) + COS(k) + TAN(k) + ATAN2(k, 2) + SINH(k) + TANH(k)", ""),
        ("BITAND(ABS(k), 5)", "pg_catalog.abs(k) & 5"),
        ("WIDTH_BUCKET(n, -100000, 100000, 7)", ""),
        ("NVL(n, k)", "pg_catalog.coalesce(n, k)"),
        ("NVL2(n, k, 1)", "CASE WHEN n IS NOT NULL THEN k ELSE 1 END"),
        (
            "DECODE(k, 1, 'one', NULL, 'none', 'more')",
            "DECODE(k, 1, 'one', NULL::int, 'none', 'more')",
        ),
        ("NANVL(n, 1)", ""),
    ],
)
def test_numbers(server: Server, database: Database, ours: str, theirs: str) -> None:
    _agree(server, database, ours, theirs.replace("pg_catalog.coalesce", "coalesce"))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        *((f"SUBSTR(s, {start})", "") for start in (1, 0, 3, -2, 50)),
        *((f"SUBSTR(s, {start}, {count})", "") for start in (0, 2, -3) for count in (0, 1, 4)),
        ("SUBSTR(s, k, 3)", ""),
        ("INSTR(s, p)", ""),
        ("INSTR(s, p, 2)", ""),
        ("INSTR(s, p, -1)", ""),
        ("INSTR(s, p, 1, 2)", ""),
        ("INSTR(s, p, -1, 2)", ""),
        ("LPAD(s, 12, p)", ""),
        ("RPAD(s, 12, p)", ""),
        ("LPAD(s, 5)", ""),
        ("LTRIM(s, p) || '|' || RTRIM(s, p)", "concat(ltrim(s, p), '|', rtrim(s, p))"),
        ("TRIM(s)", "btrim(s)"),
        ("TRANSLATE(s, 'abn ', 'xy')", "pg_catalog.translate(s, 'abn ', 'xy')"),
        (
            "REPLACE(s, p, '<>')",
            "CASE WHEN p IS NULL THEN s ELSE pg_catalog.replace(s, p, '<>') END",
        ),
        ("REPLACE(s, 'a')", "pg_catalog.replace(s, 'a', '')"),
        (
            "INITCAP(TRANSLATE(s, CHR(39), '-'))",
            "pg_catalog.initcap(pg_catalog.translate(s, chr(39), '-') COLLATE \"und-x-icu\")",
        ),
        ("UPPER(s) || LOWER(s)", 'upper(s COLLATE "und-x-icu") || lower(s COLLATE "und-x-icu")'),
        ("LENGTH(s)", "pg_catalog.length(s)"),
        ("LENGTHB(s)", "octet_length(s)"),
        ("ASCII(p)", "pg_catalog.ascii(replace(p, 'wö', 'w'))"),
        ("s || p || k", "concat(s, p, k)"),
        (
            "SOUNDEX(CASE WHEN s < 'z' THEN s END)",
            "CASE WHEN s COLLATE \"C\" < 'z' THEN public.soundex(s) END",
        ),
        (
            "CASE WHEN s LIKE '%\\_1\\%%' ESCAPE '\\' THEN 1 ELSE 0 END",
            "CASE WHEN s LIKE '%\\_1\\%%' THEN 1 ELSE 0 END",
        ),
        (
            "CASE WHEN s < p THEN 1 WHEN s >= p THEN 2 END",
            'CASE WHEN s COLLATE "C" < p THEN 1 WHEN s COLLATE "C" >= p THEN 2 END',
        ),
    ],
)
def test_texts(server: Server, database: Database, ours: str, theirs: str) -> None:
    _agree(server, database, ours, theirs)


@pytest.mark.parametrize(
    "call",
    [
        "REGEXP_COUNT(s, '[aeiou]')",
        "REGEXP_COUNT(s, 'N', 1, 'i')",
        "REGEXP_COUNT(s, 'an', 2)",
        "REGEXP_INSTR(s, '[[:space:]]+')",
        "REGEXP_INSTR(s, 'n', 1, 2)",
        "REGEXP_INSTR(s, 'n(.)', 1, 1, 1)",
        "REGEXP_SUBSTR(s, '[^ ]+')",
        "REGEXP_SUBSTR(s, '[^ ]+', 1, 2)",
        "REGEXP_SUBSTR(s, '([a-z])([a-z])', 1, 1, 'i', 2)",
        "REGEXP_REPLACE(s, '[aeiou]', '*')",
        "REGEXP_REPLACE(s, '([[:alpha:]])([[:alpha:]])', '\\2\\1')",
        "REGEXP_REPLACE(s, 'A', 'x', 1, 2, 'i')",
        "CASE WHEN REGEXP_LIKE(s, '^[a-z]+$', 'i') THEN 1 ELSE 0 END",
        "CASE WHEN REGEXP_LIKE(s, '(an){2}') THEN 1 ELSE 0 END",
    ],
)
def test_regular_expressions(server: Server, database: Database, call: str) -> None:
    _agree(server, database, call)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SUM(n), COUNT(s), MIN(p), MAX(d)", ""),
        ("AVG(n), MEDIAN(k)", "avg(n), percentile_cont(0.5) WITHIN GROUP (ORDER BY k)"),
        ("STDDEV(n), VAR_POP(n), VAR_SAMP(k)", ""),
        ("CORR(n, k), COVAR_POP(n, k), REGR_SLOPE(n, k)", ""),
        ("LISTAGG(s, ',') WITHIN GROUP (ORDER BY id)", "string_agg(s, ',' ORDER BY id)"),
        (
            "PERCENTILE_CONT(0.3) WITHIN GROUP (ORDER BY n), PERCENTILE_DISC(0.3) WITHIN GROUP (ORDER BY n)",
            "",
        ),
    ],
)
def test_groups(server: Server, database: Database, ours: str, theirs: str) -> None:
    for tail in ("FROM grid GROUP BY k", "FROM grid GROUP BY ROLLUP(k)"):
        found = database.query(f"SELECT k, {ours} {tail} ORDER BY GROUPING(k), k")
        expected = server.rows(f"SELECT k, {theirs or ours} {tail} ORDER BY GROUPING(k), k")
        assert [[_rounded(value) for value in row] for row in found.rows] == [
            [_rounded(value) for value in row] for row in expected
        ]


def _rounded(value: Value | str) -> str | None:
    """Numbers to twelve digits: the last ones of a root or a quotient are not the same."""
    try:
        return f"{float(value):.11e}"  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _shown(value)
