"""Rules about what a query reads: no dictionary, and of a given schema only what it has."""

import re
from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Block, Source
from oracle_sft.sqltext.dictionary import SYSTEM_OWNERS, is_dictionary
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.functions import VALUES_WITHOUT_BRACKETS
from oracle_sft.sqltext.lexer import literal_value
from oracle_sft.sqltext.names import nearest
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules.bare_names import bare_values
from oracle_sft.sqltext.schema import Column


def dictionary(reading: Reading) -> Iterator[Finding]:
    """`dictionary`: no dictionary and performance views, nothing of Oracle's own schemas but DUAL."""
    for block, source in _tables(reading):
        parts = [reading.tokens[part].name for part in source.parts]
        name = parts[-1]
        owner = parts[-2] if len(parts) > 1 else ""
        if name == "DUAL" and owner in ("", "SYS", "PUBLIC"):
            continue
        is_cte = len(parts) == 1 and name in block.ctes
        # Inside of its own WITH query a name may still be the view's: `WITH x AS (SELECT .. FROM x)`.
        if is_cte and not reading.statement.is_in_own_body(source):
            continue
        own = reading.schema is not None and reading.schema.table(name) is not None
        if owner in SYSTEM_OWNERS or (is_dictionary(name) and not (own and not owner)):
            shown = ".".join(parts)
            yield reading.finding(
                "dictionary", f"{shown} belongs to Oracle's dictionary", source.at, source.parts[-1]
            )


def _tables(reading: Reading) -> Iterator[tuple[Block, Source]]:
    for block in reading.statement.blocks:
        for source in block.sources:
            if source.parts and not source.called:
                yield block, source


def unknown_tables(reading: Reading) -> Iterator[Finding]:
    """`unknown_table`: with a schema, only its tables and the statement's own WITH queries."""
    schema = reading.schema
    if schema is None:
        return
    for block, source in _tables(reading):
        name = reading.table_name(source)
        if name == "DUAL" or schema.table(name) is not None:
            continue
        if len(source.parts) == 1 and name in block.ctes:
            continue
        near = nearest(name, [table.name for table in schema.tables])
        meant = f"; did you mean {near}?" if near else ""
        yield reading.finding(
            "unknown_table", f"the schema has no table {name}{meant}", source.at, source.parts[-1]
        )


def unknown_columns(reading: Reading) -> Iterator[Finding]:
    """`unknown_column`: with a schema, `alias.column` must be a column of that table.

    A bare name is judged where all tables around it are of the schema: one that is no column of
    them and no name of the statement's own is unknown, or a function called without brackets.
    """
    if reading.schema is None:
        return
    for position, token in enumerate(reading.tokens):
        if not token.is_name or reading.name(position - 1) != ".":
            continue
        qualifier = position - 2
        if qualifier < 0 or reading.name(qualifier - 1) == "." or not _is_name(reading, qualifier):
            continue
        found = reading.statement.visible(qualifier, reading.tokens[qualifier].name)
        columns = _columns(reading, *found) if found else None
        if columns is None or token.name in columns or token.name in VALUES_WITHOUT_BRACKETS:
            continue
        assert found is not None
        near = nearest(token.name, columns)
        meant = f"; did you mean {near}?" if near else ""
        table = reading.table_name(found[1])
        yield reading.finding(
            "unknown_column", f"{table} has no column {token.name}{meant}", qualifier, position
        )
    yield from _unknown_bare_columns(reading)


def _unknown_bare_columns(reading: Reading) -> Iterator[Finding]:
    own = _named_outputs(reading) | reading.allowed
    around: dict[int, set[str] | None] = {}  # by the start of the block
    for position in bare_values(reading):
        name = reading.tokens[position].name
        block = reading.statement.block_of[position]
        start = -1 if block is None else block.start
        if start not in around:
            around[start] = _columns_around(reading, block)
        known = around[start]
        if not known or name in known or name in own:
            continue
        near = nearest(name, known)
        meant = f"did you mean {near}?" if near else "a function called without brackets?"
        message = f"no table here has a column {name}; {meant}"
        yield reading.finding("unknown_column", message, position)


def _named_outputs(reading: Reading) -> set[str]:
    """Names behind an expression of a SELECT list: ORDER BY may use them."""
    found: set[str] = set()
    for block in reading.statement.blocks:
        for position in range(block.start + 2, block.clauses.get("FROM", block.end)):
            token = reading.tokens[position]
            if token.is_name and reading.name(position + 1) in (",", "FROM"):
                found.add(token.name)
    return found


_NEW_COLUMNS = {"PIVOT", "UNPIVOT", "MATCH_RECOGNIZE", "MODEL"}


def _columns_around(reading: Reading, block: Block | None) -> set[str] | None:
    """All columns that a bare name can be; None where a source is not of the schema."""
    found: set[str] = set()
    for outer in reading.outer_blocks(block):
        words = range(outer.clauses.get("FROM", outer.end), outer.end)
        if any(reading.name(position) in _NEW_COLUMNS for position in words):
            return None
        for source in outer.sources:
            columns = _columns(reading, outer, source)
            if columns is None and not reading.is_dual(source):
                return None
            found.update(columns or ())
    return found


def _is_name(reading: Reading, position: int) -> bool:
    return reading.tokens[position].is_name


def _columns(reading: Reading, block: Block, source: Source) -> dict[str, Column] | None:
    """The columns of a source that is a table of the schema; None for every other one."""
    assert reading.schema is not None
    name = reading.table_name(source)
    if not name or (len(source.parts) == 1 and name in block.ctes):
        return None
    table = reading.schema.table(name)
    return {column.name: column for column in table.columns} if table else None


# XQuery that reads what its arguments do not hold, called under any prefix.
_XQUERY_ACCESS = re.compile(
    r"\b(?:[\w-]+-)?(?:collection|doc|doc-available|unparsed-text[\w-]*|parse-xml[\w-]*|view)\s*[(#]"
    r"|\b(?:put|function-lookup|environment-variable|load-xquery-module|transform)\s*[(#]"
    r"|\bimport\s+(?:module|schema)\b|oradb:|file:",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"<!|\bDOCTYPE\b|\bENTITY\b", re.IGNORECASE)
_CDATA = re.compile(r"<!(?:\[CDATA\[|--)")
_XQUERY_CALLS = frozenset({"XMLTABLE", "XMLQUERY", "XMLEXISTS"})
_XML_PARSERS = frozenset({"XMLPARSE", "XMLTYPE", "CREATEXML"})
# Calls that put texts together, or make characters.
_BUILDERS = frozenset(
    {
        *("||", "CHR", "NCHR", "CONCAT", "REPLACE", "TRANSLATE", "UNISTR", "LISTAGG", "REVERSE"),
        *("REGEXP_REPLACE", "UTL_RAW", "HEXTORAW", "CAST_TO_VARCHAR2", "COMPOSE", "TO_CLOB"),
        *("UTL_ENCODE", "JSON_VALUE", "ODCIVARCHAR2LIST", "XMLAGG", "DECODE"),
    }
)


def xml_access(reading: Reading) -> Iterator[Finding]:
    """`xml_access`: XQuery reads only what is passed to it, and no XML is built from text.

    XMLPARSE and XMLTYPE take a column: text put together in the query can carry external entities.
    """
    if not reading.present & (_XQUERY_CALLS | _XML_PARSERS):
        return
    yield from _xquery_access(reading)
    for position, token in enumerate(reading.tokens):
        if token.name not in _XML_PARSERS or reading.name(position - 1) == "XMLSERIALIZE":
            continue
        if reading.name(position + 1) == "(":
            fault = _built(reading, position + 1)
        else:
            called = reading.name(position - 1) == "AS" and "CAST" in (
                reading.statement.calls_around(position)
            )
            fault = _built(reading, reading.statement.group_of[position]) if called else None
        if fault is not None:
            yield reading.finding("xml_access", f"{token.name} of a built text", fault)
            return


def _xquery_access(reading: Reading) -> Iterator[Finding]:
    for opening in reading.statement.pairs:
        if reading.name(opening - 1) not in _XQUERY_CALLS:
            continue
        for position in reading.inside(opening):
            token = reading.tokens[position]
            literal = token.kind == "string"
            if literal and _XQUERY_ACCESS.search(literal_value(token)):
                message = "XQuery that reads beyond its arguments"
            elif position == opening + 1 and not (literal or token.name == "XMLNAMESPACES"):
                message = "XQuery that is no literal"
            else:
                continue
            yield reading.finding("xml_access", message, position)
            return


def _built(reading: Reading, opening: int) -> int | None:
    """Where the text of a parsed XML is put together in this statement, None if it is a column."""
    for position in reading.inside(opening):
        token = reading.tokens[position]
        if token.text == "||" or token.kind == "bind" or token.text == "(":
            return position
        if token.kind == "string" and _names_entity(literal_value(token)):
            return position
    block = reading.statement.block_of[opening]
    made_here = any(
        not source.parts or source.called or reading.table_name(source) in outer.ctes
        for outer in reading.outer_blocks(block)
        for source in outer.sources
    )
    if not made_here:
        return None
    # The column comes from the statement itself.
    for position, token in enumerate(reading.tokens):
        if token.kind == "string" and _names_entity(literal_value(token)):
            return position
        if token.name in _BUILDERS and (token.kind != "word" or reading.name(position + 1) in "(."):
            return position
    return None


def _names_entity(text: str) -> bool:
    return bool(_ENTITY.search(_CDATA.sub("", text)))


RULES = (dictionary, unknown_tables, unknown_columns, xml_access)
