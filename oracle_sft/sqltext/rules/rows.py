"""Rules about queries that make rows without end, or take the machine for themselves."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Block, Source
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.functions import BUILTIN_FUNCTIONS, VALUES_WITHOUT_BRACKETS
from oracle_sft.sqltext.names import RESERVED_WORDS
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules import bounds
from oracle_sft.sqltext.rules.counters import counter_bound


def generators(reading: Reading) -> Iterator[Finding]:
    """`row_generator`: CONNECT BY walks with PRIOR, or its LEVEL or ROWNUM has an upper bound.

    A bound that is a literal must not be above the policy's; one that comes from data may be. PRIOR
    of a call hides from Oracle that a walk goes in circles, so it needs a bound as well.
    """
    if "CONNECT" not in reading.present:
        return
    for block in reading.statement.blocks:
        start = block.clauses.get("CONNECT")
        if start is None:
            continue
        condition = _connect_condition(reading, block)
        hidden = any(_walks(reading, at) is None for at in condition if reading.name(at) == "PRIOR")
        bound = _bound(reading, condition, walks=not hidden)
        limit = reading.policy.max_generated_rows
        if bound is not None and bound <= limit:
            continue
        message = f"CONNECT BY without PRIOR needs LEVEL or ROWNUM below a bound of {limit} or less"
        yield reading.finding("row_generator", message, start)


def _connect_condition(reading: Reading, block: Block) -> range:
    condition = bounds.clause(block, block.clauses["CONNECT"] + 2)
    return condition[1:] if reading.name(condition.start) == "NOCYCLE" else condition


def _bound(reading: Reading, condition: range, *, walks: bool) -> float | None:
    """The number up to which CONNECT BY counts, 0 if data decide it, None without any bound.

    Of conjuncts the smallest bound holds, of alternatives the largest. With `walks` a PRIOR leads
    through the data as well.
    """
    found: list[float] = []
    for part in bounds.conjuncts(reading, condition):
        sides = list(bounds.alternatives(reading, part))
        if len(sides) > 1:
            bound = _largest(_bound(reading, side, walks=walks) for side in sides)
        elif walks and _is_walk(reading, part):
            bound = 0
        else:
            bound = counter_bound(reading, part)
        if bound is not None:
            found.append(bound)
    return min(found, default=None)


def _largest(found: Iterator[float | None]) -> float | None:
    largest = 0.0
    for bound in found:
        if bound is None:
            return None
        largest = max(largest, bound)
    return largest


def _is_walk(reading: Reading, part: range) -> bool:
    return reading.name(part.start) != "NOT" and any(
        reading.name(at) == "PRIOR" and _walks(reading, at) for at in part
    )


_ROW_VALUES = {"ROWID", "COLUMN_VALUE", "OBJECT_ID", "OBJECT_VALUE"}
_NO_COLUMNS = (RESERVED_WORDS | VALUES_WITHOUT_BRACKETS) - _ROW_VALUES


def _walks(reading: Reading, position: int) -> bool | None:
    """Whether a PRIOR leads from row to row, so that the walk ends with the data.

    None: it stands before a call, which makes a new value for every row.
    """
    at = position + 1
    while reading.name(at) == "(":
        at += 1
    if at >= len(reading.tokens) or not reading.tokens[at].is_name:
        return False
    first = at
    while reading.name(at + 1) == ".":
        at += 2
    called = reading.name(at + 1) == "(" and reading.name(at) not in RESERVED_WORDS
    if called or reading.name(first) == "DBMS_RANDOM":
        plain = reading.name(at) in BUILTIN_FUNCTIONS - {"SYS_GUID"}
        return bool(called and plain and bounds.data_names(reading, reading.inside(at + 1))) or None
    if reading.name(at) in _NO_COLUMNS:
        return False
    while reading.name(at + 1) == ")":
        at += 1
    return reading.name(at + 1) not in ("IS", *_UNEQUAL) and reading.name(position - 1) not in (
        _UNEQUAL
    )


_UNEQUAL = ("<>", "!=", "^=", "~=", "¬=")


# --- products -------------------------------------------------------------------------------------

_MANY_TABLES = 4
_AGGREGATES = frozenset(
    {"COUNT", "SUM", "MIN", "MAX", "AVG", "LISTAGG", "MEDIAN", "STDDEV", "VARIANCE"}
)


def cartesian(reading: Reading) -> Iterator[Finding]:
    """`cartesian_product`: four tables and more need some condition between them.

    `row_generator`, too: nor do generated rows multiply to more than the policy's bound.
    """
    sources = sum(len(block.sources) for block in reading.statement.blocks)
    if sources < 2 or (sources < _MANY_TABLES and "CONNECT" not in reading.present):
        return
    products = _Products(reading)
    for block in reading.statement.blocks:
        if len(block.sources) < 2:
            continue
        count, rows = products.of(block)
        if count >= _MANY_TABLES:
            message = f"a product of {count} tables that no condition joins"
            yield reading.finding("cartesian_product", message, block.clauses["FROM"])
        elif rows > reading.policy.max_generated_rows:
            message = "a product of generated rows"
            yield reading.finding("row_generator", message, block.clauses["FROM"])


class _Groups:
    """Which of so many things have been joined: union-find, with halved paths."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def first(self, one: int) -> int:
        """The smallest of the group of this one."""
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one

    def join(self, them: set[int]) -> None:
        firsts = {self.first(one) for one in them}
        for one in firsts:
            self._above[one] = min(firsts)


class _Products:
    """How many tables, and how many generated rows, stand beside each other without a condition."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.known: dict[int, tuple[int, float]] = {}

    def of(self, block: Block) -> tuple[int, float]:
        if block.start in self.known:
            return self.known[block.start]
        self.known[block.start] = (1, 1.0)  # for a WITH query that reads itself
        loose = self._loose(block)
        sizes = [self._of_source(block, source) for source in loose]
        count = sum(size for size, _ in sizes)
        rows = 1.0
        for _, generated in sizes:
            rows *= generated
        self.known[block.start] = (count, rows)
        return count, rows

    def _loose(self, block: Block) -> list[Source]:
        """One source of each group that conditions hold together, without those that they narrow."""
        places: dict[str, int] = {}
        for one, source in enumerate(block.sources):
            places.setdefault(self.reading.statement.source_name(source), one)
        groups = _Groups(len(block.sources))
        for at in range(block.clauses.get("FROM", block.end), block.from_end):
            # They join the table before them, or behind them, to those before it.
            if self.reading.name(at) in ("USING", "NATURAL"):
                before = sum(source.at < at for source in block.sources)
                last = before - (self.reading.name(at) == "USING")
                groups.join({last - 1, min(last, len(block.sources) - 1)} - {-1})
        narrow: set[int] = set()
        for part in bounds.conditions(self.reading, block):
            if bounds.is_trivial(self.reading, part):
                continue
            sides = list(bounds.alternatives(self.reading, part))
            per_side = [self._used(side, places) for side in sides]
            if None in per_side:
                return block.sources[:1]
            # What one alternative leaves out it lets through.
            used = set.intersection(*(side for side in per_side if side is not None))
            compared = bounds.comparison(self.reading, sides[0])
            operator = compared.operator if compared else ""
            if len(used) == 1 and operator not in ("<", "<=", ">", ">=", *_UNEQUAL):
                narrow |= used
            elif len(used) > 1 and operator not in _UNEQUAL:
                groups.join(used)
        loose = {groups.first(one) for one in range(len(block.sources))}
        return [block.sources[one] for one in sorted(loose - {groups.first(one) for one in narrow})]

    def _used(self, part: range, places: dict[str, int]) -> set[int] | None:
        """The sources whose columns a condition names; None where that cannot be told."""
        used: set[int] = set()
        for at in part:
            token = self.reading.tokens[at]
            if self.reading.name(at) == "SELECT":
                return None
            if not token.is_name or self.reading.name(at - 1) == ".":
                continue
            if self.reading.name(at + 1) == ".":
                if token.name in places:
                    used.add(places[token.name])
            elif bounds.data_names(self.reading, range(at, at + 1)):
                return None
        return used

    def _of_source(self, block: Block, source: Source) -> tuple[int, float]:
        reading = self.reading
        if source.called or reading.is_dual(source):
            return 0, 1.0  # a table function reads a row of the tables before it
        if source.parts:
            name = reading.tokens[source.parts[0]].name
            bodies = [
                body
                for at, body in reading.statement.cte_bodies.items()
                if reading.statement.cte_names[at] == name
            ]
            if len(source.parts) > 1 or name not in block.ctes or len(bodies) != 1:
                return 1, 1.0
            start, end = bodies[0]
        else:
            start, end = source.at, reading.statement.pairs.get(source.at, source.at)
        inside = [one for one in reading.statement.blocks if start <= one.start < end]
        return self._of_view(inside[0]) if inside else (1, 1.0)

    def _of_view(self, block: Block) -> tuple[int, float]:
        """An inline view or WITH query, by its first block."""
        reading = self.reading
        clauses = block.clauses
        if "CONNECT" in clauses:
            return 0, _bound(reading, _connect_condition(reading, block), walks=False) or 1.0
        select = range(block.start, clauses.get("FROM", block.end))
        grouped = "GROUP" in clauses
        if not grouped and any(
            reading.name(at) in _AGGREGATES and not self._is_analytic(at) for at in select
        ):
            return 0, 1.0
        if grouped or "FETCH" in clauses or reading.name(block.start + 1) in ("DISTINCT", "UNIQUE"):
            return 1, 1.0
        if any(
            reading.name(at) == "ROWNUM"
            for part in bounds.conditions(reading, block)
            for at in part
        ):
            return 1, 1.0
        return self.of(block)

    def _is_analytic(self, at: int) -> bool:
        closing = self.reading.statement.pairs.get(at + 1, at)
        return self.reading.name(closing + 1) == "OVER"


RULES = (generators, cartesian)
