"""Words in and behind group functions and analytic functions that the parser does not read."""

from collections.abc import Sequence

from oracle_sft.engine.result import OracleError
from oracle_sft.sqltext.lexer import Token

FROM_LAST = chr(0xA519) + "LST"
"""The argument that stands for FROM LAST behind NTH_VALUE."""

_TAKE_UNIQUE = frozenset(
    """COUNT SUM AVG MIN MAX STDDEV STDDEV_POP STDDEV_SAMP VARIANCE VAR_POP VAR_SAMP LISTAGG MEDIAN
    ANY_VALUE STATS_MODE""".split()
)


def plain(lexed: Sequence[Token]) -> list[Token]:
    """The tokens with `COUNT(UNIQUE x)` as DISTINCT, `COUNT(ALL x)` without ALL, and FROM LAST of
    NTH_VALUE as one more argument.
    """
    from_first = nth_value_from(lexed)
    out: list[Token] = []
    index = 0
    while index < len(lexed):
        token = lexed[index]
        if index in from_first:
            last = lexed[index + 1]
            if last.name == "LAST" and out[-1].text == ")":
                closing = out.pop()
                out.append(closing._replace(text=",", name=","))
                out.append(token._replace(text=FROM_LAST, name=FROM_LAST))
                out.append(closing._replace(start=last.start, end=last.start + 1))
            elif last.name == "LAST":
                out.append(Token("op", ",", token.start, token.start + 1, ","))
                out.append(last._replace(text=FROM_LAST, name=FROM_LAST))
            index += 2
            continue
        if token.kind == "word" and token.name in ("UNIQUE", "ALL") and _begins_call(lexed, index):
            if token.name == "UNIQUE":
                out.append(token._replace(text="DISTINCT", name="DISTINCT"))
        else:
            out.append(token)
        index += 1
    return out


def _begins_call(lexed: Sequence[Token], index: int) -> bool:
    return (
        index > 1
        and lexed[index - 1].text == "("
        and lexed[index - 2].kind == "word"
        and lexed[index - 2].name in _TAKE_UNIQUE
        and lexed[index + 1 : index + 2] != []
        and lexed[index + 1].text not in (")", ",", ".", "*")
    )


def check(lexed: Sequence[Token], *, since_21c: bool = False) -> None:
    """Refuse windows that Oracle has no grammar for and the parser reads.

    Raises:
        OracleError: ORA-00936, ORA-00905 or ORA-30484.
    """
    end = Token("op", "", 0, 0, "")
    for index, token in enumerate(lexed):
        if token.kind != "word":
            continue
        before = lexed[index - 1] if index else end
        after = lexed[index + 1] if index + 1 < len(lexed) else end
        if token.name == "BY" and before.name in ("PARTITION", "ORDER"):
            if after.text in (")", ",", "") or (after.kind, after.name) == ("word", "ORDER"):
                raise OracleError.of("ORA-00936")
        elif token.name == "ALL" and before.text == "(" and after.text == "*":
            raise OracleError.of("ORA-00936")
        elif token.name == "BETWEEN" and before.name in ("ROWS", "RANGE", "GROUPS"):
            if not _has_and(lexed, index + 1):
                raise OracleError.of("ORA-00905")
        elif token.name == "OVER" and (before.text == ")" or before.name == "NULLS"):
            named = since_21c and after.is_name
            if after.text != "(" and not named:
                raise OracleError.of("ORA-30484")


def _has_and(lexed: Sequence[Token], start: int) -> bool:
    """Whether AND follows between the same brackets."""
    depth = 0
    for token in lexed[start:]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth < 0:
            return False
        if depth == 0 and token.name == "AND":
            return True
    return False


def nth_value_from(lexed: Sequence[Token]) -> set[int]:
    """The indexes of each FROM that belongs to a call of NTH_VALUE, in its brackets or behind them."""
    found = set()
    for index, token in enumerate(lexed):
        if token.kind != "word" or token.name != "NTH_VALUE":
            continue
        depth = 0
        for place in range(index + 1, len(lexed)):
            depth += {"(": 1, ")": -1}.get(lexed[place].text, 0)
            names = [entry.name for entry in lexed[place + 1 : place + 3]]
            if depth <= 1 and names in (["FROM", "FIRST"], ["FROM", "LAST"]):
                found.add(place + 1)
            if depth <= 0:
                break
    return found
