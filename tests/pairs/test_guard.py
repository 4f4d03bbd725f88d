from oracle_sft.config.compose import compose
from oracle_sft.pairs.guard import guardrail
from oracle_sft.sqltext.guardrail import GuardrailPolicy


def test_the_config_and_the_policy_have_the_same_defaults() -> None:
    assert guardrail(compose([])).policy == GuardrailPolicy()


def test_every_value_of_the_config_reaches_the_policy() -> None:
    said = {
        "level": "strict",
        "allow_binds": False,
        "max_chars": 11,
        "max_nesting": 12,
        "max_generated_rows": 13,
        "max_parallel": 14,
        "hook_timeout_seconds": 1.5,
        "hook_unanswered": "allow",
    }
    overrides = [f"guardrail.{name}={value}" for name, value in said.items()]
    conf = compose([*overrides, "guardrail.allowed_functions=[hr.tax]", "oracle_version=19c"])
    expected = GuardrailPolicy(**said, allowed_functions=("hr.tax",), oracle_version="19c")  # type: ignore[arg-type]
    assert guardrail(conf).policy == expected
