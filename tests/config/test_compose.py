"""What a user reads when a command line or a YAML file is wrong."""

from pathlib import Path

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.errors import UserError

WRONG = {
    "group": (["adapterr=qlora"], "there is no key 'adapterr'; did you mean adapter?"),
    "option": (
        ["adapter=qlorra"],
        "adapter=qlorra: no such option; did you mean qlora? adapter is one of full, lora, qlora",
    ),
    "option in capitals": (["quant=AWQ"], "did you mean awq?"),
    "key": (
        ["train.learnig_rate=1"],
        "no key 'train.learnig_rate'; did you mean train.learning_rate?",
    ),
    "key behind +": (["+train.learnig_rate=1"], "did you mean train.learning_rate?"),
    "key behind ++": (["++train.learnig_rate=1"], "did you mean train.learning_rate?"),
    "key without its section": (["learning_rate=1"], "did you mean train.learning_rate?"),
    "abbreviated key": (["train.lr=1"], "did you mean train.learning_rate?"),
    "known key behind +": (
        ["+train.epochs=1"],
        "train.epochs exists; write train.epochs=... without the +",
    ),
    "deleted key": (["~adapter"], "nothing of a run's config can be deleted"),
    "key of another option": (
        ["adapter=full", "adapter.rank=3"],
        "adapter=full has no key adapter.rank; it comes with adapter=lora",
    ),
    "word without =": (["qlora"], "'qlora' is no override"),
    "text for a number": (
        ["train.batch_rows=many"],
        "train.batch_rows: Value 'many' of type 'str' could not be converted to Integer",
    ),
    "unknown stage": (
        ["stages=[trian]"],
        "Invalid value 'trian', expected one of [train, package, eval]",
    ),
    "several values without -m": (["adapter=lora,full"], "several values are several runs; add -m"),
    "missing value": (
        ["model=local"],
        "model.path is required by the chosen options; add model.path=...",
    ),
    "missing file": (
        ["data=jsonl", "data.path=nowhere.jsonl", "data.ddl=no.sql"],
        "data.path=nowhere.jsonl does not exist",
    ),
    "missing model": (["model=local", "model.path=no/model"], "model.path=no/model does not exist"),
    "unknown target": (
        ["eval.targets=[best]"],
        "eval.targets has 'best'; known: base, adapter, merged, quantized",
    ),
    "k above n": (
        ["eval.samples=4", "eval.pass_at=[1,8]"],
        "eval.pass_at has 8, and eval.samples=4; pass@k wants at least k samples of each question: set eval.samples=8",
    ),
    "k without samples": (["eval.pass_at=[2]"], "set eval.samples=2 or more"),
    "k of 0": (["eval.samples=4", "eval.pass_at=[0]"], "eval.pass_at has 0"),
    "foreign adapter in parts": (["stages=[eval]", "eval.adapter=x"], "wants eval.base too"),
    "endpoint that is no URL": (
        ["stages=[eval]", "eval.endpoint=localhost:8000"],
        "write http://HOST:PORT/v1",
    ),
    "blank in the endpoint": (
        ["stages=[eval]", "eval.endpoint='http://host /v1'"],
        "eval.endpoint is no URL of a server",
    ),
    "letter that no path has in the endpoint": (
        ["stages=[eval]", "eval.endpoint='http://host/modèle/v1'"],
        "eval.endpoint is no URL of a server",
    ),
    "secret in the endpoint": (
        ["stages=[eval]", "eval.endpoint='http://me:5ecret@host/v1'"],
        "put a key into the environment variable that eval.endpoint_key_variable names",
    ),
    "endpoint in a training run": (
        ["eval.endpoint=http://host/v1"],
        "eval.endpoint belongs to python -m oracle_sft.eval",
    ),
    "two things to score": (
        ["stages=[eval]", "eval.endpoint=http://host/v1", "bundle=conf"],
        "bundle and eval.endpoint are several things to score; call eval once for each",
    ),
    "nothing to train on": (
        ["data=jsonl", "data.path=conf", "data.ddl=conf", "data.eval_fraction=1"],
        "data.eval_fraction=1.0 is no fraction",
    ),
    "no workers": (["data.workers=0"], "data.workers=0 must be more than 0"),
    "a day for an instant": (
        ["data=jsonl", "data.path=conf", "data.provenance.timestamp='2026-05-02'"],
        "data.provenance.timestamp='2026-05-02' is no instant with a zone",
    ),
    "missing bundle": (["stages=[eval]", "bundle=no/bundle"], "bundle=no/bundle does not exist"),
    "foreign package in parts": (["package.out=x"], "wants package.base and package.adapter too"),
    "unknown guardrail level": (["guardrail.level=loose"], "use strict, standard, lenient"),
    "unknown word for a silent hook": (
        ["guardrail.hook_unanswered=maybe"],
        "guardrail.hook_unanswered='maybe' is not known; use refuse or allow",
    ),
    "pattern for a function": (
        ["guardrail.allowed_functions=[hr.*]"],
        "guardrail.allowed_functions: 'hr.*' is no name of a function",
    ),
    "no clock": (["database.clock=noon"], "database.clock='noon' is no date with time"),
    "a server without an address": (
        ["database=oracle", "database.user=reader"],
        "database.dsn is empty; give the server",
    ),
    "a server without an account": (
        ["database=oracle", "database.dsn=db:1521/x"],
        "database.user is empty; give an account",
    ),
    "a password in the config": (
        ["database=oracle", "database.password_variable='pa ss'"],
        "the password itself belongs into one, never into a config",
    ),
    "an Oracle schema with a quote": (
        ["database=oracle", "database.schemas=['hr:H R']"],
        "database.schemas: 'hr:H R' is no schema id with an Oracle schema",
    ),
    "run name with a slash": (["run_name=a/b"], "run_name='a/b' is no folder name"),
    "too long rows": (
        ["train.max_length_tokens=9999"],
        "more than the model reads (model.context_tokens=2048)",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_request_is_named_with_its_remedy(case: str) -> None:
    overrides, message = WRONG[case]
    with pytest.raises(UserError) as caught:
        compose(overrides)
    assert message in str(caught.value)


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(UserError) as caught:
        compose(["train.batch_rows=10", "eval.limit=0", "adapter.dropout=2", "train.epochs=0"])
    assert len(str(caught.value).splitlines()) == 4


def test_typo_in_a_users_yaml_names_the_key(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    text = "# @package _global_\ntrain:\n  learnig_rate: 1.0e-4\n"
    (tmp_path / "experiment" / "mine.yaml").write_text(text)
    with pytest.raises(
        UserError, match=r"'train.learnig_rate'.*did you mean train.learning_rate\?"
    ):
        compose(["experiment=mine", f"hydra.searchpath=[{tmp_path}]"])


def test_users_experiment_is_found_and_wins_over_the_root(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    text = "# @package _global_\ndefaults:\n  - override /adapter: full\nseed: 7\n"
    (tmp_path / "experiment" / "mine.yaml").write_text(text)
    conf = compose(["experiment=mine", f"hydra.searchpath=[{tmp_path}]"])
    assert (conf.adapter.name, conf.seed) == ("full", 7)


def test_no_value_is_rewritten() -> None:
    conf = compose(["train.max_steps=7", "eval.batch_rows=3", "outputs_dir=here"])
    assert (conf.train.max_steps, conf.eval.batch_rows, conf.outputs_dir) == (7, 3, "here")
