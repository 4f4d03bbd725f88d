"""The walk of CONNECT BY: a recursive query over the numbered rows of FROM.

It remembers for each row its level, its parent, its root and the way to it. The way sorts the rows as
Oracle returns them: depth first.
"""

from dataclasses import dataclass, field

from oracle_sft.engine.rewrite.terms import Term, ora_error, refused


@dataclass(slots=True)
class HierarchyStage:
    """The walked rows; what is read of them is listed as it is asked for."""

    alias: str
    nocycle: bool = False
    has_prior: bool = False
    is_unique: bool = False
    """A PRIOR of something that is never the same twice: Oracle finds no loop then."""
    reads_level: bool = False
    """The condition of CONNECT BY reads LEVEL."""
    is_single: bool = False
    """FROM has one row: every level has one row, and no way is needed."""
    start: str = ""
    connect: str = ""
    connect_again: str = ""
    """The condition for CONNECT_BY_ISCYCLE: from a row that came out to a row `again`."""
    prior_alias: str = ""
    """What PRIOR reads while CONNECT BY is written."""
    siblings: list[str] = field(default_factory=list)
    base: dict[str, str] = field(default_factory=dict)
    """DuckDB SQL over FROM -> column of the base."""
    priors: set[str] = field(default_factory=set)
    """Columns of the base that CONNECT BY reads with PRIOR."""
    carried: list[tuple[str, str, str]] = field(default_factory=list)
    """What the walk accumulates: name, SQL for a root, SQL for a child."""
    outputs: dict[str, str] = field(default_factory=dict)
    """DuckDB SQL over the walk -> column above."""
    levels: str = ""
    """SQL of the number of levels, where DUAL only generates rows."""

    # Names that nothing else in the query has: a condition may hold another hierarchy.
    @property
    def rows(self) -> str:
        """The base: a row of the result, and a root."""
        return f"{self.alias}b"

    @property
    def walk(self) -> str:
        return f"{self.alias}h"

    @property
    def parent(self) -> str:
        """The base as the row that is walked from."""
        return f"{self.alias}p"

    @property
    def child(self) -> str:
        """The base as the row that is walked to."""
        return f"{self.alias}c"

    @property
    def again(self) -> str:
        """The base as a child of a row that came out."""
        return f"{self.alias}k"

    @property
    def root(self) -> str:
        """The base as the root of a row that came out."""
        return f"{self.alias}r"

    @property
    def up(self) -> str:
        """The base as the parent of a row that came out."""
        return f"{self.alias}u"

    def column(self, sql: str) -> str:
        return self.base.setdefault(sql, f"c{len(self.base) + 1}")

    def output(self, sql: str, term: Term) -> Term:
        """The column above for something that the walk knows."""
        return term.at(f"{self.alias}.{self.outputs.setdefault(sql, f'o{len(self.outputs) + 1}')}")

    def read(self, term: Term) -> Term:
        if term.is_literal:
            return term
        return self.output(f"{self.rows}.{self.column(term.sql)}", term)

    def wrap(self, tail: str) -> str:
        outputs = ", ".join(f"{sql} AS {name}" for sql, name in self.outputs.items())
        outputs = outputs or "1 AS o0"
        base = ", ".join(f"{sql} AS {name}" for sql, name in self.base.items())
        if self.levels:
            # One level at least: the first row comes before any condition.
            levels = f"SELECT unnest(range(1, greatest(coalesce({self.levels}, 1), 1) + 1)) AS lvl"
            return (
                f" FROM (SELECT {outputs} FROM ({levels}) AS {self.walk} "
                f"CROSS JOIN (SELECT {base or '1 AS c0'}{tail}) AS {self.rows}) AS {self.alias}"
            )
        order = f"ORDER BY {', '.join(self.siblings)}" if self.siblings else ""
        comma = ", " if base else ""
        numbered = f"SELECT {base}{comma}row_number() OVER ({order}) AS rid{tail}"
        rows, walk = self.rows, self.walk
        joins = f" JOIN {rows} ON {rows}.rid = {walk}.rid"
        if any(f"{self.root}." in sql for sql in self.outputs):
            joins += f" JOIN {rows} AS {self.root} ON {self.root}.rid = {walk}.root"
        if any(f"{self.up}." in sql for sql in self.outputs):
            joins += f" LEFT JOIN {rows} AS {self.up} ON {self.up}.rid = {walk}.parent"
        return (
            f" FROM (WITH RECURSIVE {rows} AS MATERIALIZED ({numbered}), "
            f"{walk} AS ({self._walk()}) SELECT {outputs} FROM {walk}{joins} "
            f"ORDER BY {walk}.way) AS {self.alias}"
        )

    def _walk(self) -> str:
        rows, walk, child = self.rows, self.walk, self.child
        roots = "".join(f", {root} AS {name}" for name, root, _ in self.carried)
        children = "".join(f", {sql}" for _, _, sql in self.carried)
        rid, way, keep = f"{child}.rid", f"list_append({walk}.way, {child}.rid)", self.connect
        seen = f"list_contains({walk}.way, {child}.rid)"
        values, values_way = "", ""
        if self.is_single:
            way = f"[{walk}.lvl + 1]"
        elif self.nocycle:
            keep = f"{keep} AND NOT {seen}"
        elif self.has_prior and not self.is_unique:
            loop = ora_error("ORA-01436")
            rid = f"CASE WHEN {seen} THEN {loop} ELSE {child}.rid END"
        if self._compares_values:
            values = f", [{self._values(rows)}] AS vals"
            same = f"list_contains({walk}.vals, {self._values(child)}) AND NOT {seen}"
            unknown = refused("CONNECT BY over different rows with the same PRIOR values")
            more = f"list_append({walk}.vals, {self._values(child)})"
            values_way = f", CASE WHEN {same} THEN {unknown} ELSE {more} END"
        start = f" WHERE {self.start}" if self.start else ""
        return (
            f"SELECT {rows}.rid AS rid, CAST(1 AS BIGINT) AS lvl, [{rows}.rid] AS way, "
            f"{rows}.rid AS root, CAST(NULL AS BIGINT) AS parent{values}{roots} "
            f"FROM {rows}{start} UNION ALL "
            f"SELECT {rid}, {walk}.lvl + 1, {way}, {walk}.root, {walk}.rid{values_way}{children} "
            f"FROM {walk} JOIN {rows} AS {self.parent} ON {self.parent}.rid = {walk}.rid "
            f"JOIN {rows} AS {child} ON {keep}"
        )

    @property
    def _compares_values(self) -> bool:
        """Whether it would show that Oracle finds loops by the values that PRIOR reads.

        Without LEVEL and NOCYCLE, rows with the same values lead to a loop of rows anyway.
        """
        if not self.priors or self.is_unique or self.is_single:
            return False
        return self.nocycle or self.reads_level

    def _values(self, alias: str) -> str:
        fields = ", ".join(f"{column}: {alias}.{column}" for column in sorted(self.priors))
        return f"{{{fields}}}"
