"""The command `python -m oracle_sft.package`: what it refuses, and what it leaves behind when it does."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from oracle_sft.config.weights import ComputeDtype, LoraConf
from oracle_sft.model.load import load_weights
from oracle_sft.package import main
from oracle_sft.record.digest import digest_folder
from tests import tiny
from tests.command import OWN_DATA, read, run, started, write_data

DDL = "CREATE TABLE bikes (id NUMBER(6) PRIMARY KEY, colour VARCHAR2(20), price NUMBER(8,2));"
ROWS = {"bikes": [{"id": n, "colour": "red", "price": n} for n in range(1, 41)]}
WEIGHTS = "adapter_model.safetensors"
Said = Callable[..., tuple[int, str]]
Spoil = Callable[[Path, Path], None]


# --- weights of another origin: in this process ---------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base and an adapter for it; read only."""
    from oracle_sft.model import adapter, load

    folder = tmp_path_factory.mktemp("foreign")
    conf = LoraConf(rank=4, alpha=8)
    base = load.load_base(
        tiny.base_folder(folder / "base"), conf, compute_dtype=ComputeDtype.float32
    )
    adapter.save(adapter.attach(base, conf, seed=0), base.tokenizer, folder / "adapter", conf)
    return folder


@pytest.fixture
def foreign(whole: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of them that may be spoilt."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return tmp_path / "base", tmp_path / "adapter"


@pytest.fixture
def packaged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Package base and adapter of `tmp_path` as `out`; gives exit code and what stands on standard error."""

    def command(*more: str) -> tuple[int, str]:
        folders = [f"package.{name}={tmp_path / name}" for name in ("base", "adapter", "out")]
        code = main([*folders, "quant=none", "tracking=files", *more])
        return code, capsys.readouterr().err

    return command


def without_folder(base: Path, adapter: Path) -> None:
    shutil.rmtree(base)


def without_adapter(base: Path, adapter: Path) -> None:
    shutil.rmtree(adapter)


def base_without_weights(base: Path, adapter: Path) -> None:
    (base / "model.safetensors").unlink()


def base_without_config(base: Path, adapter: Path) -> None:
    (base / "config.json").unlink()


def adapter_without_weights(base: Path, adapter: Path) -> None:
    (adapter / WEIGHTS).unlink()


def adapter_without_config(base: Path, adapter: Path) -> None:
    (adapter / "adapter_config.json").unlink()


def wider_base(base: Path, adapter: Path) -> None:
    shutil.rmtree(base)
    tiny.base_folder(base, hidden=128)


def adapter_of_other_names(base: Path, adapter: Path) -> None:
    tensors = load_file(adapter / WEIGHTS)
    renamed = {name.replace("layers.1", "layers.7"): value for name, value in tensors.items()}
    save_file(renamed, adapter / WEIGHTS)


def unknown_type(base: Path, adapter: Path) -> None:
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "peft_type": "IA3"}))


def config_that_is_none(base: Path, adapter: Path) -> None:
    (adapter / "adapter_config.json").write_text("{")


def without_a_shard(base: Path, adapter: Path) -> None:
    load_weights(base, dtype="auto").save_pretrained(base, max_shard_size="40KB")
    (base / "model.safetensors").unlink()
    sorted(base.glob("model-*.safetensors"))[1].unlink()


def with_a_cut_shard(base: Path, adapter: Path) -> None:
    load_weights(base, dtype="auto").save_pretrained(base, max_shard_size="40KB")
    (base / "model.safetensors").unlink()
    shard = sorted(base.glob("model-*.safetensors"))[1]
    shard.write_bytes(shard.read_bytes()[:-64])


def with_cut_weights(base: Path, adapter: Path) -> None:
    path = base / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-64])


def with_a_cut_adapter(base: Path, adapter: Path) -> None:
    path = adapter / WEIGHTS
    path.write_bytes(path.read_bytes()[:-64])


def nan_in_the_adapter(base: Path, adapter: Path) -> None:
    tensors = load_file(adapter / WEIGHTS)
    next(iter(tensors.values()))[0, 0] = float("nan")
    save_file(tensors, adapter / WEIGHTS)


@pytest.mark.parametrize(
    ("spoil", "code", "named"),
    [
        (without_folder, 2, "base does not exist"),
        (without_adapter, 2, "adapter does not exist"),
        (base_without_weights, 2, "has no model.safetensors"),
        (base_without_config, 2, "has no config.json"),
        (adapter_without_weights, 2, f"has no {WEIGHTS}"),
        (adapter_without_config, 2, "adapter_config.json does not exist"),
        (wider_base, 2, "is for another base"),
        (adapter_of_other_names, 2, "the base that it was trained on"),
        (unknown_type, 2, "IA3"),
        (config_that_is_none, 2, "adapter_config.json is no JSON"),
        (without_a_shard, 2, "lacks model-00002-of-"),
        (with_a_cut_shard, 2, "model-00002-of-"),
        (with_cut_weights, 2, "model.safetensors"),
        (with_a_cut_adapter, 2, WEIGHTS),
        (nan_in_the_adapter, 1, "NaN"),
    ],
)
def test_what_cannot_be_merged_is_named_and_leaves_nothing(
    spoil: Spoil, code: int, named: str, foreign: tuple[Path, Path], packaged: Said
) -> None:
    spoil(*foreign)
    folder = foreign[0].parent
    before = sorted(path.name for path in folder.iterdir())
    found, said = packaged()
    assert found == code, said
    assert named in said
    assert said.startswith("error: ")
    assert "Traceback" not in said
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_folder_that_exists_is_not_written_over(
    foreign: tuple[Path, Path], packaged: Said
) -> None:
    out = foreign[0].parent / "out"
    out.mkdir()
    code, said = packaged()
    assert (code, list(out.iterdir())) == (2, [])
    assert "exists; name a folder that does not" in said


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for 64 KiB; only root may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True
    )
    if made.returncode:
        pytest.skip("a file system of its own wants root and the right to mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_one_message(
    foreign: tuple[Path, Path], small_disk: Path, packaged: Said
) -> None:
    code, said = packaged(f"package.out={small_disk / 'out'}")
    assert code == 3, said
    assert "Traceback" not in said
    assert not (small_disk / "out").exists()


def test_a_disk_that_may_only_be_read_is_one_message(
    foreign: tuple[Path, Path], small_disk: Path, packaged: Said
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    code, said = packaged(f"package.out={small_disk / 'out'}")
    assert code == 3, said
    assert "cannot be written" in said
    assert "Traceback" not in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to every folder")
def test_a_folder_without_the_right_to_write_is_one_message(
    foreign: tuple[Path, Path], packaged: Said, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    code, said = packaged(f"package.out={closed / 'out'}")
    assert code == 3, said
    assert "cannot be written" in said


# --- a run: in processes, as a user starts them ---------------------------------------------------

SMALL = [
    *("package.parity_prompts=4", "eval.max_new_tokens=16", "eval.workers=1", "data.workers=1"),
    *("model=local", "model.path=base", "model.context_tokens=512", "train.max_length_tokens=512"),
    *("train.max_steps=2", "train.validate_every_steps=2", "tracking=files", "run_name=r"),
    *(*OWN_DATA, "data.provenance={source: curated, model: analysts, session: T-7}"),
]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a packaged run of the tests' own base; read only."""
    folder = tmp_path_factory.mktemp("package")
    tiny.base_folder(folder / "base")
    pairs = [
        {"question": f"Price of bike {n}?", "sql": f"SELECT price FROM bikes WHERE id = {n}"}
        for n in range(1, 41)
    ]
    write_data(folder, DDL, ROWS, pairs)
    said = run("train", *SMALL, "stages=[train,package]", "data.eval_fraction=0.2", cwd=folder)
    assert said.returncode == 0, said.stdout + said.stderr
    return folder


@pytest.fixture
def here(origin: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(origin, tmp_path / "copy")
    return tmp_path / "copy"


def bundle_of(folder: Path) -> Path:
    return folder / "outputs" / "r" / "package" / "merged"


@pytest.mark.slow
def test_a_run_is_compared_and_loaded_again(origin: Path) -> None:
    bundle = bundle_of(origin)
    manifest = read(bundle / "MANIFEST.json")
    assert manifest["parity"]["figures"]["prompts"] == 4
    assert manifest["parity"]["figures"]["judged"] == 4
    assert manifest["parity"]["drawn_from"] == "held-out pairs"
    assert "probe.json" in manifest["files"]
    assert not (bundle.parent / "unchecked").exists()
    log = (origin / "outputs" / "r" / "log.txt").read_text()
    assert "load test     merged 3 answers as packaged (transformers, cpu, float32)" in log


@pytest.mark.slow
def test_a_limit_that_is_not_kept_leaves_the_old_bundle_and_the_new_weights(here: Path) -> None:
    before = digest_folder(bundle_of(here))
    more = ["package.parity_merged.max_mean_kl_nats=0", "package.parity_merged.max_kl_nats=0"]
    said = run("package", "run=outputs/r", *more, cwd=here)
    assert said.returncode == 1, said.stdout + said.stderr
    assert "same text" in said.stdout, "the table"
    assert "merged: mean KL " in said.stderr
    assert "package.parity_merged.max_mean_kl_nats=0" in said.stderr
    assert "the weights are kept in outputs/r/package/unchecked" in said.stderr
    assert digest_folder(bundle_of(here)) == before
    kept = here / "outputs" / "r" / "package" / "unchecked" / "merged"
    assert (kept / "model.safetensors").is_file()
    assert not (kept / "MANIFEST.json").exists()


@pytest.mark.slow
def test_comparing_and_loading_again_can_be_left_out(here: Path) -> None:
    off = ["package.parity=false", "package.load_test=false"]
    said = run("package", "run=outputs/r", *off, cwd=here)
    assert said.returncode == 0, said.stdout + said.stderr
    assert read(bundle_of(here) / "MANIFEST.json")["parity"] is None
    assert not (bundle_of(here) / "probe.json").exists()
    assert "ask " not in said.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "code", "named"),
    [
        (without_folder, 2, "base does not exist"),
        (base_without_weights, 2, "has no model.safetensors"),
        (without_adapter, 2, "adapter does not exist"),
        (nan_in_the_adapter, 1, "NaN"),
    ],
)
def test_a_spoilt_run_leaves_its_old_bundle(
    spoil: Spoil, code: int, named: str, here: Path
) -> None:
    before = digest_folder(bundle_of(here))
    spoil(here / "base", here / "outputs" / "r" / "adapter")
    said = run("package", "run=outputs/r", "allow_config_drift=true", cwd=here)
    assert said.returncode == code, said.stdout + said.stderr
    assert named in said.stderr
    assert "Traceback" not in said.stdout + said.stderr
    assert digest_folder(bundle_of(here)) == before
    status = read(here / "outputs" / "r" / "run.json")["stages"]["package"]["status"]
    assert status == ("failed" if "stage package" in said.stderr else "done")


@pytest.mark.slow
def test_a_kill_leaves_the_old_bundle_and_the_same_command_goes_on(here: Path) -> None:
    before = digest_folder(bundle_of(here))
    unchecked = bundle_of(here).parent / "unchecked" / "merged"
    packaging = started("package", "run=outputs/r", cwd=here)
    deadline = time.monotonic() + 120
    while not unchecked.exists() and packaging.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    packaging.kill()
    packaging.communicate()
    assert digest_folder(bundle_of(here)) == before
    said = run("package", "run=outputs/r", cwd=here)
    assert said.returncode == 0, said.stdout + said.stderr
    assert not unchecked.parent.exists()
    after = read(bundle_of(here) / "MANIFEST.json")["files"]
    assert after["model.safetensors"] == before["model.safetensors"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["model.safetensors", "MANIFEST.json"])
def test_a_changed_bundle_is_not_scored(name: str, here: Path) -> None:
    path = bundle_of(here) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    said = run("eval", f"bundle={bundle_of(here)}", *OWN_DATA, "tracking=files", cwd=here)
    assert said.returncode == 2, said.stdout + said.stderr
    assert name in said.stderr
    assert "Traceback" not in said.stderr
