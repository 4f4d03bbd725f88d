"""Words in and behind group functions and analytic functions that the parser does not read."""

from collections.abc import Sequence

from oracle_sft.sqltext.lexer import Token

FROM_LAST = chr(0xA519) + "LST"
"""The argument that stands for FROM LAST behind NTH_VALUE."""

_TAKE_UNIQUE = frozenset(
    """COUNT SUM AVG MIN MAX STDDEV STDDEV_POP STDDEV_SAMP VARIANCE VAR_POP VAR_SAMP LISTAGG MEDIAN
    ANY_VALUE STATS_MODE""".split()
)


def plain(lexed: Sequence[Token]) -> list[Token]:
    """The tokens with `COUNT(UNIQUE x)` as DISTINCT, `COUNT(ALL x)` without ALL, and FROM LAST behind
    NTH_VALUE as one more argument.
    """
    from_first = nth_value_from(lexed)
    out: list[Token] = []
    index = 0
    while index < len(lexed):
        token = lexed[index]
        if index in from_first:
            if lexed[index + 1].name == "LAST":
                closing, last = out.pop(), lexed[index + 1]
                out.append(closing._replace(text=",", name=","))
                out.append(token._replace(text=FROM_LAST, name=FROM_LAST))
                out.append(closing._replace(start=last.start, end=last.start + 1))
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
        and lexed[index + 1].text not in (")", ",", ".")
    )


def nth_value_from(lexed: Sequence[Token]) -> set[int]:
    """The indexes of each FROM that belongs to a call of NTH_VALUE."""
    found = set()
    for index, token in enumerate(lexed):
        if token.kind != "word" or token.name != "NTH_VALUE":
            continue
        depth = 0
        for place in range(index + 1, len(lexed)):
            depth += {"(": 1, ")": -1}.get(lexed[place].text, 0)
            if depth <= 0:
                names = [entry.name for entry in lexed[place + 1 : place + 3]]
                if names in (["FROM", "FIRST"], ["FROM", "LAST"]):
                    found.add(place + 1)
                break
    return found
