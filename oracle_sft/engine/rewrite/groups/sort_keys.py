"""Sort keys: ORDER BY entries of a query, a window or an aggregate."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import NULL, Term
from oracle_sft.engine.rewrite.tree import only

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


@dataclass(frozen=True, slots=True)
class SortKey:
    """What rows are sorted by; Oracle takes NULL as the largest value."""

    term: Term
    descending: bool = False
    nulls_first: bool = False

    @property
    def direction(self) -> str:
        """`ASC NULLS LAST` and so on."""
        return f"{'DESC' if self.descending else 'ASC'} NULLS {'FIRST' if self.nulls_first else 'LAST'}"

    @property
    def sql(self) -> str:
        return f"{self.term.sql} {self.direction}"

    def turned(self) -> "SortKey":
        """The key that sorts the other way round."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)


def read(rewriter: "Rewriter", entries: list[exp.Expr], frame: Frame) -> list[SortKey]:
    """The keys; constants order nothing and are left out."""
    keys = []
    for entry in entries:
        only(entry, "this", "desc", "nulls_first")
        term = rewriter.value(entry.this, frame)
        convert.comparable(term)
        if term.constant is None and not term.is_null:
            keys.append(
                SortKey(term, bool(entry.args.get("desc")), bool(entry.args.get("nulls_first")))
            )
    return keys


def position_of(node: exp.Expr, count: int) -> int | None:
    """The position that ORDER BY 2 means; None for an expression."""
    if not isinstance(node, exp.Literal) or node.args["is_string"]:
        return None
    number = Decimal(str(node.this))
    if number != int(number) or not 1 <= number <= count:
        raise OracleError.of("ORA-01785")
    return int(number)


def direction(entry: exp.Expr) -> str:
    """`ASC NULLS LAST` and so on, of an entry whose value is written elsewhere."""
    descending, nulls_first = bool(entry.args.get("desc")), bool(entry.args.get("nulls_first"))
    return SortKey(Term("", NULL), descending, nulls_first).direction


def as_one(keys: list[SortKey]) -> str:
    """SQL of one BLOB that sorts as the keys do; it is never NULL."""
    parts = [f"{key.term.sql}, '{key.direction}'" for key in keys]
    return f"create_sort_key({', '.join(parts)})"


def split(entry: str) -> tuple[str, str]:
    """A key as SQL without its direction, and the direction."""
    key, nulls = entry.rsplit(" NULLS ", 1)
    key, direction = key.rsplit(" ", 1)
    return key, f"{direction} NULLS {nulls}"
