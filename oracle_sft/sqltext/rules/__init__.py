"""The safety rules. They read tokens and never ask the parser."""

from oracle_sft.sqltext.reading import Rule
from oracle_sft.sqltext.rules import calls, objects, rows, statement, view_columns

RULES: tuple[Rule, ...] = (
    *statement.RULES,
    *calls.RULES,
    *view_columns.RULES,
    *objects.RULES,
    *rows.RULES,
)
