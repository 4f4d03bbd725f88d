"""Words of a query in brackets, and the rewritings of them that keep the meaning.

Each rule asks for the exact shape that it is sound for and leaves everything else as it stands:
a missed rewriting costs a match, a wrong one would make two queries one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oracle_sft.sqltext.blocks import SET_OPERATORS


@dataclass(slots=True, eq=False)  # compared and hashed by identity, as words are by text
class Group:
    """What stands in brackets, or between CASE and END."""

    items: "list[Item]"
    case: bool = False


Item = str | Group

_JOIN_WORDS = {"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER", "APPLY"}
_CLAUSE_WORDS = SET_OPERATORS | {
    *("SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "START", "CONNECT", "FETCH", "OFFSET"),
    *("FOR", "MODEL", "WINDOW", "QUALIFY", "LIMIT", "WITH"),
}
_CONDITION_ENDS = _CLAUSE_WORDS | _JOIN_WORDS | {"ON", "USING", "WHEN", "THEN", "ELSE", ","}
_FLIPPED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def flat(items: Sequence[Item]) -> Iterator[str]:
    """The words in order, brackets and CASE .. END written out."""
    for item in items:
        if isinstance(item, str):
            yield item
            continue
        yield "CASE" if item.case else "("
        yield from flat(item.items)
        yield "END" if item.case else ")"


def text(items: Sequence[Item]) -> str:
    """The words with one blank between them."""
    return " ".join(flat(items))


def normal_query(items: list[Item]) -> list[Item]:
    """The normal form of a whole query."""
    while len(items) == 1 and isinstance(only := items[0], Group) and _is_query(only):
        items = only.items
    return _normal(items)


def _is_query(item: Item) -> bool:
    while isinstance(item, Group) and not item.case and item.items:
        first = item.items[0]
        if isinstance(first, str):
            return first in ("SELECT", "WITH")
        item = first
    return False


def _normal(items: list[Item]) -> list[Item]:
    items = _cases_grouped(items)
    for item in items:
        if isinstance(item, Group):
            item.items = _normal(item.items)
            if item.case:
                item.items = _conditions_sorted(item.items)
    items = _needless_brackets_dropped(items)
    if any(item == "SELECT" for item in items):
        items = _conditions_sorted(items)
    return items


def _cases_grouped(items: list[Item]) -> list[Item]:
    """CASE .. END as one item, so that an AND inside of it is not taken for one around it."""
    if "CASE" not in items:
        return items
    stack: list[list[Item]] = [[]]
    for position, item in enumerate(items):
        name = items[position - 1] == "." if position else False
        if item == "CASE" and not name:
            stack.append([])
        elif item == "END" and not name and len(stack) > 1:
            inside = stack.pop()
            stack[-1].append(Group(inside, case=True))
        else:
            stack[-1].append(item)
    while len(stack) > 1:  # CASE as a name: as it stands
        inside = stack.pop()
        stack[-1] += ["CASE", *inside]
    return stack[0]


# --- brackets around expressions ------------------------------------------------------------------

_ATOM, _PRODUCT, _SUM = 5, 3, 2
_LEVELS = {"*": _PRODUCT, "/": _PRODUCT, "+": _SUM, "-": _SUM, "||": _SUM}
_BEFORE = {
    *("SELECT", "DISTINCT", "WHERE", "AND", "OR", "NOT", "ON", "HAVING", "WHEN", "THEN", "ELSE"),
    *("BETWEEN", "BY", "LIKE", ","),
}
_BEHIND = {
    *("FROM", "AND", "OR", "THEN", "WHEN", "ELSE", "AS", "ASC", "DESC", "IS", "IN", "NOT", "LIKE"),
    *("BETWEEN", "GROUP", "ORDER", "HAVING", "UNION", "MINUS", "INTERSECT", "FETCH", "OFFSET"),
    *("CONNECT", "NULLS", ","),
}


def _needless_brackets_dropped(items: list[Item]) -> list[Item]:
    found: list[Item] = []
    for position, item in enumerate(items):
        if isinstance(item, Group) and not item.case:
            before = found[-1] if found else None
            behind = items[position + 1] if position + 1 < len(items) else None
            if _may_drop(item, before, behind, found):
                found += item.items
                continue
        found.append(item)
    return found


def _may_drop(group: Group, before: Item | None, behind: Item | None, so_far: list[Item]) -> bool:
    if before == "FROM" and len(group.items) == 1 and _is_query(group.items[0]):
        return True  # FROM ((SELECT ..))
    if _is_side(group, before, behind, so_far):
        return True
    level = _level(group.items)
    if level == 0:
        return False
    if isinstance(before, Group) or isinstance(behind, Group):
        return False
    if before in _LEVELS:
        assert isinstance(before, str)
        unary = len(so_far) < 2 or not _ends_operand(so_far[-2])
        needed = _ATOM if unary or _LEVELS[before] == _PRODUCT else _PRODUCT
        if level < needed:
            return False
    elif not (before is None or before in _BEFORE or before in _FLIPPED):
        return False
    if behind in _LEVELS:
        assert isinstance(behind, str)
        return level >= _LEVELS[behind]
    return behind is None or behind in _BEHIND or behind in _FLIPPED


_NOT_IN_A_SIDE = SET_OPERATORS | {"ORDER", "FETCH", "OFFSET", "WITH", "FOR", "LIMIT", "MODEL"}


def _is_side(group: Group, before: Item | None, behind: Item | None, so_far: list[Item]) -> bool:
    """One side of a set operator; what is ordered, cut off or a set itself stays in brackets."""
    if group.items[:1] != ["SELECT"] or any(item in _NOT_IN_A_SIDE for item in group.items):
        return False
    follows = before in SET_OPERATORS or (
        before == "ALL" and len(so_far) > 1 and so_far[-2] in SET_OPERATORS
    )
    if follows:
        return behind is None or behind in SET_OPERATORS or behind in ("ORDER", "FETCH", "OFFSET")
    return before is None and behind in SET_OPERATORS


def _ends_operand(item: Item) -> bool:
    return isinstance(item, Group) or not (
        item in _LEVELS or item in _FLIPPED or item in _BEFORE or item in _BEHIND
    )


def _level(items: list[Item]) -> int:
    """How strongly the weakest operator of a plain expression binds; 0: not a plain expression."""
    level, position = _ATOM, 0
    while True:
        position = _operand_end(items, position)
        if position < 0:
            return 0
        if position == len(items):
            return level
        operator = items[position]
        if not isinstance(operator, str) or operator not in _LEVELS:
            return 0
        level = min(level, _LEVELS[operator])
        position += 1


def _operand_end(items: list[Item], position: int) -> int:
    """The index behind a name, call, literal or bracketed expression; -1 if there is none."""
    if position >= len(items):
        return -1
    item = items[position]
    if isinstance(item, Group):
        return position + 1 if item.case or _level(item.items) else -1
    if not (item[0].isalnum() or item[0] in "'\":.") or item in _NO_OPERANDS:
        return -1
    position += 1
    while position + 1 < len(items) and items[position] == ".":
        position += 2
    if position < len(items) and isinstance(behind := items[position], Group):
        called = item[0].isalpha() and "'" not in item
        return position + 1 if called and not behind.case else -1
    return position


_NO_OPERANDS = _CLAUSE_WORDS | {
    *("NOT", "PRIOR", "DISTINCT", "UNIQUE", "ALL", "ANY", "SOME", "EXISTS", "CONNECT_BY_ROOT"),
    *("CASE", "VALUES", "ROW", "CURSOR", "MULTISET", "TABLE", "IN", "NULLS", "BY"),
}


# --- conditions -----------------------------------------------------------------------------------


def _conditions_sorted(items: list[Item]) -> list[Item]:
    found: list[Item] = []
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        found.append(item)
        if found[-2:-1] == ["."]:
            continue
        opens = item in ("WHERE", "HAVING", "ON", "WHEN") or (
            found[-2:] in (["START", "WITH"], ["CONNECT", "BY"])
        )
        if not opens:
            continue
        if position < len(items) and items[position] == "NOCYCLE":
            found.append("NOCYCLE")
            position += 1
        end = position
        while end < len(items) and not (
            items[end] in _CONDITION_ENDS and items[end - 1 : end] != ["."]
        ):
            end += 1
        found += _written(_condition(items[position:end]))
        position = end
    return found


@dataclass(slots=True)
class _Junction:
    word: str
    """AND, OR, or '' for one predicate."""
    operands: "list[_Junction]"
    items: list[Item]
    negations: int = 0


def _condition(items: list[Item]) -> _Junction:
    for word, parts in (("OR", _split(items, "OR")), ("AND", _split(items, "AND"))):
        if len(parts) > 1:
            if not all(parts):
                break  # a column named like a clause has cut the condition short
            operands: list[_Junction] = []
            for part in parts:
                operand = _condition(part)
                same = operand.word == word and not operand.negations
                operands += operand.operands if same else [operand]
            return _Junction(word, operands, [])
    else:
        return _predicate(items)
    return _Junction("", [], items)


def _split(items: list[Item], word: str) -> list[list[Item]]:
    """Split at a word; the AND of a BETWEEN does not count."""
    parts: list[list[Item]] = [[]]
    betweens = 0
    for item in items:
        if item == "BETWEEN":
            betweens += 1
        elif item == "AND" and betweens:
            betweens -= 1
        elif item == word:
            parts.append([])
            continue
        parts[-1].append(item)
    return parts


def _predicate(items: list[Item]) -> _Junction:
    negations = 0
    while items[negations : negations + 1] == ["NOT"]:
        negations += 1
    rest = items[negations:]
    only = rest[0] if len(rest) == 1 else None
    if isinstance(only, Group) and only.items and not (only.case or _is_query(only)):
        inside = _condition(only.items) if "," not in only.items else None
        if inside is not None:
            inside.negations += negations
            return inside
    return _Junction("", [], _sides_sorted(rest), negations)


def _sides_sorted(items: list[Item]) -> list[Item]:
    """The two sides of one comparison in the order of their text."""
    places = [place for place, item in enumerate(items) if item in _FLIPPED]
    if len(places) != 1 or any(item in _QUANTIFIERS for item in items):
        return items
    left, operator, right = items[: places[0]], items[places[0]], items[places[0] + 1 :]
    assert isinstance(operator, str)
    if not left or not right or text(left) <= text(right):
        return items
    return [*right, _FLIPPED[operator], *left]


_QUANTIFIERS = {
    *("ANY", "SOME", "ALL", "NOT", "IN", "IS", "LIKE", "BETWEEN", "EXISTS", "ESCAPE", "LIKEC"),
    *("LIKE2", "LIKE4", "MEMBER", "SUBMULTISET", "AND", "OR"),
}


def _written(condition: _Junction) -> list[Item]:
    if not condition.word:
        return [*["NOT"] * condition.negations, *condition.items]
    parts: list[list[Item]] = []
    for operand in condition.operands:
        written = _written(operand)
        if condition.word == "AND" and operand.word == "OR" and not operand.negations:
            written = [Group(written)]
        parts.append(written)
    parts.sort(key=text)
    joined: list[Item] = list(parts[0])
    for part in parts[1:]:
        joined += [condition.word, *part]
    if condition.negations:
        return [*["NOT"] * condition.negations, Group(joined)]
    return joined
