"""Columns computed from one row: NVL, DECODE, CASE, TO_CHAR, date arithmetic, `||`."""

from collections.abc import Callable
from random import Random

from oracle_sft.pairs.demo.filters import OPERATORS, threshold
from oracle_sft.pairs.demo.grammar import Computed, NoDraft, Ref, View, a_, literal, pick, plain


def _nullable(view: View, *kinds: str) -> list[Ref]:
    return [ref for ref in view.of_kind(*kinds) if any(row[ref.sql] is None for row in view.rows)]


_FILLERS = ("none", "unknown", "n/a", "missing")


def _nvl(rng: Random, view: View) -> Computed:
    ref = pick(rng, _nullable(view, "number", "choice", "text"))
    number = ref.column.kind == "number"
    value: int | str = rng.choice((0, 0, 1, -1)) if number else rng.choice(_FILLERS)
    sql = f"NVL({ref.sql}, {literal(value)})"
    wordings = tuple(
        text
        for name in ref.phrases
        for text in (f"{name} ({value} if missing)", f"{name} ({value} when empty)")
    )
    return sql, wordings, (ref.sql, str(value)), {"nvl"}


_YES_NO = (("yes", "no"), ("known", "unknown"), ("set", "empty"), ("filled", "open"))


def _nvl2(rng: Random, view: View) -> Computed:
    ref = pick(rng, _nullable(view, "number", "choice", "text", "date", "key"))
    yes, no = rng.choice(_YES_NO)
    wordings = tuple(f"'{yes}' if there is {a_(name)} else '{no}'" for name in ref.phrases)
    return f"NVL2({ref.sql}, '{yes}', '{no}')", wordings, (ref.sql, yes, no), {"nvl2"}


_DECODED = (
    *(("A", "B"), ("X", "Y"), ("yes", "no"), ("main", "other"), ("hit", "rest"), ("top", "normal")),
    *(("first", "later"), ("own", "else")),
)


def _decode(rng: Random, view: View) -> Computed:
    ref = pick(rng, view.of_kind("choice"))
    known = {plain(row[ref.sql]) for row in view.rows if row[ref.sql] is not None}
    value = pick(rng, sorted(known))
    match, other = rng.choice(_DECODED)
    name = rng.choice(ref.phrases)
    sql = f"DECODE({ref.sql}, {literal(value)}, '{match}', '{other}')"
    wordings = (
        f"the {name} decoded as '{match}' for {value} and '{other}' otherwise",
        f"the {name} mapped to '{match}' for {value} and '{other}' for the rest",
    )
    return sql, wordings, (ref.sql, value, match, other), {"decode"}


_BANDS = (("high", "low"), ("big", "small"), ("dear", "cheap"), ("upper", "lower"), ("A", "B"))


def _case(rng: Random, view: View) -> Computed:
    ref = pick(rng, view.of_kind("number", known=True))
    operator, value = threshold(rng, ref, rng.choice(view.rows)[ref.sql])
    yes, no = rng.choice(_BANDS)
    if operator in ("<", "<="):
        yes, no = no, yes
    name = rng.choice(ref.phrases)
    words = OPERATORS[operator]
    sql = f"CASE WHEN {ref.sql} {operator} {literal(value)} THEN '{yes}' ELSE '{no}' END"
    wordings = tuple(f"'{yes}' if {name} is {word} {plain(value)} else '{no}'" for word in words)
    return sql, wordings, (ref.sql, operator, plain(value), yes, no), {"case"}


_STANDS_IN = {"ship_date": "order_date", "end_date": "start_date", "cost": "price"}


def _coalesce(rng: Random, view: View) -> Computed:
    """A column of the same row stands in for the missing one."""
    ref = pick(rng, [ref for ref in view.refs if ref.column.name in _STANDS_IN])
    prefix = ref.sql.removesuffix(ref.column.name)
    other = next(o for o in view.refs if o.sql == prefix + _STANDS_IN[ref.column.name])
    name, stand_in = ref.phrases[0], other.phrases[0]
    wordings = (f"{name} ({stand_in} if missing)", f"{name} or else {stand_in}")
    return f"COALESCE({ref.sql}, {other.sql})", wordings, (ref.sql,), {"coalesce"}


_SEPARATORS = (" - ", ", ", " / ", ": ", " @ ", " | ")


def _concat(rng: Random, view: View) -> Computed:
    refs = [ref for ref in view.of_kind("text", "choice") if ref.column.name != "vip"]
    if len(refs) < 2:
        raise NoDraft
    one, two = rng.sample(refs, 2)
    separator = rng.choice(_SEPARATORS)
    sql = f"{one.sql} || '{separator}' || {two.sql}"
    left, right = rng.choice(one.phrases), rng.choice(two.phrases)
    wordings = (
        f"{left} and {right} joined by '{separator}'",
        f"{left} and {right} glued with '{separator}'",
    )
    return sql, wordings, (one.sql, two.sql, separator), {"concat"}


_DAY_MASKS = (
    *("YYYY-MM-DD", "DD.MM.YYYY", "DD/MM/YYYY", "YYYYMMDD", "YYYY-MM", "MM/YYYY", "YYYY"),
)
_TIME_MASKS = ("HH24:MI", "YYYY-MM-DD HH24:MI", "DD.MM.YYYY HH24:MI")
_NUMBER_MASKS = ("999,990.00", "FM999,990.00", "99990.0", "FM99990.00", "000000", "FM999990")


def _as_text(rng: Random, ref: Ref, mask: str) -> Computed:
    name = rng.choice(ref.phrases)
    wordings = (f"{name} as {mask}", f"{name} in the format {mask}", f"{name} formatted {mask}")
    return f"TO_CHAR({ref.sql}, '{mask}')", wordings, (ref.sql, mask), {"to_char"}


def _to_char_date(rng: Random, view: View) -> Computed:
    ref = pick(rng, view.of_kind("date"))
    return _as_text(rng, ref, rng.choice(_DAY_MASKS + _TIME_MASKS * ref.column.timed))


def _to_char_number(rng: Random, view: View) -> Computed:
    refs = [ref for ref in view.of_kind("number") if ref.column.step >= 5]
    sql, wordings, values, _ = _as_text(rng, pick(rng, refs), rng.choice(_NUMBER_MASKS))
    return sql, wordings, values, {"to_char", "to_char_number"}


def _days_between(rng: Random, view: View) -> Computed:
    refs = {ref.column.name: ref for ref in view.of_kind("date")}
    spans = [("order_date", "ship_date"), ("start_date", "end_date")]
    found = [(refs[a], refs[b]) for a, b in spans if a in refs and b in refs]
    if not found:
        raise NoDraft
    first, last = rng.choice(found)
    digits = rng.choice((0, 1, 1, 2))
    sql = f"ROUND({last.sql} - {first.sql}, {digits})"
    said = f"days from {first.phrases[0]} to {last.phrases[0]}"
    wordings = (f"{said} rounded to {digits} decimals", f"{said} with {digits} decimals")
    return sql, wordings, (last.sql, str(digits)), {"date", "date_difference"}


def _days_since(rng: Random, view: View) -> Computed:
    ref = pick(rng, view.of_kind("date", known=True))
    name = rng.choice(ref.phrases)
    wordings = (f"full days since {name}", f"whole days passed since {name}")
    return (
        f"TRUNC(SYSDATE - {ref.sql})",
        wordings,
        (ref.sql,),
        {"date", "date_difference", "sysdate"},
    )


def _letters(rng: Random, view: View) -> Computed:
    ref = pick(rng, view.of_kind("text", "choice"))
    name = rng.choice(ref.phrases)
    if rng.random() < 0.5:
        count = rng.choice((1, 2, 3, 4))
        sql = f"SUBSTR({ref.sql}, 1, {count})"
        return sql, (f"first {count} letters of {name}",), (ref.sql, str(count)), {"text"}
    case = rng.choice(("UPPER", "LOWER"))
    wordings = (f"{name} in {case.lower()} case",)
    return f"{case}({ref.sql})", wordings, (ref.sql, case), {"text"}


SCALARS: dict[str, Callable[[Random, View], Computed]] = {
    "nvl": _nvl,
    "nvl2": _nvl2,
    "decode": _decode,
    "case": _case,
    "coalesce": _coalesce,
    "concat": _concat,
    "to_char_date": _to_char_date,
    "to_char_number": _to_char_number,
    "days_between": _days_between,
    "days_since": _days_since,
    "letters": _letters,
}
