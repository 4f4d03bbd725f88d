"""LISTAGG: the items of a group as one text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.groups.sort_keys import SortKey
from oracle_sft.engine.rewrite.terms import VARCHAR2, Place, Term, once, ora_error, refused
from oracle_sft.sqltext.lexer import Token

_MAX_BYTES = 4000
_TOO_LONG = ora_error("ORA-01489")
_TRUNCATED = refused("a LISTAGG that overflows and is truncated")
_UNORDERED = refused("LISTAGG of different values without an order")
_BY_TEXT = refused("LISTAGG(DISTINCT ..) of values that sort otherwise as text")


@dataclass(frozen=True, slots=True)
class Items:
    """What LISTAGG joins, and how."""

    value: Term
    separator: str
    """DuckDB SQL of a text that is the same for the whole group."""
    is_constant: bool
    """The separator is known now."""
    keys: list[SortKey] | None
    """None without WITHIN GROUP; [] if it orders by constants only."""
    distinct: bool
    truncates: bool
    """ON OVERFLOW TRUNCATE."""


def written(items: Items, place: Place) -> Term:
    """LISTAGG; NULL items are left out, more than 4000 bytes are ORA-01489."""
    text = as_text(items.value)
    if text.is_null:
        return Term(place("max(NULL)"), text.type)
    too_long = _TRUNCATED if items.truncates else _TOO_LONG
    check = f"WHEN strlen($t) > {_MAX_BYTES} THEN {too_long} "
    parts = {}
    if items.keys is None:
        low, high = place(f"min({text.sql})"), place(f"max({text.sql})")
        parts["o"] = f"{low} <> {high}"
        check = f"WHEN $o THEN {_UNORDERED} {check}"
    if items.distinct:
        parts["t"], other = _distinct(items, text, place)
        if other:
            parts["n"] = other
            check = f"WHEN $t <> $n THEN {_BY_TEXT} {check}"
    else:
        # Rows that tie come in the order of their own text.
        keys = [*(items.keys or []), *_own_key(text)]
        parts["t"] = _joined(items, text, keys, place)
    return Term(once(parts, f"(CASE {check}ELSE $t END)"), VARCHAR2)


def _own_key(text: Term) -> list[SortKey]:
    """DuckDB takes no constant as a key."""
    return [] if text.constant is not None else [SortKey(text)]


def _joined(items: Items, text: Term, keys: Sequence[SortKey], place: Place) -> str:
    order = f" ORDER BY {', '.join(key.sql for key in keys)}" if keys else ""
    if items.is_constant:
        return place(f"string_agg({text.sql}, {items.separator}{order})")
    listed = place(f"list({text.sql}{order}) FILTER (WHERE {text.sql} IS NOT NULL)")
    between = place(f"any_value({items.separator})")
    return once(
        {"l": listed, "s": f"coalesce({between}, '')"},
        "(CASE WHEN len($l) > 0 THEN list_reduce($l, lambda a, b: concat(a, $s, b)) END)",
        variable="w",
    )


def _distinct(items: Items, text: Term, place: Place) -> tuple[str, str]:
    """The different items, ordered as text; and ordered by their own value, where that is no text:
    it is not known by which of the two Oracle orders them.
    """
    if not items.is_constant:
        raise UnsupportedSQL("LISTAGG(DISTINCT ..) with a separator that is not a literal")
    keys = items.keys or [SortKey(text)]
    key = keys[0]
    if len(keys) > 1 or key.term.sql not in (text.sql, items.value.sql):
        raise UnsupportedSQL("LISTAGG(DISTINCT ..) that is not ordered by its own value")
    if text.constant is not None:
        return place(f"max({text.sql})"), ""
    by_text = replace(key, term=text)
    as_texts = place(f"string_agg(DISTINCT {text.sql}, {items.separator} ORDER BY {by_text.sql})")
    if key.term.sql == text.sql:
        return as_texts, ""
    value = items.value.sql
    listed = place(f"list(DISTINCT {value}) FILTER (WHERE {value} IS NOT NULL)")
    shown = as_text(items.value.at("e")).sql
    values = f"list_transform(list_sort({listed}, '{key.direction.split()[0]}'), lambda e: {shown})"
    return as_texts, f"array_to_string({values}, {items.separator})"


def truncates(clause: Sequence[Token]) -> bool:
    """Whether the clause says ON OVERFLOW TRUNCATE, and not ON OVERFLOW ERROR.

    Raises:
        OracleError: ORA-00907 for anything else.
    """
    words = [token.name for token in clause]
    if words in ([], ["ON", "OVERFLOW", "ERROR"]):
        return False
    rest = list(clause[3:])
    if words[:3] == ["ON", "OVERFLOW", "TRUNCATE"]:
        if rest and rest[0].kind == "string":
            rest = rest[1:]
        if [token.name for token in rest] in ([], ["WITH", "COUNT"], ["WITHOUT", "COUNT"]):
            return True
    raise OracleError.of("ORA-00907")
