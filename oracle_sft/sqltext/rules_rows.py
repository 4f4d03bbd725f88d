"""Rules about queries that make rows without end, or take the machine for themselves."""

import re
from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.reading import Reading

_CLAUSE_ENDS = {
    *("START", "GROUP", "HAVING", "ORDER", "MODEL", "UNION", "INTERSECT", "MINUS", "EXCEPT"),
    *("FETCH", "OFFSET", "FOR", "WHERE", "WINDOW"),
}


def generators(reading: Reading) -> Iterator[Finding]:
    """`row_generator`: CONNECT BY walks with PRIOR, or its LEVEL or ROWNUM has an upper bound.

    A bound that is a literal must not be above the policy's; one that comes from data may be.
    """
    for block in reading.statement.blocks:
        start = block.clauses.get("CONNECT")
        if start is None:
            continue
        condition = _condition(reading, block, start + 2)
        words = [reading.name(position) for position in condition]
        if any(_walks(reading, position) for position in condition):
            continue
        # Beside an OR one bound is none.
        counters = (
            []
            if "OR" in words
            else [place for place, word in enumerate(words) if word in ("LEVEL", "ROWNUM")]
        )
        bounds = [_bound(reading, condition, place) for place in counters]
        limit = reading.policy.max_generated_rows
        if any(bound is not None and bound <= limit for bound in bounds):
            continue
        message = f"CONNECT BY without PRIOR needs LEVEL or ROWNUM below a bound of {limit} or less"
        yield reading.finding("row_generator", message, start)


def _walks(reading: Reading, position: int) -> bool:
    """PRIOR before a column: the walk ends with the data. `PRIOR SYS_GUID()` is no column."""
    if reading.name(position) != "PRIOR":
        return False
    at = position + 1
    while reading.name(at) == "(":
        at += 1
    if at >= len(reading.tokens) or not reading.tokens[at].is_name:
        return False
    while reading.name(at + 1) == ".":
        at += 2
    return reading.name(at + 1) != "(" and reading.tokens[at].name not in ("VALUE", "SYSDATE")


def _condition(reading: Reading, block: Block, start: int) -> range:
    """The tokens of a clause that begins at `start`."""
    position = start
    while position < block.end:
        word = reading.name(position)
        if word == "(":
            position = reading.statement.pairs.get(position, block.end)
        elif word in _CLAUSE_ENDS and reading.name(position - 1) != ".":
            break
        position += 1
    return range(start, position)


def _bound(reading: Reading, condition: range, place: int) -> float | None:
    """The upper bound of the counter at this place: its value if literal, 0 if data decide it.

    None: nothing bounds the counter here.
    """
    at = condition[place]
    behind, before = reading.name(at + 1), reading.name(at - 1)
    if behind in ("<", "<=", "="):
        return _value(reading, _side(reading, at + 2, condition.stop, 1))
    if behind == "BETWEEN":
        side = _side(reading, at + 2, condition.stop, 1)
        end = side.stop
        return _value(reading, _side(reading, end + 1, condition.stop, 1))
    if before in (">", ">=", "="):
        return _value(reading, _side(reading, at - 2, condition.start - 1, -1))
    if behind in (">", ">=", "<>", "!=", "^=", "IS"):
        return None
    # LEVEL inside of a call or an expression: REGEXP_SUBSTR(:list, '[^,]+', 1, LEVEL) IS NOT NULL.
    return 0 if before in (",", "(", "+", "-", "*", "/") or behind in ("+", "-", "*", "/") else None


def _side(reading: Reading, start: int, stop: int, step: int) -> range:
    """The tokens of one side of a comparison, from next to the operator outwards."""
    position, depth = start, 0
    while position != stop:
        word = reading.name(position)
        depth += {"(": step, ")": -step}.get(word, 0)
        if depth < 0 or (depth == 0 and word in ("AND", "OR")):
            break
        position += step
    return range(start, position, step)


def _value(reading: Reading, side: range) -> float:
    """An upper estimate of a literal expression; 0 where a name, bind or query decides.

    Arithmetic on literals counts as their product, calls of POWER and EXP as infinite.
    """
    numbers: list[float] = []
    words: set[str] = set()
    bound = False
    for position in side:
        token = reading.tokens[position]
        if token.kind == "number":
            numbers.append(float(token.text.rstrip("fFdD") or 0))
        elif token.kind == "string":
            digits = re.search(r"\d[\d.eE+]*", token.text)
            numbers.append(_float(digits.group()) if digits else 0.0)
        elif token.kind == "bind":
            bound = True
        elif token.is_name:
            words.add(token.name)
    if words & {"POWER", "EXP"} and words <= _PURE and not bound:
        return float("inf")
    if bound or words - _PURE or not numbers:
        return max(numbers, default=0) if max(numbers, default=0) > _HARMLESS else 0
    if any(reading.name(position) in ("*", "**") for position in side):
        product = 1.0
        for number in numbers:
            product *= max(number, 1)
        return product
    return sum(numbers)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")


# A literal beside data (`LEVEL <= x + 1`) matters when it is large by itself.
_HARMLESS = 10_000
_PURE = frozenset(
    {"POWER", "EXP", "TO_NUMBER", "FLOOR", "CEIL", "ROUND", "TRUNC", "ABS", "GREATEST"}
)


def recursion(reading: Reading) -> Iterator[Finding]:
    """`endless_recursion`: the recursive member of a WITH query has a WHERE or a join condition."""
    statement = reading.statement
    for name_at, (start, end) in statement.cte_bodies.items():
        name = statement.cte_names[name_at]
        for block in statement.blocks:
            if not start <= block.start < end or not _reads(reading, block, name):
                continue
            joined = any(
                reading.name(position) in ("ON", "USING", "NATURAL")
                for position in range(block.clauses["FROM"], block.from_end)
            )
            where = block.clauses.get("WHERE")
            if where is None and not joined:
                message = f"{name} calls itself without a condition that ends it"
                yield reading.finding("endless_recursion", message, block.start)
            elif where is not None and not joined and len(block.sources) == 1:
                yield from _large_bound(reading, block, where)


def _reads(reading: Reading, block: Block, name: str) -> bool:
    return any(
        len(source.parts) == 1 and reading.tokens[source.parts[0]].name == name
        for source in block.sources
    )


def _large_bound(reading: Reading, block: Block, where: int) -> Iterator[Finding]:
    """A counter that runs to a literal above the policy's bound."""
    condition = _condition(reading, block, where + 1)
    for position in condition:
        token = reading.tokens[position]
        compared = reading.name(position - 1) in ("<", "<=") or (
            reading.name(position + 1) in (">", ">=")
        )
        if token.kind != "number" or not compared:
            continue
        limit = reading.policy.max_generated_rows
        if float(token.text.rstrip("fFdD") or 0) > limit:
            message = f"recursion up to {token.text}; the policy allows {limit}"
            yield reading.finding("endless_recursion", message, position)


def cartesian(reading: Reading) -> Iterator[Finding]:
    """`cartesian_product`: four tables and more need some condition between them."""
    for block in reading.statement.blocks:
        if len(block.sources) < 4 or "WHERE" in block.clauses:
            continue
        words = range(block.clauses.get("FROM", block.end), block.from_end)
        if any(reading.name(position) in ("ON", "USING", "NATURAL") for position in words):
            continue
        if sum(not reading.is_dual(source) for source in block.sources) >= 4:
            count = len(block.sources)
            message = f"a product of {count} tables without any condition"
            yield reading.finding("cartesian_product", message, block.clauses["FROM"])


_PARALLEL = re.compile(r"\bPARALLEL\w*\s*\(([^)]*)\)", re.IGNORECASE)
_TO_LARGE = re.compile(r"\bto\s+(\d+)", re.IGNORECASE)


def hints(reading: Reading) -> Iterator[Finding]:
    """`parallel_hint`: no hint asks for more parallel processes than the policy allows."""
    for token in reading.all_tokens:
        if token.kind != "comment" or token.text[2:3] != "+":
            continue
        for match in _PARALLEL.finditer(token.text):
            degrees = [int(number[:9]) for number in re.findall(r"\d+", match.group(1))]
            if degrees and max(degrees) > reading.policy.max_parallel:
                yield Finding(
                    "parallel_hint",
                    "unsafe",
                    f"a hint for {max(degrees)} parallel processes; the policy allows "
                    f"{reading.policy.max_parallel}",
                    (token.start, token.end),
                )


def xquery_ranges(reading: Reading) -> Iterator[Finding]:
    """`row_generator`: no XQuery range above the policy's bound."""
    if not reading.present & {"XMLTABLE", "XMLQUERY"}:
        return
    for opening in reading.statement.pairs:
        if reading.name(opening - 1) not in ("XMLTABLE", "XMLQUERY"):
            continue
        for position in reading.inside(opening):
            token = reading.tokens[position]
            if token.kind != "string":
                continue
            for match in _TO_LARGE.finditer(token.text):
                if int(match.group(1)[:18]) > reading.policy.max_generated_rows:
                    yield reading.finding("row_generator", "an XQuery range without end", position)


RULES = (generators, recursion, cartesian, hints, xquery_ranges)
