"""What Oracle refuses and the parser accepts: rules about validity, not about safety."""

from oracle_sft.sqltext import (
    lint_blocks,
    lint_groups,
    lint_lists,
    lint_pieces,
    lint_values,
    lint_version,
    lint_words,
)
from oracle_sft.sqltext.reading import Rule

RULES: tuple[Rule, ...] = (
    *lint_words.RULES,
    *lint_values.RULES,
    *lint_blocks.RULES,
    *lint_lists.RULES,
    *lint_groups.RULES,
    *lint_pieces.RULES,
    *lint_version.RULES,
)
