"""Quantising: in a process of its own; what is refused before, what comes back, what a failure says."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from oracle_sft.config.weights import AwqConf, GptqConf
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.model.generate import generate
from oracle_sft.model.load import load_base
from oracle_sft.model.quantize import load_quantized, quantize
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
            r"quant=awq needs abacus, which \S+ does not have; run: pip install",
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
facts = {{"backend": "b", "backend_version": "1", "format": "f", "format_version": "2"}}
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
    assert facts.calibration_tokens == sum(min(row.num_tokens, 40) for row in tiny.rows())
    assert (facts.algorithm, facts.backend, facts.format, facts.symmetric) == (
        "gptq",
        "b",
        "f",
        True,
    )


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


def test_the_worker_imports_nothing_of_this_project() -> None:
    from oracle_sft.model import quantize_worker

    source = Path(quantize_worker.__file__).read_text()
    assert "oracle_sft" not in source.replace("oracle_sft.model.quantize_worker", "")


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        load_quantized(tmp_path / "none")


@pytest.mark.slow
@pytest.mark.parametrize(
    "conf", [AwqConf(group_size=32), GptqConf(group_size=32)], ids=["awq", "gptq"]
)
def test_quantised_weights_answer_like_the_merged_ones(
    conf: AwqConf | GptqConf, trained: dict[str, Path], tmp_path: Path
) -> None:
    merged = trained["full"]
    out = tmp_path / "out"
    facts = quantize(merged, out, conf, tiny.rows(), log_path=tmp_path / "log.txt")
    assert (facts.backend, facts.format, facts.bits) == ("llmcompressor", "compressed-tensors", 4)
    said = json.loads((out / "config.json").read_text())["quantization_config"]
    weights = said["config_groups"]["group_0"]["weights"]
    assert (weights["num_bits"], weights["group_size"]) == (4, 32)
    assert weights["symmetric"] is facts.symmetric
    assert said["ignore"] == ["lm_head"]
    assert (out / "recipe.yaml").is_file()

    from oracle_sft.config.weights import ComputeDtype, FullConf

    quantized, tokenizer = load_quantized(out)
    plain = load_base(merged, FullConf(), compute_dtype=ComputeDtype.float32).model.eval()
    prompts = [row.prompt_ids for row in tiny.rows()]
    one, two = (
        generate(model, tokenizer, prompts, max_new_tokens=8, batch_rows=8)
        for model in (quantized, plain)
    )
    same = sum(first.text[:4] == second.text[:4] for first, second in zip(one, two, strict=True))
    assert same >= 8
