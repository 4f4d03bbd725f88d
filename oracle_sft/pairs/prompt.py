"""The one prompt renderer: training, scoring and serving all show a schema and a question this way.

The schema comes before the question, so that questions on one schema share a prefix. Three styles:

- `compact`: one line a table with marks for keys, types and references; comments are left out.
- `mschema`: one line a column with its type and comment.
- `ddl`: CREATE TABLE statements with comments.
"""

import hashlib
import json
import re
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Any

from oracle_sft.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oracle_sft.sqltext.schema import Column, ForeignKey, Schema, Table

RENDERER_VERSION = 1
"""Raised whenever the text made from the same schema, question and template changes."""

_PLAIN_NAME = re.compile(r"[A-Z][A-Z0-9_]*")

# Words that Oracle reserves: a column of that name was quoted in its DDL and must stay quoted.
_RESERVED = frozenset(
    """ACCESS ADD ALL ALTER AND ANY AS ASC AUDIT BETWEEN BY CHAR CHECK CLUSTER COLUMN COMMENT COMPRESS
    CONNECT CREATE CURRENT DATE DECIMAL DEFAULT DELETE DESC DISTINCT DROP ELSE EXCLUSIVE EXISTS FILE
    FLOAT FOR FROM GRANT GROUP HAVING IDENTIFIED IMMEDIATE IN INCREMENT INDEX INITIAL INSERT INTEGER
    INTERSECT INTO IS LEVEL LIKE LOCK LONG MAXEXTENTS MINUS MLSLABEL MODE MODIFY NOAUDIT NOCOMPRESS NOT
    NOWAIT NULL NUMBER OF OFFLINE ON ONLINE OPTION OR ORDER PCTFREE PRIOR PUBLIC RAW RENAME RESOURCE
    REVOKE ROW ROWID ROWNUM ROWS SELECT SESSION SET SHARE SIZE SMALLINT START SUCCESSFUL SYNONYM SYSDATE
    TABLE THEN TO TRIGGER UID UNION UNIQUE UPDATE USER VALIDATE VALUES VARCHAR VARCHAR2 VIEW WHENEVER
    WHERE WITH""".split()
)


class PromptStyle(StrEnum):
    compact = "compact"
    mschema = "mschema"
    ddl = "ddl"


def render(
    question: str, schema: "Schema", *, style: PromptStyle | str, evidence: str = ""
) -> list[dict[str, str]]:
    """The chat messages that ask for the query: one user message, the schema before the question.

    Raises:
        UserError: `style` is not a known style.
    """
    style = _known(style)
    hint = f"Hint: {' '.join(evidence.split())}\n" if evidence.strip() else ""
    # One pass, so that a schema comment or a question that holds `{question}` stays as it is.
    slots = {"schema": schema_text(schema, style), "hint": hint, "question": question.strip()}
    content = re.sub(r"\{(schema|hint|question)\}", lambda slot: slots[slot[1]], _template(style))
    return [{"role": "user", "content": content}]


def schema_text(schema: "Schema", style: PromptStyle | str) -> str:
    """The schema as `style` shows it, one block a table, without a newline at the end.

    Names are lower case unless Oracle needs them quoted.
    """
    return table_separator(style).join(table_texts(schema, style))


def table_texts(schema: "Schema", style: PromptStyle | str) -> list[str]:
    """The block of each table, in the schema's order; `table_separator` stands between them."""
    match _known(style):
        case PromptStyle.compact:
            return [_compact_table(table, schema) for table in schema.tables]
        case PromptStyle.mschema:
            return [_mschema_table(table, schema) for table in schema.tables]
        case PromptStyle.ddl:
            return [_ddl_table(table) for table in schema.tables]


def table_separator(style: PromptStyle | str) -> str:
    """What stands between two tables."""
    return "\n\n" if _known(style) is PromptStyle.ddl else "\n"


def prompt_ids(messages: list[dict[str, str]], tokenizer: Any) -> list[int]:
    """Token ids of the chat up to where the answer starts."""
    text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def answer_ids(sql: str, tokenizer: Any) -> list[int]:
    """Token ids of the answer, from where `prompt_ids` ends to the end of the turn.

    Raises:
        UserError: the chat template writes something else before the answer when it has one.
    """
    question = [{"role": "user", "content": "?"}]
    before = tokenizer.apply_chat_template(question, add_generation_prompt=True, tokenize=False)
    answered = [*question, {"role": "assistant", "content": sql}]
    whole = tokenizer.apply_chat_template(answered, tokenize=False)
    if not whole.startswith(before):
        raise UserError(
            "the tokenizer's chat template does not show an answered chat as the prompt plus the answer; "
            "use a template whose generation prompt is the start of the assistant's turn"
        )
    return list(tokenizer(whole[len(before) :], add_special_tokens=False)["input_ids"])


def prompt_hash(style: PromptStyle | str, tokenizer: Any) -> str:
    """SHA-256 (hex) over the style, its template, the renderer's version and the chat template.

    Two prompts are comparable only when their hashes agree.
    """
    style = _known(style)
    said = {
        "chat_template": tokenizer.chat_template or "",
        "renderer_version": RENDERER_VERSION,
        "style": style.value,
        "template": _template(style),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def shown_name(name: str) -> str:
    """A stored name as SQL writes it: lower case, or quoted where Oracle needs that."""
    if _PLAIN_NAME.fullmatch(name) and name not in _RESERVED:
        return name.lower()
    return f'"{name}"'


def _known(style: PromptStyle | str) -> PromptStyle:
    try:
        return PromptStyle(style)
    except ValueError:
        known = ", ".join(PromptStyle)
        raise UserError(
            f"prompt style {str(style)!r} is not known; choose one of {known}"
        ) from None


def _template(style: PromptStyle) -> str:
    path = resources.files("oracle_sft.pairs") / "templates" / f"{style.value}.txt"
    return path.read_text(encoding="utf-8").rstrip("\n")


def _reference(key: "ForeignKey", column: str, schema: "Schema") -> str:
    """What `column` refers to: a table, or `table.column` where that is not the table's whole key."""
    referred = key.referenced_columns[key.columns.index(column)] if key.referenced_columns else ""
    table = schema.table(key.table)
    if table is not None and key.referenced_columns in ((), table.primary_key):
        return shown_name(key.table)
    return f"{shown_name(key.table)}.{shown_name(referred)}" if referred else shown_name(key.table)


def _references(table: "Table", column: str, schema: "Schema") -> "Iterable[str]":
    return (_reference(key, column, schema) for key in table.foreign_keys if column in key.columns)


_MARK = {"number": "#", "date": "@", "text": "", "other": ""}


def _compact_table(table: "Table", schema: "Schema") -> str:
    columns = []
    for column in table.columns:
        key = "*" if column.name in table.primary_key else ""
        refers = "".join(f">{target}" for target in _references(table, column.name, schema))
        columns.append(f"{shown_name(column.name)}{key}{_MARK[column.kind]}{refers}")
    return f"{shown_name(table.name)}({', '.join(columns)})"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _mschema_table(table: "Table", schema: "Schema") -> str:
    comment = f", {_one_line(table.comment)}" if table.comment else ""
    lines = [f"# Table: {shown_name(table.name)}{comment}", "["]
    for column in table.columns:
        parts = [f"{shown_name(column.name)}:{column.type}"]
        if column.comment:
            parts.append(_one_line(column.comment))
        if column.name in table.primary_key:
            parts.append("Primary Key")
        parts += [f"refers to {target}" for target in _references(table, column.name, schema)]
        lines.append(f"({', '.join(parts)}),")
    lines[-1] = lines[-1].removesuffix(",")
    return "\n".join([*lines, "]"])


def _ddl_table(table: "Table") -> str:
    name = shown_name(table.name)
    lines = [f"  {_ddl_column(column)}" for column in table.columns]
    if table.primary_key:
        lines.append(f"  PRIMARY KEY ({_names(table.primary_key)})")
    lines += [f"  UNIQUE ({_names(key)})" for key in table.unique_keys]
    for key in table.foreign_keys:
        referred = f" ({_names(key.referenced_columns)})" if key.referenced_columns else ""
        target = f"{shown_name(key.table)}{referred}"
        lines.append(f"  FOREIGN KEY ({_names(key.columns)}) REFERENCES {target}")
    text = f"CREATE TABLE {name} (\n" + ",\n".join(lines) + "\n);"
    if table.comment:
        text += f"\nCOMMENT ON TABLE {name} IS {_literal(table.comment)};"
    for column in table.columns:
        if column.comment:
            text += f"\nCOMMENT ON COLUMN {name}.{shown_name(column.name)} IS {_literal(column.comment)};"
    return text


def _ddl_column(column: "Column") -> str:
    default = f" DEFAULT {column.default}" if column.default is not None else ""
    return f"{shown_name(column.name)} {column.type}{default}" + (
        "" if column.nullable else " NOT NULL"
    )


def _names(columns: "Iterable[str]") -> str:
    return ", ".join(shown_name(column) for column in columns)


def _literal(text: str) -> str:
    return "'" + _one_line(text).replace("'", "''") + "'"
