"""The rule about WITH queries that call themselves: something must end them."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules import bounds
from oracle_sft.sqltext.rules.counters import SEARCHES


def recursion(reading: Reading) -> Iterator[Finding]:
    """`endless_recursion`: the recursive member of a WITH query has a condition that can end it."""
    statement = reading.statement
    for name_at, (start, end) in statement.cte_bodies.items():
        name = statement.cte_names[name_at]
        members = [block for block in statement.blocks if start <= block.start < end]
        for block in members:
            if not _reads(reading, block, name):
                continue
            parts = list(bounds.conditions(reading, block))
            words = range(block.clauses["FROM"], block.from_end)
            joined = any(reading.name(at) in ("USING", "NATURAL") for at in words)
            step = _Step(reading, block, _column_names(reading, name_at, members[0]))
            if not joined and all(step.lets_through(part) for part in parts):
                message = f"{name} calls itself without a condition that ends it"
                yield reading.finding("endless_recursion", message, block.start)
            elif len(block.sources) == 1:
                yield from _large_bound(reading, parts)


def _reads(reading: Reading, block: Block, name: str) -> bool:
    return any(
        len(source.parts) == 1 and reading.tokens[source.parts[0]].name == name
        for source in block.sources
    )


def _column_names(reading: Reading, name_at: int, anchor: Block) -> list[str]:
    """The columns of a WITH query: those in brackets behind its name, or of its first SELECT."""
    if reading.name(name_at + 1) == "(":
        inside = reading.inside(name_at + 1)
        return [reading.tokens[at].name for at in inside if reading.tokens[at].is_name]
    return [reading.tokens[item[-1]].name for item in _items(reading, anchor) if item]


def _items(reading: Reading, block: Block) -> list[range]:
    """The items of a SELECT list."""
    found = []
    start = at = block.start + 1
    end = block.clauses.get("FROM", block.end)
    while at < end:
        if reading.name(at) == ",":
            found.append(range(start, at))
            start = at + 1
        at = reading.statement.pairs.get(at, at) + 1
    return [*found, range(start, end)]


# --- what a step makes of a column ----------------------------------------------------------------

_SAME, _UP, _DOWN = "same", "up", "down"
_UNITS = frozenset({"DAY", "HOUR", "MINUTE", "SECOND", "MONTH", "YEAR"})
# What a column plus a constant is written with, beside literals.
_ARITHMETIC = frozenset({*"+-*().", "INTERVAL", *_UNITS})


def _unnamed(reading: Reading, item: range) -> range:
    """An item without its alias."""
    if len(item) < 2 or not reading.tokens[item[-1]].is_name:
        return item
    if reading.name(item[-2]) == "AS":
        return item[:-2]
    before = reading.tokens[item[-2]]
    ends_value = before.kind != "op" or before.text == ")"
    return item[:-1] if ends_value and reading.name(item[-1]) not in _UNITS else item


def _move(reading: Reading, name: str, item: range) -> str:
    """What an expression makes of a column: the same, more, less, or '' for anything else.

    A literal is the same in every step as well.
    """
    signs: set[str] = set()
    places = []
    for at in item:
        token = reading.tokens[at]
        if reading.name(at + 1) == "." and token.is_name:
            continue
        if token.is_name and token.name == name:
            places.append(at)
        elif reading.name(at) in _ARITHMETIC:
            signs.add(reading.name(at))
        elif token.kind not in ("number", "string"):
            return ""
    signs &= {"+", "-", "*"}
    if not places or not signs:
        return _SAME if len(places) < 2 else ""
    if len(places) > 1 or ("-" in signs and len(signs) > 1):
        return ""
    if "*" in signs and any(bounds.number_at(reading, at) < 1 for at in _numbers(reading, item)):
        return ""
    if "-" not in signs:
        return _UP
    negated = any(reading.name(at) == "-" for at in item if at < places[0])
    return "" if negated else _DOWN


def _numbers(reading: Reading, part: range) -> list[int]:
    return [at for at in part if reading.tokens[at].kind == "number"]


# --- what a condition makes of the steps ----------------------------------------------------------

_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_AWAY = {_UP: (">", ">="), _DOWN: ("<", "<=")}
# These may make NULL of a value that is none.
_MAKE_NULL = SEARCHES | {"CASE", "DECODE", "NULLIF", "SELECT"}
_MAKE_VALUE = frozenset({"NVL", "COALESCE"})


class _Step:
    """The recursive member of a WITH query, and what it makes of each column."""

    def __init__(self, reading: Reading, block: Block, names: list[str]) -> None:
        self.reading = reading
        self.block = block
        self.names = names
        items = _items(reading, block)
        self.moves = {}
        if len(items) == len(names):
            for name, item in zip(names, items, strict=True):
                self.moves[name] = _move(reading, name, _unnamed(reading, item))
        self.alone = all(reading.is_dual(source) for source in block.sources[1:])

    def lets_through(self, part: range) -> bool:
        """A conjunct that says nothing, or bounds a counter on the side it moves away from."""
        reading = self.reading
        sides = list(bounds.alternatives(reading, part))
        if len(sides) > 1:
            return any(
                all(self.lets_through(one) for one in bounds.conjuncts(reading, side))
                for side in sides
            )
        words = [reading.name(at) for at in part]
        if "EXISTS" in words[:2]:
            return self._is_uncorrelated(part)
        negated = words[:1] == ["NOT"]
        compared = self._comparison(part[1:] if negated else part)
        if compared is None:
            return bounds.is_trivial(reading, part)
        operator = compared.operator
        if operator == "IS":
            filled = (reading.name(compared.right.start) == "NOT") is not negated
            return "NULL" in words and filled and self._stays_filled(compared.left)
        if negated:
            operator = _NEGATED.get(operator, "")
        if bounds.is_trivial(reading, part) or _is_always(reading, compared, operator):
            return True
        if not self.alone or "SELECT" in words:
            return False
        return self._moves_away(compared, operator)

    def _comparison(self, part: range) -> bounds.Comparison | None:
        """The comparison of a conjunct, out of the brackets behind a NOT."""
        inner = list(bounds.conjuncts(self.reading, part))
        single = len(inner) == 1 and len(list(bounds.alternatives(self.reading, inner[0]))) == 1
        return bounds.comparison(self.reading, inner[0]) if single else None

    def _columns(self, part: range) -> set[str]:
        """The columns in an expression, without their qualifiers; a bind is a constant."""
        reading = self.reading
        return {
            reading.tokens[at].name
            for at in part
            if reading.tokens[at].kind != "bind"
            and reading.name(at + 1) != "."
            and bounds.data_names(reading, range(at, at + 1))
        }

    def _is_uncorrelated(self, part: range) -> bool:
        """Whether an EXISTS is the same in every step: it names nothing of the step."""
        own = {self.reading.statement.source_name(source) for source in self.block.sources}
        return self.alone and not bounds.data_names(self.reading, part) & {*self.names, *own}

    def _stays_filled(self, side: range) -> bool:
        """Whether what was no NULL is none in the next step."""
        words = {self.reading.name(at) for at in side}
        columns = self._columns(side)
        literal = any(self.reading.tokens[at].kind in ("number", "string") for at in side)
        if words & _MAKE_VALUE and literal:
            return True
        if words & _MAKE_NULL:
            return all(self.moves.get(name) == _SAME for name in columns)
        return all(self.moves.get(name) or name not in self.names for name in columns)

    def _moves_away(self, compared: bounds.Comparison, operator: str) -> bool:
        """Whether a step leads further into the side that the condition lets through, or nowhere."""
        left, right = (
            {name for name in self._columns(side) if self.moves.get(name) != _SAME}
            for side in (compared.left, compared.right)
        )
        if not left and not right:
            return True
        own, moving = (compared.left, left) if left else (compared.right, right)
        if len(left | right) > 1 or (left and right):
            return False
        if not left:
            operator = bounds.FLIPPED.get(operator, operator)
        (name,) = moving
        grows = _move(self.reading, name, own)
        return bool(grows) and operator in _AWAY.get(self.moves.get(name, ""), ())


def _is_always(reading: Reading, compared: bounds.Comparison, operator: str) -> bool:
    """`n < n + 1`, and a CASE whose results are all what it is compared with."""
    if operator == "=" and reading.name(compared.left.start) == "CASE":
        return _results(reading, compared.left) == {tuple(bounds.spelled(reading, compared.right))}
    if operator == "=" and reading.name(compared.right.start) == "CASE":
        return _results(reading, compared.right) == {tuple(bounds.spelled(reading, compared.left))}
    left, right = _offset(reading, compared.left), _offset(reading, compared.right)
    if left is None or right is None or left[0] != right[0]:
        return False
    if operator in ("<>", "!=", "^="):
        return left[1] != right[1]
    if operator in ("<", "<="):
        left, right = right, left
    return operator in _NEGATED and left[1] > right[1]


def _offset(reading: Reading, side: range) -> tuple[str, float] | None:
    """The column and the number of `n`, `r.n + 1`, `1 + n` or `n - 1`."""
    names = [at for at in side if reading.tokens[at].is_name and reading.name(at + 1) != "."]
    numbers = _numbers(reading, side)
    if len(names) != 1 or len(numbers) > 1:
        return None
    name = reading.tokens[names[0]].name
    move = _move(reading, name, side)
    if not move or any(reading.name(at) == "*" for at in side):
        return None
    number = bounds.number_at(reading, numbers[0]) if numbers else 0.0
    return name, -number if move == _DOWN else number


def _results(reading: Reading, case: range) -> set[tuple[str, ...]]:
    """The results of a CASE, however it decides; with ('NULL',) where it has no ELSE."""
    found = set()
    start = 0
    words = [reading.name(at) for at in case]
    for at, word in zip(case, words, strict=True):
        if start and word in ("WHEN", "ELSE", "END"):
            found.add(tuple(bounds.spelled(reading, range(start, at))))
            start = 0
        if word in ("THEN", "ELSE"):
            start = at + 1
    return found if "ELSE" in words else {*found, ("NULL",)}


def _large_bound(reading: Reading, parts: list[range]) -> Iterator[Finding]:
    """A counter that runs to a literal above the policy's bound."""
    limit = reading.policy.max_generated_rows
    for part in parts:
        compared = bounds.comparison(reading, part)
        if compared is None or any(reading.name(at) == "SELECT" for at in part):
            continue
        own, other = compared.left, compared.right
        if compared.operator in (">", ">=") and reading.name(part.start) != "NOT":
            own, other = other, own
        if bounds.data_names(reading, own) and bounds.upper_value(reading, other) > limit:
            message = f"recursion beyond the {limit} rows that the policy allows"
            yield reading.finding("endless_recursion", message, part.start, part.stop - 1)
            return


RULES = (recursion,)
