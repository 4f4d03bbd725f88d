"""What the parser reads too generously: text that Oracle refuses, by its error code.

sqlglot takes many dialects at once. What it lets through and Oracle does not would run here as if it
were right, so that it is looked for in the tokens, and in the few nodes that Oracle has no grammar
for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.sqltext.lexer import Token
from oracle_sft.sqltext.names import RESERVED_WORDS

_NOT_ENDED = "ORA-00933"
_NO_FROM = "ORA-00923"
_NO_EXPRESSION = "ORA-00936"
_NO_KEYWORD = "ORA-00905"
_NO_BRACKET = "ORA-00906"
_CHARACTER = "ORA-00911"
_COMPARISONS = frozenset(["=", "<", ">", "<=", ">=", "<>", "!=", "^="])

_OPERATORS = {
    **dict.fromkeys(
        ["::", "[", "]", "{", "}", "%", "`", "?", "~", "\\", "!", "$", "#", "->", "->>"], _CHARACTER
    ),
    **dict.fromkeys(["&&", "<<", ">>", "<=>", "**", "..", "<-", ":="], _NO_EXPRESSION),
}
_WITHOUT_BRACKETS = frozenset("SYSDATE SYSTIMESTAMP CURRENT_DATE USER UID ROWNUM LEVEL".split())
_BEFORE_VALUES = frozenset(
    "SELECT DISTINCT WHERE AND OR NOT ON HAVING WHEN THEN ELSE BY BETWEEN LIKE IN RETURN".split()
)
_SET_OPERATORS = frozenset("UNION MINUS INTERSECT EXCEPT".split())
_AFTER_EXCEPT = frozenset(["ALL", "SELECT", "(", "DISTINCT"])
_RANKS = {
    "FROM": 1,
    "WHERE": 2,
    "START": 4,
    "CONNECT": 4,
    "GROUP": 4,
    "HAVING": 4,
    "ORDER": 5,
    "OFFSET": 6,
    "FETCH": 7,
}
"""The order of clauses; those of one rank may come in any order."""

_FOLLOWED_BY = {"START": "WITH", "CONNECT": "BY", "GROUP": "BY", "ORDER": ("BY", "SIBLINGS")}


@dataclass(slots=True)
class _Level:
    """What has been seen between one pair of brackets."""

    rank: int = 0
    seen: set[str] = field(default_factory=set)
    num_joins: int = 0
    """Joins that still wait for ON or USING."""
    inside: bool = False
    """There are brackets around it."""

    def too_much(self) -> OracleError:
        """What Oracle says of a word where the query may only end."""
        if self.inside:
            return OracleError.of("ORA-00907")
        return OracleError.of(_NOT_ENDED)

    def end_joins(self) -> None:
        if self.num_joins > 0:
            raise OracleError.of(_NO_KEYWORD)


def check(lexed: Sequence[Token], *, since_21c: bool = False) -> None:
    """Refuse what Oracle refuses and the parser does not; EXCEPT came with 21c.

    Raises:
        OracleError: with the code that Oracle is likely to give.
        UnsupportedSQL: literals and links that are valid and not known here.
    """
    levels = [_Level()]
    end = Token("op", "", 0, 0, "")
    for index, token in enumerate(lexed):
        before = lexed[index - 1] if index else end
        after = lexed[index + 1] if index + 1 < len(lexed) else end
        if token.text == "(":
            levels.append(_Level(inside=True))
        elif token.text == ")":
            if len(levels) == 1:
                raise OracleError.of(_NOT_ENDED)
            levels.pop().end_joins()
        elif token.text == "," and levels[-1].rank == _RANKS["FROM"]:
            levels[-1].end_joins()
        if token.kind == "op":
            names = [entry.text for entry in lexed[max(index - 4, 0) : index]]
            if token.text == "[" and names[::2] == [".", "."]:
                raise UnsupportedSQL("a place of an array in JSON dot notation", _span(token))
            _check_operator(token, before, after)
        elif after.kind == token.kind and (
            token.kind == "string" or (token.kind == "number" and before.name == "SELECT")
        ):
            raise OracleError.of(_NO_FROM)
        elif token.kind == "string" and _ends_table(lexed[:index][-2:], levels[-1]):
            raise levels[-1].too_much()
        elif token.kind == "word":
            if token.text[0] == "_":
                # No name begins so, and what looks like 1_000 is a number and such a name.
                raise OracleError.of(_CHARACTER)
            if token.name == "EXCEPT" and not since_21c and after.name in _AFTER_EXCEPT:
                raise levels[-1].too_much()
            if token.name == "OVER" and not since_21c and _names_window(before, after):
                raise OracleError.of(_NO_FROM)
            _check_word(token, before, after, levels[-1])
            _count_joins(token, lexed[max(index - 3, 0) : index], levels[-1])
            if token.name == "FETCH" and after.name in ("FIRST", "NEXT"):
                _check_fetch(lexed[index + 2 :])
            if token.name == "OFFSET" and levels[-1].rank == _RANKS["OFFSET"]:
                _check_offset(lexed[index + 1 :])
    if len(levels) > 1:
        raise OracleError.of("ORA-00907")
    levels[0].end_joins()


def _count_joins(token: Token, before: Sequence[Token], level: _Level) -> None:
    if level.rank != _RANKS["FROM"]:
        level.end_joins()
        return
    if token.name == "JOIN" and not {"CROSS", "NATURAL"} & {entry.name for entry in before}:
        level.num_joins += 1
    elif token.name in ("ON", "USING"):
        level.num_joins -= 1


def _ends_table(before: Sequence[Token], level: _Level) -> bool:
    """Whether the name of a table ends here: nothing but an alias or a clause follows it."""
    # FROM of EXTRACT and TRIM stands in brackets without SELECT.
    if level.rank != _RANKS["FROM"] or "SELECT" not in level.seen:
        return False
    if len(before) < 2 or not before[-1].is_name:
        return False
    return before[-2].name in ("FROM", "JOIN")


def is_sign(before: Token) -> bool:
    """Whether a plus behind this token has no left side."""
    if before.kind == "op":
        return before.text not in (")", "]", "*")
    return before.kind == "word" and before.name in _BEFORE_VALUES


def _check_operator(token: Token, before: Token, after: Token) -> None:
    if token.text in _OPERATORS:
        raise OracleError.of(_OPERATORS[token.text])
    if token.text == "=>":
        raise UnsupportedSQL("a named argument", _span(token))
    if token.text == "@":
        raise UnsupportedSQL("a database link", _span(token))
    if token.text == "=" and after.text == "=":
        raise OracleError.of(_NO_EXPRESSION)
    if token.text == "," and (after.name in ("FROM", ")", ",", "WHERE") or not after.text):
        raise OracleError.of(_NO_EXPRESSION)
    if token.text == "(" and after.text == ")":
        if before.name in _WITHOUT_BRACKETS:
            raise OracleError.of(_NO_FROM)
        if before.name == "IN" or (before.name == "USING" and before.kind == "word"):
            raise OracleError.of(_NO_EXPRESSION)


def _check_word(token: Token, before: Token, after: Token, level: _Level) -> None:
    name = token.name
    if before.text == "." or after.text == ".":
        return
    if name == "SELECT" or (
        name in _SET_OPERATORS and after.name in ("ALL", "SELECT", "(", "DISTINCT")
    ):
        if name != "SELECT" and level.rank >= _RANKS["ORDER"]:
            raise level.too_much()
        level.rank, level.seen = 0, {name}
    elif name in _RANKS:
        _check_clause(name, before, after, level)
    elif name == "AS":
        in_items = level.rank == 0 and "SELECT" in level.seen
        if after.kind in ("string", "number") and in_items:
            raise OracleError.of(_NO_FROM)
        if level.rank == _RANKS["FROM"] and after.name != "OF":
            raise level.too_much()
    elif name == "NOT" and after.name == "NULL" and before.name != "IS":
        raise OracleError.of(_NO_EXPRESSION)
    elif _wants_bracket(name, before, level) and after.text != "(":
        raise OracleError.of(_NO_BRACKET)
    elif _follows_no_item(name, before, after) and level.rank == 0:
        raise OracleError.of(_NO_FROM)
    elif name == "LIMIT" and after.kind == "number" and level.rank >= _RANKS["FROM"]:
        raise level.too_much()
    elif name == "DISTINCT" and after.name == "ON":
        raise OracleError.of(_NO_EXPRESSION)
    elif name in ("ISNULL", "NOTNULL") and after.text != "(" and before.kind != "op":
        raise level.too_much()
    elif name == "INTERVAL" and after.kind == "number":
        raise OracleError.of("ORA-00907")


def _follows_no_item(name: str, before: Token, after: Token) -> bool:
    """Other dialects' TOP n, and FILTER (..) behind an aggregate, which Oracle takes for an alias."""
    if name == "TOP":
        return before.name == "SELECT" and after.kind == "number"
    return name == "FILTER" and before.text == ")" and after.text == "("


def _names_window(before: Token, after: Token) -> bool:
    """Whether OVER is followed by a name; without a bracket behind it, it is an alias."""
    return before.text == ")" and after.is_name and after.name != "FROM"


def _wants_bracket(name: str, before: Token, level: _Level) -> bool:
    if name == "USING":
        return level.rank == _RANKS["FROM"]
    return name in ("ANY", "SOME", "ALL") and before.text in _COMPARISONS


def _check_clause(name: str, before: Token, after: Token, level: _Level) -> None:
    expected = _FOLLOWED_BY.get(name)
    if expected is not None and after.name not in (
        (expected,) if isinstance(expected, str) else expected
    ):
        return
    if name == "GROUP" and before.name == "WITHIN":
        return
    if name == "FETCH" and after.name not in ("FIRST", "NEXT"):
        if level.rank >= _RANKS["FROM"] and after.kind in ("number", "bind"):
            raise level.too_much()
        return
    if name == "OFFSET" and level.rank == 0:
        return
    rank = _RANKS[name]
    if rank < level.rank or name in level.seen:
        raise level.too_much()
    level.rank = rank
    level.seen.add(name)


def _check_offset(rest: Sequence[Token]) -> None:
    for token in rest:
        if token.name in ("ROW", "ROWS"):
            return
        if token.name == "FETCH":
            break
    raise OracleError.of(_NO_KEYWORD)


def _check_fetch(rest: Sequence[Token]) -> None:
    names = []
    for token in rest:
        if token.text == ")" and "(" not in names:
            break
        names.append(token.name)
    if not {"ROW", "ROWS"} & set(names) or not {"ONLY", "TIES"} & set(names):
        raise OracleError.of(_NO_KEYWORD)


def _span(token: Token) -> tuple[int, int]:
    return token.start, token.end


_PSEUDO = frozenset("ROWNUM LEVEL ROWID USER UID SYSDATE COLUMN_VALUE".split())
_QUALIFIED = frozenset(["ROWID", "COLUMN_VALUE"])
"""Reserved words that may stand behind the alias of a table."""


def check_names(tree: exp.Expr) -> None:
    """Reserved words are no names.

    Raises:
        OracleError: ORA-00923, ORA-00933, ORA-01747 or ORA-00936.
    """
    for identifier in tree.find_all(exp.Identifier):
        if identifier.args.get("quoted") or identifier.name.upper() not in RESERVED_WORDS:
            continue
        parent = identifier.parent
        if isinstance(parent, exp.Column):
            if parent.args.get("table") is not None:
                if identifier.name.upper() in _QUALIFIED:
                    continue
                raise OracleError.of("ORA-01747")
            if identifier.name.upper() not in _PSEUDO:
                raise OracleError.of(_NO_EXPRESSION)
        elif isinstance(parent, exp.Alias):
            raise OracleError.of(_NO_FROM)
        elif isinstance(parent, exp.TableAlias):
            raise OracleError.of(_NOT_ENDED)
        elif isinstance(parent, exp.Table):
            raise OracleError.of("ORA-00903")


def _unknown(name: str) -> tuple[str, str]:
    return "ORA-00904", f'"{name}"'


FOREIGN: dict[type, tuple[str, ...]] = {
    exp.If: _unknown("IF"),
    exp.Left: _unknown("LEFT"),
    exp.Right: _unknown("RIGHT"),
    exp.CurrentTime: _unknown("CURRENT_TIME"),
    exp.Mod: (_CHARACTER,),
    exp.BitwiseAnd: (_CHARACTER,),
    exp.BitwiseOr: (_CHARACTER,),
    exp.BitwiseXor: (_CHARACTER,),
    exp.Concat: (_NO_FROM,),
    exp.Star: (_NO_EXPRESSION,),
    exp.Tuple: ("ORA-00907",),
    exp.ILike: (_NOT_ENDED,),
    exp.RegexpLike: (_NOT_ENDED,),
    exp.SimilarTo: (_NOT_ENDED,),
    exp.NullSafeEQ: ("ORA-00908",),
    exp.NullSafeNEQ: ("ORA-00908",),
    exp.Placeholder: ("ORA-01008",),
}
"""Nodes that come from another dialect only: the code of Oracle's error, and the details of its text."""


def foreign(node: exp.Expr) -> OracleError | None:
    """Oracle's error for a node that it has no grammar for."""
    if isinstance(node, exp.Boolean):
        return OracleError.of(*_unknown("TRUE" if node.this else "FALSE"))
    known = FOREIGN.get(type(node))
    return OracleError.of(*known) if known is not None else None
