"""Digests of files and folders."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.record.digest import digest_folder, sha256_file, sha256_json

MIB = 1 << 20


def plain(folder: Path) -> dict[str, dict[str, object]]:
    """One file after the other, each read whole."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {
        file.relative_to(folder).as_posix(): {
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "size": file.stat().st_size,
        }
        for file in files
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sizes = {"b.bin": 2 * MIB + 1, "a.bin": MIB, "empty": 0, "sub/c.bin": 3 * MIB - 1, "sub/d": 1}
    for name, size in sizes.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(os.urandom(size))
    return tmp_path


@pytest.mark.parametrize("threads", [1, 2, 7, None])
def test_a_folder_has_the_digests_of_its_files_by_name(folder: Path, threads: int | None) -> None:
    found = digest_folder(folder, threads=threads)
    assert found == plain(folder)
    assert list(found) == list(plain(folder))
    assert found["b.bin"]["sha256"] == sha256_file(folder / "b.bin")


def test_progress_ends_with_all_bytes(folder: Path) -> None:
    said: list[tuple[int, int]] = []
    digest_folder(folder, on_progress=lambda done, total: said.append((done, total)))
    size = sum(int(entry["size"]) for entry in digest_folder(folder).values())
    assert said == sorted(said)
    assert said[-1][1] == size
    assert said[-1][0] > 0.98 * size
    assert len(said) > 2


def test_an_empty_folder_has_none(tmp_path: Path) -> None:
    assert digest_folder(tmp_path) == {}


def test_a_link_counts_as_what_it_leads_to(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "b.bin")
    found = digest_folder(folder)
    assert found["link"] == found["b.bin"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_is_an_error(folder: Path) -> None:
    (folder / "a.bin").chmod(0)
    with pytest.raises(PermissionError, match=r"a\.bin"):
        digest_folder(folder)


@given(st.dictionaries(st.text(), st.integers() | st.text()))
def test_the_order_of_keys_does_not_count(value: dict[str, object]) -> None:
    assert sha256_json(value) == sha256_json(dict(reversed(value.items())))
