"""Run Oracle SQL on DDL and rows, without a server: Oracle's answer, Oracle's error, or "unsupported".

One query prints its rows. --cases runs a JSONL file of queries and judges those that carry an answer; with --json it
prints one JSON line for each: id, status (ok, error, unsupported), columns, types, rows, error. --explain shows what a
query becomes, and why.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from oracle_sft.config import arguments
from oracle_sft.config.cli import guarded
from oracle_sft.config.inputs import decoded, read_input
from oracle_sft.errors import CheckFailed, UserError

if TYPE_CHECKING:
    from oracle_sft.engine.cases import Case, Judged
    from oracle_sft.engine.database import DatabaseSpec
    from oracle_sft.engine.explain import Step
    from oracle_sft.engine.pool import Outcome
    from oracle_sft.engine.result import QueryError
    from oracle_sft.sqltext.schema import Schema

_MAX_NOTES = 10


def main(given: list[str] | None = None) -> int:
    """Run what the arguments name; returns the exit code: 1 when a query gave no rows or a case is wrong."""
    return guarded(lambda: _sql(sys.argv[1:] if given is None else given))


def _sql(given: list[str]) -> None:
    asked = _parser().parse_args(given)
    _check(asked)
    if asked.cases is not None:
        _run_cases(asked)
    elif asked.explain:
        _explain(_query(asked), asked)
    else:
        _run_one(_query(asked), asked)


# --- the database ---------------------------------------------------------------------------------


def _spec(asked: argparse.Namespace) -> "DatabaseSpec":
    from oracle_sft.engine.database import DatabaseSpec, load_rows, rules_of

    schema = _schema(asked.ddl, asked.rows)
    rows = {} if asked.rows is None else load_rows(Path(asked.rows), schema, clock=asked.clock)
    if asked.rows is not None and not any(len(of_table) for of_table in rows.values()):
        _note(f"{asked.rows} brings no rows: all tables are empty")
    return DatabaseSpec(
        schema=schema,
        rows=rows,
        clock=asked.clock,
        oracle_version=rules_of(asked.oracle_version),
        memory_limit=asked.memory,
    )


def _schema(ddl: str | None, rows: str | None) -> "Schema":
    from oracle_sft.sqltext.ddl import read_ddl
    from oracle_sft.sqltext.ddl_tables import DDLError

    if ddl is None:
        return read_ddl("", schema_id="empty")
    try:
        schema = read_ddl(decoded(read_input(ddl), ddl), schema_id=Path(ddl).stem)
    except DDLError as error:
        raise error.of(ddl) from None
    if schema.skipped:
        more = (
            f" and {len(schema.skipped) - _MAX_NOTES} more" if schema.skipped[_MAX_NOTES:] else ""
        )
        _note(f"not read from {ddl}: {', '.join(schema.skipped[:_MAX_NOTES])}{more}")
    if not schema.tables:
        _note(f"{ddl} has no CREATE TABLE: DUAL is the only table")
    if rows is None and any(said.startswith("INSERT") for said in schema.skipped):
        _note(f"--rows {ddl} would load the rows of its INSERT statements")
    return schema


def _show_notes(notes: Sequence[str]) -> None:
    for note in notes[:_MAX_NOTES]:
        _note(note)
    if len(notes) > _MAX_NOTES:
        _note(f"and {len(notes) - _MAX_NOTES} more such notes")


def _note(text: str) -> None:
    print(text, file=sys.stderr)


# --- one query ------------------------------------------------------------------------------------


def _run_one(sql: str, asked: argparse.Namespace) -> None:
    from oracle_sft.engine.result import QueryError
    from oracle_sft.engine.workers import WorkerDatabase

    spec = _spec(asked)
    database = WorkerDatabase(spec)
    outcome: Outcome
    try:
        _show_notes(database.notes)
        outcome = database.query(sql, timeout_seconds=asked.timeout, max_rows=asked.max_rows)
    except QueryError as error:
        outcome = error
    finally:
        database.close()
    if asked.json:
        print(_line(outcome))
    if isinstance(outcome, QueryError):
        raise CheckFailed("\n".join(_told(outcome, sql, spec.schema)))
    if not asked.json:
        from oracle_sft.engine.result_view import show_rows

        show_rows(outcome)


def _told(error: "QueryError", sql: str, schema: "Schema") -> Iterator[str]:
    """The error, and where in the query it is."""
    from oracle_sft.engine.result import OracleError, QueryTimeout
    from oracle_sft.sqltext.lexer import line_and_column

    remedy = "; --timeout SECONDS gives it longer" if isinstance(error, QueryTimeout) else ""
    yield f"{error}{remedy}"
    if isinstance(error, OracleError) and error.code == "ORA-00942":
        names = [table.name for table in schema.tables]
        more = f" and {len(names) - _MAX_NOTES} more" if names[_MAX_NOTES:] else ""
        known = ", ".join(names[:_MAX_NOTES]) + more
        yield (
            f"    the tables are {known}"
            if names
            else "    there is DUAL only: --ddl brings tables"
        )
    span = getattr(error, "span", None)
    if span is None:
        return
    line, column = line_and_column(sql, span[0])
    shown = sql.split("\n")[line - 1]
    if len(shown) <= 200 and shown.isprintable():
        width = max(1, min(span[1] - span[0], len(shown) - column + 1))
        yield f"    {shown}"
        yield f"    {' ' * (column - 1)}{'^' * width}"


def _line(outcome: "Outcome", **before: Any) -> str:
    """One outcome as a JSON line."""
    from oracle_sft.engine.json_values import json_rows
    from oracle_sft.engine.result import OracleError, ResultSet

    if isinstance(outcome, ResultSet):
        head = {**before, "status": "ok", "columns": outcome.columns, "types": outcome.types}
        tail = {"error": None, **({"truncated": True} if outcome.truncated else {})}
        return f'{_opened(head)}, "rows": {json_rows(outcome.rows)}, {json.dumps(tail)[1:]}'
    refused = isinstance(outcome, OracleError)
    status = "error" if refused else "unsupported"
    code = outcome.code if isinstance(outcome, OracleError) else None
    said = {"status": status, "columns": None, "types": None, "rows": None, "error": code}
    return _opened({**before, **said, "message": str(outcome)}) + "}"


def _opened(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)[:-1]


# --- what a query becomes -------------------------------------------------------------------------


def _explain(sql: str, asked: argparse.Namespace) -> None:
    from oracle_sft.engine.database import open_database
    from oracle_sft.engine.duckdb_database import DuckDBDatabase
    from oracle_sft.engine.explain import explain
    from oracle_sft.engine.result import QueryError

    spec = _spec(asked)
    database = open_database(spec)
    assert isinstance(database, DuckDBDatabase)
    try:
        said = explain(database, sql)
    except QueryError as error:
        raise CheckFailed("\n".join(_told(error, sql, spec.schema))) from None
    finally:
        database.close()
    if asked.json:
        steps = [
            {"span": step.span, "oracle": step.oracle, "duckdb": step.duckdb, "why": step.why}
            for step in said.steps
        ]
        print(json.dumps({"sql": said.sql, "steps": steps}, ensure_ascii=False))
        return
    print(said.sql)
    for step in said.steps:
        print("\n" + "\n".join(_step_lines(step, sql)))


def _step_lines(step: "Step", sql: str) -> Iterator[str]:
    from oracle_sft.sqltext.lexer import line_and_column

    line, column = line_and_column(sql, step.span[0])
    yield f"line {line}, column {column}: {step.oracle}"
    if step.duckdb:
        yield f"  becomes {step.duckdb}"
    if step.why:
        yield f"  {step.why}"


# --- many queries ---------------------------------------------------------------------------------


def _run_cases(asked: argparse.Namespace) -> None:
    from oracle_sft.engine.cases import judge, read_cases
    from oracle_sft.engine.pool import DatabasePool, Query

    cases = read_cases(asked.cases, decoded(read_input(asked.cases), asked.cases))
    queries = (
        Query(
            schema_id="cases",
            sql=case.sql,
            timeout_seconds=asked.timeout,
            max_rows=asked.max_rows,
        )
        for case in cases
    )
    judged = []
    with DatabasePool({"cases": _spec(asked)}, workers=asked.workers) as pool:
        for case, outcome in zip(cases, pool.run(queries), strict=True):
            if asked.json:
                print(_line(outcome, id=case.id))
            judged.append((case, judge(case, outcome)))
    sys.stdout.flush()
    if not asked.json:
        _show_summary(judged)
    wrong = sum(said.judgement in ("wrong", "other code") for _, said in judged)
    if wrong:
        raise CheckFailed(f"{wrong} of {len(cases)} cases wrong")


_COUNTED = ("right", "wrong", "other code", "unsupported", "unjudged")


def _show_summary(judged: "list[tuple[Case, Judged]]") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    counts: Counter[tuple[str, str]] = Counter(
        (case.class_, said.judgement) for case, said in judged
    )
    shown = [name for name in _COUNTED if any(key[1] == name for key in counts)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("class")
    for name in ("cases", *shown):
        table.add_column(name, justify="right")
    classes = sorted({case.class_ for case, _ in judged})
    for class_ in classes:
        row = [counts[class_, name] for name in shown]
        table.add_row(Text(class_), str(sum(row)), *(str(count or "") for count in row))
    totals = [sum(said.judgement == name for _, said in judged) for name in shown]
    table.add_section()
    table.add_row("all", str(len(judged)), *(str(count) for count in totals))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    console.print(table)
    for name in ("wrong", "other code", "unsupported"):
        for case, said in judged:
            if said.judgement == name:
                print(f"{name}: {case.id}: {said.detail.removeprefix('unsupported: ')}")


# --- in and out -----------------------------------------------------------------------------------


_NO_QUERY = "no query; give one, --file FILE, - for standard input, or --cases FILE"


def _query(asked: argparse.Namespace) -> str:
    text = _query_text(asked)
    if not text.strip():
        raise UserError(_NO_QUERY)
    if asked.file is not None or asked.sql in (None, "-"):
        _check_single(text)
    return text


def _check_single(text: str) -> None:
    """A script has more than a query, and would get Oracle's error for what stands behind it."""
    from oracle_sft.sqltext.statements import pieces

    try:
        count = sum(1 for _ in pieces(text, lambda _, said: ValueError(said)))
    except ValueError:
        return  # the answer says what is wrong with the text
    if count > 1:
        raise UserError(f"{count} statements or commands; this runs one query, --cases FILE many")


def _query_text(asked: argparse.Namespace) -> str:
    if asked.file is not None:
        return decoded(read_input(asked.file), asked.file)
    if asked.sql == "-" or (asked.sql is None and not sys.stdin.isatty()):
        return decoded(read_input("-"), "-")
    if asked.sql is None:
        raise UserError(_NO_QUERY)
    return str(asked.sql)


def _check(asked: argparse.Namespace) -> None:
    given = [flag for flag in ("sql", "file", "cases") if getattr(asked, flag) is not None]
    if len(given) > 1:
        names = {"sql": "a query", "file": "--file", "cases": "--cases"}
        raise UserError(f"give one of {' and '.join(names[flag] for flag in given)}, not both")
    if asked.explain and asked.cases is not None:
        raise UserError("--explain shows one query; --cases runs many")
    for flag in ("file", "ddl", "rows", "cases"):
        if getattr(asked, flag) == "":  # to the system that would be this folder
            raise UserError(f"--{flag} is empty; give a path")
    from_input = "-" in (asked.file, asked.sql, asked.cases) or not given
    if asked.ddl == "-" and from_input:
        raise UserError(
            "--ddl -: standard input has the query; give the query, or the DDL in a file"
        )
    if asked.rows is not None and asked.ddl is None:
        raise UserError("--rows without --ddl: rows need the tables that they are for")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see: python -m oracle_sft.sql --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m oracle_sft.sql",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="exit codes: 0 rows or no case wrong, 1 the query gave no rows or a case is wrong,\n"
        "            2 the request must change, 3 the machine must change",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("sql", nargs="?", metavar="SQL", help="one query; - reads it from standard input")
    add("--file", metavar="FILE", help="read the query from FILE")
    add("--ddl", metavar="FILE", help="the tables: Oracle's CREATE TABLE, ALTER TABLE, COMMENT")
    add(
        "--rows",
        metavar="PATH",
        help="the rows: JSON (table name to rows), a script of INSERTs, TABLE.csv, .jsonl or .parquet,"
        " or a folder of those",
    )
    add(
        "--cases",
        metavar="FILE",
        help="JSONL of id, sql and, to judge them, rows or error; - is standard input",
    )
    add("--json", action="store_true", help="one JSON line for each query")
    add("--explain", action="store_true", help="show what the query becomes, and why; nothing runs")
    add(
        "--clock",
        type=arguments.moment,
        metavar="TIME",
        help="what SYSDATE says, as '2026-01-15 09:30:00'; unset, the time of each query",
    )
    add("--oracle-version", choices=("19c", "23ai"), default="19c", help="whose rules hold")
    add("--timeout", type=arguments.seconds, default=30.0, metavar="SECONDS", help="default 30")
    add(
        "--max-rows",
        type=arguments.count,
        default=10_000,
        metavar="N",
        help="rows after which a result is cut, and said to be; default 10000",
    )
    add("--memory", type=arguments.memory, default="1GB", metavar="SIZE", help="limit; default 1GB")
    add("--workers", type=arguments.count, default=2, metavar="N", help="of --cases; default 2")
    return parser


if __name__ == "__main__":
    sys.exit(main())
