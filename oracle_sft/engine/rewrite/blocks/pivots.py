"""PIVOT and UNPIVOT as the grouped query, or the UNION ALL, that Oracle itself makes of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.blocks import query
from oracle_sft.engine.rewrite.frame import Frame, OutputColumn, Relation
from oracle_sft.engine.rewrite.groups import group_functions
from oracle_sft.engine.rewrite.terms import quoted, refused
from oracle_sft.engine.rewrite.tree import only, own_nodes, refuse, stored_name, undisguised

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


@dataclass(slots=True)
class _Source:
    """What is turned, as a query of WITH."""

    name: str
    """Under which the written query reads it; no query can say it."""
    columns: list[OutputColumn]
    sql: str


def rewrite(
    rewriter: "Rewriter", pivot: exp.Expr, sql: str, relation: Relation, frame: Frame
) -> "query.Query":
    """The query of one PIVOT or UNPIVOT over a FROM entry.

    Raises:
        OracleError: ORA-00904, ORA-00918, ORA-01748, ORA-01790, ORA-56901, ORA-56902.
    """
    alias = rewriter.alias("w")
    items = [f"{column.term.sql} AS c{i}" for i, column in enumerate(relation.columns, start=1)]
    columns = [
        OutputColumn(column.name, column.term.at(f"{alias}.c{i}"))
        for i, column in enumerate(relation.columns, start=1)
    ]
    names = [column.name for column in columns]
    if len(set(names)) != len(names):
        raise OracleError.of("ORA-00918")
    source = _Source(f"\0{alias}", columns, f"{alias} AS (SELECT {', '.join(items)} FROM {sql})")
    if pivot.args.get("unpivot"):
        tree, empty_is_unknown = _unpivoted(pivot, source), False
    else:
        tree, empty_is_unknown = _pivoted(pivot, source)
    outside = Frame(parent=frame.parent, ctes={**frame.ctes, source.name: columns})
    done = query.rewrite(rewriter, tree, outside)
    written = f"WITH {source.sql} {done.sql}"
    if empty_is_unknown:
        unknown = refused("PIVOT of no rows without other columns")
        none = f"(SELECT count(*) FROM {alias}) = 0"
        rows, outer = done.sql, rewriter.alias("q")
        written = (
            f"WITH {source.sql} SELECT {outer}.* FROM ({rows}) AS {outer} "
            f"WHERE CASE WHEN {none} THEN {unknown} ELSE TRUE END"
        )
    return query.Query(written, done.columns)


def _pivoted(pivot: exp.Expr, source: _Source) -> tuple[exp.Select, bool]:
    """SELECT .. GROUP BY; and whether nothing is grouped by, so that no rows make one row."""
    only(pivot, "expressions", "fields", *_NAMING)
    (field,) = pivot.args["fields"]
    only(field, "this", "expressions")
    keys = list(_simple_columns(field.this))
    aggregates = [_aggregate(item) for item in pivot.expressions]
    used = {stored_name(column.this) for column in keys}
    for aggregate, _ in aggregates:
        for column in _simple_columns(aggregate):
            used.add(stored_name(column.this))
    _check_names(used, source)
    kept = [column.name for column in source.columns if column.name not in used]
    select = exp.Select()
    for name in kept:
        select.append("expressions", _named(_column(name), name))
    names = list(kept)
    for entry in field.expressions:
        values, shown = _pivot_value(entry, len(keys))
        condition = _equal(keys, values)
        for aggregate, alias in aggregates:
            name = f"{shown}_{alias}" if alias else shown
            names.append(name)
            select.append("expressions", _named(_conditioned(aggregate, condition), name))
    if len(set(names)) != len(names):
        raise OracleError.of("ORA-00918")
    _read_from(select, source)
    if kept:
        select.set("group", exp.Group(expressions=[_column(name) for name in kept]))
    return select, not kept


_NAMING = (
    "unpivot",
    "include_nulls",
    "default_on_null",
    "alias",
    "columns",
    "identify_pivot_strings",
    "prefixed_pivot_columns",
    "pivot_column_naming",
    "value_columns_first",
)
"""What sqlglot says about a pivot beyond what stands in it."""


def _aggregate(item: exp.Expr) -> tuple[exp.Expr, str]:
    """The group function and its alias, '' where it has none."""
    alias = ""
    if isinstance(item, exp.Alias):
        only(item, "this", "alias")
        item, alias = item.this, stored_name(item.args["alias"])
    if group_functions.aggregates_in(item) != [item]:
        raise OracleError.of("ORA-56902")
    return item, alias


def _pivot_value(entry: exp.Expr, width: int) -> tuple[list[exp.Expr], str]:
    """The values of one entry of IN, and what its columns are named by."""
    alias = None
    if isinstance(entry, (exp.PivotAlias, exp.Alias)):
        alias, entry = entry.args["alias"], entry.this
    values = list(entry.expressions) if isinstance(entry, exp.Tuple) else [entry]
    if len(values) != width:
        raise OracleError.of("ORA-00947")
    for value in values:
        if isinstance(value, (exp.Query, exp.Star)):
            raise OracleError.of("ORA-00936")
        if any(isinstance(part, (exp.Column, exp.Query)) for part in own_nodes(value)):
            raise OracleError.of("ORA-56901")
        if isinstance(value, exp.Null) or (isinstance(value, exp.Literal) and value.this == ""):
            raise refuse("NULL among the values of PIVOT", entry)
    if alias is not None:
        if not isinstance(alias, exp.Identifier):
            raise OracleError.of("ORA-00904", "")
        return values, stored_name(alias)
    if width > 1 or not isinstance(values[0], exp.Literal):
        raise refuse("PIVOT with a value without alias that is no literal", entry)
    text = str(values[0].this)
    if values[0].args["is_string"]:
        return values, quoted(text)
    if Decimal(text) != int(Decimal(text)) or not text.isdigit():
        raise refuse("PIVOT with a value without alias that is no whole number", entry)
    return values, str(int(text))


def _equal(keys: Sequence[exp.Expr], values: Sequence[exp.Expr]) -> exp.Expr:
    tests: list[exp.Expr] = [
        exp.EQ(this=key.copy(), expression=value.copy())
        for key, value in zip(keys, values, strict=True)
    ]
    condition = tests[0]
    for test in tests[1:]:
        condition = exp.And(this=condition, expression=test)
    return condition


def _conditioned(aggregate: exp.Expr, condition: exp.Expr) -> exp.Expr:
    """The group function over those rows only for which the condition holds."""
    copied = aggregate.copy()
    call = copied.this if isinstance(copied, exp.WithinGroup) else copied
    if isinstance(call, exp.GroupConcat):
        argument = call.this
        while isinstance(argument, (exp.Order, exp.Distinct)):
            argument = argument.this if isinstance(argument, exp.Order) else argument.expressions[0]
    elif isinstance(call, exp.Anonymous) and call.expressions:
        argument = call.expressions[0]
        if isinstance(argument, exp.Distinct):
            if len(argument.expressions) != 1:
                raise OracleError.of("ORA-00909")
            argument = argument.expressions[0]
        name = undisguised(str(call.this)).upper()
        if isinstance(copied, exp.WithinGroup) and name != "LISTAGG":
            raise refuse("PIVOT with WITHIN GROUP", aggregate)
    else:
        raise refuse("PIVOT with a group function of this form", aggregate)
    value = exp.Literal.number(1) if isinstance(argument, exp.Star) else argument.copy()
    argument.replace(exp.Case(ifs=[exp.If(this=condition.copy(), true=value)]))
    return copied


def _unpivoted(pivot: exp.Expr, source: _Source) -> exp.Expr:
    """One SELECT for each entry of IN, joined by UNION ALL."""
    only(pivot, "expressions", "fields", *_NAMING)
    (field,) = pivot.args["fields"]
    only(field, "this", "expressions")
    measures = _identifiers(pivot.expressions[0])
    labels = _identifiers(field.this)
    entries = [_unpivot_entry(entry, len(measures), len(labels)) for entry in field.expressions]
    turned = {name for columns, _ in entries for name in columns}
    _check_names(turned, source)
    kept = [column.name for column in source.columns if column.name not in turned]
    names = [*kept, *labels, *measures]
    if len(set(names)) != len(names):
        raise OracleError.of("ORA-00918")
    whole: exp.Expr | None = None
    for columns, values in entries:
        select = exp.Select()
        for name in kept:
            select.append("expressions", _named(_column(name), name))
        for value, name in zip(values, labels, strict=True):
            select.append("expressions", _named(value.copy(), name))
        for column, name in zip(columns, measures, strict=True):
            select.append("expressions", _named(_column(column), name))
        _read_from(select, source)
        if not pivot.args.get("include_nulls"):
            select.set("where", exp.Where(this=_any_value(columns)))
        whole = exp.Union(this=whole, expression=select, distinct=False) if whole else select
    assert whole is not None
    return whole


def _unpivot_entry(
    entry: exp.Expr, num_measures: int, num_labels: int
) -> tuple[list[str], list[exp.Expr]]:
    """The columns of one entry of IN, and the literals that stand for them."""
    alias = None
    if isinstance(entry, (exp.PivotAlias, exp.Alias)):
        alias, entry = entry.args["alias"], entry.this
    columns = [stored_name(column.this) for column in _simple_columns(entry)]
    if len(columns) != num_measures:
        raise OracleError.of("ORA-00947")
    if alias is None:
        if num_measures > 1 or num_labels > 1:
            raise refuse("UNPIVOT of several columns without AS", entry)
        return columns, [exp.Literal.string(columns[0])]
    values = list(alias.expressions) if isinstance(alias, exp.Tuple) else [alias]
    if len(values) != num_labels:
        raise OracleError.of("ORA-00947")
    for value in values:
        if not isinstance(value, (exp.Literal, exp.Neg, exp.Null)):
            raise OracleError.of("ORA-56901")
    return columns, values


def _any_value(columns: Sequence[str]) -> exp.Expr:
    """That not all of the columns are NULL."""
    tests: list[exp.Expr] = [
        exp.Not(this=exp.Is(this=_column(name), expression=exp.Null())) for name in columns
    ]
    condition = tests[0]
    for test in tests[1:]:
        condition = exp.Or(this=condition, expression=test)
    return condition


def _identifiers(node: exp.Expr) -> list[str]:
    parts = node.expressions if isinstance(node, exp.Tuple) else [node]
    names = []
    for part in parts:
        identifier = part.this if isinstance(part, exp.Column) else part
        if not isinstance(identifier, exp.Identifier):
            raise OracleError.of("ORA-00904", "")
        names.append(stored_name(identifier))
    return names


def _simple_columns(node: exp.Expr) -> Iterator[exp.Column]:
    """The columns below the node.

    Raises:
        OracleError: ORA-01748 for one with a table's name.
    """
    for part in own_nodes(node):
        if isinstance(part, exp.Query):
            raise UnsupportedSQL("a subquery in PIVOT")
        if isinstance(part, exp.Column) and isinstance(part.this, exp.Identifier):
            if part.args.get("table") is not None:
                raise OracleError.of("ORA-01748")
            yield part


def _check_names(names: set[str], source: _Source) -> None:
    unknown = sorted(names - {column.name for column in source.columns})
    if unknown:
        raise OracleError.of("ORA-00904", f'"{unknown[0]}"')


def _column(name: str) -> exp.Expr:
    return exp.Column(this=exp.Identifier(this=name, quoted=True))


def _named(value: exp.Expr, name: str) -> exp.Expr:
    return exp.Alias(this=value, alias=exp.Identifier(this=name, quoted=True))


def _read_from(select: exp.Select, source: _Source) -> None:
    table = exp.Table(this=exp.Identifier(this=source.name, quoted=True))
    select.set("from_", exp.From(this=table))
