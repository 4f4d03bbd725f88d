"""Windows of rows: PARTITION BY, ORDER BY and the bounds of ROWS and RANGE."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.dates import date_math, date_types
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.groups import sort_keys
from oracle_sft.engine.rewrite.groups.sort_keys import SortKey
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import INTERVAL_DS, VARCHAR2, Term, number_type, over, refused
from oracle_sft.engine.rewrite.tree import only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_MICROS = 1_000_000
_PLACES = {
    "UNBOUNDED PRECEDING": 0,
    "PRECEDING": 1,
    "CURRENT ROW": 2,
    "FOLLOWING": 3,
    "UNBOUNDED FOLLOWING": 4,
}
_OPPOSITE = {"PRECEDING": "FOLLOWING", "FOLLOWING": "PRECEDING"}


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a window."""

    side: str
    """PRECEDING or FOLLOWING; '' for CURRENT ROW."""
    distance: str | None = None
    """DuckDB SQL; None for CURRENT ROW and for UNBOUNDED."""

    @property
    def sql(self) -> str:
        if not self.side:
            return "CURRENT ROW"
        return f"{self.distance or 'UNBOUNDED'} {self.side}"

    def turned(self) -> "Bound":
        return replace(self, side=_OPPOSITE.get(self.side, ""))


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that an analytic function sees."""

    partition: tuple[str, ...]
    keys: tuple[SortKey, ...]
    kind: str = ""
    """ROWS or RANGE; '' without bounds."""
    start: Bound = Bound("PRECEDING")
    end: Bound = Bound("")
    left_out: str = ""
    """What EXCLUDE takes out."""

    @property
    def sql(self) -> str:
        """` OVER (..)`."""
        parts = [f"PARTITION BY {', '.join(self.partition)}"] if self.partition else []
        if self.keys:
            parts.append(f"ORDER BY {', '.join(key.sql for key in self.keys)}")
        if self.kind:
            parts.append(f"{self.kind} BETWEEN {self.start.sql} AND {self.end.sql}")
        if self.left_out:
            parts.append(f"EXCLUDE {self.left_out}")
        return f" OVER ({' '.join(parts)})"

    def by_one_key(self) -> "Rows":
        """The same order by a single key that is never NULL."""
        if len(self.keys) == 1 and not self.keys[0].nulls_first:
            return self
        if len(self.keys) == 1 and self.keys[0].term.type.is_date:
            key = self.keys[0]
            last = "infinity" if key.descending else "-infinity"
            filled = Term(f"coalesce({key.term.sql}, TIMESTAMP '{last}')", key.term.type)
            return replace(self, keys=(replace(key, term=filled, nulls_first=False),))
        together = Term(sort_keys.as_one(list(self.keys)), VARCHAR2)
        return replace(self, keys=(SortKey(together),) if self.keys else ())

    def turned(self) -> "Rows":
        """The same rows in the opposite order."""
        kind = self.kind or ("RANGE" if self.keys else "")
        keys = tuple(key.turned() for key in self.keys)
        return replace(self, keys=keys, kind=kind, start=self.end.turned(), end=self.start.turned())


def read(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Rows:
    """What stands in the brackets of OVER.

    Raises:
        OracleError: ORA-30485, ORA-30486, ORA-00907.
    """
    partition = []
    for entry in node.args.get("partition_by") or []:
        for part in entry.expressions if isinstance(entry, exp.Tuple) else [entry]:
            key = _lowered(rewriter, part, frame)
            convert.comparable(key)
            if key.constant is None and not key.is_null:
                partition.append(key.sql)
    order, spec = node.args.get("order"), node.args.get("spec")
    keys: list[SortKey] = []
    if order is not None:
        only(order, "expressions")
        for entry in order.expressions:
            for read in sort_keys.read(rewriter, [entry], frame):
                keys.append(replace(read, term=_lowered(rewriter, entry.this, frame)))
    rows = Rows(tuple(partition), tuple(keys))
    if spec is None:
        return rows
    if order is None:
        raise OracleError.of("ORA-30485")
    return _bounded(rewriter, rows, spec, len(order.expressions), frame)


_VOLATILE = ("error(", "oracle_")
"""What DuckDB takes for something that may change from call to call: what fails, and what is served
from Python.
"""


def _lowered(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """A key, computed in the stage below where DuckDB does not take it in a window."""
    term = rewriter.value(node, frame)
    stage = frame.windows
    if stage is None or not any(word in term.sql for word in _VOLATILE):
        return term
    with frame.at_depth(frame.depth - 1):
        return stage.read(rewriter.value(node, frame))


def _bounded(rewriter: "Rewriter", rows: Rows, spec: exp.Expr, num_keys: int, frame: Frame) -> Rows:
    kind = str(spec.args["kind"]).upper()
    exclude = spec.args.get("exclude")
    if (kind == "GROUPS" or exclude is not None) and rewriter.oracle_version == "19c":
        raise OracleError.of("ORA-00907")
    only(spec, "kind", "start", "start_side", "end", "end_side", "exclude")
    places = []
    distances = []
    for end in ("start", "end"):
        place, distance = _place(spec, end)
        places.append(place)
        distances.append(rewriter.value(distance, frame) if distance is not None else None)
    ranks = [_PLACES[place] for place in places]
    if ranks[0] == 4 or ranks[1] == 0 or ranks[0] > ranks[1]:
        raise _invalid_group()
    key = None
    if kind == "RANGE" and any(distance is not None for distance in distances):
        if num_keys > 1:
            raise _invalid_group()
        if not rows.keys:
            raise refuse("a RANGE window ordered by a constant", spec)
        key = _comparable(rows.keys[0], [entry for entry in distances if entry is not None])
        rows = replace(rows, keys=(key,))
    bounds = [
        _bound(place, distance, key, spec)
        for place, distance in zip(places, distances, strict=True)
    ]
    left_out = exclude.name.upper() if exclude is not None else ""
    return replace(rows, kind=kind, start=bounds[0], end=bounds[1], left_out=left_out)


def _invalid_group() -> OracleError:
    return OracleError.of("ORA-30486")


def _place(spec: exp.Expr, end: str) -> tuple[str, exp.Expr | None]:
    """Where the window begins or ends, and the distance from the current row."""
    bound, side = spec.args.get(end), spec.args.get(f"{end}_side")
    if bound is None or bound == "CURRENT ROW":
        return "CURRENT ROW", None
    if side is None:
        raise OracleError.of("ORA-00905")
    side = str(side).upper()  # the parser hands it over as it is written
    if isinstance(bound, str):
        return f"UNBOUNDED {side}", None
    assert isinstance(bound, exp.Expr)
    return side, bound


def _bound(place: str, distance: Term | None, key: SortKey | None, spec: exp.Expr) -> Bound:
    side = place.removeprefix("UNBOUNDED ").replace("CURRENT ROW", "")
    if distance is None:
        return Bound(side)
    if key is None:
        return Bound(side, _row_count(distance, spec))
    later = (side == "FOLLOWING") != key.descending
    return Bound(side, _range(key.term, distance, spec, later=later))


def _row_count(distance: Term, spec: exp.Expr) -> str:
    number = distance.constant
    if isinstance(number, Decimal):
        if number < 0:
            raise OracleError.of("ORA-01428", f"{number:f}")
        if number != int(number):
            raise refuse("a window of a number of rows that is no whole number", spec)
        return str(min(int(number), 2**62))
    return whole_count(distance, "a window", spec)


def whole_count(number: Term, what: str, node: exp.Expr, least: int = 0) -> str:
    """SQL of a number of rows as a BIGINT; other values are refused when they are met."""
    if number.type.family != "NUMBER" or not number.type.exact:
        raise refuse(f"{what} of a number of rows that is not a NUMBER", node)
    unsure = refused(f"{what} of a number of rows that is no whole number")
    wrong = f"$n IS NULL OR $n < {least} OR $n <> trunc($n)"
    negative = "concat('ORA-01428: argument ''', CAST($n AS BIGINT), ''' is out of range')"
    body = (
        f"(CASE WHEN $n < 0 AND $n = trunc($n) THEN error({negative})"
        f" WHEN {wrong} THEN {unsure} ELSE CAST($n AS BIGINT) END)"
    )
    return over({"n": number.sql}, body, simple=number.is_simple)


def _comparable(key: SortKey, distances: list[Term]) -> SortKey:
    """The sort key in a type that its distances can be added to."""
    term = key.term
    if term.type.family == "NUMBER" and all(entry.type.family == "NUMBER" for entry in distances):
        both = numbers.common_type([term.type, *(entry.type for entry in distances)])
        if both.binary or not both.exact:
            raise refuse("a RANGE window over numbers that are not exact")
        type_ = number_type(both.precision + 1, both.scale)
        return replace(key, term=Term(numbers.cast(term, type_), type_))
    if term.type.family == "TIMESTAMP" and any(not entry.type.is_interval for entry in distances):
        # A number of days is added to the DATE that the TIMESTAMP is converted to.
        return replace(key, term=Term(date_types.whole_seconds(term), term.type))
    return key


def _range(key: Term, distance: Term, spec: exp.Expr, *, later: bool) -> str:
    """A distance between sort keys; `later` says that it is added to the current row's key."""
    if distance.type.is_interval and key.type.is_date:
        if distance.type.family == INTERVAL_DS.family:
            return _not_negative(distance, "to_microseconds($d)")
        return _months(key, distance, later=later)
    if distance.type.family != "NUMBER":
        raise refuse(f"a RANGE window of a distance that is a {distance.type.family}", spec)
    if key.type.is_date:
        if isinstance(distance.constant, Decimal):
            seconds = numbers.rounded(numbers.multiply(distance, date_math.SECONDS_A_DAY), 0)
            assert isinstance(seconds.constant, Decimal)
            if seconds.constant < 0:
                raise refuse("a RANGE window of a negative distance", spec)
            return f"to_microseconds({int(seconds.constant) * _MICROS})"
        seconds = numbers.rounded(numbers.multiply(distance, date_math.SECONDS_A_DAY), 0)
        return _not_negative(seconds, f"to_microseconds(CAST($d AS BIGINT) * {_MICROS})")
    if key.type.family == "NUMBER":
        if isinstance(distance.constant, Decimal) and distance.constant < 0:
            raise refuse("a RANGE window of a negative distance", spec)
        return numbers.cast(distance, key.type)
    raise refuse(f"a RANGE window over {key.type.family}", spec)


def _not_negative(distance: Term, body: str) -> str:
    wrong = refused("a RANGE window of a negative distance")
    checked = f"(CASE WHEN $d < 0 THEN {wrong} ELSE {body} END)"
    return over({"d": distance.sql}, checked, simple=distance.is_simple)


def _months(key: Term, distance: Term, *, later: bool) -> str:
    """A number of months, where the day of the month exists: Oracle's answer elsewhere is not known."""
    sign = "" if later else "-"
    missing = refused("a RANGE window that ends on a day that does not exist")
    wrong = f"day($k + to_months({sign}CAST($d AS INTEGER))) <> day($k)"
    body = f"(CASE WHEN {wrong} THEN {missing} ELSE to_months(CAST($d AS INTEGER)) END)"
    return over({"d": distance.sql, "k": key.sql}, body, simple=True)
