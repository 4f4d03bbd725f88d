"""CSV: what becomes a pair, and what is said of each row that does not."""

import csv
import gzip
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.compose import compose
from oracle_sft.errors import UserError
from oracle_sft.pairs.build import find_or_build
from oracle_sft.pairs.readers.csv import read
from oracle_sft.pairs.readers.draft import Draft, Found, Unread
from oracle_sft.record.files import read_jsonl

HEAD = "question,sql\n"
GOOD = "names?,SELECT name FROM t\n"


def found(
    folder: Path, content: str | bytes, columns: dict[str, str] | None = None, delimiter: str = ","
) -> list[Found]:
    file = folder / "pairs.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read(file, columns=columns or {}, delimiter=delimiter))


def only_unread(folder: Path, content: str | bytes) -> tuple[str, str]:
    """Where and why, of the only place that is no pair."""
    (one,) = [each for each in found(folder, content) if isinstance(each, Unread)]
    return one.where.removeprefix(str(folder / "pairs.csv")), one.reason


def test_columns_are_the_keys_of_a_pair_and_of_its_record(tmp_path: Path) -> None:
    head = "tags,question,sql,id,evidence,source_session_id,source,model,timestamp,approved,notes\n"
    row = '"a, b",q,SELECT 1 FROM dual,mine,,chat-1,curated,people,2026-01-02T03:04:05Z,TRUE,seen\n'
    (draft,) = found(tmp_path, head + row)
    assert isinstance(draft, Draft)
    assert (draft.id, draft.tags, draft.evidence) == ("mine", ("a", "b"), "")
    assert draft.provenance == {
        "source_session_id": "chat-1",
        "source": "curated",
        "model": "people",
        "timestamp": "2026-01-02T03:04:05Z",
        "approved": True,
    }


def test_what_a_cell_leaves_open_stays_open(tmp_path: Path) -> None:
    (draft,) = found(tmp_path, "question,sql,approved,model\nq,SELECT 1 FROM dual, ,\n")
    assert isinstance(draft, Draft)
    assert draft.provenance == {}


def test_other_names_of_columns(tmp_path: Path) -> None:
    columns = {"question": "ask", "sql": "answer"}
    (draft,) = found(tmp_path, "question;ask;answer\nno;yes;SELECT 1 FROM dual\n", columns, ";")
    assert isinstance(draft, Draft)
    assert (draft.question, draft.sql) == ("yes", "SELECT 1 FROM dual")


def test_quotes_delimiters_and_line_ends_inside_of_a_value(tmp_path: Path) -> None:
    text = HEAD + '"say ""x"", now","SELECT 1,\r\n2\nFROM dual"\n' + GOOD
    first, second = found(tmp_path, text)
    assert isinstance(first, Draft)
    assert (first.question, first.sql) == ('say "x", now', "SELECT 1,\r\n2\nFROM dual")
    # An editor's line, and a spreadsheet's row.
    assert second.where == f"{tmp_path / 'pairs.csv'}:5 (row 3)"


def test_bom_crlf_blank_lines_and_gzip(tmp_path: Path) -> None:
    text = ("\ufeff" + HEAD + "\n" + GOOD).replace("\n", "\r\n").encode()
    (plain,) = found(tmp_path, text)
    (packed,) = found(tmp_path, gzip.compress(text))
    assert isinstance(plain, Draft)
    assert plain == packed
    assert (plain.question, plain.where) == ("names?", f"{tmp_path / 'pairs.csv'}:3")


@pytest.mark.parametrize("said", ["yes", "1", "t", "wahr"])
def test_approved_is_true_or_false_in_letters(tmp_path: Path, said: str) -> None:
    where, reason = only_unread(tmp_path, f"question,sql,approved\nq,SELECT 1 FROM dual,{said}\n")
    assert (where, reason) == (":2", f"approved is {said!r}; it must be true or false")


DAMAGE = {
    "too few values": (HEAD + GOOD + "alone\n" + GOOD, ":3", "1 values where the first row has 2"),
    "too many values": (HEAD + GOOD + "a,b,c\n", ":3", "3 values where the first row has 2"),
    "no sql": (HEAD + "q, \n" + GOOD, ":2", "sql is ' '; it must be text that is not empty"),
    "no question": (HEAD + GOOD + ",s\n", ":3", "question is ''"),
    "text behind a quote": (HEAD + '"a"b,c\n' + GOOD, ":2", "not CSV: ',' expected after '\"'"),
    "a quote that is not closed": (
        HEAD + GOOD + '"a,b\nc,d\n',
        ":3",
        "not CSV: a quote is opened and not closed; it takes the lines 3 to 4 with it",
    ),
    "a line end of CR": (HEAD + "a,b\rc,d\n" + GOOD, ":2", "not CSV: a line end of CR alone"),
    "another encoding": (
        (HEAD + GOOD).encode() + b"Gr\xf6\xdfe?,SELECT 1 FROM dual\n",
        ":3",
        "not UTF-8 (the byte 0xF6); convert the file (iconv -f WINDOWS-1252 -t UTF-8)",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_row_that_is_no_pair_is_named_and_the_others_are_read(tmp_path: Path, kind: str) -> None:
    content, place, message = DAMAGE[kind]
    where, reason = only_unread(tmp_path, content)
    assert where == place
    assert message in reason
    text = content if isinstance(content, str) else content.decode(errors="replace")
    drafts = [each for each in found(tmp_path, content) if isinstance(each, Draft)]
    assert len(drafts) == text.count("names?")


REFUSED = {
    "UTF-16": ((HEAD + GOOD).encode("utf-16"), "is UTF-16; it must be UTF-8"),
    "UTF-16 without a mark": ((HEAD + GOOD).encode("utf-16-le"), "NUL bytes in its first row"),
    "names in another encoding": (b"question,sql,gr\xf6\xdfe\n", "not UTF-8 (the byte 0xF6)"),
    "no such column": ("ask,sql\n", "has no column 'question' for the question; it has ask, sql"),
    "another delimiter": ("question;sql\nq;s\n", "data.delimiter=comma|semicolon|tab|pipe"),
    "a column twice": ("question,sql,sql\n", "has the column 'sql' twice"),
    "a record in one column": ("question,sql,provenance\n", "each of its fields has a column"),
    "CR alone": ("question,sql\ra,b\r", "a line end of CR alone"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_is_none_is_refused(tmp_path: Path, kind: str) -> None:
    content, message = REFUSED[kind]
    with pytest.raises(UserError) as caught:
        found(tmp_path, content)
    assert message in str(caught.value)


def test_a_column_that_the_config_names_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no column 'who' for the model"):
        found(tmp_path, HEAD, {"model": "who"})


def test_a_folder_is_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "notes.txt"):
        (tmp_path / name).write_text(HEAD + GOOD.replace("names", name))
    drafts = list(read(tmp_path, columns={}, delimiter=","))
    assert [one.where for one in drafts] == [f"{tmp_path / name}:2" for name in ("a.csv", "b.csv")]
    none = tmp_path / "none"
    none.mkdir()
    with pytest.raises(UserError, match=r"holds no \*\.csv"):
        list(read(none, columns={}, delimiter=","))


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@given(rows=st.lists(st.tuples(TEXT, TEXT), max_size=6), delimiter=st.sampled_from(",;\t|"))
def test_each_row_that_is_written_is_found(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], delimiter: str
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("question", "sql"), *rows])
    ones = found(tmp_path_factory.mktemp("csv"), stream.getvalue(), delimiter=delimiter)
    drafts = [(one.question, one.sql) for one in ones if isinstance(one, Draft)]
    assert drafts == [(q.strip(), s.strip()) for q, s in rows if q.strip() and s.strip()]
    assert len({one.where for one in ones}) == len(rows)


@given(content=st.binary(max_size=80))
def test_no_bytes_end_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    found(folder, HEAD.encode() + b"," + content)
    with suppress(UserError):
        found(folder, content)


def test_from_a_file_to_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "shop.sql").write_text("CREATE TABLE t (id NUMBER(6) PRIMARY KEY, n VARCHAR2(9));")
    rows = "".join(f"n of {n}?,SELECT n FROM t WHERE id = {n},true\n" for n in range(9))
    (tmp_path / "pairs.csv").write_text(f"ask,answer,approved\n{rows}torn\n")
    named = "data.columns={question: ask, sql: answer}"
    overrides = [
        "data=csv",
        named,
        "data.malformed=set_aside",
        f"outputs_dir={tmp_path / 'outputs'}",
    ]
    paths = [f"data.path={tmp_path / 'pairs.csv'}", f"data.ddl={tmp_path / 'shop.sql'}"]
    dataset = find_or_build(compose([*overrides, *paths]), lambda done, total: None)
    assert sum(dataset.stats["suites"].values()) == 9
    (row,) = read_jsonl(dataset.folder / "rejected.jsonl")
    assert (row["where"], row["stage"]) == ("pairs.csv:11", "read")
    assert dataset.train_pairs()[0].provenance["approved"] is True


def test_columns_that_the_config_cannot_mean_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text(HEAD + GOOD)
    with pytest.raises(UserError, match=r"data\.columns\.questoin"):
        compose(["data=csv", f"data.path={file}", "data.columns={questoin: ask}"])
    with pytest.raises(UserError, match=r"data\.columns\.sql names no column"):
        compose(["data=csv", f"data.path={file}", "data.columns.sql=' '"])
