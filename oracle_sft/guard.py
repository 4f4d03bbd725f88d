"""Check Oracle SQL, or the answers of a model: is it one safe, valid query, and if not, why.

One text prints its verdict. A JSONL file (or --field) prints one JSON line for each row: id, allowed, validity, sql,
findings. docs/guardrail.md has the rules. This is a check of text; what enforces it is an account that can only read.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from oracle_sft.config.cli import guarded
from oracle_sft.config.inputs import decoded, read_input
from oracle_sft.errors import CheckFailed, UserError

if TYPE_CHECKING:
    from oracle_sft.sqltext.findings import Verdict
    from oracle_sft.sqltext.guardrail import SQLGuardrail

_PASSWORD = "ORACLE_SFT_PASSWORD"


def main(arguments: list[str] | None = None) -> int:
    """Check what the arguments name; returns the exit code: 1 when anything is refused."""
    arguments = sys.argv[1:] if arguments is None else arguments
    return guarded(lambda: _guard(arguments))


def _guard(arguments: list[str]) -> None:
    asked = _parser().parse_args(arguments)
    if asked.rules:
        _show_rules()
        return
    data = read_input(asked.file)
    judge = _extraction if asked.extract_only else _judge(asked)
    if _is_jsonl(asked):
        _check_rows(data, asked, judge)
    else:
        _check_text(decoded(data, asked.file), asked, judge)


# --- what is judged -------------------------------------------------------------------------------

Judge = Callable[[str], dict[str, Any]]
"""Text -> the fields of its row in the output; `sql` is None for what is refused."""


def _judge(asked: argparse.Namespace) -> Judge:
    from oracle_sft.sqltext.ddl import read_ddl
    from oracle_sft.sqltext.ddl_tables import DDLError

    guardrail = _guardrail(asked)
    schema = None
    if asked.schema is not None:
        text = decoded(read_input(asked.schema), asked.schema)
        try:
            schema = read_ddl(text, schema_id=Path(asked.schema).stem)
        except DDLError as error:
            raise error.of(asked.schema) from None
        if not schema.tables:
            raise UserError(f"{asked.schema} has no CREATE TABLE: no query could read anything")

    def judge(text: str) -> dict[str, Any]:
        if asked.answers:
            from oracle_sft.sqltext.extract import extract

            found = extract(text)
            if found.sql is None:
                message = f"no single statement in the answer: {found.reason}"
                finding = {"rule": "extraction", "severity": "unsafe", "message": message}
                said = {"allowed": False, "validity": "unparsed", "sql": None}
                return {**said, "findings": [{**finding, "span": [0, len(text)]}], "text": text}
            text = found.sql
        return {**_fields(guardrail.check(text, schema=schema)), "text": text}

    return judge


def _extraction(text: str) -> dict[str, Any]:
    from oracle_sft.sqltext.extract import extract

    found = extract(text)
    return {"sql": found.sql, "reason": found.reason}


def _fields(verdict: "Verdict") -> dict[str, Any]:
    fields: dict[str, Any] = {
        "allowed": verdict.allowed,
        "validity": verdict.validity,
        "sql": verdict.sql,
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "message": finding.message,
                "span": list(finding.span),
            }
            for finding in verdict.findings
        ],
    }
    if verdict.hook is not None:
        hook = verdict.hook
        fields["hook"] = {
            "ok": hook.ok,
            "code": hook.code,
            "message": hook.message,
            "elapsed_seconds": round(hook.elapsed_seconds, 4),
        }
    return fields


def _guardrail(asked: argparse.Namespace) -> "SQLGuardrail":
    from oracle_sft.config.compose import checked, composed, typed
    from oracle_sft.config.fields import search_override
    from oracle_sft.pairs.guard import guardrail

    overrides = [f"guardrail={asked.policy}"]
    if asked.oracle_version is not None:
        overrides.append(f"oracle_version={asked.oracle_version}")
    if asked.config_dir is not None:
        overrides.append(search_override(asked.config_dir))
    conf = typed(composed(overrides))
    conf.guardrail.allowed_functions += asked.allow_function
    checked(conf)
    if asked.oracle_dsn is None:
        return guardrail(conf)

    from oracle_sft.engine.oracle_parse import OracleParseHook

    if asked.oracle_user is None or _PASSWORD not in os.environ:
        raise UserError(f"--oracle-dsn wants --oracle-user, and the password in {_PASSWORD}")
    hook = OracleParseHook(asked.oracle_dsn, asked.oracle_user, os.environ[_PASSWORD])
    hook.open()
    return guardrail(conf, hook)


# --- one text -------------------------------------------------------------------------------------


def _check_text(text: str, asked: argparse.Namespace, judge: Judge) -> None:
    row = judge(text)
    judged = row.pop("text", text)
    if asked.json or asked.extract_only:
        _print_row(row)
    else:
        print("\n".join(_lines(row, judged)))
        if not row["allowed"] and not asked.answers and _looks_like_an_answer(text, judge):
            print(
                "this looks like a model's answer around a query; --answers takes the query out first"
            )
    if _is_refused(row) and not asked.exit_zero:
        raise CheckFailed(row["reason"] if asked.extract_only else row["findings"][0]["rule"])


_HEADLINES = {
    (True, "valid"): "allowed",
    (True, "unparsed"): "allowed: safe, of a syntax that the parser does not know",
    (True, "invalid"): "allowed: safe, but no valid Oracle",
    (False, "valid"): "refused",
    (False, "unparsed"): "refused",
    (False, "invalid"): "refused: no valid Oracle",
}


def _lines(row: dict[str, Any], text: str) -> Iterator[str]:
    from oracle_sft.sqltext.lexer import line_and_column

    yield _HEADLINES[row["allowed"], row["validity"]]
    for finding in row["findings"]:
        start, end = finding["span"]
        line, column = line_and_column(text, start)
        yield f"line {line}, column {column}: {finding['rule']}: {finding['message']}"
        if end - start < len(text.strip()):  # a mark under all of it says nothing
            shown = text.split("\n")[line - 1]
            width = max(1, min(end - start, len(shown) - column + 1))
            if len(shown) <= 200 and shown.isprintable():
                yield f"    {shown}"
                yield f"    {' ' * (column - 1)}{'^' * width}"
    if row["sql"] is not None:
        yield row["sql"]


def _looks_like_an_answer(text: str, judge: Judge) -> bool:
    sql = _extraction(text)["sql"]
    return sql is not None and len(sql) < len(text.strip()) - 2 and bool(judge(sql)["allowed"])


# --- many rows ------------------------------------------------------------------------------------


def _check_rows(data: bytes, asked: argparse.Namespace, judge: Judge) -> None:
    field = asked.field or ("text" if asked.extract_only or asked.answers else "sql")
    refused = total = 0
    decided: Counter[tuple[str, str]] = Counter()
    broken: list[str] = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        said = _row(line, field)
        if isinstance(said, str):
            broken.append(f"{asked.file}:{number}: {said}")
            continue
        identity, text = said
        row = judge(text)
        row.pop("text", None)
        _print_row({"id": number if identity is None else identity, **row})
        total += 1
        refused += _is_refused(row)
        findings = row.get("findings") or []
        if findings:
            decided[findings[0]["rule"], "allowed" if row["allowed"] else "refused"] += 1
        elif asked.extract_only:
            decided[row["reason"], "refused" if row["sql"] is None else "allowed"] += 1
    sys.stdout.flush()
    if not asked.json and sys.stderr.isatty():
        _show_summary(total, refused, decided)
    if broken:
        more = f"\nand {len(broken) - 20} more" if len(broken) > 20 else ""
        raise UserError("\n".join(broken[:20]) + more)
    if total == 0:
        raise UserError(f"{asked.file} has no rows")
    if refused and not asked.exit_zero:
        what = "without one statement" if asked.extract_only else "refused"
        raise CheckFailed(f"{refused} of {total} rows {what}")


def _row(line: bytes, field: str) -> tuple[Any, str] | str:
    """Id and text of one line, or what is wrong with it."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return f"not UTF-8: {error.reason} at byte {error.start}"
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    if not isinstance(row, dict):
        return f"a JSON {type(row).__name__}, not an object"
    if field not in row:
        names = ", ".join(list(row)[:8]) or "none"
        return f"no field {field!r}; its fields: {names}; name one with --field"
    if not isinstance(row[field], str):
        return f"{field} is {type(row[field]).__name__}, not text"
    return row.get("id"), row[field]


def _show_summary(total: int, refused: int, decided: Counter[tuple[str, str]]) -> None:
    from rich.table import Table

    from oracle_sft.record.console import Console

    table = Table(title=f"{total} rows, {refused} refused", title_justify="left")
    table.add_column("deciding rule")
    table.add_column("refused", justify="right")
    table.add_column("allowed", justify="right")
    rules = dict.fromkeys(rule for (rule, _), _ in decided.most_common())
    for rule in rules:
        counts = (decided[rule, "refused"], decided[rule, "allowed"])
        table.add_row(rule, *(str(count) if count else "" for count in counts))
    Console(sys.stderr).rich.print(table)


# --- in and out -----------------------------------------------------------------------------------


def _is_jsonl(asked: argparse.Namespace) -> bool:
    return asked.field is not None or Path(asked.file).suffix in (".jsonl", ".ndjson")


def _is_refused(row: dict[str, Any]) -> bool:
    return row["sql"] is None


def _print_row(row: dict[str, Any]) -> None:
    # A lone surrogate, which JSON can hold, has no UTF-8: it stays the escape that it came as.
    line = json.dumps(row, ensure_ascii=False)
    print(line.encode("utf-8", "backslashreplace").decode("utf-8"))


def _show_rules() -> None:
    from oracle_sft.sqltext.rule_list import rules

    for rule in rules():
        print(f"{rule.name:<20} {rule.kind:<8} {rule.about}")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see: python -m oracle_sft.guard --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m oracle_sft.guard",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="exit codes: 0 allowed, 1 something is refused, 2 the request must change, 3 the machine must change",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="text or JSONL; - or nothing reads standard input",
    )
    add(
        "--field",
        help="the text's field; makes the input JSONL (default for *.jsonl: sql, of answers: text)",
    )
    add(
        "--answers",
        action="store_true",
        help="the texts are answers of a model: take the statement out first",
    )
    add(
        "--extract-only", action="store_true", help="only take the statement out; nothing is judged"
    )
    add(
        "--policy",
        default="standard",
        help="option of conf/guardrail: strict, standard, lenient or one of yours",
    )
    add(
        "--config-dir",
        metavar="DIR",
        help="look for options in DIR too (DIR/guardrail/ours.yaml: --policy ours)",
    )
    add(
        "--allow-function",
        action="append",
        default=[],
        metavar="NAME",
        help="one more function that may be called",
    )
    add(
        "--oracle-version",
        metavar="VERSION",
        help="19c or 23ai; unset, what any of them accepts is valid",
    )
    add(
        "--schema",
        metavar="DDL",
        help="CREATE TABLE statements: only these tables and columns may be read",
    )
    add(
        "--oracle-dsn",
        metavar="DSN",
        help=f"let this database parse what passes; password in {_PASSWORD}",
    )
    add("--oracle-user", metavar="USER", help="an account with CREATE SESSION and READ grants only")
    add("--json", action="store_true", help="one JSON line for one text too; no table at the end")
    add("--exit-zero", action="store_true", help="exit with 0 when something is refused")
    add("--rules", action="store_true", help="list the rules and stop")
    return parser


if __name__ == "__main__":
    sys.exit(main())
