"""Conditions on ROWNUM that are no plain limit: each row is tried with the next number until one
passes and takes it.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import COUNT, Term

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


@dataclass(slots=True)
class CounterStage:
    """The rows that pass, each with its number."""

    alias: str
    tried: str
    """The alias of a row while it is tried: its columns, and `k`, the number that it would have."""
    limit: int | None = None
    tests: list[str] = field(default_factory=list)
    """Conditions over `tried`."""
    columns: dict[str, str] = field(default_factory=dict)
    """DuckDB SQL below -> column above."""
    reads_rows: bool = False
    """The conditions read more than the number."""

    def read(self, term: Term) -> Term:
        if term.is_literal:
            return term
        return term.at(f"{self.alias}.{self.column(term.sql)}")

    def column(self, sql: str) -> str:
        return self.columns.setdefault(sql, f"c{len(self.columns) + 1}")

    def wrap(self, tail: str) -> str:
        columns = [f"{sql} AS {column}" for sql, column in self.columns.items()]
        names = [*self.columns.values(), "k"]
        tests = list(self.tests)
        if self.limit is not None:
            tests.append(f"({self.tried}.k <= {self.limit})")
        passes = f"coalesce({' AND '.join(tests)}, FALSE)"
        shown = ", ".join(f"{self.tried}.{name}" for name in names)
        numbered = ", ".join([*columns, "row_number() OVER () AS k"])
        if not self.reads_rows:
            # A number that nobody can take is never left: what passes are the first rows.
            return (
                f" FROM (SELECT {shown} FROM (SELECT {numbered}{tail}) AS {self.tried} QUALIFY "
                f"bool_and({passes}) OVER (ORDER BY {self.tried}.k ROWS UNBOUNDED PRECEDING)) "
                f"AS {self.alias}"
            )
        base, walk = f"{self.tried}b", f"{self.tried}w"
        kept = ", ".join(f"{base}.{column}" for column in self.columns.values())
        comma = ", " if kept else ""
        numbered = ", ".join([*columns, "row_number() OVER () AS i"])
        return (
            f" FROM (WITH RECURSIVE {base} AS MATERIALIZED (SELECT {numbered}{tail}), "
            f"{walk} AS (SELECT CAST(0 AS BIGINT) AS i, CAST(0 AS BIGINT) AS k, FALSE AS passed "
            f"UNION ALL SELECT {self.tried}.i, CASE WHEN {passes} THEN {self.tried}.k "
            f"ELSE {self.tried}.k - 1 END, {passes} FROM "
            f"(SELECT {kept}{comma}{base}.i AS i, {walk}.k + 1 AS k FROM {walk} "
            f"JOIN {base} ON {base}.i = {walk}.i + 1) AS {self.tried}) "
            f"SELECT {kept}{comma}{walk}.k AS k FROM {walk} JOIN {base} ON {base}.i = {walk}.i "
            f"WHERE {walk}.passed ORDER BY {walk}.k) AS {self.alias}"
        )


@dataclass(slots=True)
class _Tried:
    """The row that is tried, while the conditions are written."""

    stage: CounterStage

    def read(self, term: Term) -> Term:
        if term.is_literal:
            return term
        self.stage.reads_rows = True
        return term.at(f"{self.stage.tried}.{self.stage.column(term.sql)}")

    def wrap(self, tail: str) -> str:
        return tail


def push(rewriter: "Rewriter", conditions: list[exp.Expr], limit: int | None, frame: Frame) -> None:
    """Put the counted rows on top of the frame; ROWNUM reads their numbers."""
    stage = CounterStage(rewriter.alias("n"), rewriter.alias("n"), limit=limit)
    depth = frame.depth
    number = Term(f"CAST({stage.tried}.k AS {COUNT.duckdb})", COUNT)
    frame.stages.append(_Tried(stage))
    frame.pseudo["ROWNUM"] = (number, depth + 1)
    try:
        with frame.at_depth(depth + 1):
            stage.tests = [rewriter.condition(condition, frame) for condition in conditions]
    finally:
        frame.stages.pop()
    frame.push(stage)
    number = Term(f"CAST({stage.alias}.k AS {COUNT.duckdb})", COUNT)
    frame.pseudo["ROWNUM"] = (number, frame.depth)
