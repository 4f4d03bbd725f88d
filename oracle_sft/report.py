"""Show finished runs: the final table, the paired differences, and where everything lies.

`report compare A B` compares two scorings item by item: runs, or single reports (outputs/NAME/eval/SUITE/TARGET).
"""

import argparse
import json
import sys
from collections.abc import Callable
from typing import NoReturn

from oracle_sft.config.cli import guarded
from oracle_sft.errors import UserError


def main(arguments: list[str] | None = None) -> int:
    """Show the runs that the arguments name; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["compare"]:
        return guarded(lambda: _compare(arguments[1:]))
    return guarded(lambda: _report(arguments))


def _report(arguments: list[str]) -> None:
    asked = _parser().parse_args(arguments)

    from oracle_sft.record.console import Console
    from oracle_sft.score.final import read_summary, scored_run, show_run

    folders = [scored_run(path) for path in asked.runs]
    if asked.json:
        runs = [{"run": str(path), **read_summary(path)} for path in folders]
        print(json.dumps(runs, indent=2, ensure_ascii=False))
        return
    console = Console()
    for folder in folders:
        show_run(folder, console)


def _compare(arguments: list[str]) -> None:
    asked = _compare_parser().parse_args(arguments)

    from oracle_sft.record.console import Console
    from oracle_sft.score.paired import compared, matched, read_scoring
    from oracle_sft.score.paired_view import paired_lines

    pairs, alone = matched(asked.first, asked.second)
    found = [
        compared(
            read_scoring(first),
            read_scoring(second),
            only_common=asked.common,
            samples=asked.samples,
        )
        for first, second in pairs
    ]
    if asked.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    console = Console()
    for said in found:
        for line in paired_lines(said, max_flips=asked.flips):
            console.say(line)
        console.say("")
    if alone:
        console.say(f"in one of them only, not compared: {', '.join(alone)}")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see: python -m oracle_sft.report --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m oracle_sft.report", description=__doc__, allow_abbrev=False)
    parser.add_argument("runs", nargs="+", metavar="RUN", help="folder of a run, as outputs/NAME")
    parser.add_argument("--json", action="store_true", help="one JSON array instead of tables")
    return parser


def _at_least(smallest: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < smallest:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {smallest}")
        return int(text)

    return number


def _compare_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m oracle_sft.report compare",
        description="Compare two scorings of the same items: McNemar's exact test, and which items flipped.",
        allow_abbrev=False,
    )
    scored = "a scored run (outputs/NAME) or one report (outputs/NAME/eval/SUITE/TARGET)"
    parser.add_argument("first", metavar="A", help=scored)
    parser.add_argument("second", metavar="B", help="the same, compared with A")
    parser.add_argument(
        "--common", action="store_true", help="compare the items of both where their sets differ"
    )
    parser.add_argument(
        "--flips",
        type=_at_least(0),
        default=20,
        metavar="N",
        help="items to list each way (default: 20)",
    )
    parser.add_argument(
        "--samples", type=_at_least(1), default=2000, metavar="N", help="resamples (default: 2000)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON array with all flipped items")
    return parser


if __name__ == "__main__":
    sys.exit(main())
