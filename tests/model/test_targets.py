"""What can be asked besides a run: a bundle, an adapter of another origin, an endpoint."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.config.schema import PromptConf
from oracle_sft.errors import UserError
from oracle_sft.model.answers import Ask, LocalAnswerer
from oracle_sft.model.bundle import prompt_facts, write_bundle
from oracle_sft.model.manifest import open_bundle, recorded_overrides
from oracle_sft.model.targets import find_targets
from oracle_sft.pairs.selection import SELECTION_VERSION
from oracle_sft.record.run import Run
from tests import tiny
from tests.model.test_bundle import facts

EVAL = ["stages=[eval]", "eval.max_new_tokens=8", "eval.batch_rows=2"]


@pytest.fixture
def no_run(tmp_path: Path) -> Run:
    record = {"parents": {}, "stages": {}, "overrides": [], "config_hash": ""}
    (tmp_path / "run.json").write_text(json.dumps(record))
    return Run(tmp_path)


@pytest.fixture
def bundle(base: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    shutil.copytree(base, folder)
    config: dict[str, Any] = {
        "seed": 3,
        "model": {"context_tokens": 512},
        "train": {"max_length_tokens": 300},
    }
    said = replace(
        facts(quantized=False),
        config=config,
        max_new_tokens=77,
        prompt=prompt_facts(PromptConf(name="mschema", max_schema_tokens=99), tiny.tokenizer()),
    )
    write_bundle(folder, said)
    return folder


def test_a_bundle_is_asked_as_it_says_itself(bundle: Path, no_run: Run) -> None:
    said = recorded_overrides(bundle)
    assert said == [
        "prompt=mschema",
        "prompt.max_schema_tokens=99",
        "model.context_tokens=512",
        "train.max_length_tokens=300",
        "eval.max_new_tokens=77",
        "seed=3",
    ]
    conf = compose([*EVAL[:1], *said, f"bundle={bundle}"])
    (target,), missing = find_targets(no_run, conf)
    assert (target.name, missing) == ("merged", [])
    assert target.origin["bundle"] == "tiny-qlora-awq"
    assert target.prompt["max_schema_tokens"] == 99
    assert target.prompt["selection_version"] == SELECTION_VERSION
    assert isinstance(target.open(), LocalAnswerer)


def test_a_bundle_is_not_asked_in_another_style(bundle: Path, no_run: Run) -> None:
    conf = compose([*EVAL, f"bundle={bundle}", "prompt=ddl"])
    (target,), _ = find_targets(no_run, conf)
    with pytest.raises(UserError, match="was trained on prompts of style 'mschema'"):
        target.open()


def test_a_folder_that_is_no_bundle_or_a_changed_one(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere does not exist"):
        open_bundle(tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"holds no bundle \(no MANIFEST.json\)"):
        open_bundle(tmp_path)
    (bundle / "config.json").write_text("{}")
    with pytest.raises(UserError, match=r"config.json changed since the bundle was made"):
        open_bundle(bundle)
    (bundle / "MANIFEST.json").write_text('{"manifest_version": 9}')
    with pytest.raises(UserError, match="is a bundle of version 9, and this is version 2"):
        open_bundle(bundle)
    (bundle / "MANIFEST.json").write_text("[]")
    with pytest.raises(UserError, match="is no manifest of a bundle"):
        open_bundle(bundle)


def test_an_adapter_of_another_origin_is_asked_beside_its_base(
    base: Path, trained: dict[str, Path], no_run: Run
) -> None:
    conf = compose([*EVAL, f"eval.base={base}", f"eval.adapter={trained['lora']}", "adapter=lora"])
    targets, missing = find_targets(no_run, conf)
    assert [target.name for target in targets] == ["base", "adapter"]
    assert len(missing) == 2
    assert targets[1].origin["adapter"]["path"] == str(trained["lora"])
    answers = {}
    for target in targets:
        answerer = target.open()
        assert answerer.room("how many bikes") == 2048 - len("how many bikes") - 3
        asks = [Ask("how many bikes"), Ask("how many bikes", "a"), Ask("how many bikes", "a")]
        said = answerer.answer(asks, lambda *progress: None)
        assert said[1].text == said[2].text
        answers[target.name] = said[0].text
    assert answers["base"] != answers["adapter"]


def test_an_adapter_alone_has_no_merged_weights(base: Path, no_run: Run) -> None:
    conf = compose([*EVAL, f"eval.base={base}", f"eval.adapter={base}", "eval.targets=[merged]"])
    with pytest.raises(UserError, match=r"has none of eval\.targets: merged: "):
        find_targets(no_run, conf)


def test_an_endpoint_is_the_only_target(no_run: Run) -> None:
    conf = compose([*EVAL, "eval.endpoint=http://127.0.0.1:9/v1", "eval.endpoint_model=m"])
    (target,), missing = find_targets(no_run, conf)
    assert (target.name, missing) == ("endpoint", [])
    assert target.origin == {"endpoint": "http://127.0.0.1:9/v1"}
    assert target.open().facts == {"model": "m"}
    assert target.open().tokenizer is None


def test_an_endpoint_counts_tokens_as_the_run_or_as_the_named_model(
    base: Path, no_run: Run
) -> None:
    settings = [*EVAL, "eval.endpoint=http://127.0.0.1:9/v1", "eval.endpoint_model=m"]
    named = compose([*settings, "model=local", f"model.path={base}"])
    (target,), _ = find_targets(no_run, named)
    assert target.open().tokenizer("ab", add_special_tokens=False)["input_ids"]
    facts = prompt_facts(PromptConf(name="compact"), tiny.tokenizer())
    no_run.state["parents"]["base_model"] = {"path": str(base)}
    no_run.state["stages"]["train"] = {"prompt": facts}
    (target,), _ = find_targets(no_run, compose(settings))
    assert target.open().tokenizer("ab", add_special_tokens=False)["input_ids"]
    assert target.prompt == facts
