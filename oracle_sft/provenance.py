"""Check, count and mend where training pairs come from, in JSONL files of any size."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from oracle_sft.config.cli import guarded
from oracle_sft.errors import CheckFailed, UserError

if TYPE_CHECKING:
    from oracle_sft.pairs.provenance.rewrite import Rewritten
    from oracle_sft.pairs.provenance.scan import Scan

_MAX_SHOWN = 20


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    return guarded(lambda: _provenance(arguments))


def _provenance(arguments: list[str]) -> None:
    asked = _parser().parse_args(arguments)
    asked.work(asked)


# --- the verbs ------------------------------------------------------------------------------------


def _validate(asked: argparse.Namespace) -> None:
    scans = _scans(asked)
    wrong = sum(found.tally.total - found.tally.valid for _, found in scans)
    if asked.json:
        _print_json({str(path): found.validation() for path, found in scans})
    else:
        for path, found in scans:
            _show_errors(path, found)
    if wrong:
        raise CheckFailed(
            f"{wrong:,} pairs with missing or invalid provenance; complete records with "
            "`python -m oracle_sft.provenance backfill`, mend the rest by hand"
        )


def _report(asked: argparse.Namespace) -> None:
    from oracle_sft.pairs.provenance.show import report_text

    scans = _scans(asked)
    if asked.json:
        _print_json({str(path): found.tally.report() for path, found in scans})
        return
    for path, found in scans:
        print(f"{path}\n{report_text(found.tally)}\n")


def _dashboard(asked: argparse.Namespace) -> None:
    from oracle_sft.pairs.provenance.show import dashboard
    from oracle_sft.record.console import Console

    if asked.json:
        _report(asked)
        return
    for path, found in _scans(asked):
        Console().rich.print(dashboard(found.tally, title=str(path)))


def _backfill(asked: argparse.Namespace) -> None:
    from oracle_sft.pairs.provenance import ProvenanceMeta, rewrite
    from oracle_sft.pairs.provenance.rules import is_instant, now

    if asked.timestamp and not is_instant(asked.timestamp):
        raise UserError(
            f"--timestamp {asked.timestamp!r} is no instant with a zone; write 2026-01-15T09:30:00Z"
        )
    if asked.source not in asked.sources:
        raise UserError(
            f"--source {asked.source!r} is not known; known: {', '.join(asked.sources)} "
            f"(--allow-source {asked.source} adds it)"
        )
    for flag, said_so in (("--model", asked.model), ("--session", asked.session)):
        if not said_so.strip():
            raise UserError(f"{flag} is empty; a record without it is invalid")
    said = ProvenanceMeta(
        source_session_id=asked.session,
        source=asked.source,
        model=asked.model,
        timestamp=asked.timestamp or now(),
    )
    done = [(path, rewrite.backfill(path, said, sources=asked.sources)) for path in _files(asked)]
    if asked.json:
        _print_json({str(path): _rewriting(made) for path, made in done})
        return
    for path, made in done:
        for line, reason in made.kept_back[:_MAX_SHOWN]:
            print(f"{path}:{line}: kept as it is: {reason}", file=sys.stderr)
        left = len(made.kept_back[_MAX_SHOWN:]) + made.kept_back_left_out
        if left:
            print(f"{path}: ... and {left:,} lines more are kept as they are", file=sys.stderr)
        _show_changed(path, made, "completed")


def _exclude(asked: argparse.Namespace) -> None:
    from oracle_sft.pairs.provenance import rewrite

    ids = {*asked.id, *_listed_ids(asked.ids)}
    if not ids:
        raise UserError("no pair is named; give --id ID, or --ids FILE with an id a line")
    if not asked.reason.strip():
        raise UserError("--reason is empty; a pair is excluded for a reason")
    done = [
        (path, rewrite.exclude(path, ids, asked.reason, sources=asked.sources))
        for path in _files(asked)
    ]
    if asked.json:
        _print_json({str(path): _rewriting(made) for path, made in done})
    else:
        for path, made in done:
            _show_changed(path, made, "newly excluded")
    unknown = sorted(ids - set().union(*(made.found for _, made in done)))
    if unknown:
        shown = ", ".join(one if one.isprintable() else ascii(one) for one in unknown[:5])
        more = f" and {len(unknown) - 5} more" if unknown[5:] else ""
        raise CheckFailed(
            f"no pair has the id {shown}{more}; see the ids in the file, or in the dataset made of it"
        )


# --- what is read ---------------------------------------------------------------------------------


def _files(asked: argparse.Namespace) -> list[Path]:
    """The files, all of them looked at before the first is worked on."""
    from oracle_sft.record.jsonl import compression_of

    paths = [Path(name) for name in asked.files]
    for path in paths:
        compression_of(path)
    return paths


def _scans(asked: argparse.Namespace) -> "list[tuple[Path, Scan]]":
    from oracle_sft.pairs.provenance.scan import scan

    return [(path, scan(path, sources=asked.sources)) for path in _files(asked)]


def _listed_ids(name: str | None) -> list[str]:
    from oracle_sft.config.inputs import decoded, read_input

    if name is None:
        return []
    return [line.strip() for line in decoded(read_input(name), name).splitlines() if line.strip()]


# --- what is shown --------------------------------------------------------------------------------


def _show_errors(path: Path, found: "Scan") -> None:
    from oracle_sft.pairs.provenance.show import shown_share

    for line, errors in found.errors[:_MAX_SHOWN]:
        for error in errors:
            print(f"{path}:{line}: {error}")
    left = len(found.errors[_MAX_SHOWN:]) + found.errors_left_out
    if left:
        print(f"{path}: ... and {left:,} lines more (--json lists 1,000 of them); of all of them:")
        for kind, count in found.kinds.most_common():
            print(f"{count:>10,}  {kind}")
    if not found.tally.total:
        print(f"{path}: it holds no pairs")
        return
    share = shown_share(found.tally.valid, found.tally.total)
    print(f"{path}: {found.tally.valid:,} of {found.tally.total:,} pairs valid ({share})")


def _show_changed(path: Path, made: "Rewritten", verb: str) -> None:
    said = f"{path}: {made.changed:,} of {made.tally.total:,} pairs {verb}"
    if unreadable := made.tally.unreadable:
        said += f"; {unreadable:,} lines hold no pair and stay as they are"
    if invalid := made.tally.total - made.tally.valid - unreadable:
        said += f"; {invalid:,} pairs are still invalid"
    print(said + (" (see validate)" if unreadable or invalid else ""))


def _rewriting(made: "Rewritten") -> dict[str, Any]:
    return {
        "changed": made.changed,
        "kept_back": [{"line": line, "reason": reason} for line, reason in made.kept_back],
        "kept_back_left_out": made.kept_back_left_out,
        **made.tally.report(),
    }


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; --help shows how to call it")


def _text(said: str) -> str:
    """What may stand in a record: a file's name may be other bytes."""
    try:
        said.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{said!r} is not UTF-8") from None
    return said


def _parser() -> argparse.ArgumentParser:
    from oracle_sft.pairs.provenance.rules import SOURCES

    parser = _Parser(
        prog="python -m oracle_sft.provenance",
        description=__doc__,
        epilog="exit codes: 0 done, 1 invalid provenance or unknown ids, 2 the request must change, "
        "3 the machine must change",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, work: Any, about: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=about, description=about)
        made.add_argument("files", nargs="+", metavar="FILE", help="JSONL, also gzip or zstd")
        made.add_argument("--json", action="store_true", help="print JSON")
        made.add_argument(
            "--allow-source",
            type=_text,
            action="append",
            default=[],
            metavar="NAME",
            help=f"a source beside {', '.join(SOURCES)}; may be repeated",
        )
        made.set_defaults(work=_with_sources(work, SOURCES))
        return made

    verb("validate", _validate, "list each line whose provenance is missing or wrong")
    verb("report", _report, "count pairs by source, model, state and reason")
    verb("dashboard", _dashboard, "the same counts with bars")
    filling = verb("backfill", _backfill, "complete records in place; what they say already stays")
    for name in ("source", "model"):
        about = f"what `{name}` becomes where it is open"
        filling.add_argument(f"--{name}", type=_text, required=True, help=about)
    about = "for source_session_id; default: backfill"
    filling.add_argument("--session", type=_text, default="backfill", help=about)
    filling.add_argument("--timestamp", help="an ISO 8601 instant; default: now")
    excluding = verb("exclude", _exclude, "mark pairs as excluded, for a reason, in place")
    excluding.add_argument("--id", action="append", default=[], help="a pair; may be repeated")
    excluding.add_argument("--ids", metavar="FILE", help="a file with an id a line; - is stdin")
    excluding.add_argument("--reason", type=_text, required=True, help="why they are excluded")
    return parser


def _with_sources(work: Any, sources: Sequence[str]) -> Any:
    def run(asked: argparse.Namespace) -> None:
        asked.sources = (*sources, *asked.allow_source)
        work(asked)

    return run


if __name__ == "__main__":
    sys.exit(main())
