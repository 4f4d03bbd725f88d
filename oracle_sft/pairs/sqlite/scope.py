"""Which columns a name may mean at a place in a query."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp

from oracle_sft.pairs.sqlite.kinds import Kind, Known, Refused
from oracle_sft.sqltext.names import written


@dataclass(frozen=True, slots=True)
class Source:
    """What stands behind FROM."""

    alias: str
    """As Oracle stores it."""
    columns: Mapping[str, Known]
    """By SQLite's name in lower case."""
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    source: Source
    name: str
    """SQLite's, in lower case."""
    known: Known


@dataclass(slots=True)
class Scope:
    """One SELECT."""

    outer: "Scope | None" = None
    ctes: Mapping[str, Source] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    """By SQLite's name in lower case."""
    aliases: dict[str, tuple[exp.Expr, Kind]] = field(default_factory=dict)
    """Of the select list, where they may be used instead of their expressions."""
    has_outer_join: bool = False
    merged: dict[str, str] = field(default_factory=dict)
    """Columns of JOIN USING: SQLite's name of the first table that has them."""

    @property
    def has_one_source(self) -> bool:
        """No name needs its table."""
        around = self.outer
        while around is not None and not around.sources:
            around = around.outer
        return len(self.sources) == 1 and around is None

    def find(self, table: str, name: str) -> Found | None:
        """The column that SQLite means.

        Raises:
            Refused: it may be one of several.
        """
        found = [
            Found(source, name.lower(), source.columns[name.lower()])
            for alias, source in self.sources.items()
            if name.lower() in source.columns and table.lower() in ("", alias)
        ]
        if len(found) > 1 and not table and name.lower() in self.merged:
            first = self.sources[self.merged[name.lower()]]
            found = [one for one in found if one.source is first]
        if len(found) > 1:
            raise Refused(f"the column {name}, which several tables have")
        if found:
            kind = found[0].known.kind
            if self.has_outer_join:
                kind = replace(kind, nullable=True)
            return replace(found[0], known=Known(found[0].known.name, kind))
        return self.outer.find(table, name) if self.outer is not None else None

    def owns(self, found: Found) -> bool:
        """Whether a column is of this SELECT's own tables."""
        return any(found.source is source for source in self.sources.values())

    def cte(self, name: str) -> Source | None:
        """The WITH query of that name."""
        own = self.ctes.get(name.lower())
        return own if own is not None or self.outer is None else self.outer.cte(name)


def identifier(stored: str) -> exp.Identifier:
    """A stored name as Oracle's SQL writes it."""
    text = written(stored)
    return exp.Identifier(this=text.strip('"'), quoted=text.startswith('"'))
