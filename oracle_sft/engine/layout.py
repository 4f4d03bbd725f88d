"""SQL over several lines, for a reader: nothing but the blanks between its words changes."""

import re

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\w+|\s+|.", re.DOTALL)
_CLAUSES = frozenset(
    """FROM WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET UNION EXCEPT INTERSECT SELECT
    LEFT RIGHT FULL INNER CROSS ASOF POSITIONAL JOIN""".split()
)
_JOINERS = frozenset("LEFT RIGHT FULL INNER OUTER CROSS ASOF POSITIONAL SEMI ANTI LATERAL".split())
_INDENT = "  "


def laid_out(sql: str) -> str:
    """Each clause of a query on a line of its own, subqueries indented."""
    tokens = _TOKEN.findall(sql.strip())
    words = [token for token in tokens if not token.isspace()]
    following = iter([*words[1:], ""])
    out: list[str] = []
    blocks = [True]  # is the open bracket one around a query
    before = ""
    for token in tokens:
        if token.isspace():
            if out and not out[-1].endswith(("\n", " ")):
                out.append(" ")
            continue
        after = next(following)
        depth = sum(blocks) - 1
        if token == "(":
            blocks.append(after.upper() in ("SELECT", "WITH"))
            out.append(token)
            if blocks[-1]:
                out.append("\n" + _INDENT * (depth + 1))
        elif token == ")" and len(blocks) > 1:
            if blocks.pop():
                _break(out, depth - 1)
            out.append(token)
        else:
            if blocks[-1] and before not in ("", "(") and _begins_line(token.upper(), before):
                _break(out, depth)
            out.append(token)
        before = token.upper()
    return "".join(out)


def _begins_line(word: str, before: str) -> bool:
    if word not in _CLAUSES or (word == "FROM" and before == "DISTINCT"):
        return False
    return not (word in _JOINERS | {"JOIN"} and before in _JOINERS)


def _break(out: list[str], depth: int) -> None:
    while out and out[-1].isspace():
        out.pop()
    out.append("\n" + _INDENT * depth)
