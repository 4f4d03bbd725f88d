"""The parsed query, as the rewriter wants it: every function under Oracle's own name.

sqlglot turns `TO_DATE(x, 'DD/MM/RR')`, `TRUNC(d, 'MM')` and some 600 other calls into nodes of its
own, with formats translated and arguments dropped. Names of functions are therefore disguised before
parsing, by a letter that Oracle names do not begin with, so that each call arrives as
`exp.Anonymous(this=name, expressions=arguments)`.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, zip_longest

from sqlglot import exp
from sqlglot.dialects.oracle import Oracle

from oracle_sft.engine.result import OracleError, QueryError, UnsupportedSQL
from oracle_sft.engine.rewrite import clauses, syntax, syntax_errors
from oracle_sft.engine.rewrite.blocks import fetch_count, partitioned_join, search_cycle
from oracle_sft.engine.rewrite.groups import aggregate_syntax
from oracle_sft.engine.rewrite.numeric import number_syntax
from oracle_sft.engine.rewrite.refused_functions import REFUSED_FUNCTIONS
from oracle_sft.sqltext.lexer import Token, line_and_column, tokens
from oracle_sft.sqltext.parse import (
    SQLSyntaxError,
    TooLargeToParse,
    parse_tokens,
    statement_tokens,
)

_DISGUISE = 0xA500
"""Vai syllables: 26 letters in a row, each a letter to sqlglot and without case."""

_SPECIAL_SYNTAX = frozenset(
    """CAST EXTRACT TRIM EXISTS DATE TIMESTAMP CHAR NCHAR VARCHAR VARCHAR2 NVARCHAR2 NUMBER
    DECIMAL NUMERIC INTEGER INT SMALLINT FLOAT REAL INTERVAL IN ANY ALL SOME AND OR NOT OVER AS ON
    USING VALUES UNNEST TABLE SELECT FROM WHERE CONNECT_BY_ROOT PRIOR CASE WHEN THEN ELSE XMLTABLE
    XMLELEMENT
    LEFT RIGHT IF RAW CLOB BLOB UNION MINUS INTERSECT PIVOT UNPIVOT ROLLUP CUBE BY APPLY LATERAL""".split()
)
"""Words before a bracket that are no calls, and calls whose arguments have a grammar of their own."""

_UNREAD_WORDS = frozenset(
    """MODEL MULTISET SUBMULTISET VERSIONS JSON_TABLE MATCH_RECOGNIZE GRAPH_TABLE CONVERSION SAMPLE PERIOD
    NESTED SUBPARTITION WRAPPER DECREMENT RULES CONTENT LIKEC LIKE2 LIKE4""".split()
)
_UNREAD_PAIRS = {
    ("PIVOT", "XML"): "PIVOT XML",
    ("WITH", "FUNCTION"): "PL/SQL in WITH",
    ("WITH", "PROCEDURE"): "PL/SQL in WITH",
    ("JSON", "STRICT"): "IS JSON STRICT",
    ("JSON", "LAX"): "IS JSON LAX",
    ("IS", "A"): "IS A SET",
    ("IS", "OF"): "IS OF TYPE",
    ("MEMBER", "OF"): "MEMBER OF",
    ("OF", "SNAPSHOT"): "AS OF SNAPSHOT",
}
"""Oracle grammar that the parser is known not to read: its failure says nothing about the query."""


def parse_query(sql: str, *, since_21c: bool = False) -> exp.Expr:
    """The tree of one query; `since_21c` takes grammar that came with that release.

    Raises:
        OracleError: no valid Oracle SQL (ORA-00933, ORA-00936, ...).
        UnsupportedSQL: grammar that the parser does not know.
    """
    lexed = list(tokens(sql))
    syntax_errors.check_characters(lexed)
    readable, extras = search_cycle.cut(lexed)
    readable, partitions = partitioned_join.cut(readable)
    readable, counts = fetch_count.fold(readable)
    folded = clauses.fold(readable)
    spelled = aggregate_syntax.plain(folded.tokens)
    plain = number_syntax.disguised(sql, spelled)
    try:
        tree = parse_tokens(sql, _disguised(plain, folded.calls))
    except TooLargeToParse as error:
        raise UnsupportedSQL(f"a query that is {error.message}") from None
    except SQLSyntaxError as error:
        unread = _unread_grammar(lexed)
        if unread is not None:
            raise unread from None
        written = statement_tokens(_joined_operators(aggregate_syntax.plain(lexed)))
        raise _syntax_error(sql, written, error) from None
    found = syntax_errors.cause(statement_tokens(_joined_operators(lexed)))
    if found is not None:
        raise found
    syntax.check(statement_tokens(_joined_operators(plain)), since_21c=since_21c)
    aggregate_syntax.check(plain, since_21c=since_21c)
    syntax.check_names(tree)
    if plain != spelled:
        number_syntax.restore(tree)
    clauses.attach(tree, folded.clauses)
    _bind_prior(tree)
    search_cycle.attach(tree, extras)
    partitioned_join.attach(tree, partitions)
    fetch_count.attach(tree, counts, sql, parse_expression)
    return tree


def _unread_grammar(lexed: Sequence[Token]) -> UnsupportedSQL | None:
    """What the parser may have failed at, though Oracle knows it; None if nothing is to be seen."""
    for index, (token, following) in enumerate(pairwise([*lexed, Token("op", "", 0, 0, "")])):
        if [entry.text for entry in lexed[index : index + 4]] == [")", "(", "+", ")"]:
            return UnsupportedSQL("(+) behind a view", (token.start, lexed[index + 3].end))
        span = token.start, following.end
        construct = _UNREAD_PAIRS.get((token.name, following.name))
        if construct is not None:
            return UnsupportedSQL(construct, span)
        if token.kind != "word":
            continue
        if token.name in _UNREAD_WORDS:
            return UnsupportedSQL(token.name, (token.start, token.end))
        if token.name in REFUSED_FUNCTIONS and following.text == "(":
            return UnsupportedSQL(token.name, span, REFUSED_FUNCTIONS[token.name])
    return None


def _bind_prior(tree: exp.Expr) -> None:
    """Let PRIOR bind as a sign does: sqlglot gives it the whole sum, Oracle what follows directly."""
    for prior in list(tree.find_all(exp.Prior)):
        whole = prior.this
        if not isinstance(whole, exp.Binary):
            continue
        first = whole
        while isinstance(first, exp.Binary):
            first = first.this
        prior.replace(whole)
        first.replace(exp.Prior(this=first.copy()))


def parse_expression(text: str) -> exp.Expr:
    """The tree of one expression that stands inside of a clause; its nodes have no place in the query.

    Raises:
        OracleError: no valid expression.
        UnsupportedSQL: grammar that the parser does not know.
    """
    select = parse_query(f"SELECT {text} FROM DUAL")
    if not isinstance(select, exp.Select) or len(select.expressions) != 1:
        raise OracleError.of("ORA-00936")
    found = select.expressions[0]
    assert isinstance(found, exp.Expr)
    for node in found.walk():
        node.meta.pop("start", None)
        node.meta.pop("end", None)
    return found.pop()


def _disguised(lexed: list[Token], folded_calls: frozenset[int]) -> list[Token]:
    known = _calls_known_to_sqlglot()
    out: list[Token] = []
    lexed = _joined_operators(lexed)
    for token, following in zip_longest(lexed, lexed[1:]):
        after = following.text if following is not None else ""
        is_call = after == "(" and (token.name in known or token.start in folded_calls)
        is_alias = after.upper() not in _JOIN_WORDS.get(token.name, (after.upper(),))
        if token.kind == "word" and (is_call or is_alias):
            first = chr(_DISGUISE + ord(token.name[0]) - ord("A"))
            token = token._replace(text=first + token.text[1:])
        elif token.name == "LOCAL" and out and out[-1].name == "AT":
            token = token._replace(text="TIME ZONE SESSIONTIMEZONE")
        elif token.text == "+" and out and after != ")" and syntax.is_sign(out[-1]):
            # The parser would drop a plus sign without a left side, whatever stands behind it.
            token = token._replace(text="~")
        out.append(token)
    return out


_JOIN_WORDS = {"INNER": ("JOIN",), "OUTER": ("JOIN", "APPLY")}
"""What follows these, which are no reserved words, where they are no names of tables."""
_SPLIT_OPERATORS = frozenset(
    [(">", "="), ("<", "="), ("<", ">"), ("!", "="), ("^", "="), ("|", "|")]
)


def _joined_operators(lexed: list[Token]) -> list[Token]:
    """`> =` as `>=`, as Oracle takes it; blanks behind it keep every offset."""
    out: list[Token] = []
    for token in lexed:
        if out and (out[-1].text, token.text) in _SPLIT_OPERATORS:
            text = (out[-1].text + token.text).ljust(token.end - out[-1].start)
            out[-1] = Token("op", text, out[-1].start, token.end, text.strip())
        else:
            out.append(token)
    return out


_calls: frozenset[str] = frozenset()


def _calls_known_to_sqlglot() -> frozenset[str]:
    global _calls
    if not _calls:
        parser = Oracle.parser_class
        names = {*parser.FUNCTIONS, *parser.FUNCTION_PARSERS}
        _calls = frozenset(name for name in names if name.isascii()) - _SPECIAL_SYNTAX
        _calls |= clauses.ALWAYS_CALLS
    return _calls


def undisguised(name: str) -> str:
    """The name as the query wrote it."""
    code = ord(name[0]) - _DISGUISE if name else -1
    return chr(code + ord("A")) + name[1:] if 0 <= code < 26 else name


def shown(node: exp.Expr) -> str:
    """The expression without blanks and in upper case, as near to its text as sqlglot knows."""
    text = "".join(node.sql("oracle").upper().split())
    return "".join(undisguised(letter) for letter in text)


def stored_name(identifier: exp.Expr) -> str:
    """The name as Oracle stores it: upper case unless it was quoted."""
    name = undisguised(identifier.name)
    return name if identifier.args.get("quoted") else name.upper()


def shape(node: exp.Expr) -> object:
    """What Oracle compares of two expressions where one has to repeat the other, as in GROUP BY.

    `'YYYY'` is not `'yyyy'` there, and NVL is not COALESCE; brackets, the qualifier of a column and the
    case of names do not matter.
    """
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Column) and "clause" in node.meta:
        return tuple(token.name or token.text for token in node.meta["clause"])
    if isinstance(node, exp.Column):
        return node.this if isinstance(node.this, exp.Star) else stored_name(node.this)
    if isinstance(node, exp.Identifier):
        return stored_name(node)
    if isinstance(node, exp.RawString) or node.is_string:
        return "text", node.name
    if isinstance(node, exp.Literal):
        return "number", Decimal(node.name)
    parts = [(name, _shape_of(value)) for name, value in sorted(node.args.items())]
    return type(node), tuple((name, part) for name, part in parts if part)


def _shape_of(value: object) -> object:
    if isinstance(value, exp.Expr):
        return shape(value)
    if isinstance(value, list):
        return tuple(map(_shape_of, value))
    return value.upper() if isinstance(value, str) else value


def too_much(condition: exp.Expr) -> OracleError:
    """What Oracle says of a condition where a value stands: it reads the value, and then too much."""
    place = condition.parent
    if isinstance(place, (exp.Select, exp.Alias)):
        return OracleError.of("ORA-00923")
    if isinstance(place, exp.Ordered):
        place = place.parent
    if isinstance(place, (exp.Group, exp.Order)) and isinstance(place.parent, exp.Query):
        bracket = place.parent.find_ancestor(exp.Subquery, exp.CTE, exp.In, exp.Exists)
        return OracleError.of("ORA-00907" if bracket is not None else "ORA-00933")
    return OracleError.of("ORA-00907")


_STATEMENTS = frozenset(
    """ALTER ANALYZE AUDIT BEGIN CALL COMMENT COMMIT CREATE DECLARE DELETE DROP EXPLAIN FLASHBACK GRANT
    INSERT LOCK MERGE NOAUDIT PURGE RENAME REVOKE ROLLBACK SAVEPOINT SET TRUNCATE UPDATE""".split()
)
"""What Oracle would run, and a place for queries does not."""


def _syntax_error(sql: str, lexed: Sequence[Token], error: SQLSyntaxError) -> QueryError:
    words = [token.name for token in lexed]
    if words and words[0] in _STATEMENTS:
        return UnsupportedSQL(f"{words[0]}, which is no query", (lexed[0].start, lexed[0].end))
    if not words or words[0] not in ("SELECT", "WITH", "("):
        return OracleError.of("ORA-00900")
    if words.count("(") > words.count(")"):
        return OracleError.of("ORA-00907")
    if error.message.startswith("string literal without"):
        return OracleError.of("ORA-01756")
    if error.message.startswith("quoted name without"):
        return OracleError.of("ORA-01740")
    if error.message == "empty quoted name":
        return OracleError.of("ORA-01741")
    if error.message.startswith("comment without"):
        return OracleError.of("ORA-01742")
    found = syntax_errors.cause(lexed)
    if found is not None:
        return found
    syntax.check(lexed)
    if "FROM" not in words:
        return OracleError.of("ORA-00923")
    place = (error.line, error.column)
    read = [token for token in lexed if line_and_column(sql, token.start) < place]
    return syntax_errors.too_much_behind(read)


def only(node: exp.Expr, *allowed: str) -> None:
    """Refuse the node if it carries anything but the parts that the caller reads.

    Raises:
        UnsupportedSQL: naming the node and the part.
    """
    for key, value in node.args.items():
        if value and key not in allowed:
            part = f"{node.key.upper()} with {key.strip('_')}"
            raise UnsupportedSQL(_NAMES_OF_PARTS.get(key, part), span(node))


_NAMES_OF_PARTS = {
    "match": "MATCH_RECOGNIZE",
    "sample": "SAMPLE",
    "version": "AS OF and VERSIONS",
    "locks": "FOR UPDATE",
}
"""What Oracle calls a part, by sqlglot's name for it."""


def refuse(construct: str, node: exp.Expr | None = None) -> UnsupportedSQL:
    return UnsupportedSQL(construct, span(node) if node is not None else None)


def span(node: exp.Expr) -> tuple[int, int] | None:
    """Offsets into the SQL from the first to the last name below the node; None if it has none."""
    low, high = None, None
    for part in node.walk():
        start, end = part.meta.get("start"), part.meta.get("end")
        if start is not None and end is not None:
            low = start if low is None else min(low, start)
            high = end + 1 if high is None else max(high, end + 1)
    return None if low is None or high is None else (low, high)


_SUBQUERIES = (exp.Query,)


def own_nodes(node: exp.Expr) -> Iterator[exp.Expr]:
    """The node and everything below it that belongs to the same query block."""
    yield node
    for child in node.iter_expressions():
        if not isinstance(child, _SUBQUERIES):
            yield from own_nodes(child)


def check_unsorted(subquery: exp.Expr) -> None:
    """A subquery in an expression or a condition may be sorted only to be cut.

    Raises:
        OracleError: ORA-00907.
    """
    node: exp.Expr | None = subquery
    while node is not None:
        if node.args.get("order") and not (node.args.get("limit") or node.args.get("offset")):
            raise OracleError.of("ORA-00907")
        node = node.this if isinstance(node, exp.Subquery) else None


def conjuncts(node: exp.Expr) -> list[exp.Expr]:
    """The conditions that AND joins."""
    if isinstance(node, exp.And):
        return [*conjuncts(node.this), *conjuncts(node.expression)]
    if isinstance(node, exp.Paren) and isinstance(node.this, (exp.And, exp.Paren)):
        return conjuncts(node.this)
    return [node]
