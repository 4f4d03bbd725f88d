"""What every command does around its work: help, composing, sweeps, messages, signals, exit codes.

`--help` is answered before Hydra is imported, and a wrong key before torch is.
"""

import errno
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from oracle_sft.config.fields import find_conf_dir, groups, options, search_override
from oracle_sft.errors import (
    BUG_EXIT_CODE,
    EnvironmentFault,
    Interrupted,
    OracleSftError,
    UserError,
)

if TYPE_CHECKING:
    from oracle_sft.config.schema import RunConf

Work = Callable[["RunConf", list[str]], None]
"""A command: the checked config and the overrides that made it."""

STAGE_FLAG = "--in-run"
"""How the owner of a run tells a process of its own that it is one of the stages."""

_INTERRUPTED = "interrupted"
_RESUMES = "interrupted; the same command goes on where this one stopped"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


def is_stage_process(arguments: list[str]) -> bool:
    """Whether this process is a stage that the owner of a run started (record/stages.py)."""
    return arguments[:1] == [STAGE_FLAG]


def hydra_command(
    name: str,
    about: str,
    work: Work,
    arguments: list[str],
    *,
    sweep: Callable[[list[str]], None] | None = None,
    expand: Callable[[list[str]], list[str]] | None = None,
) -> int:
    """Run a command of Hydra's grammar (`key=value`); returns its exit code.

    `sweep` is what `-m` does with the overrides; a command without one refuses `-m`. `expand` may put overrides before
    those of the command line: the ones that a finished run recorded.
    """
    return guarded(
        lambda: _dispatch(name, about, work, arguments, sweep, expand or list), interrupted=_RESUMES
    )


def guarded(
    action: Callable[[], None], *, tell: bool = True, interrupted: str = _INTERRUPTED
) -> int:
    """Run `action`; returns the exit code that its errors ask for, with one message on stderr.

    SIGTERM becomes `Interrupted` while it runs, so that every `finally` gets its turn. `tell=False` leaves the
    message to the process that started this one; a bug's traceback is always shown. Output is UTF-8 whatever the
    locale says, since JSON is.
    """
    _prepare_streams()
    try:
        with _sigterm_raises(interrupted):
            action()
            sys.stdout.flush()
    except OracleSftError as error:
        if tell:
            print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        if tell:
            print(f"error: {interrupted}", file=sys.stderr)
        return Interrupted.exit_code
    except BrokenPipeError:
        _drop_output()
        return 0
    except Exception as error:
        if _is_interrupt(error):
            if tell:
                print(f"error: {interrupted}", file=sys.stderr)
            return Interrupted.exit_code
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            _drop_output()
            what = error.filename or "the output"
            print(f"error: {what} cannot be written: {error.strerror}", file=sys.stderr)
            return EnvironmentFault.exit_code
        traceback.print_exc()
        print(
            "error: this is a bug in oracle-sft; please report it with the lines above",
            file=sys.stderr,
        )
        return BUG_EXIT_CODE
    finally:
        try:
            sys.stdout.flush()
        except OSError:  # said above, or less than the error that ended the action
            _drop_output()
    return 0


def _dispatch(
    name: str,
    about: str,
    work: Work,
    arguments: list[str],
    sweep: Callable[[list[str]], None] | None,
    expand: Callable[[list[str]], list[str]],
) -> None:
    if {"-h", "--help"} & set(arguments):
        print(_help(name, about), end="")
        return
    arguments, config_dir = _take_value(arguments, ("--config-dir", "-cd"))
    arguments, shown = _take_value(arguments, ("--cfg", "-c"))
    arguments, resolve = _take_flag(arguments, ("--resolve",))
    arguments, multirun = _take_flag(arguments, ("-m", "--multirun"))
    unknown = [argument for argument in arguments if argument.startswith("-")]
    if unknown:
        raise UserError(
            f"{unknown[0]}: no such flag; {name} takes key=value, -m, --cfg job, --resolve, --config-dir DIR, --help"
        )
    if config_dir is not None:
        arguments = [*arguments, search_override(config_dir)]
    arguments = expand(arguments)
    if shown is not None:
        _show(shown, resolve, arguments)
    elif multirun:
        if sweep is None:
            raise UserError(f"-m sweeps train only; call {name} once for each run")
        sweep(arguments)
    else:
        from oracle_sft.config.compose import compose

        conf = compose(arguments)
        if name != "data" and (conf.preview or conf.croissant):
            raise UserError(
                f"preview and croissant belong to python -m oracle_sft.data; leave them out of {name}"
            )
        work(conf, arguments)


def _show(what: str, resolve: bool, overrides: list[str]) -> None:
    from omegaconf import OmegaConf

    from oracle_sft.config.compose import checked, composed, typed

    if what != "job":
        raise UserError(
            f"--cfg {what}: only --cfg job is known; Hydra's own settings are fixed in conf/config.yaml"
        )
    cfg = composed(overrides)
    checked(typed(cfg))
    print(OmegaConf.to_yaml(cfg, resolve=resolve), end="")


def _help(name: str, about: str) -> str:
    conf_dirs = (find_conf_dir(),)
    choices = "\n".join(
        f"  {group:<11}{', '.join(options(group, conf_dirs))}" for group in groups(conf_dirs)
    )
    return (
        f"{about.strip()}\n\n"
        f"usage: python -m oracle_sft.{name} [key=value ...] [-m] [--cfg job [--resolve]] [--config-dir DIR]\n\n"
        f"decisions (decision=option):\n{choices}\n\n"
        "  key=value          set one value, as train.learning_rate=1e-4; --cfg job prints all of them\n"
        "  -m                 one run for each combination of values given as a=x,y\n"
        "  --cfg job          print the composed config, checked, and stop\n"
        "  --config-dir DIR   look for options in DIR too (DIR/experiment/mine.yaml: experiment=mine)\n\n"
        "exit codes: 0 done, 1 a check said no, 2 the request must change, 3 the machine must change,\n"
        "            70 a bug, 75 interrupted: start the same command again\n"
    )


def _take_flag(arguments: list[str], names: tuple[str, ...]) -> tuple[list[str], bool]:
    rest = [argument for argument in arguments if argument not in names]
    return rest, len(rest) < len(arguments)


def _take_value(arguments: list[str], names: tuple[str, ...]) -> tuple[list[str], str | None]:
    for place, argument in enumerate(arguments):
        flag, equals, value = argument.partition("=")
        if flag not in names:
            continue
        if equals:
            return arguments[:place] + arguments[place + 1 :], value
        if place + 1 == len(arguments):
            raise UserError(f"{argument} wants a value behind it")
        return arguments[:place] + arguments[place + 2 :], arguments[place + 1]
    return arguments, None


def _prepare_streams() -> None:
    """One that was closed before the start leads nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 (as long as the process)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind it: an interpreter or a library in the middle of something wraps it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _drop_output() -> None:
    """What is still to be written goes nowhere, so that the end of the interpreter does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _sigterm_raises(message: str) -> Iterator[None]:
    def interrupt(signum: int, frame: FrameType | None) -> None:
        raise Interrupted(message)

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
