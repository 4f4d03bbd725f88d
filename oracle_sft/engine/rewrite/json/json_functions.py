"""JSON_VALUE, JSON_QUERY, JSON_EXISTS and IS JSON as they stand in a query."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import clauses
from oracle_sft.engine.rewrite.convert import inconsistent
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.json import json_path, json_values
from oracle_sft.engine.rewrite.json.json_clause import Clause, Reader
from oracle_sft.engine.rewrite.json.json_path import Path
from oracle_sft.engine.rewrite.json.json_values import Lookup
from oracle_sft.engine.rewrite.json.lax_json import strict
from oracle_sft.engine.rewrite.terms import VARCHAR2, Term, over, quoted
from oracle_sft.engine.rewrite.tree import only, refuse, undisguised
from oracle_sft.sqltext.lexer import Token

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_UNKNOWN = "CAST(NULL AS BOOLEAN)"


def call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """JSON_VALUE(document, path ..) or JSON_QUERY(document, path ..)."""
    name = undisguised(str(node.this)).upper()
    nodes, tokens = clauses.split(node)
    source = _source(rewriter, nodes, frame)
    path, clause = path_and_clause(rewriter, nodes, tokens, frame)
    if source.is_null:
        return Term("CAST(NULL AS VARCHAR)", VARCHAR2)
    write = json_values.value if name == "JSON_VALUE" else json_values.query
    term = write(lookup(rewriter, path), clause)
    return term.at(over_text(source, term.sql))


def exists(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    """JSON_EXISTS(document, path ..) as a condition."""
    nodes, tokens = clauses.split(node)
    source = _source(rewriter, nodes, frame)
    path, clause = path_and_clause(rewriter, nodes, tokens, frame)
    if source.is_null:
        return _UNKNOWN
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    unless = isinstance(parent, exp.Not)
    test = json_values.exists(lookup(rewriter, path), clause, unless=unless)
    return over_text(source, test)


def is_json(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    """IS JSON; NULL is neither JSON nor not."""
    only(node, "this", "expression")
    kind = node.expression
    if any(value for value in kind.args.values()):
        raise refuse("IS JSON with a further condition", node)
    source = as_source(rewriter.value(node.this, frame))
    if source.is_null:
        return _UNKNOWN
    read = lookup(rewriter, ()).read
    return over_text(source, f"(CASE WHEN $s IS NOT NULL THEN {read} IS NOT NULL END)")


def path_and_clause(
    rewriter: "Rewriter", nodes: Sequence[exp.Expr], tokens: Sequence[Token], frame: Frame
) -> tuple[Path, Clause]:
    """The path, and what stands behind it."""
    reader = Reader(tokens)
    if len(nodes) == 1 and reader.take("FORMAT", "JSON") and reader.take(","):
        text: object = reader.text()
    elif len(nodes) == 2:
        text = rewriter.value(nodes[1], frame).constant
    else:
        raise OracleError.of("ORA-00909")
    if not isinstance(text, str):
        raise refuse("a JSON path that is not a literal")
    clause = reader.options()
    if reader.more:
        raise OracleError.of("ORA-00907")
    if clause.path is not None or clause.exists:
        raise OracleError.of("ORA-00907")
    return json_path.read(text), clause


def _source(rewriter: "Rewriter", nodes: Sequence[exp.Expr], frame: Frame) -> Term:
    if not nodes:
        raise OracleError.of("ORA-00909")
    return as_source(rewriter.value(nodes[0], frame))


def as_source(term: Term) -> Term:
    """The text of a document; a literal in lax syntax is made strict.

    Raises:
        OracleError: ORA-00932 for a number or a date.
    """
    if term.is_null:
        return term
    if not term.type.is_text:
        raise inconsistent("-", term.type.short)
    if isinstance(term.constant, str):
        made = strict(term.constant)
        return Term(quoted(made), VARCHAR2, made)
    return term


def lookup(rewriter: "Rewriter", path: Path) -> Lookup:
    """A path in the document that the text `$s` is."""
    read = json_values.document("$s", scalars=rewriter.oracle_version != "19c")
    return Lookup("$d", "$s", path, read)


def over_text(source: Term, body: str) -> str:
    """SQL of `body` over the text `$s`."""
    return over({"s": source.sql}, body, simple=source.is_simple and source.constant is None)
