"""Group functions and analytic functions as they stand in a query."""

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import aggregates, convert, numbers
from oracle_sft.engine.rewrite.convert import as_number
from oracle_sft.engine.rewrite.frame import Frame, GroupStage
from oracle_sft.engine.rewrite.function_names import ORACLE_FUNCTIONS
from oracle_sft.engine.rewrite.terms import INTERVAL_DS, Term, number_type
from oracle_sft.engine.rewrite.tree import only, refuse, undisguised

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_RANKING = frozenset("ROW_NUMBER RANK DENSE_RANK NTILE CUME_DIST PERCENT_RANK".split())
_OFFSETS = frozenset("LAG LEAD".split())
_VALUES = frozenset("FIRST_VALUE LAST_VALUE NTH_VALUE".split())
ANALYTIC = _RANKING | _OFFSETS | _VALUES | {"RATIO_TO_REPORT"}
"""Functions that stand only with OVER."""


def is_aggregate(name: str) -> bool:
    return name in aggregates.NAMES or name in ("GROUPING", "GROUPING_ID")


def needs_over(name: str) -> bool:
    return name in ANALYTIC


def aggregates_in(node: exp.Expr) -> list[exp.Expr]:
    """The outermost group functions of the block below the node; those with OVER are none, but
    their arguments may hold some.
    """
    if isinstance(node, exp.Query):
        return []
    if isinstance(node, exp.Window) and str(node.args.get("over")) == "OVER":
        inner = node.this
        while isinstance(inner, (exp.Window, exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup)):
            inner = inner.this
        parts = [*inner.iter_expressions(), *_others(node)]
        return [found for part in parts for found in aggregates_in(part)]
    if isinstance(node, (exp.GroupConcat, exp.WithinGroup, exp.Window)):
        return [node]
    if isinstance(node, exp.Anonymous) and is_aggregate(undisguised(str(node.this)).upper()):
        return [node]
    return [found for child in node.iter_expressions() for found in aggregates_in(child)]


def _others(window: exp.Expr) -> list[exp.Expr]:
    return [child for child in window.iter_expressions() if child is not window.this]


def is_nested(node: exp.Expr) -> bool:
    """Whether a group function holds another one: MAX(COUNT(*))."""
    return any(aggregates_in(child) for found in aggregates_in(node) for child in _inside(found))


def _inside(aggregate: exp.Expr) -> list[exp.Expr]:
    """What a group function is applied to, and its sort keys."""
    if isinstance(aggregate, (exp.Window, exp.WithinGroup)):
        return [*aggregate.this.iter_expressions(), *_others(aggregate)]
    return list(aggregate.iter_expressions())


def aggregate(rewriter: "Rewriter", name: str, node: exp.Expr, frame: Frame) -> Term:
    """A group function without OVER."""
    group = _group_of(node, frame)
    if name in ("GROUPING", "GROUPING_ID"):
        raise refuse(name, node)
    with frame.at_depth(frame.depth - 1, "group"):
        term = _written(rewriter, name, node, frame, "")
    return group.aggregate(term.sql, term)


def _group_of(node: exp.Expr, frame: Frame) -> GroupStage:
    """The groups that a group function is computed over.

    Raises:
        OracleError: ORA-00934 where there are none.
        UnsupportedSQL: it reads columns of outer blocks only, and may belong to one of them.
    """
    if frame.group is None:
        if frame.clause == "group" and frame.depth < len(frame.stages):
            raise OracleError("ORA-00935", "group function is nested too deeply")
        raise aggregates.not_allowed_here()
    columns = [part for part in node.find_all(exp.Column) if isinstance(part.this, exp.Identifier)]
    if columns and not any(frame.owns(column) for column in columns):
        raise refuse("a group function over columns of an outer query only", node)
    return frame.group


def _written(rewriter: "Rewriter", name: str, node: exp.Expr, frame: Frame, suffix: str) -> Term:
    arguments = node.expressions
    if len(arguments) != 1:
        raise OracleError("ORA-00909", "invalid number of arguments")
    argument, distinct = _argument(arguments[0])
    if isinstance(argument, exp.Star):
        if name != "COUNT" or distinct:
            raise OracleError("ORA-00936", "missing expression")
        only(argument)
        return aggregates.count_rows(suffix)
    return aggregates.plain(name, rewriter.value(argument, frame), distinct=distinct, suffix=suffix)


def _argument(node: exp.Expr) -> tuple[exp.Expr, bool]:
    if isinstance(node, exp.Distinct):
        only(node, "expressions")
        if len(node.expressions) != 1:
            raise OracleError("ORA-00909", "invalid number of arguments")
        return node.expressions[0], True
    return node, False


def listagg(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """LISTAGG without OVER."""
    group = _group_of(node, frame)
    with frame.at_depth(frame.depth - 1, "group"):
        term = _listagg(rewriter, node, frame, "")
    return group.aggregate(term.sql, term)


def _listagg(rewriter: "Rewriter", node: exp.Expr, frame: Frame, suffix: str) -> Term:
    only(node, "this", "separator")
    this, keys = node.this, []
    if isinstance(this, exp.Order):
        only(this, "this", "expressions")
        keys = order_keys(rewriter, this.expressions, frame)
        this = this.this
    item, distinct = _argument(this)
    written = node.args.get("separator")
    separator = rewriter.value(written, frame) if written is not None else None
    return aggregates.listagg(
        rewriter.value(item, frame), separator, keys, distinct=distinct, suffix=suffix
    )


def order_keys(rewriter: "Rewriter", ordered: list[exp.Expr], frame: Frame) -> list[str]:
    """DuckDB's ORDER BY entries; constants order nothing and are left out."""
    keys = []
    for entry in ordered:
        only(entry, "this", "desc", "nulls_first")
        term = rewriter.value(entry.this, frame)
        if term.constant is None and term.sql != "NULL":
            keys.append(f"{term.sql} {direction(entry)}")
    return keys


def direction(entry: exp.Expr) -> str:
    """`ASC NULLS LAST` and so on; Oracle takes NULL as the largest value."""
    descending = bool(entry.args.get("desc"))
    first = bool(entry.args.get("nulls_first"))
    return f"{'DESC' if descending else 'ASC'} NULLS {'FIRST' if first else 'LAST'}"


def within_group(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    name = undisguised(str(node.this.this)).upper() if isinstance(node.this, exp.Anonymous) else ""
    raise refuse(f"{name} WITHIN GROUP".strip(), node)


def window(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """`.. OVER (..)` and `.. KEEP (..)`."""
    if str(node.args.get("over")) == "KEEP":
        group = _group_of(node, frame)
        with frame.at_depth(frame.depth - 1, "group"):
            term = _keep(rewriter, node, frame, "")
        return group.aggregate(term.sql, term)
    only(node, "this", "partition_by", "order", "spec", "over")
    if str(node.args.get("over")) != "OVER":
        raise refuse("a window without OVER", node)
    if frame.clause not in ("select", "order"):
        raise OracleError("ORA-30483", "window functions are not allowed here")
    with frame.at_depth(frame.depth, "window"):
        return _over(rewriter, node, frame)


def _over(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    this = node.this
    nulls = ""
    if isinstance(this, (exp.IgnoreNulls, exp.RespectNulls)):
        nulls = " IGNORE NULLS" if isinstance(this, exp.IgnoreNulls) else ""
        this = this.this
    if isinstance(this, exp.Window) and str(this.args.get("over")) == "KEEP":
        return _keep(rewriter, this, frame, _partition_only(rewriter, node, frame, "KEEP"))
    if isinstance(this, exp.GroupConcat):
        return _listagg(rewriter, this, frame, _partition_only(rewriter, node, frame, "LISTAGG"))
    if not isinstance(this, exp.Anonymous):
        raise refuse(f"{this.key.upper()} with OVER", node)
    only(this, "this", "expressions")
    name = undisguised(str(this.this)).upper()
    if name in aggregates.NAMES:
        if name == "MEDIAN":
            suffix = _partition_only(rewriter, node, frame, name)
            return _written(rewriter, name, this, frame, suffix)
        if isinstance(this.expressions[0] if this.expressions else None, exp.Distinct) and (
            node.args.get("order") is not None
        ):
            raise OracleError("ORA-30487", "ORDER BY not allowed here")
        return _written(rewriter, name, this, frame, _suffix(rewriter, node, frame))
    if name in _RANKING:
        return _ranking(rewriter, name, this, node, frame)
    if name == "RATIO_TO_REPORT":
        suffix = _partition_only(rewriter, node, frame, name)
        number = as_number(_single(rewriter, this, frame))
        total = aggregates.plain("SUM", number, distinct=False, suffix=suffix)
        return numbers.divide(number, Term(f"nullif({total.sql}, 0)", total.type))
    if name in _OFFSETS or name in _VALUES:
        return _neighbour(rewriter, name, this, node, frame, nulls)
    if name in ORACLE_FUNCTIONS:
        raise refuse(f"{name} OVER", node)
    raise OracleError("ORA-00904", f'"{name}": invalid identifier')


def _single(rewriter: "Rewriter", call: exp.Expr, frame: Frame) -> Term:
    if len(call.expressions) != 1:
        raise OracleError("ORA-00909", "invalid number of arguments")
    return rewriter.value(call.expressions[0], frame)


def _parts(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> list[str]:
    """PARTITION BY and ORDER BY of a window."""
    parts = []
    partition = node.args.get("partition_by") or []
    keys = [rewriter.value(key, frame) for key in partition]
    written = [key.sql for key in keys if key.constant is None and not key.is_null]
    if written:
        parts.append(f"PARTITION BY {', '.join(written)}")
    order = node.args.get("order")
    if order is not None:
        only(order, "expressions")
        ordered = order_keys(rewriter, order.expressions, frame)
        if ordered:
            parts.append(f"ORDER BY {', '.join(ordered)}")
    return parts


def _suffix(rewriter: "Rewriter", node: exp.Expr, frame: Frame, *, framed: bool = True) -> str:
    parts = _parts(rewriter, node, frame)
    spec = node.args.get("spec")
    if spec is not None:
        if not framed:
            raise OracleError("ORA-00907", "missing right parenthesis")
        parts.append(_frame(rewriter, spec, node.args.get("order"), frame))
    return f" OVER ({' '.join(parts)})"


def _partition_only(rewriter: "Rewriter", node: exp.Expr, frame: Frame, name: str) -> str:
    if node.args.get("order") is not None or node.args.get("spec") is not None:
        raise OracleError("ORA-30487", "ORDER BY not allowed here")
    return _suffix(rewriter, node, frame)


def _frame(rewriter: "Rewriter", spec: exp.Expr, order: exp.Expr | None, frame: Frame) -> str:
    only(spec, "kind", "start", "start_side", "end", "end_side")
    if order is None:
        raise OracleError("ORA-30485", "missing ORDER BY expression in the window specification")
    kind = str(spec.args["kind"]).upper()
    if kind not in ("ROWS", "RANGE"):
        raise refuse(f"a window frame in {kind}", spec)
    key = None
    if kind == "RANGE":
        entries = order.expressions
        key = rewriter.value(entries[0].this, frame) if len(entries) == 1 else None
    for side, bound in (("start_side", "start"), ("end_side", "end")):
        if isinstance(spec.args.get(bound), exp.Expr) and spec.args.get(side) is None:
            raise OracleError("ORA-00905", "missing keyword")
    start = _bound(rewriter, spec.args.get("start"), spec.args.get("start_side"), key, kind, frame)
    end = "CURRENT ROW"
    if spec.args.get("end") is not None:
        end = _bound(rewriter, spec.args.get("end"), spec.args.get("end_side"), key, kind, frame)
    return f"{kind} BETWEEN {start} AND {end}"


def _bound(
    rewriter: "Rewriter",
    bound: exp.Expr | str | None,
    side: str | None,
    key: Term | None,
    kind: str,
    frame: Frame,
) -> str:
    if isinstance(bound, str):
        return bound if bound == "CURRENT ROW" else f"UNBOUNDED {side}"
    assert bound is not None
    distance = rewriter.value(bound, frame)
    if kind == "ROWS":
        if not isinstance(distance.constant, Decimal):
            raise refuse("a window frame of a number of rows that is not a literal", bound)
        return f"{int(distance.constant)} {side}"
    if key is None:
        raise OracleError(
            "ORA-30486", "invalid window aggregation group in the window specification"
        )
    if distance.type.is_interval and key.type.is_date:
        unit = "microseconds" if distance.type is INTERVAL_DS else "months"
        return f"to_{unit}({distance.sql}) {side}"
    if not isinstance(distance.constant, Decimal):
        raise refuse("a window frame of a distance that is not a literal", bound)
    if key.type.is_date:
        return f"to_microseconds({int(distance.constant * 86_400_000_000)}) {side}"
    if key.type.family == "NUMBER" and not key.type.binary:
        type_ = numbers.common_type([key.type, distance.type])
        if type_.scale == key.type.scale:
            return f"{numbers.cast(distance, key.type)} {side}"
    raise refuse(f"a RANGE window over {key.type.family}", bound)


def _ranking(rewriter: "Rewriter", name: str, call: exp.Expr, node: exp.Expr, frame: Frame) -> Term:
    if node.args.get("order") is None:
        raise OracleError("ORA-30485", "missing ORDER BY expression in the window specification")
    suffix = _suffix(rewriter, node, frame, framed=False)
    if name == "NTILE":
        buckets = _single(rewriter, call, frame).constant
        if not isinstance(buckets, Decimal) or buckets < 1:
            raise refuse("NTILE with a number that is not a literal", node)
        return numbers.whole_number(f"ntile({int(buckets)}){suffix}")
    if call.expressions:
        raise OracleError("ORA-00909", "invalid number of arguments")
    if name not in ("CUME_DIST", "PERCENT_RANK"):
        return numbers.whole_number(f"{name.lower()}(){suffix}")
    partition = [part for part in _parts(rewriter, node, frame) if part.startswith("PARTITION")]
    rows = Term(f"count(*) OVER ({' '.join(partition)})", number_type(18))
    if name == "CUME_DIST":
        return numbers.divide(Term(f"count(*){suffix}", number_type(18)), rows)
    before = Term(f"(rank(){suffix} - 1)", number_type(18))
    others = Term(f"greatest({rows.sql} - 1, 1)", number_type(18))
    return numbers.divide(before, others)


def _neighbour(
    rewriter: "Rewriter", name: str, call: exp.Expr, node: exp.Expr, frame: Frame, nulls: str
) -> Term:
    """LAG, LEAD, FIRST_VALUE, LAST_VALUE, NTH_VALUE."""
    arguments = list(call.expressions)
    if arguments and isinstance(arguments[0], (exp.IgnoreNulls, exp.RespectNulls)):
        nulls = " IGNORE NULLS" if isinstance(arguments[0], exp.IgnoreNulls) else ""
        arguments[0] = arguments[0].this
    terms = [rewriter.value(argument, frame) for argument in arguments]
    least, most = {"LAG": (1, 3), "LEAD": (1, 3), "NTH_VALUE": (2, 2)}.get(name, (1, 1))
    if not least <= len(terms) <= most:
        raise OracleError("ORA-00909", "invalid number of arguments")
    value = terms[0]
    if value.is_null:
        return value
    if name in _OFFSETS and node.args.get("order") is None:
        raise OracleError("ORA-30485", "missing ORDER BY expression in the window specification")
    suffix = _suffix(rewriter, node, frame, framed=name not in _OFFSETS)
    written, type_ = [value.sql], value.type
    if len(terms) > 1:
        offset = terms[1].constant
        if not isinstance(offset, Decimal) or offset < 0:
            raise refuse(f"{name} with an offset that is not a literal", node)
        written.append(str(int(offset)))
    if len(terms) > 2:
        default = convert.like(terms[2], value.type)
        type_, (written[0], last) = convert.common([value, default])
        written.append(last)
    return Term(f"{name.lower()}({', '.join(written)}{nulls}){suffix}", type_)


def _keep(rewriter: "Rewriter", node: exp.Expr, frame: Frame, suffix: str) -> Term:
    only(node, "this", "order", "alias", "over", "first")
    call = node.this
    rank = node.args.get("alias")
    first = node.args.get("first")
    if not isinstance(call, exp.Anonymous) or rank is None or first is None:
        raise refuse("KEEP of this form", node)
    if rank.name.upper() != "DENSE_RANK":
        raise OracleError("ORA-02000", "missing DENSE_RANK keyword")
    name = undisguised(str(call.this)).upper()
    if len(call.expressions) != 1:
        raise OracleError("ORA-00909", "invalid number of arguments")
    argument, distinct = _argument(call.expressions[0])
    if distinct:
        raise refuse("DISTINCT with KEEP", node)
    term = None if isinstance(argument, exp.Star) else rewriter.value(argument, frame)
    if term is None and name != "COUNT":
        raise UnsupportedSQL(f"{name}(*) with KEEP")
    keys = order_keys(rewriter, node.args["order"].expressions, frame)
    return aggregates.keep(name, term, keys, first=bool(first), suffix=suffix)
