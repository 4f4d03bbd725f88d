"""What a query becomes in DuckDB, piece by piece, and the rule of Oracle's that asks for it."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.engine.layout import laid_out
from oracle_sft.engine.reasons import COMPARISON, FUNCTIONS, NODES, WORDS
from oracle_sft.engine.rewrite import tree
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.rewriter import OracleVersion, Rewriter, StoredTable
from oracle_sft.engine.rewrite.terms import Term
from oracle_sft.sqltext.lexer import Token, tokens


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of the query."""

    span: tuple[int, int]
    """Character offsets into the SQL, end exclusive."""
    oracle: str
    duckdb: str
    """'' for what has no place of its own in the rewritten query."""
    why: str
    """Oracle's rule; '' where the piece is only written in another way."""


@dataclass(frozen=True, slots=True)
class Explanation:
    sql: str
    """The DuckDB SQL, laid out over several lines."""
    steps: tuple[Step, ...]
    """In the order of the query."""


def explain(database: DuckDBDatabase, sql: str) -> Explanation:
    """How the embedded engine rewrites a query for a database; the query does not run.

    Raises:
        OracleError: Oracle would refuse the query.
        UnsupportedSQL: the engine does not know a construct.
    """
    rewriter = database.rewriter(_Recorder)
    rewritten = rewriter.rewrite(sql)
    lexed = list(tokens(sql))
    steps = [*_pieces(rewriter.pieces, sql, lexed), *_words(lexed, sql)]
    steps.sort(key=lambda step: (step.span[0], -step.span[1]))
    return Explanation(laid_out(rewritten.sql), tuple(steps))


class _Recorder(Rewriter):
    """A rewriter that remembers what each node became."""

    def __init__(
        self, tables: Mapping[str, StoredTable], clock: datetime, oracle_version: OracleVersion
    ) -> None:
        super().__init__(tables, clock, oracle_version)
        self.pieces: dict[int, tuple[exp.Expr, str]] = {}

    def value(self, node: exp.Expr, frame: Frame) -> Term:
        term = super().value(node, frame)
        self._remember(node, term.sql)
        return term

    def condition(self, node: exp.Expr, frame: Frame) -> str:
        written = super().condition(node, frame)
        self._remember(node, written)
        return written

    def _remember(self, node: exp.Expr, written: str) -> None:
        # Above a stage a node is read again, as a mere column: the first time says what it became.
        self.pieces.setdefault(id(node), (node, written))


_PLAIN = (exp.Column, exp.Literal, exp.Identifier, exp.Paren, exp.Null, exp.And, exp.Or, exp.Query)


def _pieces(found: dict[int, tuple[exp.Expr, str]], sql: str, lexed: list[Token]) -> list[Step]:
    steps: list[Step] = []
    for node, written in found.values():
        if isinstance(node, _PLAIN) or node.find(exp.Query) is not None:
            continue
        span = _span(node, lexed)
        if span is None:
            continue
        oracle = sql[slice(*span)]
        why = _why(node, written)
        if why or (not isinstance(node, _COMPARISONS) and _bare(oracle) != _bare(written)):
            steps.append(Step(span, oracle, written, why))
    return [step for step in steps if step.why or not _is_inside(step, steps)]


_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between, exp.In)
_AS_THEY_ARE = re.compile(r"[^(]+\)?")
"""Operands without a call or a cast around them."""


def _why(node: exp.Expr, written: str) -> str:
    if isinstance(node, _COMPARISONS):
        return "" if _AS_THEY_ARE.fullmatch(written.lstrip("(")) else COMPARISON
    if isinstance(node, exp.Window):
        node = node.this
    if isinstance(node, (exp.IgnoreNulls, exp.RespectNulls)):
        node = node.this
    if isinstance(node, exp.Anonymous):
        return FUNCTIONS.get(tree.undisguised(str(node.this)).upper(), "")
    return NODES.get(type(node), "")


def _is_inside(step: Step, steps: list[Step]) -> bool:
    return any(
        other is not step and other.span[0] <= step.span[0] and step.span[1] <= other.span[1]
        for other in steps
    )


def _bare(text: str) -> str:
    return "".join(text.upper().replace('"', "").split())


_NAME_BEFORE_BRACKET = (exp.Cast, exp.Extract, exp.Trim, exp.TimestampTrunc)


def _span(node: exp.Expr, lexed: list[Token]) -> tuple[int, int] | None:
    """The node's whole text: what stands around the names and literals in it too."""
    known = tree.span(node)
    if known is None:
        return None
    first = bisect_left([token.start for token in lexed], known[0])
    last = bisect_left([token.end for token in lexed], known[1])
    if first >= len(lexed) or last >= len(lexed):
        return None
    if isinstance(node, exp.Case):
        while first > 0 and lexed[first].name != "CASE":
            first -= 1
        while last < len(lexed) - 1 and lexed[last].name != "END":
            last += 1
    elif isinstance(node, _NAME_BEFORE_BRACKET):
        while first > 0 and lexed[first].text != "(":
            first -= 1
        first = max(first - 1, 0)
    depth = lowest = 0
    for token in lexed[first : last + 1]:
        depth += (token.text == "(") - (token.text == ")")
        lowest = min(lowest, depth)
    while lowest < 0 and first > 0:
        first -= 1
        opens = lexed[first].text == "("
        lowest += opens
        depth += opens
    while depth > 0 and last < len(lexed) - 1:
        last += 1
        depth += (lexed[last].text == "(") - (lexed[last].text == ")")
    return lexed[first].start, lexed[last].end


def _words(lexed: list[Token], sql: str) -> list[Step]:
    """What is no value: clauses, and words that say how rows are made."""
    steps = []
    for index, token in enumerate(lexed):
        for words, why in WORDS.items():
            part = lexed[index : index + len(words)]
            if tuple(other.name if other.kind == "word" else other.text for other in part) == words:
                span = token.start, part[-1].end
                steps.append(Step(span, sql[slice(*span)], "", why))
    return steps
