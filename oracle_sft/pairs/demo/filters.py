"""Conditions on the rows of a view. Values come from an anchor row, which therefore passes."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from random import Random

from oracle_sft.pairs.demo.grammar import (
    Cell,
    Filter,
    NoDraft,
    Record,
    Ref,
    View,
    a_,
    listed,
    literal,
    pick,
    plain,
    spared,
)

Maker = Callable[[Random, View, Record], Filter]

_ABOVE = ("above", "over", "more than", "greater than")
_BELOW = ("below", "under", "less than")
_AT_LEAST = ("at least", "no less than")
_AT_MOST = ("at most", "no more than")
OPERATORS: dict[str, tuple[str, ...]] = {
    ">": _ABOVE,
    "<": _BELOW,
    ">=": _AT_LEAST,
    "<=": _AT_MOST,
}


def usable(
    view: View, anchor: Record, *kinds: str, but: str = "", foreign: bool | None = None
) -> list[Ref]:
    """The columns of these kinds that a filter may touch and that the anchor has a value for."""
    return [
        ref
        for ref in view.refs
        if ref.column.kind in kinds
        and not ref.outer
        and anchor[ref.sql] is not None
        and ref.column.name != but
        and foreign in (None, ref.foreign)
    ]


def is_value(ref: Ref, value: str) -> tuple[str, ...]:
    """Wordings of `ref = value`."""
    own = () if ref.foreign else ref.column.where
    general = [
        text
        for name in ref.phrases
        for text in (f"with {name} {value}", f"whose {name} is {value}")
    ]
    return (*(text.format(v=value) for text in own), *general)


def compares(ref: Ref, operator: str, value: str) -> tuple[str, ...]:
    """Wordings of `ref > value` and the like."""
    said = []
    for word in OPERATORS[operator]:
        for name in ref.phrases:
            said += [f"with {name} {word} {value}", f"whose {name} is {word} {value}"]
        if not ref.foreign:
            said += [text.format(op=word, v=value) for text in ref.column.where]
    return tuple(said)


def threshold(rng: Random, ref: Ref, value: Cell) -> tuple[str, Decimal]:
    """An operator and a round number that `value` passes."""
    assert isinstance(value, int | Decimal)
    step = Decimal(str(ref.column.step))
    below = (Decimal(value) // step) * step
    operator = rng.choice((">", "<", ">=", "<="))
    if operator == ">=":
        return operator, below
    if operator == ">":
        return operator, below if below < value else below - step
    above = below if operator == "<=" and below == value else below + step
    return operator, above


def _equal(rng: Random, view: View, anchor: Record, foreign: bool | None = None) -> Filter:
    ref = pick(rng, usable(view, anchor, "choice", foreign=foreign))
    value = anchor[ref.sql]
    return Filter(
        f"{ref.sql} = {literal(value)}",
        is_value(ref, plain(value)),
        (ref.sql, plain(value)),
        test=lambda row: row[ref.sql] == value,
        uses=(ref.sql,),
    )


def _parent_equal(rng: Random, view: View, anchor: Record) -> Filter:
    """On a joined parent: its name or a choice."""
    refs = [ref for ref in usable(view, anchor, "choice", "text", foreign=True)]
    ref = pick(rng, [ref for ref in refs if ref.column.name != "email"])
    value = anchor[ref.sql]
    if ref.column.kind == "text" and spared(rng, value):
        raise NoDraft
    return Filter(
        f"{ref.sql} = {literal(value)}",
        is_value(ref, plain(value)),
        (ref.sql, plain(value)),
        test=lambda row: row[ref.sql] == value,
        uses=(ref.sql,),
    )


def _one_of(rng: Random, view: View, anchor: Record) -> Filter:
    ref = pick(rng, usable(view, anchor, "choice", but="vip"))
    others = sorted({plain(row[ref.sql]) for row in view.rows if row[ref.sql] is not None})
    value = plain(anchor[ref.sql])
    others.remove(value)
    if len(others) < 2:
        raise NoDraft
    values = sorted([value, *rng.sample(others, rng.choice((1, 2)))])
    name = ref.phrases[0]
    said = f"{', '.join(values[:-1])} or {values[-1]}"
    return Filter(
        f"{ref.sql} IN ({', '.join(literal(value) for value in values)})",
        (
            f"with {name} {said}",
            f"whose {name} is {said}",
            f"whose {name} is one of {listed(values)}",
        ),
        (ref.sql, *values),
        frozenset({"in_list"}),
        test=lambda row: row[ref.sql] in values,
        uses=(ref.sql,),
    )


def _compare(rng: Random, view: View, anchor: Record) -> Filter:
    ref = pick(rng, usable(view, anchor, "number"))
    operator, value = threshold(rng, ref, anchor[ref.sql])
    return Filter(
        f"{ref.sql} {operator} {literal(value)}",
        compares(ref, operator, plain(value)),
        (ref.sql, operator, plain(value)),
        test=lambda row: passes(row[ref.sql], operator, value),
        uses=(ref.sql,),
    )


def passes(value: Cell, operator: str, bound: Decimal) -> bool:
    if value is None:
        return False
    assert isinstance(value, int | Decimal)
    match operator:
        case ">":
            return value > bound
        case "<":
            return value < bound
        case ">=":
            return value >= bound
    return value <= bound


def _between(rng: Random, view: View, anchor: Record) -> Filter:
    ref = pick(rng, usable(view, anchor, "number"))
    value = anchor[ref.sql]
    assert isinstance(value, int | Decimal)
    step = Decimal(str(ref.column.step))
    low = (Decimal(value) // step - rng.randrange(0, 4)) * step
    high = (Decimal(value) // step + rng.randrange(1, 6)) * step
    low = max(low, Decimal(0))
    said = f"between {plain(low)} and {plain(high)}"
    return Filter(
        f"{ref.sql} BETWEEN {literal(low)} AND {literal(high)}",
        tuple(
            text
            for name in ref.phrases
            for text in (f"with {name} {said}", f"whose {name} is {said}")
        ),
        (ref.sql, plain(low), plain(high)),
        frozenset({"between"}),
        test=lambda row: passes(row[ref.sql], ">=", low) and passes(row[ref.sql], "<=", high),
        uses=(ref.sql,),
    )


def _missing(rng: Random, view: View, anchor: Record) -> Filter:
    """IS NULL or IS NOT NULL on a column that has NULLs."""
    refs = [
        ref
        for ref in view.refs
        if not ref.outer
        and (ref.column.kind != "key" or not ref.foreign)
        and any(row[ref.sql] is None for row in view.rows)
    ]
    ref = pick(rng, refs)
    absent = anchor[ref.sql] is None if rng.random() < 0.3 else rng.random() < 0.6
    names = ref.phrases
    if absent:
        said = [text for name in names for text in (f"without {name}", f"whose {name} is missing")]
        said += ref.column.missing if not ref.foreign else ()
    else:
        said = [
            text for name in names for text in (f"that have {a_(name)}", f"whose {name} is known")
        ]
    return Filter(
        f"{ref.sql} IS {'' if absent else 'NOT '}NULL",
        tuple(said),
        (ref.sql, "null" if absent else "not null"),
        frozenset({"null_test"}),
        test=lambda row: (row[ref.sql] is None) == absent,
        uses=(ref.sql,),
    )


def _like(rng: Random, view: View, anchor: Record) -> Filter:
    ref = pick(rng, [ref for ref in usable(view, anchor, "text") if ref.column.name == "name"])
    value = plain(anchor[ref.sql])
    name = ref.phrases[0]
    if rng.random() < 0.6:
        piece = value[: rng.choice((1, 2, 3))].strip()
        pattern, said = f"{piece}%", "starts with"
        test = str.startswith
    else:
        piece = value.split()[-1]
        if rng.random() < 0.5:
            piece = piece[-3:]
        pattern, said = f"%{piece}", "ends with"
        test = str.endswith
    wordings = [f"whose {name} {said} {piece}"]
    wordings.append(f"with a {name} that {said} {piece}")
    return Filter(
        f"{ref.sql} LIKE {literal(pattern)}",
        tuple(wordings),
        (ref.sql, pattern),
        frozenset({"like"}),
        test=lambda row: isinstance(text := row[ref.sql], str) and test(text, piece),
        uses=(ref.sql,),
    )


def _nvl_compare(rng: Random, view: View, anchor: Record) -> Filter:
    """A missing number counts as zero."""
    refs = [
        ref
        for ref in view.of_kind("number")
        if not ref.outer and any(row[ref.sql] is None for row in view.rows)
    ]
    ref = pick(rng, refs)
    operator, value = threshold(rng, ref, anchor[ref.sql] or 0)
    value = max(value, Decimal(str(ref.column.step)))
    if operator in (">", ">=") and not passes(anchor[ref.sql] or 0, operator, value):
        raise NoDraft
    name = ref.phrases[0]
    words = OPERATORS[operator]
    return Filter(
        f"NVL({ref.sql}, 0) {operator} {literal(value)}",
        tuple(f"whose {name} (0 if missing) is {word} {plain(value)}" for word in words)
        + tuple(f"with {name} (missing as 0) {word} {plain(value)}" for word in words),
        (ref.sql, operator, plain(value)),
        frozenset({"nvl"}),
        test=lambda row: passes(row[ref.sql] or 0, operator, value),
        uses=(ref.sql,),
    )


def _key(rng: Random, view: View, anchor: Record) -> Filter:
    """Rows that belong to one parent, by its id."""
    own = next(ref.sql for ref in view.refs)
    refs = [ref for ref in usable(view, anchor, "key", foreign=False) if ref.sql != own]
    ref = pick(rng, refs)
    value = anchor[ref.sql]
    who = ref.column.name.removesuffix("_id")
    return Filter(
        f"{ref.sql} = {literal(value)}",
        (
            f"of {who} {value}",
            f"with {ref.phrases[0]} {value}",
            f"whose {ref.phrases[0]} is {value}",
        ),
        (ref.sql, plain(value)),
        test=lambda row: row[ref.sql] == value,
        uses=(ref.sql,),
    )


FILTERS: dict[str, Maker] = {
    "equal": _equal,
    "parent_equal": _parent_equal,
    "key": _key,
    "one_of": _one_of,
    "compare": _compare,
    "between": _between,
    "missing": _missing,
    "like": _like,
    "nvl_compare": _nvl_compare,
}


def anchor_of(rng: Random, view: View) -> Record:
    return rng.choice(view.rows)


def moment(value: Cell) -> datetime:
    if not isinstance(value, datetime):
        raise NoDraft
    return value
