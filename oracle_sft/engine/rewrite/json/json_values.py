"""The value of what a path finds: as text, NUMBER or DATE, or JSON again, with errors handled."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.json import json_items
from oracle_sft.engine.rewrite.json.json_clause import Clause, Handler, Returned
from oracle_sft.engine.rewrite.json.json_path import Path
from oracle_sft.engine.rewrite.numeric import number_parse, numbers
from oracle_sft.engine.rewrite.terms import (
    CLOB,
    DATE,
    NULL_TERM,
    TIMESTAMP,
    VARCHAR2,
    OracleType,
    Term,
    number_type,
    once,
    ora_error,
    quoted,
    refused,
)

_NULL = Handler("NULL")
_NO_VALUE = "ORA-40462"
_NOT_SCALAR = "ORA-40456"
_SEVERAL = "ORA-40470"
_TOO_LARGE = "ORA-40478"
_SYNTAX = "ORA-40441"
_NO_WRAPPER = "ORA-40480"
_NOT_CONVERTED = "ORA-01722"
_NO_DATE = "ORA-01861"

_UNSHOWN = r"\.[0-9]*0\s*[,}\]]|[0-9][eE][-+0-9]|[0-9.]{17,}"
"""Numbers in a document whose digits as text are not known: DuckDB keeps their value only."""
_UNESCAPED = r"|\\[u/]"


_NUMBER_TEXT = refused("the text of a JSON number with outer zeros, a power or many digits")
_LAX = refused("JSON text that is not strict")


def document(text: str, *, scalars: bool = False) -> str:
    """SQL of the JSON value that a text holds, NULL where it is none; `scalars`: it need be no
    object or array. What only a lax reader takes is refused.
    """
    valid = f"json_valid({text})"
    kinds = "true" if scalars else f"json_type({text}) IN ('OBJECT', 'ARRAY')"
    maybe = f"regexp_full_match({text}, {quoted(LAX)})"
    return (
        f"(CASE WHEN {valid} THEN (CASE WHEN {kinds} THEN CAST({text} AS JSON) END) "
        f"WHEN {maybe} THEN {_LAX} END)"
    )


LAX = r"(?s)\s*(\{.*\}|\[.*\])\s*"
"""Text that is no JSON to DuckDB, and might be to Oracle's lax syntax."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A path in a document."""

    document: str
    """SQL of the JSON value, cheap to write twice; NULL where the text is no JSON."""
    source: str
    """SQL of the text that the document was read from, cheap to write twice."""
    path: Path
    read: str = ""
    """SQL that reads the document from the text, where `document` stands for that: `$d`."""

    def items(self, body: str, nothing: str, broken: str) -> str:
        """`body` over the found items `$q`; `nothing` without a text, `broken` if it is no JSON."""
        found = once({"q": json_items.found(self.document, self.path)}, body, variable="q")
        whole = (
            f"(CASE WHEN {self.source} IS NULL THEN {nothing} "
            f"WHEN {self.document} IS NULL THEN {broken} ELSE {found} END)"
        )
        return once({"d": self.read}, whole, variable="d") if self.read else whole

    @property
    def first(self) -> str:
        """SQL of the item that a path of names finds if no array is on the way; '' for other paths.

        It looks into the text once: several times faster than making lists of items.
        """
        direct = json_items.direct_path(self.path)
        if not direct or self.path == ():
            return ""
        if not self.read:
            return f"json_extract({self.document}, {quoted(direct)})"
        inside = f"json_extract({self.source}, {quoted(direct)})"
        return f"(CASE WHEN json_valid({self.source}) THEN {inside} END)"


def _outcome(handler: Handler, default: str, error: str) -> str:
    """SQL of what a handler makes of an error."""
    if handler.kind == "ERROR":
        return ora_error(error)
    special = {"EMPTY ARRAY": "'[]'", "EMPTY OBJECT": "'{}'", "DEFAULT": default}
    return special.get(handler.kind, "NULL")


def value(lookup: Lookup, clause: Clause) -> Term:
    """JSON_VALUE: one scalar.

    Raises:
        UnsupportedSQL: a way of handling errors that it does not have.
    """
    returned = clause.returned or Returned()
    on_error = clause.on_error or _NULL
    on_empty = clause.on_empty or on_error
    for handler in (on_error, on_empty):
        if handler.kind not in ("NULL", "ERROR", "DEFAULT"):
            raise UnsupportedSQL(f"{handler.kind} ON ERROR with JSON_VALUE")
    reading = _READINGS[returned.family](returned, lookup.source)
    defaults = [
        convert.like(handler.default, reading.type) if handler.kind == "DEFAULT" else NULL_TERM
        for handler in (on_error, on_empty)
    ]
    type_, (read, if_wrong, if_empty) = convert.common([Term(reading.sql, reading.type), *defaults])
    scalar_body = (
        f"(CASE WHEN $k = 'NULL' THEN NULL WHEN {reading.fits} THEN {read} "
        f"ELSE {_outcome(on_error, if_wrong, reading.error)} END)"
    )

    def scalar_of(item: str) -> str:
        parts = {"k": f"json_type({item})", "t": f"json_extract_string({item}, '$')"}
        return once(parts, scalar_body, variable="t")

    body = (
        f"(CASE WHEN len($q) = 0 THEN {_outcome(on_empty, if_empty, _NO_VALUE)} "
        f"WHEN len($q) > 1 THEN {_outcome(on_error, if_wrong, _SEVERAL)} "
        f"WHEN json_type($q[1]) IN ('OBJECT', 'ARRAY') "
        f"THEN {_outcome(on_error, if_wrong, _NOT_SCALAR)} ELSE {scalar_of('$q[1]')} END)"
    )
    sql = lookup.items(body, "NULL", _outcome(on_error, if_wrong, _SYNTAX))
    if lookup.first:
        short = "json_type($i) NOT IN ('OBJECT', 'ARRAY')"
        body = f"(CASE WHEN {short} THEN {scalar_of('$i')} ELSE {sql} END)"
        sql = once({"i": lookup.first}, body, variable="i")
    return Term(f"CAST({sql} AS {type_.duckdb})", type_)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a scalar of kind `$k` and text `$t` is read."""

    type: OracleType
    fits: str
    sql: str
    error: str


def _as_text(returned: Returned, source: str) -> _Reading:
    fits = "true"
    if returned.sizes:
        measure = "length" if returned.in_characters else "strlen"
        fits = f"{measure}($t) <= {returned.sizes[0]}"
    odd = f"$k = 'DOUBLE' AND regexp_matches({source}, {quoted(_UNSHOWN)})"
    shown = f"(CASE WHEN {odd} THEN {_NUMBER_TEXT} ELSE nullif($t, '') END)"
    type_ = CLOB if returned.family == "CLOB" else VARCHAR2
    return _Reading(type_, fits, shown, _TOO_LARGE)


def _as_number(returned: Returned, source: str) -> _Reading:
    number = number_parse.from_text(Term("$t", VARCHAR2))
    digits = "length(regexp_replace($t, '[^0-9]', '', 'g')) > 15 AND contains($t, '.')"
    many = f"WHEN $k = 'DOUBLE' AND {digits} THEN {_MANY_DIGITS}"
    type_ = number.type
    if returned.sizes:
        precision, scale = returned.sizes[0], (*returned.sizes, 0)[1]
        limit = numbers.literal(Decimal(10) ** (precision - scale)).sql
        wide = f"$n <> round($n, {scale}) OR abs($n) >= {limit}"
        type_ = number_type(precision, scale)
        body = f"(CASE WHEN {wide} THEN {_NO_FIT} ELSE CAST($n AS {type_.duckdb}) END)"
        number = Term(once({"n": number.sql}, body, variable="n"), type_)
    fits = (
        f"(CASE WHEN $k = 'BOOLEAN' THEN {_BOOLEAN} "
        f"ELSE regexp_full_match($t, {quoted(number_parse.OPEN)}) END)"
    )
    return _Reading(type_, fits, f"(CASE {many} ELSE {number.sql} END)", _NOT_CONVERTED)


def _as_moment(returned: Returned, source: str) -> _Reading:
    day = r"\d{4}-\d{2}-\d{2}"
    whole = day if returned.family == "DATE" else rf"{day}(T\d{{2}}:\d{{2}}:\d{{2}}(\.\d{{1,6}})?)?"
    moment = "TRY_CAST(replace($t, 'T', ' ') AS TIMESTAMP)"
    exact = f"regexp_full_match($t, {quoted(whole)})"
    fits = (
        f"(CASE WHEN $k <> 'VARCHAR' THEN false WHEN {exact} THEN {moment} IS NOT NULL "
        f"WHEN regexp_matches($t, {quoted(f'^{day}')}) THEN {_ODD_DATE} ELSE false END)"
    )
    return _Reading(DATE if returned.family == "DATE" else TIMESTAMP, fits, moment, _NO_DATE)


_MANY_DIGITS = refused("a JSON number of more than 15 digits")
_NO_FIT = refused("a JSON number that does not fit its precision and scale")
_BOOLEAN = refused("a JSON boolean as a number")
_ODD_DATE = refused("a JSON date with a time or a time zone")
_READINGS: dict[str, Callable[[Returned, str], _Reading]] = {
    "VARCHAR2": _as_text,
    "CLOB": _as_text,
    "NUMBER": _as_number,
    "DATE": _as_moment,
    "TIMESTAMP": _as_moment,
}


def query(lookup: Lookup, clause: Clause) -> Term:
    """JSON_QUERY: JSON text.

    Raises:
        UnsupportedSQL: another type than text, or a way of handling errors that it does not have.
    """
    returned = clause.returned or Returned()
    if returned.family not in ("VARCHAR2", "CLOB"):
        raise UnsupportedSQL(f"JSON_QUERY RETURNING {returned.family}")
    on_error = clause.on_error or _NULL
    on_empty = clause.on_empty or on_error
    for handler in (on_error, on_empty):
        if handler.kind in ("DEFAULT", "TRUE", "FALSE"):
            raise UnsupportedSQL(f"{handler.kind} ON ERROR with JSON_QUERY")
    texts = "list_transform($q, lambda e: CAST(e AS VARCHAR))"
    wrapped = f"concat('[', array_to_string({texts}, ','), ']')"
    single = "len($q) = 1 AND json_type($q[1]) IN ('OBJECT', 'ARRAY')"
    found = "CAST($q[1] AS VARCHAR)"
    if clause.wrapper == "UNCONDITIONAL":
        shown = wrapped
    else:
        other = wrapped
        if clause.wrapper == "WITHOUT":
            other = _outcome(on_error, "", _NO_WRAPPER)
        shown = f"(CASE WHEN {single} THEN {found} ELSE {other} END)"
    odd = f"regexp_matches({lookup.source}, {quoted(_UNSHOWN + _UNESCAPED)})"
    shown = f"(CASE WHEN {odd} THEN {_ODD_TEXT} ELSE {shown} END)"
    if returned.sizes:
        measure = "length" if returned.in_characters else "strlen"
        long = _outcome(on_error, "", _TOO_LARGE)
        body = f"(CASE WHEN {measure}($r) > {returned.sizes[0]} THEN {long} ELSE $r END)"
        shown = once({"r": shown}, body, variable="r")
    body = f"(CASE WHEN len($q) = 0 THEN {_outcome(on_empty, '', _NO_VALUE)} ELSE {shown} END)"
    sql = lookup.items(body, "NULL", _outcome(on_error, "", _SYNTAX))
    return Term(f"CAST({sql} AS VARCHAR)", replace(JSON_TEXT, lob=returned.family == "CLOB"))


def dotted(lookup: Lookup) -> Term:
    """What dot notation gives: a scalar as text, anything else as JSON, several as an array."""
    scalar = value(lookup, Clause())
    several = query(lookup, Clause(wrapper="CONDITIONAL"))
    single = "len($q) = 1 AND json_type($q[1]) NOT IN ('OBJECT', 'ARRAY')"
    body = f"(CASE WHEN {single} THEN {scalar.sql} ELSE {several.sql} END)"
    found = json_items.found(lookup.document, lookup.path)
    sql = once({"q": found}, body, variable="o")
    return Term(once({"d": lookup.read}, sql, variable="x") if lookup.read else sql, VARCHAR2)


_ODD_TEXT = refused("the text of a JSON document with escapes or unusual numbers")
JSON_TEXT = OracleType("VARCHAR2", json=True)
"""Text that JSON functions put into others as it is."""


def exists(lookup: Lookup, clause: Clause, *, unless: bool) -> str:
    """JSON_EXISTS as a condition; `unless`: NOT stands before it."""
    on_error = clause.on_error or Handler("FALSE")
    if clause.on_empty is not None or on_error.kind not in ("TRUE", "FALSE", "ERROR"):
        raise UnsupportedSQL("JSON_EXISTS with this ON ERROR or ON EMPTY")
    broken = ora_error(_SYNTAX) if on_error.kind == "ERROR" else on_error.kind.lower()
    nothing = refused("NOT JSON_EXISTS of NULL") if unless else "false"
    return lookup.items("(len($q) > 0)", nothing, broken)
