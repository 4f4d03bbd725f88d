"""Values as Oracle must be given them, so that it does with them what SQLite does."""

import re

from sqlglot import exp

from oracle_sft.pairs.sqlite.kinds import (
    DAY,
    INT,
    NULL,
    SECOND,
    Kind,
    Refused,
    looks_numeric,
)
from oracle_sft.pairs.sqlite.schema import is_date

Typed = tuple[exp.Expr, Kind]

_ELEMENTS = {
    **{"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "HH24", "%M": "MI", "%S": "SS", "%j": "DDD"},
    **{"-": "-", "/": "/", ":": ":", " ": " ", ".": "."},
}
AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX")


def call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """A call that is written as it stands here."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def is_literal(node: exp.Expr, *, string: bool) -> bool:
    return isinstance(node, exp.Literal) and node.is_string is string


def as_number(typed: Typed) -> Typed:
    """SQLite's truth values are numbers.

    Raises:
        Refused: of a text that need not be a number.
    """
    node, kind = typed
    if kind.family == "bool":
        if isinstance(node, exp.Boolean):
            return exp.Literal.number(int(node.this)), INT
        cases = [exp.If(this=node, true=exp.Literal.number(1))]
        cases.append(exp.If(this=negated(node.copy()), true=exp.Literal.number(0)))
        return exp.Case(ifs=cases), INT
    if kind.family == "text" and kind.has_digits:
        return call("TO_NUMBER", node), INT
    if kind.is_number or kind.family == "null":
        return node, kind
    raise Refused(f"arithmetic with {_said(kind)}")


def as_condition(typed: Typed) -> exp.Expr:
    """Raises:
    Refused: a text as a truth value.
    """
    node, kind = typed
    if isinstance(node, exp.Boolean):
        number = exp.Literal.number(int(node.this))
        return exp.EQ(this=number, expression=exp.Literal.number(1))
    if kind.family == "bool":
        return node
    if kind.is_number:
        return exp.NEQ(this=wrapped(node), expression=exp.Literal.number(0))
    raise Refused(f"{_said(kind)} as a truth value")


def as_text(typed: Typed) -> exp.Expr:
    """Raises:
    Refused: of a number that need not be whole, which SQLite writes in another way.
    """
    node, kind = typed
    if kind.family in ("text", "null"):
        return node
    if kind.family == "date":
        return call("TO_CHAR", node, text(kind.format))
    if kind.family == "int":
        return call("TO_CHAR", node)
    if kind.family == "bool":
        return call("TO_CHAR", as_number(typed)[0])
    raise Refused(f"{_said(kind)} as a text")


def wrapped(node: exp.Expr) -> exp.Expr:
    """In brackets, if it has operators."""
    return (
        exp.Paren(this=node) if isinstance(node, exp.Binary | exp.Unary | exp.Predicate) else node
    )


def negated(node: exp.Expr) -> exp.Expr:
    """NOT, where it is mostly written."""
    inner = node.unnest()
    if isinstance(inner, exp.In | exp.Between | exp.Like) and not isinstance(inner.this, exp.Tag):
        inner.set("this", exp.Tag(this=inner.this, prefix="", postfix=" NOT"))
        return inner
    if isinstance(inner, exp.Escape) and not isinstance(inner.this.this, exp.Tag):
        inner.set("this", negated(inner.this))
        return inner
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
        return exp.Is(this=inner.this, expression=exp.Not(this=exp.Null()))
    return exp.Not(this=inner if isinstance(inner, exp.Exists) else exp.Paren(this=inner))


def value(typed: Typed) -> Typed:
    """What may stand in a select list, a group or a set: no condition."""
    return as_number(typed) if typed[1].family == "bool" else typed


def comparable(left: Typed, right: Typed) -> tuple[exp.Expr, exp.Expr]:
    """Both sides of a comparison, so that Oracle compares what SQLite does.

    Raises:
        Refused: SQLite compares values of several types there.
    """
    left, right = value(left), value(right)
    (one, first), (other, second) = left, right
    families = {first.family, second.family}
    if "other" in families:
        raise Refused("a comparison with a column that may hold numbers and texts")
    if "null" in families or (first.is_number and second.is_number):
        return one, other
    if first.is_number or second.is_number:
        return _number_with_text(left, right)
    for kind, node, against in ((first, other, second), (second, one, first)):
        if kind.is_numeric and _may_look_numeric(node, against):
            raise Refused(
                "texts of a column of a numeric type, compared with a text that may be a number"
            )
    if families == {"date"} and first.format == second.format:
        return one, other
    if first.family == "date" and (moment := _moment(other, first)):
        return one, moment
    if second.family == "date" and (moment := _moment(one, second)):
        return moment, other
    return as_text(left), as_text(right)


def _may_look_numeric(node: exp.Expr, kind: Kind) -> bool:
    """Whether some text there may be one that SQLite takes for a number."""
    if is_literal(node, string=True):
        return looks_numeric(node.name)
    return not kind.is_numeric and kind.family == "text" and kind.format not in (DAY, SECOND)


def _moment(node: exp.Expr, kind: Kind) -> exp.Expr | None:
    """A text as a date, where it is one in the column's format."""
    if not is_literal(node, string=True) or not is_date(node.name, kind.format):
        return None
    if kind.format == DAY:
        return exp.Var(this=f"DATE '{node.name}'")
    return call("TO_DATE", text(node.name), text(SECOND))


def _number_with_text(left: Typed, right: Typed) -> tuple[exp.Expr, exp.Expr]:
    (one, first), (other, second) = left, right
    if second.is_number:
        swapped = _number_with_text(right, left)
        return swapped[1], swapped[0]
    if second.family == "text":
        if first.has_affinity and is_literal(other, string=True) and looks_numeric(other.name):
            return one, exp.Literal.number(other.name.strip().removeprefix("+"))
        if first.has_affinity and second.has_affinity and second.has_digits:
            return one, call("TO_NUMBER", other)
        is_whole = is_literal(one, string=False) and re.fullmatch(r"[1-9]\d*|0", one.name)
        if second.has_affinity and not second.is_numeric and is_whole:
            return text(one.name), other
    raise Refused(f"{_said(second)} compared with a number")


def same_family(*kinds: Kind) -> Kind:
    """The kind of values of which each may be the result, as of CASE or UNION.

    Raises:
        Refused: Oracle wants one type.
    """
    known = [kind for kind in kinds if kind.family != "null"]
    if not known:
        return NULL
    nullable = len(known) < len(kinds) or any(kind.nullable for kind in known)
    families = {kind.family for kind in known}
    if families <= {"int", "real", "number"}:
        family = families.pop() if len(families) == 1 else "number"
        return Kind(family, nullable=nullable)
    if len(families) > 1 or "other" in families:
        raise Refused("values of several types in one place")
    formats = {kind.format for kind in known}
    if families == {"date"} and len(formats) > 1:
        raise Refused("dates with and without a time in one place")
    return Kind(
        families.pop(), format=formats.pop() if len(formats) == 1 else "", nullable=nullable
    )


def oracle_format(format_: str) -> tuple[str, bool]:
    """A format of strftime in Oracle's notation, and whether it gives digits only.

    Raises:
        Refused: an element that Oracle has not.
    """
    parts = re.findall(r"%.|.", format_, re.DOTALL)
    for part in parts:
        if part not in _ELEMENTS:
            raise Refused(f"strftime with {part}")
    return "".join(_ELEMENTS[part] for part in parts), all(part.startswith("%") for part in parts)


def as_date(typed: Typed) -> Typed:
    """What the date functions take for a date.

    Raises:
        Refused: it need not be one.
    """
    node, kind = typed
    if kind.family == "date":
        return node, kind
    if kind.family == "text":
        if is_literal(node, string=True):
            if node.name.lower().startswith("now"):
                raise Refused("the current time")
            moment = next(
                (
                    made
                    for name in (DAY, SECOND)
                    if (made := _moment(node, Kind("date", format=name)))
                ),
                None,
            )
            if moment is not None:
                return moment, Kind("date", format=DAY if len(node.name) == 10 else SECOND)
        if kind.format:
            return call("TO_DATE", node, text(kind.format)), Kind("date", format=kind.format)
    raise Refused(f"{_said(kind)} as a date")


def _said(kind: Kind) -> str:
    return {
        "text": "a text",
        "date": "a date",
        "bool": "a condition",
        "int": "a number",
        "real": "a number that is not whole",
        "number": "a number that may be whole",
        "null": "NULL",
        "other": "a column that may hold numbers and texts",
    }[kind.family]
