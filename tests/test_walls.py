"""The walls of the house: imports point down, importing stays light, the wheel carries its config."""

import ast
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "oracle_sft"
LAYERS = ("config", "record", "sqltext", "engine", "pairs", "model", "score", "gateway")
HEAVY = {"torch", "transformers", "deepspeed", "vllm", "oracledb", "wandb", "duckdb", "datasets"}


def layer(module: str) -> int:
    """Height of a module: errors and optional below all, commands above all."""
    parts = module.split(".")
    if len(parts) < 2 or parts[1] in ("errors", "optional"):
        return -1
    return LAYERS.index(parts[1]) if parts[1] in LAYERS else len(LAYERS)


@cache
def package_imports() -> list[tuple[str, str]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        here = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("oracle_sft."):
                found.append((here, str(node.module)))
            elif isinstance(node, ast.Import):
                found += [
                    (here, alias.name)
                    for alias in node.names
                    if alias.name.startswith("oracle_sft.")
                ]
    return found


def test_imports_point_down() -> None:
    upward = [
        f"{here} imports {there}" for here, there in package_imports() if layer(there) > layer(here)
    ]
    assert not upward, "\n".join(upward)


def test_commands_do_not_import_each_other() -> None:
    commands = {path.stem for path in PACKAGE.glob("*.py")} - {"errors", "optional", "__init__"}
    crossing = [
        f"{here} imports {there}"
        for here, there in package_imports()
        if there.split(".")[1] in commands and len(there.split(".")) == 2
    ]
    assert not crossing, "\n".join(crossing)


def test_no_room_without_a_name_of_its_own() -> None:
    odd = [
        path
        for path in PACKAGE.rglob("*.py")
        if path.stem in ("utils", "util", "helpers", "common", "misc")
    ]
    assert not odd


@pytest.mark.slow
@pytest.mark.parametrize(
    "module",
    [
        "oracle_sft.config.compose",
        "oracle_sft.record.sweep",
        "oracle_sft.train",
        "oracle_sft.package",
        "oracle_sft.eval",
    ],
)
def test_importing_stays_light(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not set(said.stdout.split()) & HEAVY


@pytest.mark.slow
@pytest.mark.parametrize(
    "module", ["oracle_sft.score.asking", "oracle_sft.model.targets", "oracle_sft.model.endpoint"]
)
def test_a_server_is_scored_without_torch(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not set(said.stdout.split()) & {"torch", "transformers", "datasets"}


@pytest.mark.slow
def test_help_does_not_import_hydra() -> None:
    code = (
        "import sys; from oracle_sft.train import main; code = main(['--help']);"
        "print('hydra' in sys.modules, code, file=sys.stderr)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert said.stderr.split() == ["False", "0"]
    assert "adapter    full, lora, qlora" in said.stdout


@pytest.mark.slow
def test_wheel_composes_a_config_from_another_folder(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(build, capture_output=True, text=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # -P and -I would lose site; the wheel's folder comes first on the path, so the checkout is not what is imported.
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r}); import oracle_sft; print(oracle_sft.__file__);"
        "from oracle_sft.train import main; sys.exit(main(['adapter=qlora', 'quant=awq', '--cfg', 'job']))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[0].startswith(str(site))
    assert "name: qlora" in said.stdout
