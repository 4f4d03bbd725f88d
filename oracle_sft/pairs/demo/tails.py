"""Ends of a listing: its order, and Oracle's ways to cut it after n rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from oracle_sft.pairs.demo.grammar import NoDraft, Part, Record, Ref, View
from oracle_sft.pairs.demo.projections import Projection


@dataclass(frozen=True, slots=True)
class Tail(Part):
    """`sql` with holes: `{query}` is what it ends, `{columns}` and `{rest}` are its select list and what follows."""


Tailor = Callable[[Random, View, Sequence[Record], Projection], Tail]
"""Takes the rows that passed the filters, to keep a cut out of equal values."""

_EXTREMES = {
    "number": {"DESC": ("with the highest {c}",), "": ("with the lowest {c}",)},
    "date": {"DESC": ("with the latest {c}",), "": ("with the earliest {c}",)},
}


def _sortable(rows: Sequence[Record], refs: Sequence[Ref]) -> list[Ref]:
    """Columns without NULL in these rows: what comes first is then beyond doubt."""
    return [ref for ref in refs if all(row[ref.sql] is not None for row in rows)]


def _none(rng: Random, view: View, rows: Sequence[Record], shown: Projection) -> Tail:
    return Tail("{query}", ("",))


def _direction(rng: Random, ref: Ref) -> tuple[str, str, tuple[str, ...]]:
    """SQL, and its words after 'sorted by'."""
    down = rng.random() < 0.5
    name = rng.choice(ref.phrases)
    if ref.column.kind in ("number", "key"):
        words = ("highest first", "descending") if down else ("lowest first", "ascending")
    elif ref.column.kind == "date":
        words = ("latest first", "newest first") if down else ("earliest first", "oldest first")
    else:
        words = ("descending", "from Z to A") if down else ("ascending", "from A to Z")
    said = tuple(f"{name}, {word}" for word in words)
    return f"{ref.sql}{' DESC' if down else ''}", "down" if down else "up", said


def _order(rng: Random, view: View, rows: Sequence[Record], shown: Projection) -> Tail:
    refs = _sortable(rows, shown.shown)
    if not refs:
        raise NoDraft
    ref = rng.choice(refs)
    sql, way, said = _direction(rng, ref)
    wordings = tuple(f", {word} by {text}" for word in ("sorted", "ordered") for text in said)
    return Tail(f"{{query}} ORDER BY {sql}", wordings, (ref.sql, way), frozenset({"order_by"}))


def _nulls_last(rng: Random, view: View, rows: Sequence[Record], shown: Projection) -> Tail:
    refs = [ref for ref in shown.shown if any(row[ref.sql] is None for row in rows)]
    if not refs:
        raise NoDraft
    ref = rng.choice(refs)
    sql, way, said = _direction(rng, ref)
    wordings = tuple(f", sorted by {text}, missing values last" for text in said)
    features = frozenset({"order_by", "nulls_last"})
    return Tail(f"{{query}} ORDER BY {sql} NULLS LAST", wordings, (ref.sql, way), features)


def _cut(rng: Random, rows: Sequence[Record], view: View, *, ties: bool) -> tuple[Ref, str, int]:
    """A column to sort by, its direction, and a count whose cut is not between equals."""
    refs = [ref for ref in view.of_kind("number", "date") if not ref.outer and not ref.foreign]
    refs = _sortable(rows, refs)
    if not refs or len(rows) < 3:
        raise NoDraft
    ref = rng.choice(refs)
    way = rng.choice(("DESC", "DESC", ""))
    count = rng.randrange(2, min(len(rows), 13))
    values: list[Any] = [row[ref.sql] for row in rows]
    keys = sorted(values, reverse=way == "DESC")
    if not ties and keys[count - 1] == keys[count]:
        raise NoDraft
    return ref, way, count


def _said(ref: Ref, way: str, count: int) -> tuple[str, ...]:
    return tuple(
        text.format(c=name) for name in ref.phrases for text in _EXTREMES[ref.column.kind][way]
    )


def _rownum(rng: Random, view: View, rows: Sequence[Record], shown: Projection) -> Tail:
    ref, way, count = _cut(rng, rows, view, ties=False)
    ordered = f"{{query}} ORDER BY {ref.sql}{' ' + way if way else ''}"
    return Tail(
        f"SELECT * FROM ({ordered}) WHERE ROWNUM <= {count}",
        tuple(
            f", {only} the {count} {text}"
            for only in ("only", "just")
            for text in _said(ref, way, count)
        ),
        (ref.sql, way, str(count)),
        frozenset({"rownum"}),
    )


def _fetch(rng: Random, view: View, rows: Sequence[Record], shown: Projection) -> Tail:
    ref, way, count = _cut(rng, rows, view, ties=False)
    down = way == "DESC"
    if ref.column.kind == "date":
        words = ("latest first", "newest first") if down else ("earliest first", "oldest first")
    else:
        words = ("highest first", "descending") if down else ("lowest first", "ascending")
    return Tail(
        f"{{query}} ORDER BY {ref.sql}{' ' + way if way else ''} FETCH FIRST {count} ROWS ONLY",
        tuple(f", first {count} rows by {name}, {word}" for name in ref.phrases for word in words),
        (ref.sql, way, str(count)),
        frozenset({"fetch_first", "order_by"}),
    )


def _ties(rng: Random, view: View, rows: Sequence[Record], shown: Projection) -> Tail:
    ref, way, count = _cut(rng, rows, view, ties=True)
    return Tail(
        f"{{query}} ORDER BY {ref.sql}{' ' + way if way else ''}"
        f" FETCH FIRST {count} ROWS WITH TIES",
        tuple(
            f", the {count} {text}, {ties}"
            for text in _said(ref, way, count)
            for ties in ("ties included", "with ties")
        ),
        (ref.sql, way, str(count)),
        frozenset({"fetch_first", "with_ties", "order_by"}),
    )


def _top_per_group(rng: Random, view: View, rows: Sequence[Record], shown: Projection) -> Tail:
    """Ranks the rows within a group in an inline view and keeps the best; equal values stay."""
    refs = _sortable(rows, [ref for ref in view.of_kind("number", "date") if not ref.foreign])
    groups = [ref for ref in view.of_kind("choice", "key")[1:] if not ref.foreign]
    if not refs or not groups:
        raise NoDraft
    ref, group = rng.choice(refs), rng.choice(groups)
    way, count = rng.choice((" DESC", " DESC", "")), rng.choice((1, 1, 2, 3))
    if len({row[group.sql] for row in rows}) in (1, len(rows)):
        raise NoDraft
    window = f"PARTITION BY {group.sql} ORDER BY {ref.sql}{way}"
    said = tuple(
        text.format(c=name).replace("with the", only)
        for name in ref.phrases
        for text in _EXTREMES[ref.column.kind][way.strip()]
        for only in (f", only the top {count} by", f", just the top {count} by")
    )
    within = f"within each {group.phrases[0]}"
    return Tail(
        f"SELECT {{columns}} FROM (SELECT {{columns}}, RANK() OVER ({window}) rnk {{rest}})"
        f" WHERE rnk <= {count}",
        tuple(f"{text} {within}" for text in said),
        (ref.sql, group.sql, way, str(count)),
        frozenset({"analytic", "top_per_group"}),
    )


TAILS: dict[str, Tailor] = {
    "none": _none,
    "order": _order,
    "nulls_last": _nulls_last,
    "rownum": _rownum,
    "fetch": _fetch,
    "ties": _ties,
    "top_per_group": _top_per_group,
}
