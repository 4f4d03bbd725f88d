"""JSON_OBJECT, JSON_ARRAY, JSON_OBJECTAGG and JSON_ARRAYAGG: JSON text made of values."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import clauses, tree
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.groups import sort_keys
from oracle_sft.engine.rewrite.json.json_clause import Reader, Returned
from oracle_sft.engine.rewrite.json.json_values import JSON_TEXT
from oracle_sft.engine.rewrite.numeric import number_text
from oracle_sft.engine.rewrite.terms import (
    Place,
    Term,
    named,
    once,
    ora_error,
    over,
    quoted,
    refused,
)
from oracle_sft.engine.rewrite.tree import refuse, undisguised
from oracle_sft.sqltext.lexer import Token

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

AGGREGATES = frozenset(["JSON_ARRAYAGG", "JSON_OBJECTAGG"])
_TOO_LARGE = ora_error("ORA-40478")
_NULL_NAME = ora_error("ORA-40759")


@dataclass(slots=True)
class _Parts:
    """The arguments of a call, and the options behind them."""

    values: list[exp.Expr] = field(default_factory=list)
    as_json: set[int] = field(default_factory=set)
    """`id` of the values with FORMAT JSON."""
    on_null: str = ""
    """NULL or ABSENT; '' without the clause."""
    returned: Returned = field(default_factory=Returned)
    order: list[exp.Expr] = field(default_factory=list)


def call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """JSON_OBJECT(name VALUE value, ..) and JSON_ARRAY(value, ..)."""
    name = undisguised(str(node.this)).upper()
    parts = _read(name, node)
    if name == "JSON_ARRAY":
        items = [_element(rewriter, value, parts, frame) for value in parts.values]
        return _finished(_bracketed("[", items, parts.on_null or "ABSENT", "]"), parts)
    if len(parts.values) == 1 and isinstance(parts.values[0], exp.Star):
        pairs = _all_columns(frame)
    else:
        if len(parts.values) % 2:
            raise OracleError.of("ORA-00909")
        names, values = parts.values[::2], parts.values[1::2]
        pairs = [
            (_key(rewriter.value(key, frame)), _element(rewriter, value, parts, frame))
            for key, value in zip(names, values, strict=True)
        ]
    members = [_member(key, value, absent=parts.on_null == "ABSENT") for key, value in pairs]
    return _finished(
        _bracketed("{", members, "ABSENT" if parts.on_null == "ABSENT" else "", "}"), parts
    )


def _all_columns(frame: Frame) -> list[tuple[str, str]]:
    pairs = []
    for relation in frame.relations:
        for column in relation.columns:
            term = frame.column(column.name, relation.name or None, named(column.name))
            pairs.append((quoted(_quoted_name(column.name)), _shown(term)))
    return pairs


def aggregate(rewriter: "Rewriter", node: exp.Expr, frame: Frame, place: Place) -> Term:
    """What JSON_ARRAYAGG and JSON_OBJECTAGG write, their arguments read at the present depth."""
    name = undisguised(str(node.this)).upper()
    parts = _read(name, node)
    if name == "JSON_OBJECTAGG":
        if len(parts.values) != 2:
            raise OracleError.of("ORA-00909")
        key = _key(rewriter.value(parts.values[0], frame))
        value = _element(rewriter, parts.values[1], parts, frame)
        item = _member(key, value, absent=parts.on_null == "ABSENT")
        order = ""
    else:
        if len(parts.values) != 1:
            raise OracleError.of("ORA-00909")
        item = _element(rewriter, parts.values[0], parts, frame)
        if parts.on_null == "NULL":
            # Versions of Oracle differ in whether they follow the clause here.
            odd = refused("JSON_ARRAYAGG of NULL with NULL ON NULL")
            item = f"coalesce({item}, {odd})"
        keys = sort_keys.read(rewriter, parts.order, frame)
        order = f" ORDER BY {', '.join(key.sql for key in keys)}" if keys else ""
    opening, closing = ("{", "}") if name == "JSON_OBJECTAGG" else ("[", "]")
    nothing = refused(f"{name} over no rows")
    inner = place(f"string_agg({item}, ','{order})")
    joined = f"concat('{opening}', coalesce({inner}, ''), '{closing}')"
    count = place("count(*)")
    return _finished(f"(CASE WHEN {count} = 0 THEN {nothing} ELSE {joined} END)", parts)


def _read(name: str, node: exp.Expr) -> _Parts:
    """The arguments and options of a call; `FORMAT JSON` may stand behind each of the values."""
    nodes, tokens = clauses.split(node)
    parts = _Parts()
    for entry in nodes:
        if isinstance(entry, exp.Order):
            parts.order = list(entry.expressions)
            entry = entry.this
        if isinstance(entry, exp.Distinct):
            raise refuse(f"DISTINCT in {name}", node)
        if isinstance(entry, exp.Is):
            raise refuse(f"IS between name and value in {name}", node)
        parts.values.append(entry)
    reader = Reader(tokens)
    while reader.more:
        if reader.take("FORMAT", "JSON") and parts.values:
            parts.as_json.add(id(parts.values[-1]))
            if reader.take(","):
                _read_rest(name, reader.tokens[reader.at :], parts)
                return parts
        elif reader.take("NULL", "ON", "NULL"):
            parts.on_null = "NULL"
        elif reader.take("ABSENT", "ON", "NULL"):
            parts.on_null = "ABSENT"
        elif reader.take("RETURNING"):
            parts.returned = reader.type()
            if parts.returned.family not in ("VARCHAR2", "CLOB"):
                raise UnsupportedSQL(f"{name} RETURNING {parts.returned.family}")
        else:
            words = f"{name} with {reader.token.name or reader.token.text}"
            raise UnsupportedSQL(words, (reader.token.start, reader.token.end))
    return parts


def _read_rest(name: str, tokens: Sequence[Token], parts: _Parts) -> None:
    """The arguments behind a `FORMAT JSON`, which the parser did not see."""
    text = " ".join(token.text for token in tokens)
    rest = _read(name, tree.parse_expression(f"{name}({text})"))
    parts.values += rest.values
    parts.as_json |= rest.as_json
    parts.on_null, parts.returned = rest.on_null, rest.returned


def _element(rewriter: "Rewriter", node: exp.Expr, parts: _Parts, frame: Frame) -> str:
    """SQL of a value as JSON; NULL for NULL."""
    term = rewriter.value(node, frame)
    if id(node) in parts.as_json:
        if not term.type.is_text and not term.is_null:
            raise UnsupportedSQL(f"FORMAT JSON of a {term.type.family}")
        return term.sql
    if term.type.json:
        if isinstance(node, exp.Column):
            raise refuse("a column of JSON without FORMAT JSON", node)
        return term.sql
    made = AGGREGATES | {"JSON_ARRAY", "JSON_OBJECT", "JSON_QUERY"}
    if any(undisguised(str(part.this)).upper() in made for part in node.find_all(exp.Anonymous)):
        raise refuse("JSON inside of another function without FORMAT JSON", node)
    return _shown(term)


def _shown(term: Term) -> str:
    """A value as JSON text."""
    if term.is_null:
        return "CAST(NULL AS VARCHAR)"
    if term.type.is_text:
        body = "(CASE WHEN $t IS NOT NULL THEN CAST(to_json($t) AS VARCHAR) END)"
        return over({"t": term.sql}, body, simple=term.is_simple)
    if term.type.family == "NUMBER":
        # JSON wants a digit before the point.
        return f"regexp_replace({number_text.as_text(term).sql}, '^(-?)\\.', '\\10.')"
    if term.type.family == "DATE":
        return f"strftime({term.sql}, '\"%Y-%m-%dT%H:%M:%S\"')"
    raise UnsupportedSQL(f"JSON of a {term.type.family}")


def _quoted_name(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(term: Term) -> str:
    """SQL of a name in quotes."""
    key = as_text(term)
    if key.is_null:
        raise OracleError.of("ORA-40759")
    return f"coalesce({_shown(key)}, {_NULL_NAME})"


def _member(key: str, value: str, *, absent: bool) -> str:
    if not absent:
        return f"concat({key}, ':', coalesce({value}, 'null'))"
    body = "(CASE WHEN $e IS NOT NULL THEN concat($k, ':', $e) END)"
    return once({"k": key, "e": value}, body, variable="e")


def _bracketed(opening: str, items: Sequence[str], on_null: str, closing: str) -> str:
    if not items:
        return f"'{opening}{closing}'"
    if on_null == "ABSENT":
        kept = f"list_filter([{', '.join(items)}], lambda m: m IS NOT NULL)"
        inner = f"array_to_string({kept}, ',')"
    else:
        inner = ", ',', ".join(f"coalesce({item}, 'null')" for item in items)
    return f"concat('{opening}', {inner}, '{closing}')"


def _finished(sql: str, parts: _Parts) -> Term:
    if parts.returned.family == "CLOB":
        return Term(sql, replace(JSON_TEXT, lob=True))
    measure = "length" if parts.returned.in_characters else "strlen"
    body = f"(CASE WHEN {measure}($r) > {parts.returned.sizes[0]} THEN {_TOO_LARGE} ELSE $r END)"
    return Term(once({"r": sql}, body, variable="r"), JSON_TEXT)
