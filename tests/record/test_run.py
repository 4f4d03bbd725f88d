"""Who owns a run directory, and what is said when one exists already."""

import json
from pathlib import Path

import pytest

from oracle_sft.config.compose import compose, to_dict
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import EnvironmentFault, Interrupted, UserError
from oracle_sft.record.console import Console
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
        assert run.config == to_dict(conf)
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
    said = r"its train stage is not started; start its own command again first: .*python"
    with pytest.raises(UserError, match=said):
        finished_run(str(tmp_path / "r"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"stages": {}}'])
def test_a_run_json_that_is_none_is_one_message(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(UserError, match=r"run\.json is no record of a run; give another folder"):
        finished_run(str(tmp_path))


def test_a_folder_that_cannot_be_made_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        make_folder(tmp_path / "file" / "outputs")


def again(run: Run, *overrides: str) -> RunConf:
    said = with_recorded([f"run={run.folder}", *overrides])
    conf = compose(said)
    check_drift(run, conf, said, Console())
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


def test_a_key_that_is_newer_than_the_run_has_todays_value_and_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with claim(*conf_in(tmp_path)) as run:
        finish(run, "train")
        text = (run.folder / "config.yaml").read_text()
        older = text.replace("  level: standard\n", "").replace("  samples: 0\n", "")
        assert len(older.splitlines()) == len(text.splitlines()) - 2
        (run.folder / "config.yaml").write_text(older)
        assert again(run, "eval.samples=2").guardrail.level == "standard"
        said = capsys.readouterr().out.splitlines()
        assert said == [
            "config        the run is older than guardrail.level, which is 'standard' today"
        ]
        (run.folder / "config.yaml").write_text(older.replace("rank: 32", "rank: 8"))
        with pytest.raises(UserError, match=r"adapter\.rank: 8 -> 32"):
            again(run)


def test_a_key_that_is_gone_since_the_run_is_drift(tmp_path: Path) -> None:
    with claim(*conf_in(tmp_path)) as run:
        finish(run, "train")
        with (run.folder / "config.yaml").open("a") as file:
            file.write("dialect: oracle\n")
        with pytest.raises(UserError, match="dialect: 'oracle' -> None"):
            again(run)
        assert again(run, "allow_config_drift=true")


def test_a_section_that_is_not_there_is_drift(tmp_path: Path) -> None:
    with claim(*conf_in(tmp_path)) as run:
        finish(run, "train")
        (run.folder / "config.yaml").write_text("seed: 0\n")
        with pytest.raises(UserError, match=r"adapter: None -> \{'name': 'lora'"):
            again(run)


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "a: ${nothing}\n"])
def test_a_config_that_is_none_is_one_message(tmp_path: Path, text: str) -> None:
    with claim(*conf_in(tmp_path)) as run:
        finish(run, "train")
        (run.folder / "config.yaml").write_text(text)
        with pytest.raises(UserError, match=r"config\.yaml is no config of a run"):
            again(run)


def test_an_unfinished_run_of_an_older_version_says_what_differs(tmp_path: Path) -> None:
    conf, said = conf_in(tmp_path)
    with claim(conf, said) as run:
        text = (run.folder / "config.yaml").read_text()
        (run.folder / "config.yaml").write_text(text.replace("  level: standard\n", ""))
        run.note(config_hash="another")
    with pytest.raises(UserError, match=r"guardrail\.level: None -> 'standard'"), claim(conf, said):
        pass
