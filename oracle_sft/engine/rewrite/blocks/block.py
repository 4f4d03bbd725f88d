"""One query block: SELECT .. FROM .. WHERE .. GROUP BY .. HAVING, and its ORDER BY keys."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, QueryError
from oracle_sft.engine.rewrite import convert, tree
from oracle_sft.engine.rewrite.blocks import distinct_keys, from_clause, hierarchy, query, rownum
from oracle_sft.engine.rewrite.frame import Frame, OutputColumn, Relation
from oracle_sft.engine.rewrite.groups import (
    group_by,
    group_functions,
    row_number_limits,
    sort_keys,
    windows,
)
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import Term, refused
from oracle_sft.engine.rewrite.tree import conjuncts, only, own_nodes, refuse, stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_PARTS = (
    "with_ hint distinct expressions from_ joins where connect group having order limit offset"
).split()


def select(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> "query.Body":
    """The block, its columns named by Oracle's rules, with ORDER BY as sort keys."""
    if node.args.get("qualify") is not None:
        raise OracleError.of("ORA-00933")
    only(node, *_PARTS, *(["windows"] if rewriter.oracle_version != "19c" else []))
    if not node.expressions:
        raise OracleError.of("ORA-00936")
    has_from = node.args.get("from_") is not None
    if not has_from:
        _read_from_nothing(rewriter, node)
    where = node.args.get("where")
    conditions = conjuncts(where.this) if where is not None else []
    source = from_clause.rewrite(rewriter, node, conditions, frame)
    if not has_from:
        frame.relations[0].columns = []
    if rewriter.oracle_version != "19c":
        _put_aliases(node, frame)
    frame.clause = "where"
    conditions = source.remaining
    connect = node.args.get("connect")
    if connect is not None:
        conditions = hierarchy.rewrite(rewriter, node, connect, source, frame)
    rownum.rewrite(rewriter, node, conditions, frame)
    group_by.rewrite(rewriter, node, frame)
    windows.prepare(rewriter, node, frame)
    frame.clause = "select"
    limits = row_number_limits.find(node)
    items, columns = _items(rewriter, node, frame)
    row_number_limits.apply(limits, columns, frame)
    distinct = node.args.get("distinct")
    if distinct is not None:
        only(distinct)
        convert.comparable(*items)
    body = query.Body([term.sql for term in items], "", columns, distinct=distinct is not None)
    body.quotients = {
        place: term
        for place, term in enumerate(items)
        if term.quotient is not None or numbers.as_quotient(term) is not term
    }
    order = node.args.get("order")
    if order is not None and not order.args.get("siblings"):
        body.sort = _sort_keys(rewriter, node, order, items, columns, frame, distinct is not None)
    elif order is not None:
        only(order, "expressions", "siblings")
        if connect is None:
            raise OracleError.of("ORA-30929")
        body.sort = hierarchy.sibling_order(frame, distinct=body.distinct)
    if frame.cut is not None:
        keys = [f"{frame.reach(term).sql} {way}" for term, way in frame.view_keys]
        body.cut = query.Cut(keys, frame.cut)
    if node is rewriter.outermost and not body.distinct:
        _show_doubles(body, items)
    body.tail = frame.assemble(f" FROM {source.sql}")
    if body.distinct:
        keys = [sort_keys.split(entry)[0] for entry in body.sort]
        unselected = [key for key in keys if not key.isdigit()]
        if unselected and body.cut is not None:
            raise refuse(
                "ORDER BY of an expression with DISTINCT and ROWNUM over a sorted view", node
            )
        if unselected:
            distinct_keys.add(rewriter, body, unselected)
    return body


def _read_from_nothing(rewriter: "Rewriter", node: exp.Expr) -> None:
    """A SELECT without FROM, which came with 23ai, reads one row without columns."""
    if rewriter.oracle_version == "19c":
        raise OracleError.of("ORA-00923")
    if any(isinstance(item, exp.Star) for item in node.expressions):
        raise refuse("* without FROM", node)
    node.set("from_", exp.From(this=exp.Table(this=exp.Identifier(this="DUAL"))))


def _put_aliases(node: exp.Expr, frame: Frame) -> None:
    """Since 23ai GROUP BY and HAVING may name an alias, which stands for its expression."""
    aliased = {
        stored_name(item.args["alias"]): item.this
        for item in node.expressions
        if isinstance(item, exp.Alias)
    }
    for clause in filter(None, (node.args.get("group"), node.args.get("having"))):
        for column in [part for part in own_nodes(clause) if isinstance(part, exp.Column)]:
            if column.args.get("table") is not None or not isinstance(column.this, exp.Identifier):
                continue
            value = aliased.get(stored_name(column.this))
            if value is None:
                continue
            if not frame.owns(column):
                column.replace(value.copy())
            elif column != value:
                raise refuse("an alias in GROUP BY or HAVING that hides a column", clause)


def _show_doubles(body: "query.Body", items: list[Term]) -> None:
    """Give quotients out as DOUBLEs where that is faster, and nothing else reads them."""
    sorted_by = {key.partition(" ")[0] for key in body.sort}
    for index, term in enumerate(items):
        quick = term.alternative
        if quick is not None and quick.type.binary and str(index + 1) not in sorted_by:
            body.items[index] = quick.sql
            body.columns[index] = replace(body.columns[index], term=Term(quick.sql, quick.type))


def _handed_on(rewriter: "Rewriter", node: exp.Expr, term: Term) -> Term:
    """The term as the block gives it out: a set operator compares it with values from elsewhere."""
    if isinstance(node.parent, exp.SetOperation):
        return numbers.exactly(term)
    return term if node is rewriter.outermost else numbers.handed_on(term)


def _items(
    rewriter: "Rewriter", node: exp.Expr, frame: Frame
) -> tuple[list[Term], list[OutputColumn]]:
    terms: list[Term] = []
    columns: list[OutputColumn] = []

    def add(term: Term, name: str, *, named_by_text: bool = False) -> None:
        term = _handed_on(rewriter, node, term)
        type_ = term.type
        if term.is_null:
            term = term.at(f"CAST({term.sql} AS VARCHAR)")
        terms.append(term)
        columns.append(OutputColumn(name, Term(term.sql, type_), named_by_text))

    for index, given in enumerate(node.expressions):
        # Brackets around nothing but a column leave its name: SELECT DISTINCT(name).
        bare = given.unnest()
        named = isinstance(bare, exp.Column) and isinstance(bare.this, exp.Identifier)
        item = bare if named and frame.owns(bare) else given
        if isinstance(item, exp.Star):
            only(item)
            if index:
                raise OracleError.of("ORA-00936")
            if len(node.expressions) > 1:
                raise OracleError.of("ORA-00923")
            for column in _all_columns(frame):
                add(frame.reach(column.term), column.name)
        elif isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
            relation = _relation(frame, item)
            if frame.merged:
                raise refuse("alias.* of a table joined with USING", item)
            _check_duplicates(relation.columns)
            for column in relation.columns:
                add(frame.reach(column.term), column.name)
        elif isinstance(item, exp.Alias):
            only(item, "this", "alias")
            add(rewriter.value(item.this, frame), stored_name(item.args["alias"]))
        elif isinstance(item, exp.Column):
            add(rewriter.value(item, frame), stored_name(item.this))
        else:
            written = rewriter.item_texts(node)
            text = written[index] if written else tree.shown(item)
            add(rewriter.value(item, frame), text, named_by_text=True)
    return terms, columns


def _all_columns(frame: Frame) -> list[OutputColumn]:
    if frame.num_merging > 1:
        raise refuse("* over several joins with USING or NATURAL")
    columns = [OutputColumn(name, merged.term) for name, merged in frame.merged.items()]
    for relation in frame.relations:
        # Oracle reads * as s.a, s.b, .., where one alias may stand for two tables.
        same = [entry.columns for entry in frame.relations if entry.name == relation.name != ""]
        _check_duplicates([column for entry in same for column in entry] or relation.columns)
        for column in relation.columns:
            merged = frame.merged.get(column.name)
            if merged is None or relation not in merged.relations:
                columns.append(column)
    return columns


def _check_duplicates(columns: list[OutputColumn]) -> None:
    names = [column.checked().name for column in columns]
    if len(set(names)) != len(names):
        raise OracleError.of("ORA-00918")


def _relation(frame: Frame, item: exp.Expr) -> Relation:
    """The table of `alias.*`."""
    name, db = stored_name(item.args["table"]), item.args.get("db")
    found = [
        relation
        for relation in frame.relations
        if relation.name == name and (db is None or relation.owner == stored_name(db))
    ]
    if len(found) > 1:
        raise OracleError.of("ORA-00918")
    if not found:
        raise OracleError.of("ORA-00904", f'"{name}"')
    return found[0]


def _sort_keys(
    rewriter: "Rewriter",
    node: exp.Expr,
    order: exp.Expr,
    items: list[Term],
    columns: list[OutputColumn],
    frame: Frame,
    distinct: bool,
) -> list[str]:
    only(order, "expressions")
    sql_of_items = [term.sql for term in items]
    for item, column in zip(items, columns, strict=True):
        known = frame.aliases.setdefault(column.name, item)
        if known.sql != item.sql:
            frame.aliases[column.name] = Term("", item.type)
    keys = []
    renamed = _renamed(node)
    frame.clause = "order"
    for entry in order.expressions:
        only(entry, "this", "desc", "nulls_first")
        position = sort_keys.position_of(entry.this, len(items))
        if position is None:
            hidden = _hidden_columns(entry.this, renamed, frame)
            if hidden:
                key = _key_of_both_readings(rewriter, entry, hidden, frame, distinct=distinct)
                keys.append(f"{key} ASC NULLS LAST")
                continue
            try:
                term = rewriter.value(entry.this, frame)
            except OracleError as error:
                if error.code == "ORA-00937" and node.args.get("group") is None:
                    continue  # Oracle sorts the one row of SELECT COUNT(*) by anything
                raise
            term = _handed_on(rewriter, node, term)
            convert.comparable(term)
            if term.sql == "":
                raise OracleError.of("ORA-00960")
            if term.is_literal:
                continue
            if term.sql in sql_of_items:
                position = sql_of_items.index(term.sql) + 1
            elif distinct and not distinct_keys.is_made_of(
                rewriter, entry.this, node.expressions, sql_of_items, frame
            ):
                raise OracleError.of("ORA-01791")
            else:
                keys.append(f"{term.sql} {sort_keys.direction(entry)}")
                continue
        convert.comparable(items[position - 1])
        keys.append(f"{position} {sort_keys.direction(entry)}")
    return keys


def _hidden_columns(key: exp.Expr, renamed: set[str], frame: Frame) -> set[str]:
    """Columns in an expression that an alias hides; the alias is clear where it stands alone."""
    if isinstance(key, exp.Column):
        return set()
    names = {
        stored_name(column.this)
        for column in own_nodes(key)
        if isinstance(column, exp.Column) and column.args.get("table") is None
    }
    return {
        name for name in names & renamed if any(relation.find(name) for relation in frame.relations)
    }


def _key_of_both_readings(
    rewriter: "Rewriter", entry: exp.Expr, hidden: set[str], frame: Frame, *, distinct: bool
) -> str:
    """The rank of each row by an expression that may mean the alias or the column; it is refused
    where the two sort differently.
    """
    key = entry.this
    if group_functions.name_of(key).startswith("GROUPING"):
        # Oracle puts the alias's expression there, which is no key.
        raise OracleError.of("ORA-00979")
    unclear = refuse("ORDER BY of an expression over an alias that hides a column", key)
    if distinct or group_functions.aggregates_in(key):
        raise unclear
    aliases = frame.aliases
    ranks = []
    for known in (aliases, {name: aliases[name] for name in aliases.keys() - hidden}):
        frame.aliases = known
        try:
            term = rewriter.value(key, frame)
        except QueryError:
            raise unclear from None
        finally:
            frame.aliases = aliases
        if term.constant is not None or term.is_null:
            raise unclear
        ranks.append(f"rank() OVER (ORDER BY {term.sql} {sort_keys.direction(entry)})")
    return f"(CASE WHEN {ranks[0]} <> {ranks[1]} THEN {refused(unclear.construct)} ELSE {ranks[0]} END)"


def _renamed(node: exp.Expr) -> set[str]:
    """Aliases that are not the name of the column they stand for."""
    names = set()
    for item in node.expressions:
        if isinstance(item, exp.Alias):
            name = stored_name(item.args["alias"])
            if not isinstance(item.this, exp.Column) or stored_name(item.this.this) != name:
                names.add(name)
    return names
