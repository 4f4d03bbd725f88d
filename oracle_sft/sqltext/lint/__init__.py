"""What Oracle refuses and the parser accepts: rules about validity, not about safety."""

from oracle_sft.sqltext.lint import (
    blocks,
    groups,
    lists,
    pieces,
    values,
    version,
    words,
)
from oracle_sft.sqltext.reading import Rule

RULES: tuple[Rule, ...] = (
    *words.RULES,
    *values.RULES,
    *blocks.RULES,
    *lists.RULES,
    *groups.RULES,
    *pieces.RULES,
    *version.RULES,
)
