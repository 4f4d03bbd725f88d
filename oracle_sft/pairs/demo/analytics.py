"""Select lists whose last column is an analytic function."""

from collections.abc import Callable
from random import Random

from oracle_sft.pairs.demo.grammar import Computed, NoDraft, Ref, View, pick


def _group(rng: Random, view: View, but: Ref) -> Ref:
    """A column that several rows share, and in which there is more than one value."""
    refs = [
        ref
        for ref in view.of_kind("choice", "key")
        if not ref.foreign
        and ref is not but
        and 1 < len({row[ref.sql] for row in view.rows}) < len(view.rows)
    ]
    return pick(rng, refs)


def _unique(view: View) -> list[Ref]:
    """Numbers and dates that order the rows beyond doubt."""
    return [
        ref
        for ref in view.of_kind("date", "key", known=True)
        if not ref.foreign and len({row[ref.sql] for row in view.rows}) == len(view.rows)
    ]


def _way(rng: Random, ref: Ref) -> tuple[str, str]:
    down = rng.random() < 0.6
    first = {"date": ("latest", "earliest")}.get(ref.column.kind, ("highest", "lowest"))
    return (" DESC" if down else ""), f"{first[not down]} first"


def _ranked(rng: Random, view: View) -> Computed:
    ref = pick(rng, [ref for ref in view.of_kind("number", "date", known=True) if not ref.foreign])
    function, word = rng.choice((("RANK", "rank"), ("DENSE_RANK", "dense rank")))
    way, first = _way(rng, ref)
    wordings = tuple(f"{word} by {name} ({first})" for name in ref.phrases)
    sql = f"{function}() OVER (ORDER BY {ref.sql}{way})"
    return sql, wordings, (function, ref.sql, way), {"analytic"}


def _ranked_within(rng: Random, view: View) -> Computed:
    ref = pick(rng, [ref for ref in view.of_kind("number", "date", known=True) if not ref.foreign])
    group = _group(rng, view, ref)
    function, word = rng.choice((("RANK", "rank"), ("DENSE_RANK", "dense rank")))
    way, first = _way(rng, ref)
    within = group.phrases[0]
    wordings = tuple(f"{word} by {name} within {within} ({first})" for name in ref.phrases)
    sql = f"{function}() OVER (PARTITION BY {group.sql} ORDER BY {ref.sql}{way})"
    return sql, wordings, (function, group.sql, ref.sql, way), {"analytic", "partition_by"}


def _numbered(rng: Random, view: View) -> Computed:
    ref = pick(rng, _unique(view))
    group = _group(rng, view, ref)
    way, first = _way(rng, ref)
    wordings = (
        f"row number by {ref.phrases[0]} within {group.phrases[0]} ({first})",
        f"running number by {ref.phrases[0]} within {group.phrases[0]} ({first})",
    )
    sql = f"ROW_NUMBER() OVER (PARTITION BY {group.sql} ORDER BY {ref.sql}{way})"
    return sql, wordings, (group.sql, ref.sql, way), {"analytic", "partition_by"}


def _running(rng: Random, view: View) -> Computed:
    number = pick(rng, [ref for ref in view.of_kind("number") if not ref.foreign])
    ref = pick(rng, view.of_kind("date", known=True))
    if number.column.step < 1 or ref.foreign:
        raise NoDraft
    wordings = tuple(
        f"{word} of {name} by {ref.phrases[0]}"
        for name in number.phrases
        for word in ("running total", "cumulative sum")
    )
    sql = f"SUM({number.sql}) OVER (ORDER BY {ref.sql})"
    return sql, wordings, (number.sql, ref.sql), {"analytic"}


def _previous(rng: Random, view: View) -> Computed:
    shown = pick(rng, [ref for ref in view.of_kind("number", "date") if not ref.foreign])
    ref = pick(rng, [ref for ref in _unique(view) if ref is not shown])
    function, word = rng.choice((("LAG", "previous"), ("LEAD", "next")))
    wordings = tuple(f"{word} {name} in order of {ref.phrases[0]}" for name in shown.phrases)
    sql = f"{function}({shown.sql}) OVER (ORDER BY {ref.sql})"
    return sql, wordings, (function, shown.sql, ref.sql), {"analytic", "lag"}


def _within(rng: Random, view: View) -> Computed:
    number = pick(rng, [ref for ref in view.of_kind("number") if not ref.foreign])
    group = _group(rng, view, number)
    within = group.phrases[0]
    if rng.random() < 0.3:
        sql = f"COUNT(*) OVER (PARTITION BY {group.sql})"
        return sql, (f"number of {view.nouns[0]} with the same {within}",), (sql,), _PARTITIONED
    function, word = rng.choice((("MAX", "highest"), ("MIN", "lowest"), ("AVG", "average")))
    sql = f"{function}({number.sql}) OVER (PARTITION BY {group.sql})"
    if function == "AVG":
        sql = f"ROUND({sql}, 2)"
    wordings = tuple(f"{word} {name} within {within}" for name in number.phrases)
    return sql, wordings, (function, number.sql, group.sql), _PARTITIONED


_PARTITIONED = {"analytic", "partition_by"}

ANALYTICS: dict[str, Callable[[Random, View], Computed]] = {
    "ranked": _ranked,
    "ranked_within": _ranked_within,
    "numbered": _numbered,
    "running": _running,
    "previous": _previous,
    "within": _within,
}
