"""Which Python has the quantiser, and what to do where none has; light, so that it can be asked before a training."""

import importlib.util
import sys
from pathlib import Path

import oracle_sft
from oracle_sft.config.weights import (
    ARCHIVED,
    CalibratedQuantConf,
    QuantBackend,
    QuantConf,
    QuantizerConf,
)
from oracle_sft.errors import EnvironmentFault

_CHECKOUT = Path(oracle_sft.__file__).resolve().parent.parent
_COMES_WITH_US = {
    QuantBackend.llmcompressor: "llmcompressor",
    QuantBackend.autoround: "auto_round",
}
"""Installed by the extra `quant`, and the module that is looked for."""


def check_quantizer(conf: QuantConf) -> None:
    """Pass when there is nothing to quantise or a Python that should have the quantiser; it is not started.

    Raises:
        EnvironmentFault: the quantiser is not installed.
    """
    if not isinstance(conf, QuantizerConf):
        return
    python, backend = interpreter(conf), backend_of(conf)
    module = _COMES_WITH_US.get(backend)
    if python == sys.executable and module and importlib.util.find_spec(module) is None:
        raise EnvironmentFault(
            f"quant={conf.name} needs {module}, which is not installed; {remedy(backend)}"
        )


def backend_of(conf: QuantizerConf) -> QuantBackend:
    """The package that quantises as `conf` says."""
    return conf.backend if isinstance(conf, CalibratedQuantConf) else QuantBackend.llmcompressor


def interpreter(conf: QuantizerConf, *, checkout: Path = _CHECKOUT) -> str:
    """The Python that has the quantiser.

    Raises:
        EnvironmentFault: the backend has an environment of its own, and it was not made.
    """
    backend = backend_of(conf)
    if conf.python is not None:
        return conf.python
    if backend in _COMES_WITH_US:
        return sys.executable
    python = checkout / f".venv-quant-{backend.value}" / "bin" / "python"
    if not python.is_file():
        raise EnvironmentFault(f"quant.backend={backend.value} is not installed; {remedy(backend)}")
    return str(python)


def remedy(backend: QuantBackend) -> str:
    """The command that installs the backend, or the key that names a Python with it."""
    if backend in _COMES_WITH_US:
        return (
            "run: pip install -c constraints.txt 'oracle-sft[quant]', "
            "or set quant.python to an interpreter that has it"
        )
    archived = " (archived upstream; nobody mends it)" if backend in ARCHIVED else ""
    return (
        f"run: make setup-quant BACKEND={backend.value}{archived}, "
        "or set quant.python to an interpreter that has it"
    )
