import os
import signal

import pytest

from oracle_sft.config.cli import guarded, hydra_command
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import CheckFailed, EnvironmentFault, Interrupted, UserError


def nothing(conf: RunConf, overrides: list[str]) -> None:
    raise AssertionError("the work must not start")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CheckFailed("x"), 1),
        (UserError("x"), 2),
        (EnvironmentFault("x"), 3),
        (Interrupted("x"), 75),
        (KeyboardInterrupt(), 75),
    ],
)
def test_errors_name_who_must_act(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    assert guarded(fail) == code
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert "Traceback" not in said


def test_a_bug_shows_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: {}["gone"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_sigterm_interrupts_and_lets_finally_run() -> None:
    seen = []

    def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            seen.append("tidy")

    assert guarded(work) == 75
    assert seen == ["tidy"]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_unknown_flag_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert hydra_command("train", "", nothing, ["--verbose"]) == 2
    assert "--verbose: no such flag" in capsys.readouterr().err


def test_cfg_job_checks_before_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert hydra_command("train", "", nothing, ["--cfg", "job", "train.batch_rows=10"]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert "not a multiple" in said.err
    assert hydra_command("train", "", nothing, ["--cfg=job", "--resolve"]) == 0
    assert "learning_rate: 0.002" in capsys.readouterr().out


def test_work_gets_the_config_and_its_overrides() -> None:
    seen = []
    work = lambda conf, overrides: seen.append((conf.seed, overrides))  # noqa: E731
    assert hydra_command("train", "", work, ["seed=5"]) == 0
    assert seen == [(5, ["seed=5"])]
