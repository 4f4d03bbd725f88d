"""The quantiser's process: which interpreter, how it is started and ended, and what its failure means."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import oracle_sft
from oracle_sft.config.weights import QuantizerConf
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.model.load import read_object
from oracle_sft.model.quantizer_python import backend_of, interpreter, remedy

_WORKER = "oracle_sft.model.quantize_worker"
_TAIL_LINES = 8
_PACKAGE = Path(oracle_sft.__file__).resolve().parent


def run_worker(
    job: dict[str, Any], conf: QuantizerConf, exchange: Path, log_path: Path
) -> dict[str, Any]:
    """Run the worker on a job, its output going to the log; returns its result.

    Raises:
        UserError: the interpreter cannot be started, or the quantiser cannot do this for this model.
        EnvironmentFault: the quantiser is not installed, or it failed.
    """
    python, exchange = interpreter(conf), exchange.resolve()
    job["backend"] = backend_of(conf).value
    job["scratch"] = str(exchange)
    job["result"] = str(exchange / "result.json")
    job_path = exchange / "job.json"
    job_path.write_text(json.dumps(job), encoding="utf-8")
    log_path.parent.mkdir(parents=True, exist_ok=True)
    # Not resolved: a virtual environment is found by its link to the interpreter.
    started = str(Path(python).absolute()) if os.sep in python else python
    with log_path.open("ab") as log:
        try:
            worker = subprocess.Popen(
                [started, "-m", _WORKER, job_path],
                cwd=exchange,  # where GPT-QModel leaves a folder of logs
                stdin=subprocess.PIPE,  # the worker ends when this end is closed, also by a kill
                stdout=log,
                stderr=log,
                env=_environment(exchange),
            )
        except OSError as error:
            raise UserError(
                f"quant.python={python} cannot be started ({error.strerror}); give an interpreter, or null"
            ) from error
        try:
            code = worker.wait()
        finally:
            # Reached early when this process is interrupted: a worker that went on would write into a removed folder.
            worker.kill()
            worker.wait()
            assert worker.stdin is not None
            worker.stdin.close()
    result_path = Path(job["result"])
    result = read_object(result_path, "see the log") if result_path.is_file() else {}
    if refused := result.get("refused"):
        raise UserError(f"quant={conf.name}: {refused}")
    if code or not result.get("ok"):
        raise EnvironmentFault(_failure(code, result, python, conf, log_path))
    return result


def _environment(exchange: Path) -> dict[str, str]:
    """This process's, where the worker finds this package, and nothing else that lies beside it.

    Installed from a wheel, the package lies among the training stack, which another interpreter must not see.
    """
    beside = exchange / "path"
    beside.mkdir()
    (beside / _PACKAGE.name).symlink_to(_PACKAGE)
    search = os.pathsep.join([str(beside), *filter(None, [os.environ.get("PYTHONPATH")])])
    # What quantisers leave in the folder for temporary files goes away with the exchange.
    return {**os.environ, "PYTHONPATH": search, "HF_HUB_OFFLINE": "1", "TMPDIR": str(exchange)}


def _failure(
    code: int, result: dict[str, Any], python: str, conf: QuantizerConf, log_path: Path
) -> str:
    backend = backend_of(conf)
    if missing := result.get("missing_module"):
        return f"quant.backend={backend.value} needs {missing}, which {python} does not have; {remedy(backend)}"
    if other := result.get("not_as_asked"):
        return (
            f"{backend.value} did not quantise as it was asked: {other}; use another quant.backend"
        )
    what = f"ended with exit code {code}"
    if code < 0:
        what = f"was ended by signal {-code}"
    if code == -9:
        what += " (out of memory? lower quant.calibration_rows)"
    lines = [line for line in _lines(log_path) if line.strip()][-_TAIL_LINES:]
    return "\n".join([f"the quantiser {what}; the whole log is {log_path}; its end:", *lines])


def _lines(log_path: Path) -> list[str]:
    """The log as a terminal would show it: of a progress bar, the last state."""
    text = log_path.read_text(encoding="utf-8", errors="replace")
    return [line.rpartition("\r")[2] for line in text.split("\n")]
