"""Where a name in a query block comes from.

A frame is one query block. Its relations are what FROM lists; its stages are what stands between
FROM and the select list: the hierarchy of CONNECT BY, the numbering of ROWNUM, the groups of GROUP
BY. A column that is read above a stage is read from the stage's output.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.groups.group_stage import GroupStage
from oracle_sft.engine.rewrite.terms import Term
from oracle_sft.engine.rewrite.tree import stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.blocks.walk import HierarchyStage


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column of a relation or of a query, under the name that Oracle gives it."""

    name: str
    term: Term
    named_by_text: bool = False
    """The name is the expression's own text."""
    unreadable: str = ""
    """Its type, if that is one whose values are not stored here."""

    def checked(self) -> "OutputColumn":
        """Raises:
        UnsupportedSQL: the column has no values here.
        """
        if self.unreadable:
            raise UnsupportedSQL(f"column {self.name}, of type {self.unreadable}")
        return self

    def read_from(self, alias: str, place: int) -> "OutputColumn":
        """The column of a query as it is read where the query has this alias."""
        read = self.term.at(f"{alias}.c{place}")
        quick, quotient = self.term.alternative, self.term.quotient
        if quick is not None:
            read = replace(read, alternative=_moved(quick, alias))
        if quotient is not None:
            read = replace(read, quotient=(_moved(quotient[0], alias), _moved(quotient[1], alias)))
        return replace(self, term=read)


def _moved(term: Term, alias: str) -> Term:
    """A column of one relation as that of another."""
    if term.constant is not None:
        return term
    return term.at(f"{alias}.{term.sql.rpartition('.')[2]}")


@dataclass(slots=True)
class Relation:
    """One entry of FROM."""

    name: str
    """Its alias, or the table's name; '' for an inline view without alias."""
    columns: list[OutputColumn]
    owner: str = ""
    """Whose table it is, where no alias hides that."""
    is_dual: bool = False
    cte: str = ""
    """DuckDB's name of the query of WITH that it reads."""

    def find(self, column: str) -> list[Term]:
        return [entry.checked().term for entry in self.columns if entry.name == column]


@dataclass(frozen=True, slots=True)
class Merged:
    """A column that USING or NATURAL made of the columns of several relations."""

    term: Term
    relations: tuple[Relation, ...]
    is_natural: bool = False


class Stage(Protocol):
    """Rows made of the rows below."""

    def read(self, term: Term) -> Term:
        """The column above that shows a term below."""
        ...

    def wrap(self, tail: str) -> str:
        """FROM of the stage, over the FROM and WHERE below it."""
        ...


@dataclass(slots=True)
class RowStage:
    """A subquery that hands rows on one by one; its columns are listed as they are asked for."""

    alias: str
    columns: dict[str, str] = field(default_factory=dict)
    """DuckDB SQL below -> column name above."""
    limit: int | None = None
    """How many rows it lets through."""

    def read(self, term: Term) -> Term:
        if term.is_literal:
            return term
        column = self.columns.setdefault(term.sql, f"c{len(self.columns) + 1}")
        return term.at(f"{self.alias}.{column}")

    def wrap(self, tail: str) -> str:
        """FROM of the stage, over the FROM and WHERE below it."""
        columns = ", ".join(f"{sql} AS {column}" for sql, column in self.columns.items())
        limit = f" LIMIT {self.limit}" if self.limit is not None else ""
        return f" FROM (SELECT {columns or '1 AS c0'}{tail}{limit}) AS {self.alias}"


class WindowStage(RowStage):
    """Where analytic functions are computed, so that what is made of them reads them as columns."""

    __slots__ = ()

    def column(self, sql: str) -> str:
        """The column above that holds an analytic function."""
        return f"{self.alias}.{self.columns.setdefault(sql, f'c{len(self.columns) + 1}')}"


@dataclass(slots=True)
class Frame:
    parent: "Frame | None" = None
    relations: list[Relation] = field(default_factory=list)
    merged: dict[str, Merged] = field(default_factory=dict)
    """Columns joined by USING or NATURAL."""
    num_merging: int = 0
    """How many joins made such columns that were none before."""
    stages: list[Stage] = field(default_factory=list)
    filters: dict[int, list[str]] = field(default_factory=dict)
    """Conditions on the rows that a stage gives (0: that FROM gives)."""
    depth: int = 0
    """How many of the stages lie below the expression that is being written."""
    clause: str = "select"
    ctes: dict[str, list[OutputColumn]] = field(default_factory=dict)
    pseudo: dict[str, tuple[Term, int]] = field(default_factory=dict)
    """ROWNUM, LEVEL and their like, each with the number of stages below it."""
    hierarchy: "HierarchyStage | None" = None
    num_reads_from_inside: int = 0
    """How often a block inside of this one read a column of this one, or of one around it."""
    aliases: dict[str, Term] = field(default_factory=dict)
    """Names of the select list, readable in ORDER BY."""
    view_keys: list[tuple[Term, str]] = field(default_factory=list)
    """Sort keys of the inline view that a condition on ROWNUM cuts, each with its direction; only
    where `ties` asks for them.
    """
    cut: int | None = None
    """How many rows of that view the condition lets through."""

    @contextmanager
    def at_depth(self, depth: int, clause: str | None = None) -> Iterator[None]:
        before = self.depth, self.clause
        self.depth, self.clause = depth, clause or self.clause
        try:
            yield
        finally:
            self.depth, self.clause = before

    @contextmanager
    def among(self, relations: list[Relation], clause: str) -> Iterator[None]:
        """Only these relations are visible: what an ON condition sees."""
        before = self.relations, self.clause, self.merged
        self.relations, self.clause, self.merged = relations, clause, {}
        try:
            yield
        finally:
            self.relations, self.clause, self.merged = before

    @property
    def windows(self) -> WindowStage | None:
        """Where the analytic functions of the select list are computed."""
        top = self.stages[self.depth - 1] if self.depth else None
        return top if isinstance(top, WindowStage) else None

    @property
    def group_depth(self) -> int:
        """How many stages the groups are and stand on; 0 if the expression that is being written does
        not stand above groups.
        """
        depth = self.depth
        while depth and isinstance(self.stages[depth - 1], WindowStage):
            depth -= 1
        return depth if depth and isinstance(self.stages[depth - 1], GroupStage) else 0

    @property
    def group(self) -> GroupStage | None:
        """The groups, if the expression that is being written stands above them."""
        stage = self.stages[self.group_depth - 1] if self.group_depth else None
        return stage if isinstance(stage, GroupStage) else None

    def reach(self, term: Term, start: int = 0) -> Term:
        """A term that is readable above `start` stages, as it is readable at the present depth."""
        for stage in self.stages[start : self.depth]:
            term = stage.read(term)
        return term

    def push(self, stage: Stage) -> None:
        self.stages.append(stage)
        self.depth += 1

    def filter(self, condition: str) -> None:
        """Let only rows through for which the condition, written at the present depth, holds."""
        self.filters.setdefault(self.depth, []).append(condition)

    def assemble(self, tail: str) -> str:
        """FROM and WHERE of the whole block, once everything that is read is known."""
        for depth in range(len(self.stages) + 1):
            if depth:
                tail = self.stages[depth - 1].wrap(tail)
            conditions = self.filters.get(depth)
            if conditions:
                tail = f"{tail} WHERE {' AND '.join(conditions)}"
        return tail

    def column(
        self, name: str, qualifier: str | None, shown: str, owner: str | None = None
    ) -> Term:
        """The column, in this block or in an outer one; `owner` is that of the table `qualifier`.

        Raises:
            OracleError: ORA-00904, ORA-00918, ORA-25154, ORA-00979, ORA-00937.
        """
        frame: Frame | None = self
        while frame is not None:
            term = frame._own(name, qualifier, shown, owner)
            if term is not None:
                for inner in self._up_to(frame):
                    inner.num_reads_from_inside += 1
                return frame.reach(term)
            frame = frame.parent
        raise OracleError.of("ORA-00904", shown)

    def _up_to(self, last: "Frame") -> "Iterator[Frame]":
        """The blocks around this one, up to that one."""
        frame = self
        while frame is not last and frame.parent is not None:
            frame = frame.parent
            yield frame

    def owns(self, column: exp.Column) -> bool:
        """Whether the column, or pseudocolumn, is one of this block's own."""
        name = stored_name(column.this)
        table = column.args.get("table")
        if table is None and (name in self.merged or name in self.pseudo):
            return True
        qualifier = stored_name(table) if table is not None else None
        if column.args.get("db") is not None:  # perhaps dots behind a column of JSON
            alias, document, *_ = (stored_name(part) for part in column.parts)
            if any(entry.name == alias and entry.find(document) for entry in self.relations):
                return True
        return any(
            relation.find(name)
            for relation in self.relations
            if qualifier is None or relation.name == qualifier
        )

    def _own(self, name: str, qualifier: str | None, shown: str, owner: str | None) -> Term | None:
        merged = self.merged.get(name)
        if qualifier is not None:
            relations = [
                entry
                for entry in self.relations
                if entry.name == qualifier and owner in (None, entry.owner)
            ]
            if not relations:
                return None
            if len(relations) > 1:
                raise OracleError.of("ORA-00918")
            if merged is not None and relations[0] in merged.relations:
                raise _no_qualifier(merged)
        else:
            relations = self.relations
            if merged is not None:
                others = [entry for entry in relations if entry not in merged.relations]
                if any(entry.find(name) for entry in others):
                    raise OracleError.of("ORA-00918")
                return merged.term
        found = [term for relation in relations for term in relation.find(name)]
        if len(found) > 1:
            raise OracleError.of("ORA-00918")
        if not found and qualifier is not None:
            raise OracleError.of("ORA-00904", shown)
        return found[0] if found else None


def _no_qualifier(merged: Merged) -> OracleError:
    if merged.is_natural:
        return OracleError.of("ORA-25155")
    return OracleError.of("ORA-25154")


def shown_name(column: exp.Column, name: str, qualifier: str | None) -> str:
    """The name as Oracle's messages show it: `"E"."SALARY"`."""
    db = column.args.get("db")
    parts = [stored_name(db)] if db is not None else []
    parts += [qualifier, name] if qualifier else [name]
    return ".".join(f'"{part}"' for part in parts)
