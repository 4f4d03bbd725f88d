"""Queries that are wrong by one slip: what a suite of databases ought to tell from the gold.

Made by edits of the tokens of Oracle's own text. A mutant may mean the same as its gold, or be no
valid query: whoever uses them runs them first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from oracle_sft.engine.suite.same_meaning import (
    always_matches,
    has_key,
    is_distinct,
    tables_of,
)
from oracle_sft.engine.suite.token_text import TokenText
from oracle_sft.sqltext.lexer import tokens
from oracle_sft.sqltext.schema import Schema


@dataclass(frozen=True, slots=True)
class Mutant:
    kind: str
    """The slip: `comparison`, `connective`, `aggregate`, ..."""
    sql: str


def mutants(sql: str, schema: Schema) -> list[Mutant]:
    """Every query that one slip makes of this one, each text once."""
    text = TokenText(sql, list(tokens(sql)), schema)
    found: dict[str, Mutant] = {}
    for kind, make in _SLIPS.items():
        for changed in make(text):
            if changed != sql:
                found.setdefault(changed, Mutant(kind, changed))
    return list(found.values())


_COMPARISONS = {
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "=": ("<>", ">="),
    "<>": ("=",),
    "!=": ("=",),
}
_AFTER_WHERE = (
    *("GROUP", "ORDER", "HAVING", "CONNECT", "START", "UNION", "MINUS", "INTERSECT", "FETCH"),
    "OFFSET",
)
_AFTER_ORDER = ("FETCH", "OFFSET", "ROWS", "RANGE", "UNION", "MINUS", "INTERSECT", "FOR")
_AFTER_GROUP = ("HAVING", *_AFTER_ORDER, "ORDER")


def _comparison(text: TokenText) -> Iterator[str]:
    for place in text.places(*_COMPARISONS):
        for other in _COMPARISONS[text.word(place)]:
            yield text.put(place, place, other)
    for place in text.places("BETWEEN", "LIKE", "IN", "EXISTS"):
        if text.word(place - 1) == "NOT":
            yield text.cut(place - 1, place - 1)
        else:
            yield text.put(place, place, f"NOT {text.word(place)}")


def _connective(text: TokenText) -> Iterator[str]:
    is_range = False
    for place in text.places("AND", "OR", "BETWEEN"):
        word = text.word(place)
        if word == "BETWEEN":
            is_range = True
        elif is_range:
            is_range = False
        else:
            yield text.put(place, place, "OR" if word == "AND" else "AND")


def _join(text: TokenText) -> Iterator[str]:
    for place in text.places("LEFT", "RIGHT", "FULL"):
        last = place + 1 if text.word(place + 1) == "OUTER" else place
        for word in ("", "LEFT", "RIGHT"):
            if word != text.word(place):
                yield text.put(place, last, word)
    for place in text.places("JOIN"):
        if text.word(place - 1) not in ("LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL"):
            first = place - 1 if text.word(place - 1) == "INNER" else place
            if not always_matches(text, place):
                yield text.put(first, place, "LEFT JOIN")
            yield text.put(first, place, "RIGHT JOIN")
    yield from _outer_plus(text)


def _outer_plus(text: TokenText) -> Iterator[str]:
    for place in text.places("("):
        if (text.word(place + 1), text.word(place + 2)) != ("+", ")"):
            continue
        yield text.cut(place, place + 2)
        if text.word(place - 4) == "=" and text.tokens[place - 5].is_name:
            # a.x = b.y(+): the plus to the other side.
            moved = text.put(place, place + 2, "")
            at = text.tokens[place - 5].end
            yield f"{moved[:at]}(+){moved[at:]}"
    everywhere = text.sql
    for place in reversed([*text.places("(")]):
        if (text.word(place + 1), text.word(place + 2)) == ("+", ")"):
            start, end = text.tokens[place].start, text.tokens[place + 2].end
            everywhere = everywhere[:start] + everywhere[end:]
    yield everywhere


_AGGREGATES = {
    "SUM": ("AVG", "MAX"),
    "AVG": ("SUM", "MAX"),
    "MIN": ("MAX",),
    "MAX": ("MIN", "SUM"),
    "COUNT": ("SUM", "MAX"),
    "MEDIAN": ("AVG",),
    "RANK": ("DENSE_RANK", "ROW_NUMBER"),
    "DENSE_RANK": ("RANK", "ROW_NUMBER"),
    "ROW_NUMBER": ("RANK",),
    "LAG": ("LEAD",),
    "LEAD": ("LAG",),
    "FIRST": ("LAST",),
    "LAST": ("FIRST",),
    "FIRST_VALUE": ("LAST_VALUE",),
}


def _aggregate(text: TokenText) -> Iterator[str]:
    for place in text.places(*_AGGREGATES):
        is_call = text.word(place + 1) == "("
        if is_call or text.word(place - 1) == "DENSE_RANK":
            for other in _AGGREGATES[text.word(place)]:
                yield text.put(place, place, other)
    for place in text.places("COUNT"):
        if text.word(place + 1) == "(" and text.word(place + 2) not in ("*", "DISTINCT"):
            yield text.put(place + 2, text.closing(place + 1) - 1, "*")


def _distinct(text: TokenText) -> Iterator[str]:
    for place in text.places("DISTINCT", "UNIQUE"):
        yield text.cut(place, place)
    for place in text.places("SELECT"):
        if text.word(place + 1) not in ("DISTINCT", "UNIQUE") and not is_distinct(text, place):
            yield text.put(place, place, "SELECT DISTINCT")
    for place in text.places("COUNT", "SUM", "AVG", "LISTAGG"):
        argument = (place + 2, text.closing(place + 1) - 1)
        is_plain = text.word(place + 1) == "(" and text.word(place + 2) not in ("*", "DISTINCT")
        if is_plain and not has_key(text, *argument):
            yield text.put(place + 1, place + 1, "(DISTINCT ")


def _bound(text: TokenText) -> Iterator[str]:
    for place, token in enumerate(text.tokens):
        is_item = text.word(place - 1) == "SELECT" and text.word(place + 1) == "FROM"
        if token.kind == "number" and token.text.isdigit() and not is_item:
            for step in (-1, 1):
                if int(token.text) + step >= 0:
                    yield text.put(place, place, str(int(token.text) + step))
        is_literal = token.kind == "string" and text.word(place - 1) in ("DATE", "TIMESTAMP")
        if is_literal and text.word(place - 2) not in ("+", "-"):
            for moved in ("- 1", "+ 1"):
                yield text.put(place - 1, place, f"({text.text(place - 1, place)} {moved})")


def _condition(text: TokenText) -> Iterator[str]:
    """Without one of the conditions of WHERE, HAVING or START WITH, or without the clause."""
    for place in text.places("WHERE", "HAVING", "START"):
        first = place + 2 if text.word(place) == "START" else place + 1
        last = text.end_of_clause(first, *_AFTER_WHERE)
        parts = _conjuncts(text, first, last)
        if len(parts) == 1:
            yield text.cut(place, last)
        for number, (start, end) in enumerate(parts):
            if len(parts) > 1:
                yield text.cut(start, end + 1) if number == 0 else text.cut(start - 1, end)


def _conjuncts(text: TokenText, first: int, last: int) -> list[tuple[int, int]]:
    found, depth, start, is_range = [], 0, first, False
    for at in range(first, last + 1):
        word = text.word(at)
        depth += (word in ("(", "CASE")) - (word in (")", "END"))
        if depth:
            continue
        if word == "BETWEEN":
            is_range = True
        elif word == "AND" and is_range:
            is_range = False
        elif word == "AND":
            found.append((start, at - 1))
            start = at + 1
        elif word == "OR":
            return [(first, last)]
    return [*found, (start, last)]


def _order(text: TokenText) -> Iterator[str]:
    for place in text.places("ORDER"):
        by = place + 2 if text.word(place + 1) == "SIBLINGS" else place + 1
        keys = text.list_of(by + 1, *_AFTER_ORDER)
        in_window = text.word(place - 1) in ("(", "FIRST", "LAST") or _has_partition(text, place)
        if keys and not in_window:
            yield text.cut(place, keys[-1][1])
        for number, (first, last) in enumerate(keys):
            directions = [at for at in range(first, last + 1) if text.word(at) in ("ASC", "DESC")]
            if directions:
                other = "ASC" if text.word(directions[0]) == "DESC" else "DESC"
                yield text.put(directions[0], directions[0], other)
            else:
                nulls = [at for at in range(first, last + 1) if text.word(at) == "NULLS"]
                end = nulls[0] - 1 if nulls else last
                yield text.put(first, end, f"{text.text(first, end)} DESC")
            if len(keys) > 1:
                yield text.cut(first, last + 1) if number == 0 else text.cut(first - 1, last)
    for place in text.places("NULLS"):
        other = "LAST" if text.word(place + 1) == "FIRST" else "FIRST"
        yield text.put(place, place + 1, f"NULLS {other}")


def _has_partition(text: TokenText, place: int) -> bool:
    depth = 0
    for at in range(place - 1, -1, -1):
        depth += (text.word(at) == ")") - (text.word(at) == "(")
        if depth < 0:
            return text.word(at - 1) in ("OVER", "GROUP", "KEEP")
    return False


def _nulls(text: TokenText) -> Iterator[str]:
    for place in text.places("NVL", "COALESCE"):
        if text.word(place + 1) == "(":
            first, last = text.parts(place + 1)[0]
            yield text.put(place, text.closing(place + 1), text.text(first, last))
    for place in text.places("NVL2"):
        parts = text.parts(place + 1)
        if len(parts) == 3:
            (a, b), (c, d), (e, f) = parts
            swapped = f"NVL2({text.text(a, b)}, {text.text(e, f)}, {text.text(c, d)})"
            yield text.put(place, text.closing(place + 1), swapped)
    for place in text.places("IS"):
        if text.word(place + 1) == "NOT":
            yield text.cut(place + 1, place + 1)
        elif text.word(place + 1) == "NULL":
            yield text.put(place, place, "IS NOT")


def _group(text: TokenText) -> Iterator[str]:
    for place in text.places("GROUP"):
        if text.word(place + 1) != "BY":
            continue
        keys = text.list_of(place + 2, *_AFTER_GROUP)
        for number, (first, last) in enumerate(keys):
            if len(keys) > 1:
                yield text.cut(first, last + 1) if number == 0 else text.cut(first - 1, last)
    for place in text.places("PARTITION"):
        keys = text.list_of(place + 2, "ORDER", "ROWS", "RANGE")
        yield text.cut(place, keys[-1][1])


def _column(text: TokenText) -> Iterator[str]:
    """Another column of the same table and kind in the place of one."""
    used = tables_of(text)
    for place, token in enumerate(text.tokens):
        if not token.is_name or text.word(place + 1) in ("(", "."):
            continue
        for table in used:
            column = table.column(token.name)
            if column is None:
                continue
            like = [other for other in table.columns if other.kind == column.kind]
            at = like.index(column)
            others = [like[(at + 1) % len(like)], like[at - 1]]
            if "COUNT" in (text.word(place - 2), text.word(place - 4)) and not column.nullable:
                others = [entry for entry in others if entry.nullable]
            for other in dict.fromkeys(entry.name for entry in others if entry is not column):
                yield text.put(place, place, other.lower())


_SETS = {"UNION": "INTERSECT", "MINUS": "INTERSECT", "INTERSECT": "MINUS"}


def _set_operator(text: TokenText) -> Iterator[str]:
    for place in text.places(*_SETS):
        if text.word(place + 1) == "ALL":
            yield text.cut(place + 1, place + 1)
            continue
        yield text.put(place, place, _SETS[text.word(place)])
        yield text.put(place, place, "UNION ALL")


def _top(text: TokenText) -> Iterator[str]:
    for place in text.places("ONLY"):
        if text.word(place - 1) in ("ROW", "ROWS"):
            yield text.put(place, place, "WITH TIES")
    for place in text.places("TIES"):
        yield text.put(place - 1, place, "ONLY")


def _hierarchy(text: TokenText) -> Iterator[str]:
    for place in text.places("PRIOR"):
        for equals in (place + 2, place - 2, place + 4, place - 4):
            if text.word(equals) != "=":
                continue
            if equals > place:
                left, first = text.text(place + 1, equals - 1), equals + 1
                last = first + 2 if text.word(first + 1) == "." else first
                yield text.put(place, last, f"{left} = PRIOR {text.text(first, last)}")
            else:
                yield text.cut(place, place)
            break


_FORMATS = {
    "'MM'": "'YYYY'",
    "'YYYY'": "'MM'",
    "'YYYY-MM'": "'YYYY'",
    "'Q'": "'MM'",
    "'DD'": "'MM'",
}


def _date_part(text: TokenText) -> Iterator[str]:
    for place, token in enumerate(text.tokens):
        if token.kind == "string" and token.text in _FORMATS and text.word(place - 1) == ",":
            yield text.put(place, place, _FORMATS[token.text])
    for place in text.places("TRUNC"):
        if text.word(place + 1) == "(":
            first, last = text.parts(place + 1)[0]
            yield text.put(place, text.closing(place + 1), text.text(first, last))
    for place in text.places("YEAR", "MONTH", "DAY"):
        if text.word(place + 1) == "FROM":
            yield text.put(place, place, "MONTH" if text.word(place) != "MONTH" else "YEAR")


_SLIPS: dict[str, Callable[[TokenText], Iterator[str]]] = {
    "comparison": _comparison,
    "connective": _connective,
    "join": _join,
    "aggregate": _aggregate,
    "distinct": _distinct,
    "bound": _bound,
    "condition": _condition,
    "order": _order,
    "null": _nulls,
    "group": _group,
    "column": _column,
    "set operator": _set_operator,
    "top": _top,
    "hierarchy": _hierarchy,
    "date part": _date_part,
}
KINDS = tuple(_SLIPS)
