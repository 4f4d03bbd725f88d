"""Shards of rows, and a DuckDB that sees each of them once, wherever they lie."""

import os
import re
import signal
import threading
from contextlib import closing
from pathlib import Path

import pyarrow
import pytest

from oracle_sft.errors import UserError
from oracle_sft.pairs.workbench import Workbench


@pytest.mark.parametrize(
    "name", ["a[1]b", "a[b", "st*r", "**", "place=7", "q'uote", "{0}", "%s", "~", "üñ ", ";--"]
)
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "work"
    folder.mkdir(parents=True)
    with closing(Workbench(folder)) as bench:
        bench.write("rows", 0, pyarrow.table({"place": [1, 2]}))
        bench.write("rows", 1, pyarrow.table({"place": [3]}))
        assert bench.rows(f"SELECT * FROM {bench.rows_of('rows')} ORDER BY place") == [
            (1,),
            (2,),
            (3,),
        ]
    assert (folder / "work.duckdb").is_file()


def test_a_relative_folder_is_not_one_of_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "~").mkdir()
    with closing(Workbench(Path("~"))) as bench:
        bench.write("rows", 0, pyarrow.table({"place": [1]}))
        assert bench.value(f"SELECT count(*) FROM {bench.rows_of('rows')}") == 1
    assert (tmp_path / "~" / "work.duckdb").is_file()


@pytest.mark.parametrize("sign", ["\\", "?"])
def test_a_folder_that_duckdb_takes_for_another_is_refused(tmp_path: Path, sign: str) -> None:
    folder = tmp_path / f"a{sign}b"
    folder.mkdir()
    with pytest.raises(UserError, match=re.escape(f"has a {sign} in it")):
        Workbench(folder)


def test_ctrl_c_reaches_a_query(tmp_path: Path) -> None:
    pressed = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    with closing(Workbench(tmp_path)) as bench, pytest.raises(KeyboardInterrupt):
        pressed.start()
        list(bench.stream("SELECT count(*) FROM range(3000000000) WHERE range % 7 = 9"))


def test_a_machine_of_many_cores_has_no_more_threads_than_the_memory_can_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oracle_sft.pairs.workbench.num_cores", lambda: 192)
    with closing(Workbench(tmp_path)) as bench:
        assert bench.value("SELECT current_setting('threads')") == 4
