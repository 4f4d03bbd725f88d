"""A file of 1,000 pairs, some of them damaged in each way that files are: `python -m tests.pairs.damage FOLDER`.

The same bytes each time. What is damaged how, and what the commands shall say of it, stands in `KINDS`.
"""

import gzip
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NUM_LINES = 1_000
TIMES = 3
"""Lines of each kind, but for those of 10 MB."""
BIG_CHARS = 10_000_000
EVERY = 8
"""Every eighth line is damaged, as long as there are damages."""
DDL = """\
CREATE TABLE authors (author_id NUMBER(6) PRIMARY KEY, full_name VARCHAR2(60) NOT NULL);
CREATE TABLE books (
  book_id NUMBER(6) PRIMARY KEY, title VARCHAR2(80) NOT NULL, author_id NUMBER(6) REFERENCES authors, price NUMBER(8,2)
);
"""
ROWS = {
    "authors": [{"author_id": n, "full_name": f"Author {n}"} for n in range(1, 5)],
    "books": [
        {"book_id": n, "title": f"Book {n}", "author_id": n % 4 + 1, "price": n * 2.5}
        for n in range(1, 31)
    ],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way in which a line is damaged."""

    name: str
    line: Callable[[int], bytes]
    """The line with this number."""
    invalid: str = ""
    """What `provenance validate` says of it; empty: its provenance is valid."""
    is_unreadable: bool = False
    """It is no JSON object."""
    is_mended: bool = False
    """`provenance backfill` makes it valid."""
    stage: str = ""
    """Where the build of a dataset sets it aside; empty: it keeps it."""
    reason: str = ""
    """What the build says of it."""
    times: int = TIMES


def good(number: int) -> dict[str, Any]:
    """The pair that stands in line `number` if nothing is wrong with it."""
    return {
        "id": f"p-{number:04d}",
        "question": f"Which books by author {number % 4 + 1} cost more than {number}? Wie groß?",
        "sql": f"SELECT title FROM books WHERE author_id = {number % 4 + 1} AND price > {number}",
        "provenance": {
            "source_session_id": f"chat-{number % 97}",
            "source": "curated" if number % 3 else "trajectory",
            "model": "hermes4:14b" if number % 5 else "analysts",
            "timestamp": "2026-05-02T14:03:11Z",
            "approved": True,
        },
    }


def _json(pair: Any) -> bytes:
    return json.dumps(pair, ensure_ascii=False).encode()


def _plain(number: int) -> bytes:
    return _json(good(number))


def _pair(**changes: Any) -> Callable[[int], bytes]:
    return lambda number: _json(good(number) | changes)


def _without(key: str) -> Callable[[int], bytes]:
    return lambda number: _json({name: said for name, said in good(number).items() if name != key})


def _record(*, without: str = "", **changes: Any) -> Callable[[int], bytes]:
    def line(number: int) -> bytes:
        pair = good(number)
        record = pair["provenance"] | changes
        record.pop(without, None)
        return _json(pair | {"provenance": record})

    return line


def _replaced(old: bytes, new: bytes) -> Callable[[int], bytes]:
    return lambda number: _plain(number).replace(old, new, 1)


def _sql(text: str) -> Callable[[int], bytes]:
    return lambda number: _json(good(number) | {"sql": text.format(number)})


KINDS = (
    # --- lines that hold no JSON object
    Kind(
        name="no JSON",
        line=lambda number: b"2026-05-02 14:03:11 INFO restarted",
        invalid="no JSON object",
        is_unreadable=True,
        stage="read",
        reason="not JSON",
    ),
    Kind(
        name="cut in the middle",
        line=lambda number: _plain(number)[:90],
        invalid="not JSON",
        is_unreadable=True,
        stage="read",
        reason="not JSON",
    ),
    Kind(
        name="a NUL byte inside",
        line=_replaced(b"Wie", b"W\0e"),
        invalid="a NUL byte at byte",
        is_unreadable=True,
        stage="read",
        reason="not JSON",
    ),
    Kind(
        name="nothing but NUL bytes",
        line=lambda number: b"\0" * 512,
        invalid="a NUL byte at byte 1,",
        is_unreadable=True,
        stage="read",
        reason="not JSON",
    ),
    Kind(
        name="Latin-1, not UTF-8",
        line=lambda number: _plain(number).decode().encode("latin-1"),
        invalid="not UTF-8 at byte",
        is_unreadable=True,
        stage="read",
        reason="not UTF-8 at byte",
    ),
    Kind(
        name="a list",
        line=lambda number: _json([good(number)]),
        invalid="no JSON object",
        is_unreadable=True,
        stage="read",
        reason="a list, not an object",
    ),
    Kind(
        name="two objects in one line",
        line=lambda number: _plain(number) * 2,
        invalid="not JSON",
        is_unreadable=True,
        stage="read",
        reason="not JSON",
    ),
    Kind(
        name="NaN",
        line=_replaced(b'{"id"', b'{"score": NaN, "id"'),
        invalid="not JSON",
        is_unreadable=True,
        stage="read",
        reason="NaN is no number of JSON",
    ),
    Kind(
        name="half a surrogate pair",
        line=_replaced(b"Wie", b"\\ud83d"),
        invalid="not JSON",
        is_unreadable=True,
        stage="read",
        reason="half of a surrogate pair",
    ),
    Kind(
        name="nested 5,000 deep",
        line=lambda number: b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        invalid="nested too deeply",
        is_unreadable=True,
        stage="read",
        reason="not JSON",
    ),
    Kind(
        name="10 MB, cut",
        line=lambda number: _json(good(number) | {"trace": "x" * BIG_CHARS})[:-9],
        invalid="not JSON",
        is_unreadable=True,
        stage="read",
        reason="not JSON",
        times=1,
    ),
    # --- lines that are right
    Kind(
        name="10 MB, whole",
        line=lambda number: _json(good(number) | {"trace": "x" * BIG_CHARS}),
        times=1,
    ),
    Kind(name="ends with CR LF", line=lambda number: _plain(number) + b"\r"),
    # --- provenance
    Kind(
        name="no provenance",
        line=_without("provenance"),
        invalid="missing provenance metadata",
        is_mended=True,
    ),
    Kind(
        name="a field is missing",
        line=_record(without="timestamp"),
        invalid="missing field: timestamp",
        is_mended=True,
    ),
    Kind(
        name="an empty field",
        line=_record(source_session_id=" "),
        invalid="field is empty: source_session_id",
        is_mended=True,
    ),
    Kind(
        name="5 for a text",
        line=_record(model=5),
        invalid="model is 5",
        stage="invalid_provenance",
        reason="model is 5",
    ),
    Kind(
        name='"true" for true',
        line=_record(approved="true"),
        invalid="approved is 'true'",
        stage="invalid_provenance",
        reason="approved is 'true'",
    ),
    Kind(
        name="a timestamp that is none",
        line=_record(timestamp="yesterday"),
        invalid="timestamp 'yesterday'",
        stage="invalid_provenance",
        reason="timestamp 'yesterday'",
    ),
    Kind(
        name="a timestamp without a zone",
        line=_record(timestamp="2026-05-02T14:03:11"),
        invalid="timestamp '2026-05-02T14:03:11'",
        stage="invalid_provenance",
        reason="timestamp '2026-05-02T14:03:11'",
    ),
    Kind(
        name="an unknown source",
        line=_record(source="scraped"),
        invalid="source 'scraped'",
        stage="invalid_provenance",
        reason="source 'scraped'",
    ),
    Kind(
        name="excluded without a reason",
        line=_record(excluded=True, approved=False),
        invalid="missing exclusion_reason",
        stage="invalid_provenance",
        reason="missing exclusion_reason",
    ),
    Kind(
        name="excluded and approved",
        line=_record(excluded=True, exclusion_reason="wrong join"),
        invalid="both excluded and approved",
        stage="invalid_provenance",
        reason="both excluded and approved",
    ),
    Kind(
        name="excluded, as it should be",
        line=_record(excluded=True, exclusion_reason="wrong join", approved=False),
        stage="provenance",
        reason="wrong join",
    ),
    Kind(
        name="provenance that is a text",
        line=_pair(provenance="chat-17"),
        invalid="provenance is 'chat-17'",
        stage="read",
        reason="provenance is 'chat-17'",
    ),
    # --- the pair
    Kind(
        name="5 for a question",
        line=_pair(question=5),
        stage="read",
        reason="question is 5",
    ),
    Kind(
        name="an empty question",
        line=_pair(question="  "),
        stage="read",
        reason="question is '  '",
    ),
    Kind(
        name="a question without SQL",
        line=_without("sql"),
        stage="read",
        reason="the pair has no 'sql'",
    ),
    Kind(
        name="a key twice",
        line=_replaced(b'"sql": ', b'"sql": "SELECT 1 FROM dual", "sql": '),
        stage="read",
        reason="'sql' stands twice",
    ),
    Kind(
        name="another pair's id",
        line=_pair(id="p-0001"),
        stage="read",
        reason="the id 'p-0001' is that of",
    ),
    Kind(
        name="a schema that is not there",
        line=_pair(schema_id="../shop"),
        stage="read",
        reason="schema_id is '../shop'",
    ),
    Kind(
        name="an earlier pair again",
        line=lambda number: _json(good(number - 1) | {"id": f"p-{number:04d}"}),
        stage="duplicate",
        reason="the same question and SQL as",
    ),
    Kind(
        name="SQL that does not parse",
        line=_sql("SELECT title FROM WHERE book_id = {}"),
        stage="guardrail",
        reason="",
    ),
    Kind(
        name="a table that is not there",
        line=_sql("SELECT name FROM publishers WHERE publisher_id = {}"),
        stage="guardrail",
        reason="publishers",
    ),
    Kind(
        name="a column that is not there",
        line=_sql("SELECT publisher FROM books WHERE book_id = {}"),
        stage="guardrail",
        reason="publisher",
    ),
    Kind(
        name="a DELETE",
        line=_sql("DELETE FROM books WHERE book_id = {}"),
        stage="guardrail",
        reason="DELETE",
    ),
)


def damaged_lines() -> dict[int, Kind]:
    """Line number, from 1, -> what is wrong there."""
    listed = [kind for round_ in range(TIMES) for kind in KINDS if round_ < kind.times]
    return {EVERY * place: kind for place, kind in enumerate(listed, 1)}


def lines() -> list[bytes]:
    """The lines of the file, without their ends; a BOM stands before the first."""
    damaged = damaged_lines()
    return [
        damaged[number].line(number) if number in damaged else _plain(number)
        for number in range(1, NUM_LINES + 1)
    ]


def write(folder: Path) -> Path:
    """pairs.jsonl with its schema and rows, and the same cut as gzip and as UTF-16; returns the first."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pairs.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines()) + b"\n")
    (folder / "schema.sql").write_text(DDL)
    (folder / "rows.json").write_text(json.dumps(ROWS))
    plain = b"".join(_plain(number) + b"\n" for number in range(1, NUM_LINES + 1))
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(plain, mtime=0)[:-2000])
    (folder / "utf16.jsonl").write_bytes(plain.decode().encode("utf-16"))
    (folder / "empty.jsonl").write_bytes(b"")
    return path


def main() -> None:
    """Write the files and list the damage."""
    path = write(Path(sys.argv[1]))
    damaged = damaged_lines()
    print(f"{path}: {NUM_LINES:,} lines, {len(damaged)} of them of {len(KINDS)} kinds:")
    for kind in KINDS:
        places = ", ".join(str(number) for number, found in damaged.items() if found is kind)
        print(f"  {kind.name:28s} lines {places}")


if __name__ == "__main__":
    main()
