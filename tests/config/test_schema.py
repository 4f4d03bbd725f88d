"""Every option composes, every field is documented and read."""

import ast
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from oracle_sft.config.compose import compose, composed, load, to_yaml, typed
from oracle_sft.config.fields import find_conf_dir
from oracle_sft.config.schema import SECTION_OPTIONS, RunConf

ROOT = Path(__file__).resolve().parents[2]
CONF = find_conf_dir()
OPTIONS = sorted(
    (path.parent.name, path.stem) for path in CONF.rglob("*.yaml") if path.parent != CONF
)


FILES = ["data.path=x", "data.ddl=x"]
BENCHMARKS = {name: ["data.path=x", "data.tables=x"] for name in ("spider", "bird")}


def schema_classes() -> list[type]:
    kinds = [kind for options in SECTION_OPTIONS.values() for kind in options.values()]
    nested = [f.type for kind in kinds for f in fields(kind) if is_dataclass(f.type)]
    return [RunConf, *kinds, *nested]


@pytest.mark.slow  # a composition for each of them
@pytest.mark.parametrize(("group", "option"), OPTIONS)
def test_every_option_composes_and_converts(group: str, option: str, tmp_path: Path) -> None:
    needed = {
        "local": ["model.path=x"],
        "jsonl": FILES,
        "csv": FILES,
        "parquet": FILES,
        "chat": FILES,
        "trajectory": FILES,
        **BENCHMARKS,
    }.get(option, [])
    conf = typed(composed([f"{group}={option}", *needed]))
    if group != "experiment":
        chosen = getattr(conf, group)
        assert type(chosen) is SECTION_OPTIONS[group].get(option, type(chosen))
        assert getattr(chosen, "name", option) == option
    path = tmp_path / "config.yaml"
    path.write_text(to_yaml(conf))
    assert load(path) == conf


def test_every_yaml_belongs_to_a_section_of_the_schema() -> None:
    assert {group for group, _ in OPTIONS} - {"experiment"} == set(SECTION_OPTIONS)


def test_every_schema_node_is_pulled_in_by_a_yaml() -> None:
    text = "\n".join(path.read_text() for path in CONF.rglob("*.yaml"))
    pulled = set(re.findall(r"/schema/(\w+)/(\w+)@_here_", text))
    assert pulled == {
        (section, node) for section, kinds in SECTION_OPTIONS.items() for node in kinds
    }


def test_every_field_is_read() -> None:
    declared = {f.name for kind in schema_classes() for f in fields(kind)}
    sources = [
        path
        for path in (ROOT / "oracle_sft").rglob("*.py")
        if path.parent.name != "config"
        or path.name
        not in (
            "schema.py",
            "data.py",
            "weights.py",
            "packaging.py",
            "scoring.py",
            "checks.py",
            "weight_checks.py",
        )
    ]
    read = {
        node.attr
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    read |= set(
        re.findall(r"\$\{model\.(\w+)", "\n".join(p.read_text() for p in CONF.rglob("*.yaml")))
    )
    assert not declared - read, (
        f"declared in oracle_sft/config, read nowhere: {sorted(declared - read)}"
    )


def test_every_field_says_what_it_is() -> None:
    files = [
        ROOT / "oracle_sft/config" / name
        for name in ("schema.py", "data.py", "weights.py", "packaging.py", "scoring.py")
    ]
    nodes = [node for path in files for node in ast.parse(path.read_text()).body]
    silent = []
    for kind in (
        node for node in nodes if isinstance(node, ast.ClassDef) and node.name != "RunConf"
    ):
        assert ast.get_docstring(kind), kind.name
        for here, below in zip(kind.body, [*kind.body[1:], None], strict=True):
            said = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            if isinstance(here, ast.AnnAssign) and not said and here.target.id != "name":
                silent.append(f"{kind.name}.{here.target.id}")
    assert not silent


def test_the_demo_command_composes_to_the_embedded_default() -> None:
    conf = compose(["adapter=qlora", "quant=awq"])
    assert (conf.model.name, conf.data.name, conf.database.name) == ("tiny", "demo", "from_data")
    assert conf.train.learning_rate == conf.model.learning_rates["qlora"]
