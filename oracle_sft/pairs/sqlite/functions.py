"""Functions of SQLite as Oracle's, one by one; what is not listed is refused by its name."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.pairs.sqlite.kinds import DAY, INT, REAL, SECOND, TEXT, Kind, Refused
from oracle_sft.pairs.sqlite.values import (
    Typed,
    as_date,
    as_text,
    call,
    is_literal,
    oracle_format,
    same_family,
    text,
)

if TYPE_CHECKING:
    from oracle_sft.pairs.sqlite.expressions import Expressions

_COUNTED = Kind("int", nullable=False)


def _count(of: "Expressions", node: exp.Count) -> Typed:
    counted = node.this
    if isinstance(counted, exp.Star) or counted is None:
        return call("COUNT", exp.Star()), _COUNTED
    if node.expressions:
        raise Refused("COUNT of several values")
    return call("COUNT", _aggregated(of, counted)[0]), _COUNTED


def _aggregated(of: "Expressions", node: exp.Expr) -> Typed:
    """What is aggregated, with its DISTINCT."""
    if not isinstance(node, exp.Distinct):
        return of.value(node)
    if len(node.expressions) != 1:
        raise Refused("DISTINCT over several values")
    inner, kind = of.value(node.expressions[0])
    return exp.Distinct(expressions=[inner]), kind


def _sum(of: "Expressions", node: exp.Sum | exp.Avg) -> Typed:
    inner, kind = _aggregated(of, node.this)
    if not kind.is_number:
        raise Refused(f"{node.sql_name()} of what is no number")
    if isinstance(node, exp.Avg):
        return call("AVG", inner), REAL
    return call("SUM", inner), Kind(kind.family)


def _extreme(of: "Expressions", node: exp.Min | exp.Max) -> Typed:
    inner, kind = _aggregated(of, node.this)
    if node.expressions or kind.family == "other":
        raise Refused(f"{node.sql_name()} of values of several types")
    return call("MIN" if isinstance(node, exp.Min) else "MAX", inner), same_family(
        kind, Kind("null")
    )


def _greatest(of: "Expressions", node: exp.Greatest | exp.Least) -> Typed:
    typed = [of.value(each) for each in (node.this, *node.expressions)]
    name = "GREATEST" if isinstance(node, exp.Greatest) else "LEAST"
    return call(name, *(each for each, _ in typed)), same_family(*(kind for _, kind in typed))


def _coalesce(of: "Expressions", node: exp.Coalesce) -> Typed:
    typed = [of.value(each) for each in (node.this, *node.expressions)]
    kind = same_family(*(kind for _, kind in typed))
    return call("COALESCE", *(each for each, _ in typed)), kind


def _nullif(of: "Expressions", node: exp.Nullif) -> Typed:
    first, second = of.value(node.this), of.value(node.expression)
    kind = same_family(first[1], second[1], Kind("null"))
    return call("NULLIF", first[0], second[0]), kind


def _abs(of: "Expressions", node: exp.Abs) -> Typed:
    inner, kind = of.number(node.this)
    return call("ABS", inner), Kind(kind.family, nullable=kind.nullable)


def _round(of: "Expressions", node: exp.Round) -> Typed:
    inner, _ = of.number(node.this)
    digits = node.args.get("decimals")
    if digits is None:
        return call("ROUND", inner), REAL
    if not (is_literal(digits, string=False) and digits.name.isdecimal()):
        raise Refused("ROUND to digits that are no literal")
    return call("ROUND", inner, digits.copy()), REAL


def _cast(of: "Expressions", node: exp.Cast) -> Typed:
    wanted = node.to.this.value.upper()
    if wanted in ("TEXT", "VARCHAR", "CHAR", "NVARCHAR", "NCHAR"):
        return as_text(of.value(node.this)), Kind("text", has_affinity=True)
    inner, kind = of.value(node.this)
    is_number = kind.is_number
    if kind.family == "text" and (kind.has_digits or of.has_rows):
        inner, is_number = call("TO_NUMBER", inner), True
    if not is_number:
        raise Refused(f"CAST of what need not be a number AS {wanted}")
    if wanted in ("REAL", "FLOAT", "DOUBLE"):
        return inner, Kind("real", has_affinity=True, nullable=kind.nullable)
    if wanted in ("INT", "BIGINT", "SMALLINT", "TINYINT"):
        is_whole = kind.family == "int" or kind.has_digits
        whole = inner if is_whole else call("TRUNC", inner)
        return whole, Kind("int", has_affinity=True, nullable=kind.nullable)
    raise Refused(f"CAST AS {wanted}")


# --- texts ---


def _text_function(name: str) -> Callable[["Expressions", exp.Func], Typed]:
    def rewrite(of: "Expressions", node: exp.Func) -> Typed:
        return call(name, as_text(of.rewrite(node.this))), TEXT

    return rewrite


def _length(of: "Expressions", node: exp.Length) -> Typed:
    return call("LENGTH", as_text(of.rewrite(node.this))), INT


def _substring(of: "Expressions", node: exp.Substring) -> Typed:
    start, length = node.args.get("start"), node.args.get("length")
    if start is None or not _is_from_one(start):
        raise Refused("SUBSTR that does not begin at a place from 1 on")
    if length is not None and isinstance(length, exp.Neg):
        raise Refused("SUBSTR of the characters before a place")
    arguments = [as_text(of.rewrite(node.this)), of.number(start)[0]]
    arguments += [of.number(length)[0]] if length is not None else []
    return call("SUBSTR", *arguments), TEXT


def _is_from_one(node: exp.Expr) -> bool:
    if isinstance(node, exp.Add):
        return isinstance(node.left, exp.StrPosition) and _is_from_one(node.right)
    return is_literal(node, string=False) and node.name.isdecimal() and int(node.name) >= 1


def _trim(of: "Expressions", node: exp.Trim) -> Typed:
    if node.expression is not None:
        raise Refused("TRIM of named characters")
    name = {"LEADING": "LTRIM", "TRAILING": "RTRIM"}.get(str(node.args.get("position")), "TRIM")
    return call(name, as_text(of.rewrite(node.this))), TEXT


def _replace(of: "Expressions", node: exp.Replace) -> Typed:
    by = node.args.get("replacement")
    arguments = [as_text(of.rewrite(node.this)), as_text(of.rewrite(node.expression))]
    if not is_literal(node.expression, string=True):
        raise Refused("REPLACE of a text that is no literal")
    if by is not None and not (is_literal(by, string=True) and not by.name):
        arguments.append(as_text(of.rewrite(by)))
    return call("REPLACE", *arguments), TEXT


def _position(of: "Expressions", node: exp.StrPosition) -> Typed:
    if not is_literal(node.args["substr"], string=True) or node.args.get("position"):
        raise Refused("INSTR of a text that is no literal")
    searched = as_text(of.rewrite(node.this))
    return call("INSTR", searched, of.rewrite(node.args["substr"])[0]), INT


# --- dates ---


def is_julian(node: exp.Expr) -> bool:
    """Whether it is the call that turns a date into a number of days."""
    return isinstance(node, exp.Anonymous) and node.name.lower() == "julianday"


def date_argument(of: "Expressions", arguments: Sequence[exp.Expr]) -> Typed:
    """The one argument of a function of dates.

    Raises:
        Refused: there is none (the current time), or modifiers follow it.
    """
    if not arguments:
        raise Refused("the current time")
    if len(arguments) > 1:
        raise Refused("a date with modifiers")
    inner = arguments[0]
    if isinstance(inner, exp.TsOrDsToTimestamp):
        inner = inner.this
    return as_date(of.rewrite(inner))


def _strftime(of: "Expressions", node: exp.TimeToStr) -> Typed:
    if not is_literal(node.args["format"], string=True):
        raise Refused("strftime with a format that is no literal")
    format_, has_digits = oracle_format(node.args["format"].name)
    moment, kind = date_argument(of, [node.this])
    return call("TO_CHAR", moment, text(format_)), Kind(
        "text", has_digits=has_digits, nullable=kind.nullable
    )


def _date(of: "Expressions", node: exp.Expr) -> Typed:
    arguments = [node.this] if node.this is not None else []
    return _day(of, [*arguments, *node.expressions])


def _day(of: "Expressions", arguments: Sequence[exp.Expr]) -> Typed:
    moment, kind = date_argument(of, arguments)
    if kind.format == SECOND:
        moment = call("TRUNC", moment)
    return moment, Kind("date", format=DAY, nullable=kind.nullable)


def anonymous(of: "Expressions", node: exp.Anonymous) -> Typed:
    """A function that the parser does not know."""
    name = str(node.this).upper()
    if name == "DATE":
        return _day(of, node.expressions)
    if name == "TOTAL" and len(node.expressions) == 1:
        summed, kind = _aggregated(of, node.expressions[0])
        if kind.is_number:
            return call("COALESCE", call("SUM", summed), exp.Literal.number(0)), REAL
    raise Refused(name)


def _now(of: "Expressions", node: exp.Expr) -> Typed:
    raise Refused("the current time")


def _ranked(name: str) -> Callable[["Expressions", exp.Expr], Typed]:
    return lambda of, node: (call(name), _COUNTED)


FUNCTIONS: dict[type | tuple[type, ...], Callable[..., Typed]] = {
    exp.Count: _count,
    (exp.Sum, exp.Avg): _sum,
    (exp.Min, exp.Max): _extreme,
    (exp.Greatest, exp.Least): _greatest,
    exp.Coalesce: _coalesce,
    exp.Nullif: _nullif,
    exp.Abs: _abs,
    exp.Round: _round,
    exp.Cast: _cast,
    exp.Upper: _text_function("UPPER"),
    exp.Lower: _text_function("LOWER"),
    exp.Length: _length,
    exp.Substring: _substring,
    exp.Trim: _trim,
    exp.Replace: _replace,
    exp.StrPosition: _position,
    exp.TimeToStr: _strftime,
    exp.Date: _date,
    (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime): _now,
    exp.RowNumber: _ranked("ROW_NUMBER"),
    exp.Rank: _ranked("RANK"),
    exp.DenseRank: _ranked("DENSE_RANK"),
}
