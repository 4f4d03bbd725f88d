"""What a grouped or summed query computes: counts, sums, averages, lists, pivots."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from oracle_sft.pairs.demo.filters import OPERATORS, passes, threshold
from oracle_sft.pairs.demo.grammar import NoDraft, Part, Record, Ref, View, literal, pick, plain
from oracle_sft.pairs.demo.subqueries import average


def _unknown(rows: Sequence[Record]) -> Decimal:
    raise NoDraft


@dataclass(frozen=True, slots=True)
class Measure(Part):
    """An aggregate; the wordings go before 'of the orders placed in 2024'."""

    of: Callable[[Sequence[Record]], Decimal] = field(default=_unknown, compare=False)
    """Its value for the rows of a group, for thresholds and cuts that the data justify."""
    column: str = ""
    """The column that it is computed from, where there is one."""
    length: Callable[[Record], int] = field(default=lambda row: 0, compare=False)
    """Characters that a row adds to a list."""


Measurer = Callable[[Random, View], Measure]


def _own(view: View, *kinds: str, known: bool = False) -> list[Ref]:
    """Columns of the rows themselves: a parent's would count once for each child."""
    return [ref for ref in view.of_kind(*kinds, known=known) if not ref.foreign]


def fits(measure: Measure, rows: Sequence[Record]) -> bool:
    """Whether it is known for these rows, and far from the 4000 bytes where LISTAGG fails."""
    known = not measure.column or any(row[measure.column] is not None for row in rows)
    return known and sum(map(measure.length, rows)) < 1200


def _numbers(rows: Sequence[Record], ref: Ref) -> list[Decimal]:
    found = [Decimal(str(row[ref.sql])) for row in rows if row[ref.sql] is not None]
    if not found:
        raise NoDraft
    return found


def _count(rng: Random, view: View) -> Measure:
    return Measure("COUNT(*)", ("number", "count"), ("count",), of=lambda rows: Decimal(len(rows)))


def _count_children(rng: Random, view: View) -> Measure:
    """In an outer join: only rows that found a child count."""
    ref = next(ref for ref in view.refs if ref.outer)
    return Measure(
        f"COUNT({ref.sql})",
        ("number",),
        (ref.sql,),
        of=lambda rows: Decimal(sum(row[ref.sql] is not None for row in rows)),
    )


def _distinct(rng: Random, view: View) -> Measure:
    refs = [ref for ref in _own(view, "key", "choice") if ref.sql != view.refs[0].sql]
    ref = pick(rng, refs)
    name = ref.phrases[0]
    return Measure(
        f"COUNT(DISTINCT {ref.sql})",
        (f"number of different {name} values", f"number of distinct {name} values"),
        ("distinct", ref.sql),
        frozenset({"distinct"}),
        of=lambda rows: Decimal(len({row[ref.sql] for row in rows} - {None})),
    )


def _sum(rng: Random, view: View) -> Measure:
    ref = pick(rng, [ref for ref in _own(view, "number") if ref.column.step >= 1])
    return Measure(
        f"SUM({ref.sql})",
        tuple(f"{word} {name}" for word in ("total", "summed") for name in ref.phrases),
        ("sum", ref.sql),
        of=lambda rows: sum(_numbers(rows, ref), Decimal(0)),
        column=ref.sql,
    )


def _average(rng: Random, view: View) -> Measure:
    ref = pick(rng, _own(view, "number"))
    return Measure(
        f"ROUND(AVG({ref.sql}), 2)",
        tuple(f"{word} {name}" for word in ("average", "mean") for name in ref.phrases),
        ("average", ref.sql),
        of=lambda rows: average(rows, ref.sql),
        column=ref.sql,
    )


def _extreme(rng: Random, view: View) -> Measure:
    ref = pick(rng, _own(view, "number", "date"))
    function = rng.choice(("MAX", "MIN"))
    words = ("highest", "maximum") if function == "MAX" else ("lowest", "minimum")
    if ref.column.kind == "date":
        words = ("latest", "most recent") if function == "MAX" else ("earliest", "first")
    chosen = max if function == "MAX" else min
    return Measure(
        f"{function}({ref.sql})",
        tuple(f"{word} {name}" for word in words for name in ref.phrases),
        (function, ref.sql),
        of=lambda rows: (
            chosen(_numbers(rows, ref)) if ref.column.kind == "number" else _unknown(rows)
        ),
        column=ref.sql,
    )


def _sum_nvl(rng: Random, view: View) -> Measure:
    refs = [ref for ref in _own(view, "number") if any(row[ref.sql] is None for row in view.rows)]
    ref = pick(rng, refs)
    function, word = rng.choice((("SUM", "total"), ("AVG", "average"), ("AVG", "mean")))
    inside = f"{function}(NVL({ref.sql}, 0))"
    return Measure(
        inside if function == "SUM" else f"ROUND({inside}, 2)",
        tuple(f"{word} {name} {missing}" for name in ref.phrases for missing in (
            "(missing as 0)", "(0 if missing)"
        )),
        (function, "nvl", ref.sql),
        frozenset({"nvl"}),
    )  # fmt: skip


def _revenue(rng: Random, view: View) -> Measure:
    """Quantity times price, with or without the discount of the line."""
    refs = {ref.column.name: ref for ref in view.refs if not ref.foreign}
    if "quantity" not in refs:
        raise NoDraft
    quantity, price, discount = (refs[name].sql for name in ("quantity", "price", "discount"))
    if rng.random() < 0.6:
        return Measure(
            f"SUM({quantity} * {price})",
            ("revenue (quantity times price)", "sum of quantity times price"),
            ("revenue",),
            of=lambda rows: sum(
                (Decimal(str(row[quantity])) * Decimal(str(row[price])) for row in rows), Decimal(0)
            ),
        )
    return Measure(
        f"SUM({quantity} * {price} - NVL({discount}, 0))",
        ("net revenue (quantity times price less discount)",),
        ("net revenue",),
        frozenset({"nvl"}),
    )


def _listagg(rng: Random, view: View) -> Measure:
    refs = [ref for ref in _own(view, "text") if ref.column.name == "name"] or [view.refs[0]]
    ref = refs[0]
    separator = rng.choice((", ", "; ", " | ", "/"))
    name = rng.choice(ref.phrases)
    return Measure(
        f"LISTAGG({ref.sql}, '{separator}') WITHIN GROUP (ORDER BY {ref.sql})",
        (
            f"list of {name} values joined by '{separator}'",
            f"sorted {name} values joined by '{separator}'",
        ),
        ("listagg", ref.sql, separator),
        frozenset({"listagg"}),
        column=ref.sql,
        length=lambda row: len(plain(row[ref.sql])) + len(separator),
    )


def _keep(rng: Random, view: View) -> Measure:
    """The name that goes with the highest value; of several the last in the alphabet."""
    label = next((ref for ref in _own(view, "text") if ref.column.name == "name"), view.refs[0])
    ref = pick(rng, _own(view, "number", "date", known=True))
    down = rng.random() < 0.6
    words = ("highest", "lowest") if ref.column.kind == "number" else ("latest", "earliest")
    word = words[0] if down else words[1]
    last = "last" if label.column.kind == "text" else "largest"
    return Measure(
        f"MAX({label.sql}) KEEP (DENSE_RANK FIRST ORDER BY {ref.sql}{' DESC' if down else ''})",
        tuple(
            f"{label.phrases[0]} with the {word} {name} ({last} if tied)" for name in ref.phrases
        ),
        ("keep", label.sql, ref.sql, word),
        frozenset({"keep"}),
    )


def _pivot_decode(rng: Random, view: View) -> Measure:
    ref = pick(rng, _own(view, "choice"))
    value = plain(pick(rng, [row[ref.sql] for row in view.rows if row[ref.sql] is not None]))
    name = ref.phrases[0]
    return Measure(
        f"SUM(DECODE({ref.sql}, {literal(value)}, 1, 0))",
        (f"number having {name} {value}", f"count having {name} {value}"),
        ("decode", ref.sql, value),
        frozenset({"decode"}),
        column=ref.sql,
    )


def _pivot_case(rng: Random, view: View) -> Measure:
    ref = pick(rng, _own(view, "number"))
    anchor = pick(rng, [row[ref.sql] for row in view.rows if row[ref.sql] is not None])
    operator, value = threshold(rng, ref, anchor)
    return Measure(
        f"SUM(CASE WHEN {ref.sql} {operator} {literal(value)} THEN 1 ELSE 0 END)",
        tuple(
            f"number having {name} {word} {plain(value)}"
            for name in ref.phrases
            for word in OPERATORS[operator]
        ),
        ("case", ref.sql, operator, plain(value)),
        frozenset({"case"}),
        of=lambda rows: Decimal(sum(passes(row[ref.sql], operator, value) for row in rows)),
    )


MEASURES: dict[str, Measurer] = {
    "count": _count,
    "count_children": _count_children,
    "distinct": _distinct,
    "sum": _sum,
    "average": _average,
    "extreme": _extreme,
    "sum_nvl": _sum_nvl,
    "revenue": _revenue,
    "listagg": _listagg,
    "keep": _keep,
    "pivot_decode": _pivot_decode,
    "pivot_case": _pivot_case,
}
