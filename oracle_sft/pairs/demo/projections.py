"""Select lists: plain columns, and plain columns followed by one computed one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from oracle_sft.pairs.demo.analytics import ANALYTICS
from oracle_sft.pairs.demo.grammar import Computed, NoDraft, Part, Ref, View, listed
from oracle_sft.pairs.demo.scalars import SCALARS


@dataclass(frozen=True, slots=True)
class Projection(Part):
    shown: tuple[Ref, ...] = ()
    """The plain columns."""


def _said(rng: Random, refs: Sequence[Ref], last: Sequence[str] = ()) -> tuple[str, ...]:
    """A few ways to name the columns, in their order."""
    ways = {
        listed([*(rng.choice(ref.phrases) for ref in refs), *([rng.choice(last)] if last else [])])
        for _ in range(6)
    }
    return tuple(sorted(ways))


def plain_columns(rng: Random, view: View, count: int, but: Sequence[str] = ()) -> list[Ref]:
    """What a reader would want to see: a name or number of the row, then other columns.

    Of a joined parent its name or a choice; keys of other tables only where nothing else is left.
    """
    own = [ref for ref in view.refs if not ref.foreign]
    label = next((ref for ref in own if ref.column.kind == "text"), own[0])
    others = [
        ref
        for ref in own
        if ref is not label
        and ref.sql not in but
        and (ref.column.kind != "key" or ref.column.name == "product_id" or ref is own[0])
    ]
    rng.shuffle(others)
    parents: dict[str, list[Ref]] = {}
    for ref in view.refs:
        if ref.foreign and ref.column.kind != "key" and ref.sql not in but:
            parents.setdefault(ref.sql.split(".")[0], []).append(ref)
    chosen = [label]
    for refs in parents.values():
        name = next((ref for ref in refs if ref.column.name == "name"), refs[0])
        chosen.append(name if rng.random() < 0.5 else rng.choice(refs))
    return [*chosen, *others][: max(count, len(chosen))]


def _plain(rng: Random, view: View, but: Sequence[str]) -> Projection:
    refs = plain_columns(rng, view, rng.choice((1, 2, 2, 3, 3)), but)
    if len(refs) == 1 and rng.random() < 0.7:
        raise NoDraft
    sql = ", ".join(ref.sql for ref in refs)
    return Projection(sql, _said(rng, refs), (sql,), shown=tuple(refs))


def _with_last(
    make: Callable[[Random, View], Computed],
) -> Callable[[Random, View, Sequence[str]], Projection]:
    def project(rng: Random, view: View, but: Sequence[str]) -> Projection:
        sql, wordings, values, features = make(rng, view)
        computed = set(re.findall(r"[a-z_.]+", sql))
        settled = {ref.sql for ref in view.refs if ref.sql in but and ref.column.kind != "date"}
        if computed & settled or not _says_something(view, computed):
            raise NoDraft
        refs = plain_columns(rng, view, rng.choice((1, 1, 2)), but)
        refs = [ref for ref in refs if ref.sql not in computed] or refs[:1]
        columns = ", ".join([*(ref.sql for ref in refs), sql])
        return Projection(
            columns,
            _said(rng, refs, wordings),
            (*(ref.sql for ref in refs), *values),
            frozenset(features),
            shown=tuple(refs),
        )

    return project


def _says_something(view: View, columns: set[str]) -> bool:
    """Whether some row has values in all of these columns."""
    names = [ref.sql for ref in view.refs if ref.sql in columns]
    return any(all(row[name] is not None for name in names) for row in view.rows)


Projector = Callable[[Random, View, Sequence[str]], Projection]

PROJECTIONS: dict[str, Projector] = {
    "plain": _plain,
    **{name: _with_last(make) for name, make in (SCALARS | ANALYTICS).items()},
}
