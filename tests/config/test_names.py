import pytest

from oracle_sft.config.compose import compose
from oracle_sft.config.names import config_hash, run_name, sweep_name


def test_same_choices_same_name() -> None:
    assert run_name(compose(["adapter=qlora"])) == run_name(compose(["adapter=qlora", "seed=0"]))


def test_name_says_the_choices() -> None:
    assert run_name(compose(["adapter=qlora", "quant=awq"])).startswith("tiny-qlora-awq-")
    assert run_name(compose(["run_name=mine"])) == "mine"


@pytest.mark.slow
def test_what_says_nothing_of_the_result_stays_out_of_the_name() -> None:
    plain = config_hash(compose([]))
    for override in (
        "outputs_dir=x",
        "tracking=files",
        "stages=[train]",
        "run_name=y",
        "log_level=debug",
        "data.workers=3",
        "eval.workers=3",
    ):
        assert config_hash(compose([override])) == plain
    for override in ("seed=1", "train.epochs=2", "data.check_execution=false", "eval.limit=5"):
        assert config_hash(compose([override])) != plain


def test_sweep_name_is_the_same_for_the_same_overrides() -> None:
    assert sweep_name(["a=1,2", "b=3"]) == sweep_name(["b=3", "a=1,2"]) != sweep_name(["a=1,2"])
