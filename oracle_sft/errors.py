"""The error family: who must act decides the exit code, and only bugs show a traceback."""

from typing import Any


class OracleSftError(Exception):
    """Base of every error that this project raises on purpose."""

    exit_code = 70

    def __reduce__(self) -> tuple[Any, ...]:
        # Pickle would call the class with `args`, the message; some want more, and a worker's error would be lost.
        return _remade, (type(self), self.args), self.__dict__


def _remade(kind: type[OracleSftError], args: tuple[object, ...]) -> OracleSftError:
    return kind.__new__(kind, *args)


class CheckFailed(OracleSftError):
    """A check or a gate said no; the request and the machine are fine."""

    exit_code = 1


class UserError(OracleSftError):
    """The request cannot be met as written. Shown without a traceback."""

    exit_code = 2


class EnvironmentFault(OracleSftError):
    """The machine must change: a package, a disk, a permission, a driver."""

    exit_code = 3


class Interrupted(OracleSftError):
    """Stopped by a signal; the same command goes on where this one stopped."""

    exit_code = 75


BUG_EXIT_CODE = 70
