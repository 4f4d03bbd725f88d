"""The one door for optional packages."""

import importlib
from types import ModuleType

from oracle_sft.errors import EnvironmentFault


def require(module: str, *, extra: str) -> ModuleType:
    """Import `module`, or say which extra brings it.

    Raises:
        EnvironmentFault: the package is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise  # the package is there; something that it needs is not
        raise EnvironmentFault(
            f"{module} is not installed; run: pip install -c constraints.txt 'oracle-sft[{extra}]'"
        ) from error
