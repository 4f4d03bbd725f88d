"""Dots behind a column that holds JSON: `t.doc.address.city`."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.json import json_functions, json_values
from oracle_sft.engine.rewrite.json.json_path import Member
from oracle_sft.engine.rewrite.terms import OracleType, Term
from oracle_sft.engine.rewrite.tree import refuse, stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_ODD = re.compile(r'["*]')
_IS_JSON = re.compile(r'\(*\s*"?([\w$#]+)"?\s+IS\s+JSON\b.*', re.IGNORECASE | re.DOTALL)


def checked_columns(checks: Iterable[str]) -> frozenset[str]:
    """The columns, in upper case, that a table's checks hold to be JSON."""
    found = (_IS_JSON.fullmatch(check.strip()) for check in checks)
    return frozenset(match[1].upper() for match in found if match is not None)


def value(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term | None:
    """What the names behind a column find in it; None if the node is no such thing.

    A scalar comes as text, anything else as JSON, several values as an array.

    Raises:
        UnsupportedSQL: a name that DuckDB's paths would read as something else.
    """
    names = _names(node)
    if names is None or len(names) < 3:
        return None
    alias, column = stored_name(names[0]), stored_name(names[1])
    if not _holds_json(alias, column, frame):
        return None
    for name in names[2:]:
        if _ODD.search(name.name):
            raise refuse(f'the name "{name.name}" in JSON dot notation', node)
    source = frame.column(column, alias, f'"{alias}"."{column}"')
    steps = tuple(Member(name.name) for name in names[2:])
    term = json_values.dotted(json_functions.lookup(rewriter, steps))
    return term.at(json_functions.over_text(source, term.sql))


def _names(node: exp.Expr) -> list[exp.Identifier] | None:
    """The names that dots join, from left to right."""
    if isinstance(node, exp.Dot):
        left = _names(node.this)
        if left is None or not isinstance(node.expression, exp.Identifier):
            return None
        return [*left, node.expression]
    if isinstance(node, exp.Column):
        parts = [node.args.get(key) for key in ("catalog", "db", "table", "this")]
        names = [part for part in parts if part is not None]
        if all(isinstance(name, exp.Identifier) for name in names):
            return [name for name in names if isinstance(name, exp.Identifier)]
    return None


def _holds_json(alias: str, column: str, frame: Frame) -> bool:
    around: Frame | None = frame
    while around is not None:
        for relation in around.relations:
            if relation.name == alias:
                types: list[OracleType] = [term.type for term in relation.find(column)]
                return any(type_.json for type_ in types)
        around = around.parent
    return False
