"""Oracle DDL as a `Schema`, and back."""

import re
from collections.abc import Iterator

from oracle_sft.sqltext.ddl_statements import Statement
from oracle_sft.sqltext.ddl_tables import Script
from oracle_sft.sqltext.lexer import Token, tokens
from oracle_sft.sqltext.names import written
from oracle_sft.sqltext.schema import Schema, Table


def read_ddl(text: str, *, schema_id: str) -> Schema:
    """The schema that a DDL script makes: its CREATE TABLE, ALTER TABLE and COMMENT statements.

    Storage clauses and CHECK constraints are read over. Statements that say nothing about tables
    are named in `Schema.skipped`. A table's owner is dropped: of `hr.employees` stays `EMPLOYEES`.

    Raises:
        DDLError: malformed DDL, or DDL whose tables cannot be known (CREATE TABLE .. AS SELECT).
    """
    script = Script(text.removeprefix("\ufeff"), schema_id)
    _read_script(script)
    tables = tuple(draft.finished(script) for draft in script.tables.values())
    return Schema(id=schema_id, tables=tables, skipped=tuple(script.skipped))


def write_ddl(schema: Schema) -> str:
    """CREATE TABLE and COMMENT statements that `read_ddl` turns into an equal schema."""
    return "\n".join("\n".join(_table_lines(table)) + "\n" for table in schema.tables)


def _table_lines(table: Table) -> Iterator[str]:
    items: list[str] = []
    for column in table.columns:
        item = f"{written(column.name)} {column.type}"
        if column.virtual is not None:
            item += f" AS ({column.virtual}) VIRTUAL"
        if column.default is not None:
            item += f" DEFAULT {column.default}"
        if not column.nullable:
            item += " NOT NULL"
        items.append(item)
    if table.primary_key:
        items.append(f"PRIMARY KEY {_name_list(table.primary_key)}")
    items += [f"UNIQUE {_name_list(key)}" for key in table.unique_keys]
    for key in table.foreign_keys:
        referenced = f" {_name_list(key.referenced_columns)}" if key.referenced_columns else ""
        items.append(
            f"FOREIGN KEY {_name_list(key.columns)} REFERENCES {written(key.table)}{referenced}"
        )
    yield f"CREATE TABLE {written(table.name)} ("
    yield ",\n".join(f"  {item}" for item in items)
    yield ");"
    if table.comment:
        yield f"COMMENT ON TABLE {written(table.name)} IS {_literal(table.comment)};"
    for column in table.columns:
        if column.comment:
            name = f"{written(table.name)}.{written(column.name)}"
            yield f"COMMENT ON COLUMN {name} IS {_literal(column.comment)};"


def _name_list(names: tuple[str, ...]) -> str:
    return f"({', '.join(written(name) for name in names)})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Commands of SQL*Plus end with their line, and what follows them need not be Oracle tokens.
_CLIENT_COMMAND = re.compile(
    r"(?:REM(?:ARK)?|PRO(?:MPT)?|SET|SPOOL|WHENEVER|DEF(?:INE)?|UNDEFINE|ACCEPT|CONN(?:ECT)?"
    r"|EXEC(?:UTE)?|SHOW|COLUMN|HOST|EXIT|QUIT|START|PAUSE|CLEAR|VAR(?:IABLE)?|DESC(?:RIBE)?"
    r"|TTITLE|BTITLE|BREAK|TIMING)\b[^\n]*|@[^\n]*",
    re.IGNORECASE,
)
_BLANKS_AND_COMMENTS = re.compile(r"(?:[ \t\r\n\f\v;]+|--[^\n]*|/\*.*?\*/)+", re.DOTALL)
_LONE_SLASH = re.compile(r"[ \t]*/[ \t]*\r?(?:\n|\Z)")
_PLSQL_OBJECTS = {"TRIGGER", "PROCEDURE", "FUNCTION", "PACKAGE", "TYPE", "LIBRARY", "JAVA"}


def _on_its_own_line(text: str, token: Token) -> bool:
    line_start = text.rfind("\n", 0, token.start) + 1
    return _LONE_SLASH.match(text, line_start) is not None


def _read_script(script: Script) -> None:
    offset = 0
    while offset < len(script.text):
        blanks = _BLANKS_AND_COMMENTS.match(script.text, offset)
        if blanks:
            offset = blanks.end()
        elif slash := _LONE_SLASH.match(script.text, offset):
            offset = slash.end()
        elif command := _CLIENT_COMMAND.match(script.text, offset):
            script.skipped[command.group().split()[0].upper()[:20]] = None
            offset = command.end()
        else:
            statement, offset = _next_statement(script, offset)
            Statement(script, statement, offset).read()


def _next_statement(script: Script, offset: int) -> tuple[list[Token], int]:
    """The tokens of the statement at `offset`, and where the next one may begin."""
    found: list[Token] = []
    plsql = False
    for token in tokens(script.text, start=offset):
        if token.kind == "bad":
            raise script.error(token.start, f"no end for what begins with {token.text[:20]!r}")
        if token.text == "/" and _on_its_own_line(script.text, token):
            return found, token.end
        if token.text == ";" and not plsql:
            return found, token.end
        found.append(token)
        if len(found) <= 6:
            plsql = _is_plsql(found)
    return found, len(script.text)


def _is_plsql(found: list[Token]) -> bool:
    words = [token.name for token in found]
    if words[0] in ("BEGIN", "DECLARE"):
        return True
    if words[0] != "CREATE":
        return False
    rest = [word for word in words[1:] if word not in ("OR", "REPLACE", "EDITIONABLE")]
    rest = [word for word in rest if word != "NONEDITIONABLE"]
    if rest[:1] == ["TYPE"]:
        return rest[1:2] == ["BODY"]
    return bool(rest) and rest[0] in _PLSQL_OBJECTS
