"""Rules about what stands in the place of a table and is none."""

from collections.abc import Iterator

from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.functions import TABLE_FUNCTIONS, reach_of
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules.calls import is_oracle_type
from oracle_sft.sqltext.rules.syntax_words import is_old_table


def table_functions(reading: Reading) -> Iterator[Finding]:
    """`table_function`: behind FROM only TABLE, XMLTABLE, JSON_TABLE and GRAPH_TABLE are called.

    Nor does a table come from a file: not by EXTERNAL, and not by its path.
    """
    for block in reading.statement.blocks:
        for source in block.sources:
            if not source.called:
                continue
            parts = tuple(reading.tokens[part].name for part in source.parts)
            full = ".".join(parts)
            if full in reading.allowed or (len(parts) == 1 and full in TABLE_FUNCTIONS):
                continue
            if is_oracle_type(parts) or is_old_table(reading, source.at):
                continue
            reach = reach_of(parts)
            reaches = f", which reaches {reach}" if reach else ""
            yield reading.finding(
                "table_function", f"table function {full}{reaches}", source.at, source.parts[-1]
            )
    if "EXTERNAL" not in reading.present and "string" not in reading.kinds:
        return
    for position, token in enumerate(reading.tokens):
        following = reading.name(position + 1)
        if token.kind == "word" and token.name == "EXTERNAL" and following in ("(", "MODIFY"):
            yield reading.finding("table_function", "an external table reads files", position)
        elif token.kind == "string" and _is_table_place(reading, position):
            yield reading.finding("table_function", "a file in the place of a table", position)


def _is_table_place(reading: Reading, position: int) -> bool:
    """Directly behind FROM, JOIN or a comma of a list of tables."""
    before = reading.name(position - 1)
    block = reading.statement.block_of[position]
    if before not in ("FROM", "JOIN", ",") or block is None:
        return False
    opened = block.clauses.get("FROM", block.end)
    groups = reading.statement.group_of
    return opened < position < block.from_end and groups[position] == groups[opened]


RULES = (table_functions,)
