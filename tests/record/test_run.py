"""Who owns a run directory, and what is said when one exists already."""

import json
from pathlib import Path

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import EnvironmentFault, Interrupted, UserError
from oracle_sft.record.redo import check_drift, with_recorded
from oracle_sft.record.run import Run, claim, finished_run, make_folder, owning


def conf_in(folder: Path, *overrides: str) -> tuple[RunConf, list[str]]:
    said = [f"outputs_dir={folder}", "run_name=r", *overrides]
    return compose(said), said


def finish(run: Run, *stages: str) -> None:
    for stage in stages:
        with run.stage(stage):
            pass


def test_a_new_run_says_what_it_was_asked_for(tmp_path: Path) -> None:
    conf, said = conf_in(tmp_path)
    with claim(conf, said) as run:
        assert run.conf == conf
        assert run.overrides == said
        assert run.state["environment"]["packages"]["hydra-core"]
    assert json.loads((tmp_path / "r" / "run.json").read_text())["stages"] == {}


def test_an_unfinished_run_goes_on(tmp_path: Path) -> None:
    conf, said = conf_in(tmp_path)
    with claim(conf, said) as run:
        finish(run, "train")
    with claim(conf, said) as run:
        assert run.is_done("train")
        assert not run.is_done("package")


def test_a_finished_run_is_refused_with_the_ways_out(tmp_path: Path) -> None:
    conf, said = conf_in(tmp_path)
    with claim(conf, said) as run:
        finish(run, "train", "package", "eval")
    with (
        pytest.raises(UserError, match=r"already holds this run, finished.*run=.*set run_name="),
        claim(conf, said),
    ):
        pass


def test_another_config_under_the_same_name_is_refused_with_the_differences(tmp_path: Path) -> None:
    with claim(*conf_in(tmp_path)):
        pass
    with (
        pytest.raises(UserError, match=r"another config(.|\n)*seed: 0 -> 3"),
        claim(*conf_in(tmp_path, "seed=3")),
    ):
        pass


def test_two_owners_are_one_too_many(tmp_path: Path) -> None:
    conf, said = conf_in(tmp_path)
    with claim(conf, said) as run:
        with pytest.raises(UserError, match="being written by another process"), claim(conf, said):
            pass
        with pytest.raises(UserError, match="being written by another process"), owning(run):
            pass


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UserError("no rows"), "failed"),
        (ValueError("bug"), "failed"),
        (Interrupted("stop"), "interrupted"),
        (KeyboardInterrupt(), "interrupted"),
    ],
)
def test_run_json_says_how_a_stage_ended(tmp_path: Path, error: BaseException, status: str) -> None:
    with claim(*conf_in(tmp_path)) as run, pytest.raises(type(error)), run.stage("train"):
        raise error
    said = json.loads((tmp_path / "r" / "run.json").read_text())["stages"]["train"]
    assert said["status"] == status
    assert said["reason"] == (str(error) or "KeyboardInterrupt")


def test_a_stage_of_no_run_and_of_an_unfinished_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds no run\.json"):
        finished_run(str(tmp_path))
    with claim(*conf_in(tmp_path)):
        pass
    with pytest.raises(UserError, match="its train stage is not started"):
        finished_run(str(tmp_path / "r"))


def test_a_folder_that_cannot_be_made_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        make_folder(tmp_path / "file" / "outputs")


def again(run: Run, *overrides: str) -> RunConf:
    said = with_recorded([f"run={run.folder}", *overrides])
    conf = compose(said)
    check_drift(run, conf, said)
    return conf


def test_a_stage_again_takes_recorded_and_new_overrides(tmp_path: Path) -> None:
    with claim(*conf_in(tmp_path, "adapter=qlora", "quant=awq")) as run:
        finish(run, "train")
        conf = again(run, "quant=gptq", "quant.group_size=64", "eval.limit=3")
    assert (conf.adapter.name, conf.quant.name, conf.eval.limit) == ("qlora", "gptq", 3)
    assert with_recorded(["quant=awq"]) == ["quant=awq"]


def test_drift_is_refused_by_name_unless_allowed(tmp_path: Path) -> None:
    with claim(*conf_in(tmp_path)) as run:
        finish(run, "train")
        text = (run.folder / "config.yaml").read_text()
        (run.folder / "config.yaml").write_text(text.replace("rank: 32", "rank: 8"))
        with pytest.raises(UserError, match=r"adapter\.rank: 8 -> 32"):
            again(run, "eval.limit=3")
        assert again(run, "allow_config_drift=true").allow_config_drift
        assert again(run, "adapter.rank=32")
