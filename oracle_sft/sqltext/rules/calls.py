"""Rules about what a query calls.

Oracle calls functions without brackets too: `UTL_INADDR.GET_HOST_NAME` looks like a column. So a
dotted name must begin with a table, an alias or a WITH query in scope, and over DUAL a bare name
must be DUMMY or a value of Oracle's own. A bare name over other tables cannot be told from a call
without a schema; privileges carry that.
"""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Source
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.functions import (
    BUILTIN_FUNCTIONS,
    FOREIGN_FUNCTIONS,
    ITEM_METHODS,
    LIST_TYPES,
    OBJECT_METHODS,
    PACKAGED_FUNCTIONS,
    PACKAGES,
    TABLE_FUNCTIONS,
    reach_of,
)
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules.bare_names import names_object
from oracle_sft.sqltext.rules.models import is_reference
from oracle_sft.sqltext.rules.patterns import is_pattern_variable, row_pattern
from oracle_sft.sqltext.rules.syntax_words import (
    is_clause_function,
    is_json_path,
    is_source,
    is_syntax,
    lists_types,
)


def calls(reading: Reading) -> Iterator[Finding]:
    """`function`: every call is of a built-in function or one that the policy names.

    `dotted_name`: a dotted name that does not begin with a source in scope is a call as well.

    `sequence`: no NEXTVAL, which writes, and no CURRVAL.

    `foreign_function`: no function that only other databases have; the message names Oracle's.
    """
    position = 0
    tokens = reading.tokens
    sources = _source_positions(reading)
    while position < len(tokens):
        token = tokens[position]
        if not token.is_name:
            position += 1
            continue
        first = position
        if reading.name(position) == "PATTERN" and reading.name(position + 1) == "(":
            yield from row_pattern(reading, position + 1)
        while reading.name(position + 1) == "." and _is_name(reading, position + 2):
            position += 2
        last = position
        position += 1
        if first in sources:
            # A table, judged by the rules about objects; a package is none.
            if first != last and tokens[first].name in PACKAGES:
                yield from _unresolved(reading, first, last, _parts(reading, first, last), False)
            continue
        if reading.name(first - 1) == ".":
            # `).name`, `].name`, `:bind.name`: an attribute, or a method of what stands before.
            if reading.name(position) == "(" and not _is_outer_join_mark(reading, position):
                yield from _method(reading, first, last)
            continue
        if first == last:
            if reading.name(position) == "(":
                yield from _single(reading, first)
        elif not _is_plain_column(reading, first, last):
            yield from _dotted(reading, first, last)


def _parts(reading: Reading, first: int, last: int) -> tuple[str, ...]:
    return tuple(token.name for token in reading.tokens[first : last + 1] if token.is_name)


def _is_name(reading: Reading, position: int) -> bool:
    return position < len(reading.tokens) and reading.tokens[position].is_name


def _source_positions(reading: Reading) -> set[int]:
    """Where the names of tables, aliases and WITH queries are introduced."""
    found = set(reading.statement.cte_names)
    for block in reading.statement.blocks:
        for source in block.sources:
            if source.parts and not source.called:
                found.add(source.parts[0])
            if source.alias is not None:
                found.add(source.alias)
    return found


def _is_outer_join_mark(reading: Reading, position: int) -> bool:
    return reading.name(position + 1) == "+" and reading.name(position + 2) == ")"


def _single(reading: Reading, position: int) -> Iterator[Finding]:
    token = reading.tokens[position]
    if reading.name(position + 1) != "(" or _is_outer_join_mark(reading, position + 1):
        return
    name = token.name
    if name in reading.allowed or name in BUILTIN_FUNCTIONS:
        if token.kind == "quoted" and name not in reading.allowed:
            yield from _refused(reading, position, position)
        return
    if token.kind == "word" and (
        is_syntax(reading, position) or is_clause_function(reading, position)
    ):
        return
    if token.kind == "word" and name in TABLE_FUNCTIONS and is_source(reading, position):
        return
    yield from _refused(reading, position, position)


def _refused(reading: Reading, first: int, last: int) -> Iterator[Finding]:
    parts = _parts(reading, first, last)
    name = ".".join(parts)
    foreign = FOREIGN_FUNCTIONS.get(name)
    reach = reach_of(parts)
    if foreign:
        message = f"{name} is no Oracle function; use {foreign}"
        yield reading.finding("foreign_function", message, first, last)
        return
    reaches = f", which reaches {reach}" if reach else ""
    yield reading.finding(
        "function",
        f"call of {name}{reaches}: neither one of Oracle's pure functions nor allowed by the policy",
        first,
        last,
    )


def _method(reading: Reading, first: int, last: int) -> Iterator[Finding]:
    if reading.tokens[last].name not in ITEM_METHODS:
        yield from _refused(reading, first, last)


def _is_plain_column(reading: Reading, first: int, last: int) -> bool:
    """`alias.column` of a table or view in scope: what nearly every dotted name is."""
    if last != first + 2 or reading.name(last + 1) == "(":
        return False
    qualifier, column = reading.tokens[first].name, reading.tokens[last].name
    if column in ("NEXTVAL", "CURRVAL") or qualifier in PACKAGES:
        return False
    visible = reading.statement.visible(first, qualifier)
    return visible is not None and not reading.is_dual(visible[1])


def _dotted(reading: Reading, first: int, last: int) -> Iterator[Finding]:
    parts = _parts(reading, first, last)
    called = reading.name(last + 1) == "(" and not _is_outer_join_mark(reading, last + 1)
    full = ".".join(parts)
    if parts[-1] in ("NEXTVAL", "CURRVAL"):
        yield reading.finding("sequence", f"{full} reads or moves a sequence", first, last)
        return
    unowned = ".".join(parts[1:]) if parts[0] == "SYS" else full
    if full in reading.allowed or unowned in PACKAGED_FUNCTIONS:
        return
    if is_oracle_type(parts) or (not called and _is_type_name(reading, first, parts)):
        return
    if not called and (names_object(reading, first) or is_json_path(reading, first)):
        return
    found = _resolved(reading, first, parts)
    if found is None:
        if parts[0] not in PACKAGES and is_reference(reading, first, last):
            return
        harmless = not called or parts[-1] in _methods(parts[1:])
        if not (harmless and is_pattern_variable(reading, first, parts[0])):
            yield from _unresolved(reading, first, last, parts, called)
        return
    source, columns = found
    if parts[0] in PACKAGES:
        yield reading.finding("dotted_name", f"alias {parts[0]} hides a package", first, last)
    elif reading.is_dual(source) and columns and columns[0] not in _DUAL_COLUMNS:
        yield reading.finding(
            "dotted_name", f"DUAL has no column {columns[0]}: a call", first, last
        )
    elif called and parts[-1] not in _methods(columns):
        yield from _refused(reading, first, last)


def _methods(behind_alias: tuple[str, ...]) -> frozenset[str]:
    """The methods that may end a name: of JSON only on a column, not on the alias itself."""
    return ITEM_METHODS if len(behind_alias) > 1 else OBJECT_METHODS


_DUAL_COLUMNS = frozenset({"DUMMY", "ROWID", "ROWNUM"})


def _resolved(
    reading: Reading, first: int, parts: tuple[str, ...]
) -> tuple[Source, tuple[str, ...]] | None:
    """The source that a dotted name begins with, and the rest of the name."""
    visible = reading.statement.visible(first, parts[0])
    if visible is not None:
        return visible[1], parts[1:]
    for owned in (2, 3):
        visible = reading.statement.visible(first, ".".join(parts[:owned]))
        if visible is not None and len(parts) > owned:
            return visible[1], parts[owned:]
    return None


def is_oracle_type(parts: tuple[str, ...]) -> bool:
    return len(parts) == 2 and parts in _ORACLE_TYPES


_ORACLE_TYPES = frozenset(
    {("SYS", "XMLTYPE"), *(("SYS", name) for name in LIST_TYPES)}
    | {("MDSYS", name) for name in BUILTIN_FUNCTIONS if name.startswith("SDO_")}
)


def _is_type_name(reading: Reading, first: int, parts: tuple[str, ...]) -> bool:
    """Behind AS in CAST and TREAT, and in IS OF (..): a type, of SYS only the list types."""
    if parts[0] == "SYS":
        return False
    at = first - 1
    while reading.name(at) in ("ONLY", "REF"):
        at -= 1
    if reading.name(at) in ("(", ","):
        return lists_types(reading, reading.statement.group_of[first])
    types_in = ("CAST", "TREAT", "XMLCAST", "JSON_VALUE")
    return reading.name(at) in ("AS", "RETURNING") and any(
        call in types_in for call in reading.statement.calls_around(first)
    )


def _unresolved(
    reading: Reading, first: int, last: int, parts: tuple[str, ...], called: bool
) -> Iterator[Finding]:
    if called:
        yield from _refused(reading, first, last)
        return
    full = ".".join(parts)
    reach = reach_of(parts)
    reaches = f" (it reaches {reach})" if reach else ""
    yield reading.finding(
        "dotted_name",
        f"{parts[0]} is no table or alias here, so {full} is a call{reaches}",
        first,
        last,
    )


RULES = (calls,)
