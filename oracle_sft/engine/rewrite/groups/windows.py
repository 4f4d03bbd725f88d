"""Analytic functions as they stand in a query: `.. OVER (..)`."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.convert import as_number
from oracle_sft.engine.rewrite.frame import Frame, WindowStage
from oracle_sft.engine.rewrite.function_names import ORACLE_FUNCTIONS
from oracle_sft.engine.rewrite.groups import (
    aggregates,
    group_functions,
    row_number_limits,
    statistics,
    window_frames,
)
from oracle_sft.engine.rewrite.groups.aggregate_syntax import FROM_LAST
from oracle_sft.engine.rewrite.groups.group_functions import name_of
from oracle_sft.engine.rewrite.groups.window_frames import Rows
from oracle_sft.engine.rewrite.numeric import numbers, quotients
from oracle_sft.engine.rewrite.terms import Place, Ratio, Term, refused
from oracle_sft.engine.rewrite.tree import only, own_nodes, refuse, stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_RANKING = frozenset("ROW_NUMBER RANK DENSE_RANK NTILE CUME_DIST PERCENT_RANK".split())
_OFFSETS = frozenset("LAG LEAD".split())
_VALUES = frozenset("FIRST_VALUE LAST_VALUE NTH_VALUE".split())
ANALYTIC = _RANKING | _OFFSETS | _VALUES | {"RATIO_TO_REPORT"}
"""Functions that stand only with OVER."""

_SHARE_OF_ROWS = Ratio(6, 6, 1)
"""CUME_DIST and PERCENT_RANK, of a million rows; ten millions are within what is kept in reserve."""

_WITHOUT_OVER = frozenset("STATS_MODE ANY_VALUE".split())
_ZERO_SUM = refused("RATIO_TO_REPORT of values that add up to 0")


def without_over(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    raise OracleError.of("ORA-30484")


def window(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """`.. OVER (..)` and `.. KEEP (..)`."""
    if str(node.args.get("over")) == "KEEP":
        return group_functions.value(rewriter, node, frame)
    if rewriter.oracle_version != "19c" and node.args.get("alias") is not None:
        _spell_out(node)
    only(node, "this", "partition_by", "order", "spec", "over")
    if str(node.args.get("over")) != "OVER":
        raise refuse("a window without OVER", node)
    if frame.clause not in ("select", "order"):
        raise OracleError.of("ORA-30483")
    stage = frame.windows
    if stage is None:
        raise refuse("an analytic function in ORDER BY of a set operation", node)
    with frame.at_depth(frame.depth - 1, "window"):
        return _over(rewriter, node, frame, stage)


def _spell_out(node: exp.Expr) -> None:
    """Put the definition in the WINDOW clause in the place of a window's name.

    Raises:
        UnsupportedSQL: a name that is not defined there, or that something is added to.
    """
    name = stored_name(node.args["alias"])
    select = node.find_ancestor(exp.Select)
    for defined in (select.args.get("windows") or []) if select is not None else []:
        parts = ("partition_by", "order", "spec")
        added = any(node.args.get(part) for part in parts)
        if stored_name(defined.this) == name and not added and defined.args.get("alias") is None:
            for part in parts:
                value = defined.args.get(part)
                copies = [entry.copy() for entry in value] if isinstance(value, list) else None
                node.set(part, copies or (value.copy() if isinstance(value, exp.Expr) else None))
            node.set("alias", None)
            return
    raise refuse(f"the window {name}", node)


def prepare(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> None:
    """Make a place for the analytic functions of a query block, if it has any."""
    order = node.args.get("order")
    parts = [*node.expressions, *([order] if order is not None else [])]
    if any(_is_over(entry) for part in parts for entry in own_nodes(part)):
        # In the lower one stand keys that DuckDB does not take in a window.
        frame.push(WindowStage(rewriter.alias("o")))
        frame.push(WindowStage(rewriter.alias("o")))


def _is_over(node: exp.Expr) -> bool:
    return isinstance(node, exp.Window) and str(node.args.get("over")) == "OVER"


def _over(rewriter: "Rewriter", node: exp.Expr, frame: Frame, stage: WindowStage) -> Term:
    this, ignores_nulls = node.this, False
    if isinstance(this, (exp.IgnoreNulls, exp.RespectNulls)):
        ignores_nulls = isinstance(this, exp.IgnoreNulls)
        this = this.this
    inner = this.this if isinstance(this, (exp.Window, exp.WithinGroup)) else this
    name = name_of(inner)
    if not name:
        raise refuse(f"{this.key.upper()} with OVER", node)
    kind = "KEEP" if isinstance(this, exp.Window) else name
    if this is not node.this and name not in _OFFSETS | _VALUES:
        raise refuse(f"IGNORE NULLS or RESPECT NULLS with {name}", node)
    ordered = node.args.get("order") is not None or node.args.get("spec") is not None
    if ordered and kind in group_functions.WITHOUT_WINDOW | {"RATIO_TO_REPORT"}:
        raise OracleError.of("ORA-30487")
    rows = window_frames.read(rewriter, node, frame)
    over = _Over(stage, rows)
    if name in _OFFSETS | _VALUES:
        return _neighbour(rewriter, name, inner, node, frame, over, ignores_nulls)
    if isinstance(this, (exp.Window, exp.WithinGroup)):
        lower = _lower_place(rewriter, node, frame) if isinstance(this, exp.Window) else None
        return group_functions.written(
            rewriter, this, frame, over.place, windowed=True, lower=lower
        )
    if name in _RANKING:
        return _ranking(rewriter, name, inner, node, frame, over)
    if name == "RATIO_TO_REPORT":
        return _ratio(rewriter, inner, frame, over)
    if name in _WITHOUT_OVER:
        raise refuse(f"{name} OVER", node)
    if name in aggregates.NAMES | statistics.PAIRS | group_functions.WITHOUT_WINDOW:
        first = inner.expressions[0] if inner.expressions else None
        if isinstance(first, exp.Distinct) and node.args.get("order") is not None:
            raise OracleError.of("ORA-30487")
        return group_functions.written(rewriter, inner, frame, over.place, windowed=True)
    if name in ORACLE_FUNCTIONS:
        raise refuse(f"{name} OVER", node)
    raise OracleError.of("ORA-00904", f'"{name}"')


def _lower_place(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Place:
    """Where a call is computed over the same partition, so that functions above can read it."""
    lower = frame.windows
    assert lower is not None
    with frame.at_depth(frame.depth - 1):
        rows = window_frames.read(rewriter, node, frame)
    return _Over(lower, rows).place


@dataclass(frozen=True, slots=True)
class _Over:
    """Where an analytic function is computed, and over which rows."""

    stage: WindowStage
    rows: Rows

    def place(self, sql: str) -> str:
        """The column that computes a call over the rows."""
        return self.stage.column(f"{sql}{self.rows.sql}")

    def place_backwards(self, sql: str) -> str:
        """The column that computes a call over the rows in the opposite order."""
        return self.stage.column(f"{sql}{self.rows.turned().sql}")

    def place_by_one_key(self, sql: str) -> str:
        """The column that computes a call over the rows, in an order of which DuckDB can take the
        first rows without sorting them all.
        """
        return self.stage.column(f"{sql}{self.rows.by_one_key().sql}")

    def read(self, term: Term) -> Term:
        """A value of the row itself, as it is read beside the columns."""
        return self.stage.read(term)


def _single(rewriter: "Rewriter", call: exp.Expr, frame: Frame) -> Term:
    if len(call.expressions) != 1:
        raise OracleError.of("ORA-00909")
    return rewriter.value(call.expressions[0], frame)


def _check_order(node: exp.Expr, *, framed: bool = False) -> None:
    if node.args.get("order") is None:
        raise OracleError.of("ORA-30485")
    if node.args.get("spec") is not None and not framed:
        raise OracleError.of("ORA-00907")


def _ratio(rewriter: "Rewriter", call: exp.Expr, frame: Frame, over: _Over) -> Term:
    number = as_number(_single(rewriter, call, frame))
    total = aggregates.total(number, "", over.place)
    own = over.read(number)
    zero = f"{total.sql} = 0 AND {own.sql} IS NOT NULL THEN {_ZERO_SUM}"

    def checked(term: Term) -> Term:
        return replace(term, sql=f"(CASE WHEN {zero} ELSE {term.sql} END)")

    # Checked once around the quotient, which reads its divisor many times.
    share = checked(numbers.divide(own, total, nonzero=True))
    quick = checked(share.alternative) if share.alternative is not None else None
    quotient = (own, checked(total)) if share.quotient is not None else None
    return replace(share, alternative=quick, quotient=quotient)


def _ranking(
    rewriter: "Rewriter", name: str, call: exp.Expr, node: exp.Expr, frame: Frame, over: _Over
) -> Term:
    _check_order(node)
    if name == "NTILE":
        buckets = _single(rewriter, call, frame)
        count = window_frames.whole_count(buckets, "NTILE", node, least=1)
        return numbers.whole_number(over.place(f"ntile({count})"))
    if call.expressions:
        raise OracleError.of("ORA-00909")
    if name == "ROW_NUMBER" and row_number_limits.is_limited(node):
        return numbers.whole_number(over.place_by_one_key("row_number()"))
    if name not in ("CUME_DIST", "PERCENT_RANK"):
        return numbers.whole_number(over.place(f"{name.lower()}()"))
    return Term(over.place(f"{name.lower()}()"), quotients.ratio_type(_SHARE_OF_ROWS))


def _neighbour(
    rewriter: "Rewriter",
    name: str,
    call: exp.Expr,
    node: exp.Expr,
    frame: Frame,
    over: _Over,
    ignores_nulls: bool,
) -> Term:
    """LAG, LEAD, FIRST_VALUE, LAST_VALUE, NTH_VALUE."""
    only(call, "this", "expressions")
    arguments = list(call.expressions)
    if arguments and isinstance(arguments[0], (exp.IgnoreNulls, exp.RespectNulls)):
        ignores_nulls = isinstance(arguments[0], exp.IgnoreNulls)
        arguments[0] = arguments[0].this
    from_last = bool(arguments) and arguments[-1].name == FROM_LAST
    if from_last:
        arguments.pop()
    terms = [rewriter.value(argument, frame) for argument in arguments]
    least, most = {"LAG": (1, 3), "LEAD": (1, 3), "NTH_VALUE": (2, 2)}.get(name, (1, 1))
    if not least <= len(terms) <= most:
        raise OracleError.of("ORA-00909")
    if name in _OFFSETS:
        _check_order(node)
    value = terms[0]
    if value.is_null:
        return value
    written, type_ = [value.sql], value.type
    if len(terms) > 1:
        written.append(_distance(name, terms[1], node))
    if len(terms) > 2:
        type_, (written[0], last) = convert.common([value, convert.like(terms[2], value.type)])
        written.append(last)
    nulls = " IGNORE NULLS" if ignores_nulls else ""
    place = over.place_backwards if from_last else over.place
    return Term(place(f"{name.lower()}({', '.join(written)}{nulls})"), type_)


def _distance(name: str, number: Term, node: exp.Expr) -> str:
    least = 1 if name == "NTH_VALUE" else 0
    if not isinstance(number.constant, Decimal):
        return window_frames.whole_count(number, name, node, least)
    if number.constant < 0:
        raise OracleError.of("ORA-01428", f"{number.constant:f}")
    if number.constant < least or number.constant != int(number.constant):
        raise refuse(f"{name} with the number {number.constant}", node)
    return str(int(number.constant))
