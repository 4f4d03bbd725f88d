"""The guardrail of a config: training pairs, generated SQL and served SQL are judged by the same one."""

from typing import TYPE_CHECKING, cast

from oracle_sft.config.schema import RunConf
from oracle_sft.sqltext.guardrail import GuardrailPolicy, SQLGuardrail

if TYPE_CHECKING:
    from oracle_sft.sqltext.findings import Level


def guardrail(conf: RunConf) -> SQLGuardrail:
    """The guardrail that `guardrail=...` and `oracle_version` ask for."""
    return SQLGuardrail(
        GuardrailPolicy(
            level=cast("Level", conf.guardrail.name),
            allowed_functions=tuple(conf.guardrail.allowed_functions),
            oracle_version=conf.oracle_version,
        )
    )
