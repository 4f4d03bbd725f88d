"""A query of SQLite as Oracle's: what surrounds its expressions."""

from collections.abc import Iterator, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from oracle_sft.pairs.sqlite.expressions import Expressions, sorted_by
from oracle_sft.pairs.sqlite.groups import with_dependents
from oracle_sft.pairs.sqlite.kinds import Catalogue, Kind, Known, Refused, stored
from oracle_sft.pairs.sqlite.scope import Scope, Source, identifier
from oracle_sft.pairs.sqlite.values import same_family
from oracle_sft.sqltext.lexer import tokens
from oracle_sft.sqltext.parse import SQLSyntaxError, parse

_SELECT_PARTS = {
    *("expressions", "distinct", "from_", "joins", "where", "group", "having", "order", "limit"),
    *("offset", "with_"),
}
_SET_PARTS = {"this", "expression", "distinct", "order", "limit", "offset", "with_", "by_name"}

Column = tuple[str, Kind]
"""Of a result: SQLite's name in lower case ('' where it has none), and what it holds."""


def rewrite(sql: str, catalogue: Catalogue) -> str:
    """A SELECT of SQLite in Oracle's words.

    Raises:
        Refused: it is no query, or has something that cannot be rewritten so that it surely means the same.
    """
    try:
        parsed = sqlglot.parse(sql, read="sqlite")
    except (SqlglotError, RecursionError) as error:
        said = str(error).splitlines()[0] if str(error) else "nested too deeply"
        raise Refused(f"SQL that cannot be parsed ({said})") from None
    queries = [each for each in parsed if each is not None]
    if len(queries) != 1 or not isinstance(queries[0], exp.Query):
        raise Refused("a text that is not one SELECT")
    statement = Statement(sql, catalogue)
    made, _ = statement.query(queries[0], None)
    oracle = _with_minus(made.sql(dialect="oracle", comments=False))
    try:
        parse(oracle)
    except SQLSyntaxError as error:
        raise Refused(f"SQL that Oracle would not parse ({error})") from None
    return oracle


def _with_minus(sql: str) -> str:
    """EXCEPT is a word of newer Oracles only."""
    places = [token for token in tokens(sql) if token.kind == "word" and token.name == "EXCEPT"]
    for token in reversed(places):
        sql = f"{sql[: token.start]}MINUS{sql[token.end :]}"
    return sql


class Statement:
    """One statement on its way."""

    def __init__(self, sql: str, catalogue: Catalogue) -> None:
        self._sql = sql
        self.catalogue = catalogue

    def in_double_quotes(self, name: exp.Expr) -> bool:
        """SQLite takes such a name, when nothing has it, for a text."""
        start = name.meta.get("start")
        return isinstance(start, int) and self._sql[start : start + 1] == '"'

    def query(self, node: exp.Expr, outer: Scope | None) -> tuple[exp.Expr, tuple[Kind, ...]]:
        """A query in Oracle's words, and what its columns hold."""
        made, columns = self.named(node, outer)
        return made, tuple(kind for _, kind in columns)

    def named(self, node: exp.Expr, outer: Scope | None) -> tuple[exp.Expr, list[Column]]:
        """As `query`, with the names of the columns."""
        if isinstance(node, exp.Select):
            return _Select(self, node, outer).rewrite()
        if isinstance(node, exp.SetOperation):
            return self._set(node, outer)
        if isinstance(node, exp.Subquery) and not any(
            given for key, given in node.args.items() if key not in ("this",)
        ):
            return self.named(node.this, outer)
        raise Refused(f"{type(node).__name__.upper()} as a query")

    def _set(self, node: exp.SetOperation, outer: Scope | None) -> tuple[exp.Expr, list[Column]]:
        _only(node, _SET_PARTS)
        scope, with_ = self.ctes(node, outer)
        left, columns = self.named(node.this, scope)
        right, others = self.named(node.expression, scope)
        if len(columns) != len(others):
            raise Refused("a set of rows of different width")
        kinds = [
            same_family(one, other) for (_, one), (_, other) in zip(columns, others, strict=True)
        ]
        named = [(name, kind) for (name, _), kind in zip(columns, kinds, strict=True)]
        made = type(node)(
            this=left, expression=right, distinct=node.args.get("distinct"), with_=with_
        )
        order = node.args.get("order")
        if order is not None:
            made.set(
                "order", exp.Order(expressions=[_set_key(key, named) for key in order.expressions])
            )
        _limit(node, made)
        return made, named

    def ctes(self, node: exp.Expr, outer: Scope | None) -> tuple[Scope, exp.With | None]:
        """The scope in which the WITH queries of a query are known."""
        given = node.args.get("with_")
        known: dict[str, Source] = {}
        scope = Scope(outer=outer, ctes=known)
        if given is None:
            return scope, None
        if given.args.get("recursive"):
            raise Refused("WITH RECURSIVE")
        made = []
        for cte in given.expressions:
            name = cte.args["alias"].name
            if cte.args["alias"].columns:
                raise Refused("WITH that names its columns")
            query, columns = self.named(cte.this, scope)
            known[name.lower()] = derived(stored(name), columns)
            made.append(exp.CTE(this=query, alias=exp.TableAlias(this=identifier(stored(name)))))
        return scope, exp.With(expressions=made)


def derived(alias: str, columns: Sequence[Column]) -> Source:
    """What a query gives, as a table."""
    return Source(alias, {name: Known(stored(name), kind) for name, kind in columns if name})


def _set_key(key: exp.Ordered, columns: Sequence[Column]) -> exp.Ordered:
    """A sort key of a set is one of its columns."""
    node = key.this
    if (
        isinstance(node, exp.Literal)
        and node.name.isdecimal()
        and 0 < int(node.name) <= len(columns)
    ):
        return sorted_by(key, node.copy(), columns[int(node.name) - 1][1])
    if isinstance(node, exp.Column) and not node.table:
        for name, kind in columns:
            if name == node.name.lower():
                return sorted_by(key, exp.Column(this=identifier(stored(name))), kind)
    raise Refused("ORDER BY of a set by what is none of its columns")


def _only(node: exp.Expr, known: set[str]) -> None:
    for name, given in node.args.items():
        if given and name not in known:
            raise Refused(name.strip("_").replace("_", " ").upper())


def _limit(node: exp.Expr, made: exp.Expr) -> None:
    for name in ("limit", "offset"):
        given = node.args.get(name)
        if given is None:
            continue
        count = given.expression
        if not (isinstance(count, exp.Literal) and count.name.isdecimal()):
            raise Refused(f"{name.upper()} with what is no whole number")
        made.set(name, type(given)(expression=count.copy()))


class _Select:
    def __init__(self, statement: Statement, node: exp.Select, outer: Scope | None) -> None:
        _only(node, _SELECT_PARTS)
        self._statement = statement
        self._node = node
        self._scope, self._with = statement.ctes(node, outer)
        self._of = Expressions(statement, self._scope)
        self._joined: list[exp.Expr] = []
        """Conditions of inner joins."""

    def rewrite(self) -> tuple[exp.Expr, list[Column]]:
        node = self._node
        made = exp.Select(with_=self._with)
        self._from(made)
        items, columns = self._items()
        where = node.args.get("where")
        if where is not None:
            condition = self._of.condition(where.this)
            self._joined.append(condition)
            made.set("where", exp.Where(this=condition))
        group = self._group(items)
        having = node.args.get("having")
        if having is not None:
            if not group:
                raise Refused("HAVING without GROUP BY")
            made.set("having", exp.Having(this=self._of.condition(having.this)))
        order = [self._key(key, items, columns) for key in self._order()]
        beside = [made.args.get("having"), *items, *order]
        group = with_dependents(
            group,
            [each for each in beside if each is not None],
            self._scope.sources.values(),
            self._joined,
        )
        made.set("expressions", items)
        if node.args.get("distinct"):
            if node.args["distinct"].args.get("on"):
                raise Refused("DISTINCT ON")
            made.set("distinct", exp.Distinct())
        if group:
            made.set("group", exp.Group(expressions=group))
        if order:
            made.set("order", exp.Order(expressions=order))
        _limit(node, made)
        return made, columns

    # --- FROM ---

    def _from(self, made: exp.Select) -> None:
        given = self._node.args.get("from_")
        if given is None:
            made.set("from_", exp.From(this=exp.Table(this=exp.Identifier(this="dual"))))
            return
        made.set("from_", exp.From(this=self._table(given.this)))
        joins = self._node.args.get("joins") or []
        self._scope.has_outer_join = any(join.args.get("side") for join in joins)
        for join in joins:
            made.append("joins", self._join(join))

    def _table(self, node: exp.Expr) -> exp.Expr:
        alias = node.alias
        if node.args.get("joins"):
            raise Refused("a join in brackets")
        if isinstance(node, exp.Subquery):
            around = Scope(outer=self._scope.outer, ctes=self._scope.ctes)
            query, columns = self._statement.named(node.this, around)
            name = stored(alias or f"q{len(self._scope.sources) + 1}")
            self._add(alias or name, derived(name, columns))
            return exp.Subquery(this=query, alias=exp.TableAlias(this=identifier(name)))
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            raise Refused("a table function")
        if node.args.get("db"):
            raise Refused("a table with its database")
        known = self._scope.cte(node.name)
        if known is not None:
            name, columns_of, key = known.alias, known.columns, known.key
        else:
            table = self._statement.catalogue.tables.get(node.name.lower())
            if table is None:
                raise Refused(f"the table {node.name}, which the schema has not")
            name, columns_of, key = table.name, table.columns, table.key
        self._add(alias or node.name, Source(stored(alias) if alias else name, columns_of, key))
        made = exp.Table(this=identifier(name))
        if alias:
            made.set("alias", exp.TableAlias(this=identifier(stored(alias))))
        return made

    def _add(self, name: str, source: Source) -> None:
        if name.lower() in self._scope.sources:
            raise Refused(f"two tables under the name {name}")
        self._scope.sources[name.lower()] = source

    def _join(self, node: exp.Join) -> exp.Join:
        if node.args.get("method") not in (None, "NATURAL"):
            raise Refused(f"{node.args['method']} JOIN")
        before = list(self._scope.sources)
        made = exp.Join(this=self._table(node.this))
        side, kind = str(node.args.get("side") or ""), str(node.args.get("kind") or "")
        if side not in ("", "LEFT", "RIGHT", "FULL") or kind not in ("", "INNER", "OUTER", "CROSS"):
            raise Refused(f"{side} {kind} JOIN".strip())
        on = self._merging(node, before, side) or node.args.get("on")
        if isinstance(on, exp.Boolean) and on.this and not side:
            on = None
        if on is None:
            if side:
                raise Refused(f"{side} JOIN without ON")
            made.set("kind", "CROSS")
            return made
        condition = self._of.condition(on)
        if side:
            made.set("side", side)
        elif not self._scope.has_outer_join:
            self._joined.append(condition)
        made.set("on", condition)
        return made

    def _merging(self, node: exp.Join, before: Sequence[str], side: str) -> exp.Expr | None:
        """The condition of JOIN USING and NATURAL JOIN, in SQLite's words."""
        (joined,) = set(self._scope.sources) - set(before)
        shared = [name.name.lower() for name in node.args.get("using") or ()]
        if node.args.get("method"):
            known = {name for each in before for name in self._scope.sources[each].columns}
            shared = [name for name in self._scope.sources[joined].columns if name in known]
        if not shared:
            return None
        if side not in ("", "LEFT") or any(item.is_star for item in self._node.expressions):
            raise Refused("JOIN USING with *, or of the right side")
        tests = []
        for name in shared:
            first = next(
                (each for each in before if name in self._scope.sources[each].columns), None
            )
            if first is None:
                raise Refused(f"JOIN USING the column {name}, which no table before it has")
            self._scope.merged.setdefault(name, first)
            tests.append(
                exp.EQ(
                    this=exp.column(name, table=self._scope.merged[name], quoted=True),
                    expression=exp.column(name, table=joined, quoted=True),
                )
            )
        return exp.and_(*tests, wrap=False)

    # --- SELECT ---

    def _items(self) -> tuple[list[exp.Expr], list[Column]]:
        items: list[exp.Expr] = []
        columns: list[Column] = []
        for node in self._node.expressions:
            if node.is_star and not isinstance(node, exp.Count):
                for star, found in self._stars(node):
                    items += [star] if star is not None else []
                    columns += found
                continue
            alias = node.alias if isinstance(node, exp.Alias) else ""
            inner, kind = self._of.value(node.unalias())
            name = alias or (node.name if isinstance(node, exp.Column) else "")
            columns.append((name.lower(), kind))
            if alias:
                self._scope.aliases[alias.lower()] = (inner, kind)
                items.append(exp.Alias(this=inner, alias=identifier(stored(alias))))
            else:
                items.append(inner)
        return items, columns

    def _stars(self, node: exp.Expr) -> Iterator[tuple[exp.Expr | None, list[Column]]]:
        table = node.table.lower() if isinstance(node, exp.Column) else ""
        sources = {
            name: source for name, source in self._scope.sources.items() if table in ("", name)
        }
        if not sources:
            raise Refused(f"the table {table or '*'}, which the query has not")
        columns = [
            (name, known) for source in sources.values() for name, known in source.columns.items()
        ]
        if any(known.kind.family == "other" for _, known in columns):
            raise Refused("* of a table with a column that may hold anything")
        star: exp.Expr = exp.Star()
        if table:
            star = exp.Column(this=exp.Star(), table=identifier(sources[table].alias))
        yield star, [(name, known.kind) for name, known in columns]

    # --- GROUP BY, ORDER BY ---

    def _group(self, items: Sequence[exp.Expr]) -> list[exp.Expr]:
        given = self._node.args.get("group")
        if given is None:
            return []
        _only(given, {"expressions"})
        keys = []
        for node in given.expressions:
            if isinstance(node, exp.Literal) and node.name.isdecimal():
                if not 0 < int(node.name) <= len(items) or any(item.is_star for item in items):
                    raise Refused(f"GROUP BY {node.name}")
                keys.append(items[int(node.name) - 1].unalias().copy())
            else:
                key, _ = self._of.value(node)
                keys.append(key.this if isinstance(key, exp.Paren) else key)
        return keys

    def _order(self) -> list[exp.Ordered]:
        order = self._node.args.get("order")
        return list(order.expressions) if order is not None else []

    def _key(
        self, key: exp.Ordered, items: Sequence[exp.Expr], columns: Sequence[Column]
    ) -> exp.Ordered:
        node = key.this
        if isinstance(node, exp.Literal) and node.name.isdecimal():
            if not 0 < int(node.name) <= len(columns):
                raise Refused(f"ORDER BY {node.name}")
            return sorted_by(key, node.copy(), columns[int(node.name) - 1][1])
        if isinstance(node, exp.Column) and not node.table:
            aliased = self._scope.aliases.get(node.name.lower())
            if aliased is not None:
                return sorted_by(key, exp.Column(this=identifier(stored(node.name))), aliased[1])
        return self._of.ordered(key)
