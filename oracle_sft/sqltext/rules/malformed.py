"""`malformed`: statements whose pieces do not fit together, so that no other rule can look into them."""

from collections.abc import Iterator

from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.names import RESERVED_WORDS
from oracle_sft.sqltext.reading import Reading


def lexical(reading: Reading) -> Iterator[Finding]:
    """`malformed`: every literal, name, comment and bracket has its end, and there is a statement."""
    tokens = reading.tokens
    if not tokens:
        yield Finding("malformed", "unsafe", "no SQL statement", (0, len(reading.text)))
        return
    if tokens[-1].kind == "bad":
        last = len(tokens) - 1
        yield reading.finding("malformed", "a literal, name or comment without its end", last)
    elif reading.statement.unbalanced is not None:
        position = reading.statement.unbalanced
        yield reading.finding("malformed", "a bracket without its partner", position)
    elif reading.statement.names.count("SELECT") != len(reading.statement.blocks):
        # A SELECT that is read as no block would be one that no other rule looks into.
        known = {block.start for block in reading.statement.blocks}
        for position, token in enumerate(tokens):
            if token.kind == "word" and token.name == "SELECT" and position not in known:
                yield reading.finding("malformed", "SELECT where no query can begin", position)
                return


# Calls with a FROM of their own; the foreign ones are refused as calls.
_CALLS_WITH_FROM = {"TRIM", "EXTRACT", "SUBSTRING", "OVERLAY"}


def stray_from(reading: Reading) -> Iterator[Finding]:
    """`malformed`, too: every FROM is the only one of its SELECT; what stands behind another is no source."""
    statement = reading.statement
    if statement.names.count("FROM") == sum("FROM" in block.clauses for block in statement.blocks):
        return
    known = {block.clauses.get("FROM") for block in statement.blocks}
    for position, name in enumerate(statement.names):
        if name != "FROM" or position in known or reading.tokens[position].kind != "word":
            continue
        if _is_model_loop(reading, position):
            continue
        called = reading.name(statement.group_of[position] - 1)
        if called not in _CALLS_WITH_FROM and reading.name(position + 1) not in ("FIRST", "LAST"):
            yield reading.finding("malformed", "a second FROM, or one without its SELECT", position)
            return


def stray_join(reading: Reading) -> Iterator[Finding]:
    """`malformed`, too: a JOIN between values, before its block has a FROM; no rule sees its table."""
    if "JOIN" not in reading.present:
        return
    statement = reading.statement
    for position, name in enumerate(statement.names):
        if name != "JOIN" or reading.tokens[position].kind != "word":
            continue
        block = statement.block_of[position]
        if block is None or block.clauses.get("FROM", block.end) < position:
            continue
        # JOIN is a name, too: `SELECT join FROM t`, `SELECT a join FROM t`, `SELECT x.join j FROM x`. As a column with
        # another name behind it, `SELECT join j FROM t`, it reads like a join, and is refused: AS tells.
        if reading.name(position - 1) != "." and _is_own_name(reading, position + 1):
            yield reading.finding("malformed", "JOIN before the FROM of its SELECT", position)
            return


def _is_own_name(reading: Reading, position: int) -> bool:
    """A name that is no word of the language."""
    if position >= len(reading.tokens):
        return False
    token = reading.tokens[position]
    if token.kind == "quoted":
        return True
    return token.kind == "word" and token.name not in RESERVED_WORDS | _VALUE_WORDS


_VALUE_WORDS = frozenset("CASE WHEN END PRIOR CONNECT_BY_ROOT OVER KEEP WITHIN COLLATE AT".split())


def _is_model_loop(reading: Reading, position: int) -> bool:
    """A cell of MODEL: `sales[FOR year FROM 2020 TO 2030]`."""
    dimension = position - 1
    if reading.name(dimension - 1) == ".":
        dimension -= 2
    return reading.name(dimension - 1) == "FOR" and reading.name(dimension - 2) in ("[", ",")


RULES = (stray_from, stray_join)
