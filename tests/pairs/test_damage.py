"""The commands on 1,000 pairs of which a tenth is damaged in every way: each place is named, nothing is a traceback."""

import json
import shutil
from collections import Counter
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from oracle_sft.record.files import read_jsonl
from tests.command import OWN_DATA, run
from tests.pairs import damage
from tests.pairs.damage import NUM_LINES, Kind

DAMAGED = damage.damaged_lines()
BY_NAME = {kind.name: kind for kind in damage.KINDS}
BACKFILL = ("backfill", "pairs.jsonl", "--source", "backfill", "--model", "hermes4:14b")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage")
    damage.write(folder)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """The files, to be changed."""
    return shutil.copytree(written, tmp_path / "pairs")


def said(command: str, *arguments: str, cwd: Path, code: int) -> CompletedProcess[str]:
    ended = run(command, *arguments, cwd=cwd)
    assert "Traceback" not in ended.stderr + ended.stdout
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended


def report(*arguments: str, cwd: Path, code: int = 0) -> Any:
    return json.loads(said("provenance", *arguments, "--json", cwd=cwd, code=code).stdout)[
        "pairs.jsonl"
    ]


def of(**wanted: Any) -> dict[int, Kind]:
    """The damaged lines whose kind says so."""
    return {
        number: kind
        for number, kind in DAMAGED.items()
        if all(getattr(kind, name) == value for name, value in wanted.items())
    }


def test_the_file_has_a_dozen_kinds_of_damage_and_more() -> None:
    assert len(damage.KINDS) >= 3 * 12
    assert len(BY_NAME) == len(damage.KINDS)
    assert all(kind in DAMAGED.values() for kind in damage.KINDS)
    assert len(damage.lines()) == NUM_LINES


def test_validate_names_each_place_and_nothing_else(written: Path) -> None:
    invalid = {number: kind for number, kind in DAMAGED.items() if kind.invalid}
    found = report("validate", "pairs.jsonl", cwd=written, code=1)
    assert (found["valid"], found["invalid"]) == (NUM_LINES - len(invalid), len(invalid))
    assert found["errors_left_out"] == 0
    assert sum(found["kinds"].values()) == len(invalid)
    assert [each["line"] for each in found["errors"]] == list(invalid)
    for each in found["errors"]:
        (error,) = each["errors"]
        assert invalid[each["line"]].invalid in error, each


def test_validate_prints_places_then_kinds_then_the_remedy(written: Path) -> None:
    ended = said("provenance", "validate", "pairs.jsonl", cwd=written, code=1)
    *rows, total = ended.stdout.splitlines()
    invalid = [number for number, kind in DAMAGED.items() if kind.invalid]
    for row, number in zip(rows[:20], invalid, strict=False):
        assert row.startswith(f"pairs.jsonl:{number}: ")
        assert DAMAGED[number].invalid in row
    assert rows[20].startswith(f"pairs.jsonl: ... and {len(invalid) - 20} lines more")
    assert sum(int(row.split()[0]) for row in rows[21:]) == len(invalid)
    assert total == f"pairs.jsonl: {NUM_LINES - len(invalid)} of 1,000 pairs valid (93.6%)"
    assert "provenance backfill" in ended.stderr


def test_report_and_dashboard_count_every_line_once(written: Path) -> None:
    found = report("report", "pairs.jsonl", cwd=written)
    unreadable = of(is_unreadable=True)
    assert found["total"] == NUM_LINES
    assert found["unreadable"] == len(unreadable)
    assert found["missing_provenance"] == sum(bool(kind.invalid) for kind in DAMAGED.values())
    assert found["by_source"]["scraped"] == 3
    assert sum(found["by_source"].values()) == sum(found["by_model"].values()) == NUM_LINES
    excluded = [number for number, kind in DAMAGED.items() if kind.name.startswith("excluded")]
    assert found["excluded"] == len(excluded)
    assert found["excluded_by_reason"] == {"unknown": 3, "wrong join": 6}
    shown = said("provenance", "dashboard", "pairs.jsonl", cwd=written, code=0).stdout
    neither = {number for number, kind in DAMAGED.items() if kind.name in ('"true" for true',)}
    neither |= unreadable.keys() | of(name="no provenance").keys()
    neither |= of(name="provenance that is a text").keys()
    row = next(row for row in shown.splitlines() if "neither of these" in row)
    assert int(row.split()[-3]) == len(neither)


@pytest.mark.slow
def test_backfill_keeps_every_byte_that_it_cannot_mend_and_ends_with_the_first_time(
    folder: Path,
) -> None:
    path = folder / "pairs.jsonl"
    before = path.read_bytes().split(b"\n")
    ended = said("provenance", *BACKFILL, cwd=folder, code=0)
    after = path.read_bytes().split(b"\n")
    mended = of(is_mended=True)
    assert [n for n, (was, now) in enumerate(zip(before, after, strict=True), 1) if was != now] == [
        *mended
    ]
    assert f"{len(mended)} of 1,000 pairs completed; " in ended.stdout
    listed = ended.stderr.splitlines()
    kept = {**of(is_unreadable=True), **of(name="provenance that is a text")}
    for row, number in zip(listed[:20], sorted(kept), strict=False):
        assert row.startswith(f"pairs.jsonl:{number}: kept as it is: ")
    found = report("validate", "pairs.jsonl", cwd=folder, code=1)
    invalid = [n for n, kind in DAMAGED.items() if kind.invalid and not kind.is_mended]
    assert [each["line"] for each in found["errors"]] == invalid
    again = said("provenance", *BACKFILL, cwd=folder, code=0)
    assert "0 of 1,000 pairs completed" in again.stdout
    assert path.read_bytes().split(b"\n") == after


@pytest.mark.slow
def test_exclude_finds_its_pair_among_the_damage(folder: Path) -> None:
    call = ["exclude", "pairs.jsonl", "--reason", "wrong join", "--id"]
    ended = said("provenance", *call, "p-0002", cwd=folder, code=0)
    assert ended.stdout.startswith("pairs.jsonl: 1 of 1,000 pairs newly excluded; 31 lines hold no")
    assert not ended.stderr
    again = said("provenance", *call, "p-0002", cwd=folder, code=0)
    assert again.stdout.startswith("pairs.jsonl: 0 of 1,000 pairs newly excluded")
    assert report("report", "pairs.jsonl", cwd=folder)["excluded_by_reason"]["wrong join"] == 7
    nobody = said("provenance", *call, "nobody", cwd=folder, code=1)
    assert "no pair has the id nobody" in nobody.stderr


@pytest.mark.parametrize("verb", ["validate", "report", "dashboard", "backfill", "exclude"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cut.jsonl.gz", "cut.jsonl.gz is damaged as a gzip file"),
        ("utf16.jsonl", "utf16.jsonl is UTF-16; it must be UTF-8"),
    ],
)
def test_a_file_that_is_damaged_as_a_whole_is_refused_and_stays(
    verb: str, name: str, message: str, written: Path
) -> None:
    before = (written / name).read_bytes()
    more = {
        "backfill": ["--source", "backfill", "--model", "m"],
        "exclude": ["--id", "p-0001", "--reason", "x"],
    }
    ended = said("provenance", verb, name, *more.get(verb, []), cwd=written, code=2)
    assert ended.stderr.startswith(f"error: {message}")
    assert ended.stderr.count("\n") == 1
    assert (written / name).read_bytes() == before
    assert not list(written.glob(".*"))


@pytest.mark.slow
def test_an_empty_file_is_said_to_be_one(written: Path) -> None:
    shown = said("provenance", "validate", "empty.jsonl", cwd=written, code=0).stdout
    assert shown == "empty.jsonl: it holds no pairs\n"
    arguments = ["data=jsonl", "data.path=empty.jsonl", "data.ddl=schema.sql"]
    assert "empty.jsonl holds no pairs" in said("data", *arguments, cwd=written, code=2).stderr


@pytest.mark.slow
@pytest.mark.parametrize("malformed", ["refuse", "set_aside"])
@pytest.mark.parametrize("name", ["cut.jsonl.gz", "utf16.jsonl"])
def test_no_dataset_is_built_of_a_file_that_is_damaged_as_a_whole(
    name: str, malformed: str, written: Path
) -> None:
    given = [f"data.path={name}", "data.ddl=schema.sql", f"data.malformed={malformed}"]
    ended = said("data", "data=jsonl", *given, cwd=written, code=2)
    assert ended.stderr.startswith(f"error: {name} is ")
    assert not list((written / "outputs" / "datasets").glob("jsonl-*"))


@pytest.mark.slow
def test_a_build_refuses_the_file_and_names_the_first_places(written: Path) -> None:
    ended = said("data", *OWN_DATA, cwd=written, code=2)
    faults = of(stage="read")
    rows = ended.stderr.removeprefix("error: ").splitlines()
    assert f"... and {len(faults) - 10} more" in rows[10]
    assert "data.malformed=set_aside" in rows[11]
    for row, number in zip(rows[:10], faults, strict=False):
        assert row.startswith(f"pairs.jsonl:{number}:")
        assert faults[number].reason in row


@pytest.mark.slow
def test_a_build_sets_the_damage_aside_with_place_and_reason(written: Path) -> None:
    ended = said("data", *OWN_DATA, "data.malformed=set_aside", cwd=written, code=0)
    (dataset,) = (written / "outputs" / "datasets").glob("jsonl-*")
    aside = {number: kind for number, kind in DAMAGED.items() if kind.stage}
    rejected = read_jsonl(dataset / "rejected.jsonl")
    places = {int(row["where"].split(":")[1]): row for row in rejected}
    assert sorted(places) == sorted(aside)
    for number, kind in aside.items():
        row = places[number]
        assert row["stage"] == kind.stage, (kind.name, row)
        assert kind.reason.lower() in row["reason"].lower(), (kind.name, row)
        assert row["provenance"]["excluded"] is True
    assert len(rejected) == len(aside)
    kept = [*read_jsonl(dataset / "train.jsonl"), *read_jsonl(dataset / "eval.jsonl")]
    assert len(kept) == NUM_LINES - len(aside)
    stages = Counter(kind.stage for kind in aside.values())
    for stage, count in stages.items():
        assert f"{count} {stage}" in ended.stdout
