"""Oracle SQL to DuckDB SQL that gives Oracle's answer, or a refusal.

The tree is walked by an allowlist: a node class, function, argument form or format element that is
in none of the tables is `UnsupportedSQL`. Names are resolved and types followed here, so that DuckDB
sees only generated names and decides nothing about types.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlglot import exp

from oracle_sft.engine.result import OracleError, QueryError, UnsupportedSQL
from oracle_sft.engine.rewrite import conditions, item_texts, syntax, tree, values
from oracle_sft.engine.rewrite.blocks import query, ties
from oracle_sft.engine.rewrite.blocks.ties import TieColumns
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import OracleType, Term

OracleVersion = Literal["19c", "23ai"]
"""Whose rules hold where the two differ."""


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table as it lies in DuckDB."""

    sql_name: str
    columns: tuple[tuple[str, OracleType], ...]
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """Columns that are not stored, with what is not known about them: a type, most of the time."""
    owner: str = ""
    """Who the DDL says it belongs to."""


_HALF_A_PAIR = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rewritten:
    sql: str
    columns: tuple[str, ...]
    types: tuple[OracleType, ...]
    ties: TieColumns | None = None
    """What the SQL says behind the columns, where it was asked for."""


class Rewriter:
    """Rewrites one query; make a new one for the next."""

    def __init__(
        self,
        tables: Mapping[str, StoredTable],
        clock: datetime,
        oracle_version: OracleVersion = "19c",
    ) -> None:
        """`tables` by stored name; `clock` is what SYSDATE says."""
        self.tables = tables
        self.clock = clock
        self.oracle_version = oracle_version
        self.cut_block: exp.Expr | None = None
        """The block whose limit on ROWNUM `ties` applies by itself."""
        self.cut_view: exp.Expr | None = None
        """The inline view that is cut there, whose sort keys `ties` wants to see."""
        self._sql = ""
        self._tree: exp.Expr | None = None
        self._texts: dict[int, list[str]] | None = None
        self.outermost: exp.Expr | None = None
        """The query whose columns are what the statement gives."""
        self._num_aliases = 0

    def rewrite(self, sql: str, *, with_sort_keys: bool = False) -> Rewritten:
        """Raises:
        OracleError: Oracle would refuse the query.
        UnsupportedSQL: something in it is not known here.
        """
        if not sql.isascii() and _HALF_A_PAIR.search(sql):
            raise UnsupportedSQL("text that is no Unicode: half a surrogate pair")
        try:
            return self._rewritten(sql, with_sort_keys)
        except RecursionError:
            raise UnsupportedSQL("a query nested this deeply") from None

    def _rewritten(self, sql: str, with_sort_keys: bool) -> Rewritten:
        parsed = tree.parse_query(sql, since_21c=self.oracle_version != "19c")
        self._sql, self._tree = sql, parsed
        tie_columns = None
        self.outermost = parsed
        if with_sort_keys:
            done, tie_columns = ties.rewrite(self, parsed)
        else:
            done = query.rewrite(self, parsed, None)
        return Rewritten(
            done.sql,
            tuple(column.name for column in done.columns),
            tuple(column.term.type for column in done.columns),
            tie_columns,
        )

    def item_texts(self, select: exp.Expr) -> list[str] | None:
        """How the query writes the items of one of its SELECTs; None if that cannot be told."""
        if self._texts is None:
            assert self._tree is not None
            self._texts = item_texts.of_selects(self._sql, self._tree)
        return self._texts.get(id(select))

    def alias(self, prefix: str) -> str:
        """A name that nothing else in the query has."""
        self._num_aliases += 1
        return f"{prefix}{self._num_aliases}"

    def value(self, node: exp.Expr, frame: Frame) -> Term:
        """The node as a value."""
        group = frame.group
        if group is not None and type(node) in group.shapes:
            known = self._group_key(node, frame)
            if known is not None:
                return known
        handler = values.HANDLERS.get(type(node))
        if handler is None:
            self._check_boolean(node)
            if type(node) in conditions.HANDLERS:
                raise tree.too_much(node)
            raise syntax.foreign(node) or tree.refuse(values.name_of(node), node)
        return handler(self, node, frame)

    def condition(self, node: exp.Expr, frame: Frame) -> str:
        """The node as a condition: DuckDB SQL of type BOOLEAN."""
        handler = conditions.HANDLERS.get(type(node))
        if handler is None:
            if isinstance(node, exp.Boolean):
                self._check_boolean(node)
            if type(node) in values.HANDLERS or isinstance(node, exp.Boolean):
                raise OracleError.of("ORA-00920")
            raise syntax.foreign(node) or tree.refuse(
                f"{values.name_of(node)} as a condition", node
            )
        return handler(self, node, frame)

    def _check_boolean(self, node: exp.Expr) -> None:
        if self.oracle_version == "19c":
            return
        if isinstance(node, exp.Boolean) or type(node) in conditions.HANDLERS:
            raise tree.refuse("a BOOLEAN value", node)

    def query(self, node: exp.Expr, frame: Frame | None, *, as_view: bool = False) -> query.Query:
        """A subquery; `frame` is the block that it stands in. `as_view`: it stands in a FROM."""
        return query.rewrite(self, node, frame, as_view=as_view)

    def _group_key(self, node: exp.Expr, frame: Frame) -> Term | None:
        group = frame.group
        assert group is not None
        if tree.shape(node) not in group.shapes[type(node)]:
            return None
        try:
            with frame.at_depth(frame.group_depth - 1, "group"):
                below = self.value(node, frame)
        except QueryError:
            return None  # it holds an aggregate, say; what is wrong with it shows one level up
        key = group.keys.get(below.sql)
        return frame.reach(key, frame.group_depth) if key is not None else None
