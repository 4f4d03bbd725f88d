"""The guardrail of a config: training pairs, generated SQL and served SQL are judged by the same one."""

from typing import TYPE_CHECKING, cast

from oracle_sft.config.schema import RunConf
from oracle_sft.sqltext.guardrail import GuardrailPolicy, Hook, SQLGuardrail

if TYPE_CHECKING:
    from oracle_sft.sqltext.findings import Level, Unanswered


def guardrail(conf: RunConf, hook: Hook | None = None) -> SQLGuardrail:
    """The guardrail that `guardrail=...` and `oracle_version` ask for; `hook` speaks on what it lets pass."""
    said = conf.guardrail
    return SQLGuardrail(
        GuardrailPolicy(
            level=cast("Level", said.level),
            allowed_functions=tuple(said.allowed_functions),
            oracle_version=conf.oracle_version,
            allow_binds=said.allow_binds,
            max_chars=said.max_chars,
            max_nesting=said.max_nesting,
            max_generated_rows=said.max_generated_rows,
            max_parallel=said.max_parallel,
            hook_timeout_seconds=said.hook_timeout_seconds,
            hook_unanswered=cast("Unanswered", said.hook_unanswered),
        ),
        hook,
    )
