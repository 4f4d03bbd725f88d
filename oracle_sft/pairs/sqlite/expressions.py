"""Expressions of SQLite as Oracle's; what is not listed here is refused by its name."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.pairs.sqlite.functions import FUNCTIONS, anonymous, date_argument, is_julian
from oracle_sft.pairs.sqlite.kinds import (
    BOOL,
    INT,
    NULL,
    REAL,
    TEXT,
    Kind,
    Refused,
    arithmetic_kind,
)
from oracle_sft.pairs.sqlite.operands import divisor, inside, left_operand, operand
from oracle_sft.pairs.sqlite.scope import Found, Scope, identifier
from oracle_sft.pairs.sqlite.values import (
    AGGREGATES,
    Typed,
    as_condition,
    as_number,
    as_text,
    call,
    comparable,
    is_literal,
    negated,
    same_family,
    text,
    value,
    wrapped,
)

if TYPE_CHECKING:
    from oracle_sft.pairs.sqlite.statement import Statement

PLACE = "place"
"""Key of a column's meta: what it was found to be."""


class Expressions:
    """The expressions of one SELECT."""

    def __init__(self, statement: "Statement", scope: Scope) -> None:
        self._statement = statement
        self._scope = scope
        self.has_rows = statement.catalogue.has_rows

    def rewrite(self, node: exp.Expr) -> Typed:
        """The expression in Oracle's words, and what it gives.

        Raises:
            Refused: it cannot be rewritten surely.
        """
        for kind, rule in _RULES.items():
            if isinstance(node, kind):
                return rule(self, node)
        for kind, function in FUNCTIONS.items():
            if isinstance(node, kind):
                return function(self, node)
        raise Refused(_name_of(node))

    def condition(self, node: exp.Expr) -> exp.Expr:
        return as_condition(self.rewrite(node))

    def value(self, node: exp.Expr) -> Typed:
        return value(self.rewrite(node))

    def number(self, node: exp.Expr) -> Typed:
        inner, kind = self.rewrite(node)
        if kind.family == "text" and not kind.has_digits and self.has_rows:
            # Of a text that is no number SQLite takes the digits that it begins with, and Oracle fails: the rows tell.
            return call("TO_NUMBER", inner), Kind("number", nullable=kind.nullable)
        return as_number((inner, kind))

    def query(self, node: exp.Expr) -> tuple[exp.Expr, tuple[Kind, ...]]:
        """A query inside of this one, without its brackets."""
        inner = node.this if isinstance(node, exp.Subquery) else node
        return self._statement.query(inner, self._scope)

    # --- names and literals ---

    def _column(self, node: exp.Column) -> Typed:
        if isinstance(node.this, exp.Star):
            raise Refused("* in an expression")
        if node.args.get("db") or node.args.get("catalog"):
            raise Refused("a column with its database")
        table, name = node.table, node.name
        found = self._scope.find(table, name)
        if found is not None and self._scope.owns(found):
            return self.column(found)
        # An alias comes before the columns of the queries around.
        if not table and name.lower() in self._scope.aliases:
            aliased, kind = self._scope.aliases[name.lower()]
            return wrapped(aliased.copy()), kind
        if found is not None:
            return self.column(found)
        if not table and self._statement.in_double_quotes(node.this):
            return self._text(name)
        raise Refused(f"the column {node.sql()}, which no table has")

    def column(self, found: Found) -> Typed:
        made = exp.Column(this=identifier(found.known.name), table=identifier(found.source.alias))
        if self._scope.has_one_source:
            made.set("table", None)
        made.meta[PLACE] = (found.source.alias, found.name)
        return made, found.known.kind

    def _literal(self, node: exp.Literal) -> Typed:
        if node.is_string:
            return self._text(node.name)
        is_whole = node.name.isdecimal()
        if not is_whole and node.name.lower().startswith("0x"):
            raise Refused("a hexadecimal number")
        return node.copy(), Kind("int" if is_whole else "real", nullable=False)

    def _text(self, said: str) -> Typed:
        if not said:
            raise Refused("an empty text, which is NULL in Oracle")
        return text(said), Kind("text", nullable=False)

    def _null(self, _: exp.Expr) -> Typed:
        return exp.Null(), NULL

    def _boolean(self, node: exp.Boolean) -> Typed:
        return exp.Boolean(this=node.this), BOOL

    def _paren(self, node: exp.Paren) -> Typed:
        inner, kind = self.rewrite(node.this)
        return wrapped(inner), kind

    # --- conditions ---

    def _connector(self, node: exp.Connector) -> Typed:
        left, right = (inside(self.condition(side), node) for side in (node.left, node.right))
        return type(node)(this=left, expression=right), BOOL

    def _not(self, node: exp.Not) -> Typed:
        return negated(self.condition(node.this)), BOOL

    def _comparison(self, node: exp.Binary) -> Typed:
        left, right = comparable(self.rewrite(node.left), self.rewrite(node.right))
        return type(node)(this=operand(left), expression=operand(right)), BOOL

    def _is(self, node: exp.Is) -> Typed:
        if not isinstance(node.expression, exp.Null):
            raise Refused("IS between values")
        return exp.Is(this=operand(self.value(node.this)[0]), expression=exp.Null()), BOOL

    def _between(self, node: exp.Between) -> Typed:
        tested = self.rewrite(node.this)
        low_side, low = comparable(tested, self.rewrite(node.args["low"]))
        high_side, high = comparable(tested, self.rewrite(node.args["high"]))
        if low_side != high_side or node.args.get("symmetric"):
            raise Refused("BETWEEN values of several types")
        return exp.Between(this=operand(low_side), low=operand(low), high=operand(high)), BOOL

    def _in(self, node: exp.In) -> Typed:
        tested = self.value(node.this)
        query = node.args.get("query")
        if query is not None:
            made, kinds = self.query(query)
            if len(kinds) != 1:
                raise Refused("IN with rows of several columns")
            side = _given_as_wanted(made, kinds[0], tested)
            return exp.In(this=operand(side), query=exp.Subquery(this=made)), BOOL
        if node.args.get("unnest") or node.args.get("field") or not node.expressions:
            raise Refused("IN without a list")
        # Only what stands before IN converts: `x IN (y)` is `x = +y`.
        listed = (self.rewrite(each) for each in node.expressions)
        sides = [
            comparable(tested, (made, replace(kind, has_affinity=False, is_numeric=False)))
            for made, kind in listed
        ]
        if any(side[0] != sides[0][0] for side in sides):
            raise Refused("IN with values of several types")
        return exp.In(this=operand(sides[0][0]), expressions=[side[1] for side in sides]), BOOL

    def _exists(self, node: exp.Exists) -> Typed:
        return exp.Exists(this=self.query(node.this)[0]), BOOL

    def _like(self, node: exp.Like) -> Typed:
        return self._like_with(node, None)

    def _escape(self, node: exp.Escape) -> Typed:
        if not isinstance(node.this, exp.Like):
            raise Refused("ESCAPE")
        return self._like_with(node.this, node.expression)

    def _like_with(self, node: exp.Like, escape: exp.Expr | None) -> Typed:
        """SQLite's LIKE takes a for A, of ASCII's letters."""
        pattern, _ = self.rewrite(node.expression)
        if not is_literal(pattern, string=True):
            raise Refused("LIKE with a pattern that is no literal")
        if not pattern.name.isascii():
            raise Refused("LIKE with letters beyond ASCII")
        tested = as_text(self.rewrite(node.this))
        if pattern.name.lower() != pattern.name.upper():
            tested, pattern = call("LOWER", tested), text(pattern.name.lower())
        made: exp.Expr = exp.Like(this=operand(tested), expression=pattern)
        if escape is not None:
            if not is_literal(escape, string=True) or escape.name.isalpha():
                raise Refused("ESCAPE with another character than a sign")
            made = exp.Escape(this=made, expression=escape.copy())
        return (negated(made) if node.args.get("negate") else made), BOOL

    # --- arithmetic and texts ---

    def _arithmetic(self, node: exp.Binary) -> Typed:
        if isinstance(node, exp.Sub) and is_julian(node.left) and is_julian(node.right):
            return self._days_between(node)
        left, right = self.number(node.left), self.number(node.right)
        made = type(node)(this=left_operand(left[0], node), expression=operand(right[0]))
        return made, arithmetic_kind(left[1], right[1])

    def _days_between(self, node: exp.Sub) -> Typed:
        first, second = (
            date_argument(self, side.expressions)[0] for side in (node.left, node.right)
        )
        return exp.Paren(this=exp.Sub(this=first, expression=second)), REAL

    def _division(self, node: exp.Div) -> Typed:
        """Of whole numbers a whole one; by zero NULL."""
        left, right = self.number(node.left), self.number(node.right)
        families = {left[1].family, right[1].family}
        divided = exp.Div(this=left_operand(left[0], node), expression=divisor(right[0]))
        if families == {"int"}:
            return call("TRUNC", divided), INT
        if "real" not in families:
            raise Refused("a division of numbers that may be whole")
        return divided, REAL

    def _remainder(self, node: exp.Mod) -> Typed:
        left, right = self.number(node.left), self.number(node.right)
        if {left[1].family, right[1].family} != {"int"}:
            raise Refused("% of numbers that need not be whole")
        return call("MOD", left[0], divisor(right[0])), INT

    def _negative(self, node: exp.Neg) -> Typed:
        inner, kind = self.number(node.this)
        return exp.Neg(this=wrapped(inner)), replace(kind, has_affinity=False)

    def _concatenation(self, node: exp.DPipe) -> Typed:
        """NULL as soon as one part is, where Oracle takes it for an empty text."""
        parts = [self.rewrite(part) for part in _parts(node)]
        texts = [operand(as_text(part)) for part in parts]
        joined = texts[0]
        for each in texts[1:]:
            joined = exp.DPipe(this=joined, expression=each)
        tests = [
            exp.Is(this=operand(part.copy()), expression=exp.Not(this=exp.Null()))
            for part, kind in parts
            if kind.nullable
        ]
        if not tests:
            return joined, replace(TEXT, nullable=False)
        return exp.Case(ifs=[exp.If(this=exp.and_(*tests, wrap=False), true=joined)]), TEXT

    # --- choices ---

    def _case(self, node: exp.Case) -> Typed:
        tested = node.this
        ifs = []
        for each in node.args["ifs"]:
            if tested is not None:
                one, other = comparable(self.rewrite(tested), self.rewrite(each.this))
                condition: exp.Expr = exp.EQ(this=operand(one), expression=operand(other))
            else:
                condition = self.condition(each.this)
            ifs.append((condition, self.value(each.args["true"])))
        default = node.args.get("default")
        return self._choice(ifs, None if default is None else self.value(default))

    def _if(self, node: exp.If) -> Typed:
        chosen = [(self.condition(node.this), self.value(node.args["true"]))]
        default = node.args.get("false")
        return self._choice(chosen, None if default is None else self.value(default))

    def _choice(self, ifs: Sequence[tuple[exp.Expr, Typed]], default: Typed | None) -> Typed:
        kinds = [typed[1] for _, typed in ifs] + [NULL if default is None else default[1]]
        made = [exp.If(this=condition, true=typed[0]) for condition, typed in ifs]
        return exp.Case(ifs=made, default=default and default[0]), same_family(*kinds)

    def _subquery(self, node: exp.Expr) -> Typed:
        made, kinds = self.query(node)
        if len(kinds) != 1:
            raise Refused("a query of several columns as a value")
        if not self.has_rows and not _gives_one_row(made):
            raise Refused("a query as a value of which SQLite takes the first row")
        return exp.Subquery(this=made), replace(kinds[0], nullable=True)

    def _window(self, node: exp.Window) -> Typed:
        if node.args.get("spec") or node.args.get("first") or node.args.get("alias"):
            raise Refused("a window with a frame or a name")
        if not isinstance(node.this, _WINDOWED):
            raise Refused(f"{_name_of(node.this)} OVER")
        function, kind = self.rewrite(node.this)
        order = node.args.get("order")
        return (
            exp.Window(
                this=function,
                partition_by=[self.value(each)[0] for each in node.args.get("partition_by") or ()],
                order=order
                and exp.Order(expressions=[self.ordered(each) for each in order.expressions]),
                over="OVER",
            ),
            kind,
        )

    def ordered(self, node: exp.Ordered) -> exp.Ordered:
        """A sort key; NULLs come first in SQLite, and last in Oracle."""
        key, kind = self.value(node.this)
        if kind.family == "other":
            raise Refused("the order of numbers and texts")
        return sorted_by(node, key, kind)


def sorted_by(node: exp.Ordered, key: exp.Expr, kind: Kind) -> exp.Ordered:
    """`node` with another key: what cannot be NULL needs no place for it."""
    descends = bool(node.args.get("desc"))
    first = bool(node.args.get("nulls_first")) if kind.nullable else descends
    return exp.Ordered(this=key, desc=descends or None, nulls_first=first)


def _parts(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.DPipe):
        return [*_parts(node.left), *_parts(node.right)]
    return [node]


def _given_as_wanted(query: exp.Expr, given: Kind, tested: Typed) -> exp.Expr:
    """What is looked for with IN; the column of the query is changed where it is of another type.

    Raises:
        Refused: it cannot be.
    """
    item = query.expressions[0] if isinstance(query, exp.Select) else exp.Var(this="column")
    if item.is_star:
        item = exp.Var(this="column")
    side, wanted = comparable(tested, (item.unalias(), given))
    if wanted is not item.unalias():
        if isinstance(item, exp.Var):
            raise Refused("IN with a query that gives values of another type")
        query.set("expressions", [wanted])
    return side


def _gives_one_row(query: exp.Expr) -> bool:
    if not isinstance(query, exp.Select):
        return False
    limit = query.args.get("limit")
    if isinstance(limit, exp.Limit) and limit.expression.name == "1":
        return True
    calls = (each.unalias() for each in query.expressions)
    return not query.args.get("group") and any(
        isinstance(each, exp.Anonymous) and each.name in AGGREGATES for each in calls
    )


def _name_of(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.name).upper()
    return node.sql_name() if isinstance(node, exp.Func) else type(node).__name__.upper()


_WINDOWED = (
    *(exp.RowNumber, exp.Rank, exp.DenseRank, exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max),
)

_RULES: dict[type | tuple[type, ...], Callable[..., Typed]] = {
    exp.Column: Expressions._column,
    exp.Literal: Expressions._literal,
    exp.Null: Expressions._null,
    exp.Boolean: Expressions._boolean,
    exp.Paren: Expressions._paren,
    (exp.And, exp.Or): Expressions._connector,
    exp.Not: Expressions._not,
    (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE): Expressions._comparison,
    exp.Is: Expressions._is,
    exp.Between: Expressions._between,
    exp.In: Expressions._in,
    exp.Exists: Expressions._exists,
    exp.Like: Expressions._like,
    exp.Escape: Expressions._escape,
    (exp.Add, exp.Sub, exp.Mul): Expressions._arithmetic,
    exp.Div: Expressions._division,
    exp.Mod: Expressions._remainder,
    exp.Neg: Expressions._negative,
    exp.DPipe: Expressions._concatenation,
    exp.Case: Expressions._case,
    exp.If: Expressions._if,
    (exp.Subquery, exp.Select, exp.SetOperation): Expressions._subquery,
    exp.Window: Expressions._window,
    exp.Anonymous: anonymous,
}
