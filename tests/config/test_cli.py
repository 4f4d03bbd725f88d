import os
import signal
import subprocess
import sys

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


def test_an_interrupt_stays_one_when_it_is_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise RuntimeError("Error calling __set_name__") from error

    assert guarded(fail) == 75
    assert capsys.readouterr().err == "error: interrupted\n"


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


def in_a_shell(action: str, redirected: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    code = "import sys; from oracle_sft.config.cli import guarded;"
    code += f"from oracle_sft.errors import CheckFailed; sys.exit(guarded(lambda: {action}))"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'"$0" -c "$1" {redirected}', sys.executable, code],
        capture_output=True,
        env={**os.environ, "PYTHONUNBUFFERED": "", **settings},
    )


@pytest.mark.parametrize("text", ["'short'", "'long ' * 10_000"])
def test_output_that_does_not_fit_is_a_fault_of_the_machine(text: str) -> None:
    done = in_a_shell(f"print({text})", ">/dev/full")
    assert done.returncode == 3
    assert done.stderr == b"error: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("text", ["'short'", "'long ' * 100_000"])
def test_a_reader_that_leaves_is_no_error(text: str) -> None:
    done = in_a_shell(f"print({text})", "| true")
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_that_leaves_hides_no_error() -> None:
    done = in_a_shell("(print('x'), (_ for _ in ()).throw(CheckFailed('no')))", "| true")
    assert (done.returncode, done.stderr) == (1, b"error: no\n")


def test_streams_may_be_closed() -> None:
    done = in_a_shell("print(sys.stdin.read(), sys.stdout.isatty())", "<&- >&- 2>&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_output_is_utf_8_whatever_the_locale() -> None:
    done = in_a_shell(
        "print('\\u0141\\ud800')", "", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert (done.returncode, done.stdout) == (0, "\u0141\\ud800\n".encode())


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
