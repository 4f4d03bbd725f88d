"""Quantising: in a process of its own; what is refused before, what comes back, what a failure says."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oracle_sft.config.weights import (
    AwqConf,
    ComputeDtype,
    Fp8Conf,
    FullConf,
    GptqConf,
    QuantBackend,
    QuantizerConf,
)
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.model.generate import generate
from oracle_sft.model.load import load_base, tensor_heads
from oracle_sft.model.quantize import load_quantized, quantize
from oracle_sft.model.quantizer_python import interpreter as interpreter_of
from oracle_sft.pairs.tokens import TokenRow
from tests import tiny


def interpreter(tmp_path: Path, body: str) -> str:
    """A script that stands in for the quantiser's interpreter; `job` is its job."""
    path = tmp_path / "python"
    path.write_text(
        f"#!{sys.executable}\nimport json, os, sys, time\njob = json.load(open(sys.argv[-1]))\n{body}\n"
    )
    path.chmod(0o755)
    return str(path)


def test_a_group_size_that_does_not_divide_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(
        UserError,
        match=r"group_size=128 does not divide the 64 inputs of model\.layers\.0\.\S+; use quant.group_size=64",
    ):
        quantize(base, tmp_path / "out", AwqConf(), tiny.rows(), log_path=tmp_path / "log.txt")


@pytest.mark.parametrize("rows", [[], [TokenRow("long", (5,) * 64, (6,))]])
def test_no_calibration_rows_is_refused(rows: list[TokenRow], base: Path, tmp_path: Path) -> None:
    conf = GptqConf(group_size=32, calibration_length_tokens=64)
    with pytest.raises(UserError, match=r"none of the \d calibration pairs has its answer within"):
        quantize(base, tmp_path / "out", conf, rows, log_path=tmp_path / "log.txt")


def test_an_interpreter_that_is_none_is_refused(base: Path, tmp_path: Path) -> None:
    conf = AwqConf(group_size=32, python=str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match=r"quant.python=\S+nowhere cannot be started"):
        quantize(base, tmp_path / "out", conf, tiny.rows(), log_path=tmp_path / "log.txt")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "print('all is lost'); sys.exit(4)",
            r"ended with exit code 4; .*log.txt; its end:\nall is lost",
        ),
        (
            "os.kill(os.getpid(), 9)",
            r"was ended by signal 9 \(out of memory\? lower quant.calibration",
        ),
        ("print('50%\\r100%\\r'); sys.exit(1)", r"its end:\n"),
        (
            "json.dump({'ok': False, 'missing_module': 'abacus'}, open(job['result'], 'w')); sys.exit(3)",
            r"quant.backend=llmcompressor needs abacus, which \S+ does not have; run: pip install",
        ),
        (
            "json.dump({'ok': False, 'not_as_asked': 'it saw 3 rows'}, open(job['result'], 'w')); sys.exit(3)",
            r"llmcompressor did not quantise as it was asked: it saw 3 rows; use another",
        ),
    ],
)
def test_a_failed_quantiser_is_explained_and_leaves_nothing(
    body: str, message: str, base: Path, tmp_path: Path
) -> None:
    conf = AwqConf(group_size=32, python=interpreter(tmp_path, body))
    with pytest.raises(EnvironmentFault, match=message):
        quantize(base, tmp_path / "out", conf, tiny.rows(), log_path=tmp_path / "log.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.txt", "python"]


def test_the_job_says_all_and_the_facts_come_back(base: Path, tmp_path: Path) -> None:
    body = f"""
import shutil
json.dump(job, open({str(tmp_path / "job.json")!r}, "w"))
shutil.copytree(job["model"], job["out"], dirs_exist_ok=True)
from pathlib import Path
config = json.loads(Path(job["out"], "config.json").read_text())
Path(job["out"], "config.json").write_text(json.dumps({{**config, "quantization_config": {{"bits": 4}}}}))
Path(job["out"], "tokenizer_config.json").write_text("another transformers' words")
facts = {{"algorithm": "a", "backend": "b", "backend_version": "1", "format": "f", "format_version": "2"}}
facts |= {{"answer_loss": True, "tokens_seen": 7}}
json.dump({{"ok": True, **facts}}, open(job["result"], "w"))
"""
    conf = GptqConf(
        group_size=32,
        calibration_length_tokens=40,
        dampening_fraction=0.05,
        python=interpreter(tmp_path, body),
    )
    rows = [*tiny.rows(), TokenRow("no-room", (5,) * 40, (6,))]
    facts = quantize(base, tmp_path / "out", conf, rows, seed=3, log_path=tmp_path / "log.txt")
    job = json.loads((tmp_path / "job.json").read_text())
    assert (job["algorithm"], job["group_size"], job["dampening_fraction"]) == ("gptq", 32, 0.05)
    assert (job["seed"], job["max_length_tokens"]) == (3, 40)
    assert [len(row["input_ids"]) for row in job["rows"]] == [
        min(row.num_tokens, 40) for row in tiny.rows()
    ]
    assert [row["answer_start"] for row in job["rows"]] == [
        len(row.prompt_ids) for row in tiny.rows()
    ]
    assert facts.calibration_ids == [row.pair_id for row in tiny.rows()]
    assert facts.calibration_cut == sum(row.num_tokens > 40 for row in tiny.rows()) > 0
    assert facts.calibration_dropped == 1
    assert (facts.calibration_tokens, facts.calibration_loss) == (7, "answer")
    assert (facts.algorithm, facts.backend, facts.format, facts.symmetric) == ("a", "b", "f", True)
    assert job["backend"] == "llmcompressor"


def test_tokenizer_and_architecture_stay_those_of_the_merged_model(
    base: Path, tmp_path: Path
) -> None:
    body = """
import shutil
from pathlib import Path
shutil.copytree(job["model"], job["out"], dirs_exist_ok=True)
config = json.loads(Path(job["out"], "config.json").read_text())
del config["rope_parameters"], config["dtype"]
config |= {"quantization_config": {"bits": 4}, "torch_dtype": "float16", "rope_theta": 1.0}
Path(job["out"], "config.json").write_text(json.dumps(config))
Path(job["out"], "tokenizer_config.json").write_text("in other words")
facts = {"algorithm": "a", "backend": "b", "backend_version": "1", "format": "f", "format_version": "2"}
json.dump({"ok": True, **facts, "answer_loss": False, "tokens_seen": 7}, open(job["result"], "w"))
"""
    conf = GptqConf(group_size=32, python=interpreter(tmp_path, body))
    quantize(base, tmp_path / "out", conf, tiny.rows(), log_path=tmp_path / "log.txt")
    merged = json.loads((base / "config.json").read_text())
    written = json.loads((tmp_path / "out" / "config.json").read_text())
    assert written == {**merged, "dtype": "float16", "quantization_config": {"bits": 4}}
    name = "tokenizer_config.json"
    assert (tmp_path / "out" / name).read_bytes() == (base / name).read_bytes()


def test_an_interrupt_ends_the_quantiser(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid_path = tmp_path / "pid"
    body = f"open({str(pid_path)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    conf = AwqConf(group_size=32, python=interpreter(tmp_path, body))

    def interrupted(self: object, timeout: float | None = None) -> int:
        while not pid_path.exists() or not pid_path.read_text():
            time.sleep(0.01)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr("subprocess.Popen.wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        quantize(base, tmp_path / "out", conf, tiny.rows(), log_path=tmp_path / "log.txt")
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_path.read_text()), 0)
    assert not (tmp_path / "out").exists()


def test_what_a_quantiser_cannot_do_is_the_users_to_change(base: Path, tmp_path: Path) -> None:
    body = "json.dump({'ok': False, 'refused': 'no CUDA'}, open(job['result'], 'w')); sys.exit(3)"
    conf = AwqConf(group_size=32, python=interpreter(tmp_path, body))
    with pytest.raises(UserError, match="quant=awq: no CUDA"):
        quantize(base, tmp_path / "out", conf, tiny.rows(), log_path=tmp_path / "log.txt")


@pytest.mark.parametrize("name", ["gptqmodel", "autoawq", "autogptq"])
def test_a_backend_that_is_not_installed_names_the_command(name: str, tmp_path: Path) -> None:
    conf = AwqConf(backend=QuantBackend(name))
    with pytest.raises(
        EnvironmentFault,
        match=f"quant.backend={name} is not installed; run: make setup-quant BACKEND={name}",
    ):
        interpreter_of(conf, checkout=tmp_path)


def test_a_backends_own_environment_is_used_where_it_is(tmp_path: Path) -> None:
    python = tmp_path / ".venv-quant-autoawq" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    conf = AwqConf(backend=QuantBackend.autoawq)
    assert interpreter_of(conf, checkout=tmp_path) == str(python)
    assert interpreter_of(AwqConf(), checkout=tmp_path) == sys.executable
    conf.python = "/usr/bin/python3"
    assert interpreter_of(conf, checkout=tmp_path) == "/usr/bin/python3"


def test_the_worker_imports_nothing_of_this_project_but_the_quantisers() -> None:
    from oracle_sft.model import quantize_worker

    worker = Path(quantize_worker.__file__)
    for path in (worker, *(worker.parent / "quantizers").glob("*.py")):
        named = set(re.findall(r"(?:from|import) (oracle_sft[\w.]*)", path.read_text()))
        assert all(name.startswith("oracle_sft.model.quantizers.") for name in named), path


@pytest.mark.slow  # a process that imports the training stack
def test_no_quantiser_is_imported_into_the_process_that_packages() -> None:
    code = (
        "import sys, oracle_sft.model.package, oracle_sft.model.fit;"
        "print(sorted({'llmcompressor', 'auto_round', 'gptqmodel', 'awq', 'auto_gptq'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        load_quantized(tmp_path / "none")


AUTOROUND = QuantBackend.autoround
MADE = {
    "llmcompressor-awq": (AwqConf(group_size=32), "awq", "compressed-tensors", "answer"),
    "llmcompressor-gptq": (GptqConf(group_size=32), "gptq", "compressed-tensors", "all"),
    "llmcompressor-fp8": (Fp8Conf(), "fp8", "compressed-tensors", None),
    "autoround-awq": (AwqConf(group_size=32, backend=AUTOROUND), "awq", "awq", "all"),
    "autoround-gptq": (GptqConf(group_size=32, backend=AUTOROUND), "signround", "gptq", "all"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("conf", "algorithm", "stored", "loss"), MADE.values(), ids=list(MADE))
def test_quantised_weights_answer_like_the_merged_ones(
    conf: QuantizerConf,
    algorithm: str,
    stored: str,
    loss: str | None,
    trained: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # matrices this small only make threads wait
    merged = trained["full"]
    out = tmp_path / "out"
    facts = quantize(merged, out, conf, tiny.rows(), log_path=tmp_path / "log.txt")
    assert (facts.algorithm, facts.format, facts.calibration_loss) == (algorithm, stored, loss)
    shown = tiny.rows() if loss else []
    assert facts.calibration_ids == [row.pair_id for row in shown]
    assert facts.calibration_tokens == sum(row.num_tokens for row in shown)
    assert facts.backend_version
    said = json.loads((out / "config.json").read_text())["quantization_config"]
    assert said["quant_method"] == stored
    assert [path.name for path in out.glob("recipe.*")] == [
        "recipe.yaml" if stored == "compressed-tensors" else "recipe.json"
    ]
    assert (out / "tokenizer.json").read_bytes() == (merged / "tokenizer.json").read_bytes()
    names = {name for path in out.glob("*.safetensors") for name in tensor_heads(path)}
    assert {name for name in names if name.startswith("lm_head")} <= {"lm_head.weight"}

    quantized, tokenizer = load_quantized(out)
    plain = load_base(merged, FullConf(), compute_dtype=ComputeDtype.float32).model.eval()
    prompts = [row.prompt_ids for row in tiny.rows()]
    one, two = (
        generate(model, tokenizer, prompts, max_new_tokens=8, batch_rows=8)
        for model in (quantized, plain)
    )
    same = sum(first.text[:4] == second.text[:4] for first, second in zip(one, two, strict=True))
    assert same >= 8
