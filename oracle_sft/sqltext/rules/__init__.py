"""The safety rules. They read tokens and never ask the parser."""

from oracle_sft.sqltext.reading import Rule
from oracle_sft.sqltext.rules import (
    amplifiers,
    calls,
    constants,
    malformed,
    objects,
    recursion,
    rows,
    statement,
    table_functions,
    view_columns,
)

RULES: tuple[Rule, ...] = (
    *statement.RULES,
    *malformed.RULES,
    *calls.RULES,
    *table_functions.RULES,
    *view_columns.RULES,
    *constants.RULES,
    *objects.RULES,
    *rows.RULES,
    *recursion.RULES,
    *amplifiers.RULES,
)
