"""The command `python -m oracle_sft.data`."""

import json
from pathlib import Path

import pytest

from oracle_sft.data import main

DDL = "CREATE TABLE t (id NUMBER(6) PRIMARY KEY, name VARCHAR2(20));"


@pytest.fixture
def settings(tmp_path: Path) -> list[str]:
    rows = [
        {"question": f"name of {n}?", "sql": f"SELECT name FROM t WHERE id = {n}"} for n in range(9)
    ]
    rows.append({"question": "drop", "sql": "DROP TABLE t"})
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "shop.sql").write_text(DDL)
    return [
        "data=jsonl",
        f"data.path={tmp_path / 'pairs.jsonl'}",
        f"data.ddl={tmp_path / 'shop.sql'}",
        f"outputs_dir={tmp_path / 'outputs'}",
    ]


def test_stages_that_set_pairs_aside_are_shown_by_source(
    settings: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(settings) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["stage", "source", "in", "out", "set", "aside"] in lines
    assert ["guardrail", "curated", "10", "9", "1"] in lines


@pytest.mark.slow  # loads a tokenizer
def test_a_preview_shows_pairs_as_the_model_reads_them(
    settings: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*settings, "preview=2", "data.eval_fraction=0", "data.validation_fraction=0"]) == 0
    out = capsys.readouterr().out
    assert out.count("tokens masked") == 2
    assert "SELECT name FROM t WHERE id = 0" in out
    assert "curated" in out
    figures = next(line.split() for line in out.splitlines() if line.startswith("curated"))
    assert figures[1] == "9"


def test_a_preview_of_less_than_nothing_is_refused(
    settings: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*settings, "preview=-1"]) == 2
    assert "preview=-1" in capsys.readouterr().err


def test_invalid_provenance_is_a_warning_that_names_the_pairs(
    settings: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = {"id": "p9", "question": "q", "sql": "SELECT 1 FROM t", "provenance": {"source": "forum"}}
    with (tmp_path / "pairs.jsonl").open("a") as lines:
        lines.write(json.dumps(bad) + "\n")
    assert main(settings) == 0
    out = capsys.readouterr().out
    assert "warning: 1 pair has invalid provenance" in out
    assert "pairs.jsonl:11: pair p9: provenance source 'forum' is not known" in out
    assert "data.provenance.allow_sources=[forum]" in out


@pytest.mark.parametrize(("level", "lines"), [("info", 3), ("warning", 1), ("error", 0)])
def test_the_log_names_each_pair_that_is_set_aside(
    settings: list[str], tmp_path: Path, level: str, lines: int
) -> None:
    assert main([*settings, f"log_level={level}"]) == 0
    said = (tmp_path / "outputs" / "datasets" / "log.txt").read_text().splitlines()
    assert len(said) == lines
    if lines:
        (warning,) = (line for line in said if " WARNING " in line)
        assert "(pairs.jsonl:10) is set aside, guardrail: " in warning


def test_how_many_pairs_were_set_aside_is_said(
    settings: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(settings) == 0
    assert "set aside 1 of 10: 1 guardrail (see " in capsys.readouterr().out


def test_croissant_json_lies_beside_the_files_that_it_describes(
    settings: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*settings, "croissant=true", "about.license=https://spdx.org/licenses/MIT"]) == 0
    (path,) = tmp_path.glob("outputs/datasets/jsonl-*/croissant.json")
    out = capsys.readouterr().out
    assert str(path) in out
    assert "without about.url, about.creator, about.published: set them" in out
    assert json.loads(path.read_text())["license"] == "https://spdx.org/licenses/MIT"
    before = path.read_bytes()
    published = "about.published=2026-01-31"
    assert main([*settings, "croissant=true", published]) == 0
    assert json.loads(path.read_text())["datePublished"] == "2026-01-31"
    assert path.read_bytes() != before


@pytest.mark.parametrize(
    ("override", "fault"),
    [
        ("about.published=soon", "about.published='soon' is no day"),
        ("about.url=page", "about.url='page' is no URL"),
        ("about.creator=' '", "about.creator is empty"),
        ("about.licence=MIT", "about.license"),
    ],
)
def test_what_cannot_be_said_of_a_dataset_is_refused(
    settings: list[str], capsys: pytest.CaptureFixture[str], override: str, fault: str
) -> None:
    assert main([*settings, "croissant=true", override]) == 2
    assert fault in capsys.readouterr().err
