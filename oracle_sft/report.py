"""Show finished runs: the final table, the paired differences, and where everything lies."""

import argparse
import json
import sys
from typing import NoReturn

from oracle_sft.config.cli import guarded
from oracle_sft.errors import UserError


def main(arguments: list[str] | None = None) -> int:
    """Show the runs that the arguments name; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    return guarded(lambda: _report(arguments))


def _report(arguments: list[str]) -> None:
    asked = _parser().parse_args(arguments)

    from oracle_sft.record.console import Console
    from oracle_sft.record.files import read_json
    from oracle_sft.score.final import scored_run, show_run

    folders = [scored_run(path) for path in asked.runs]
    if asked.json:
        runs = [{"run": str(path), **read_json(path / "summary.json")} for path in folders]
        print(json.dumps(runs, indent=2, ensure_ascii=False))
        return
    console = Console()
    for folder in folders:
        show_run(folder, console)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see: python -m oracle_sft.report --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m oracle_sft.report", description=__doc__, allow_abbrev=False)
    parser.add_argument("runs", nargs="+", metavar="RUN", help="folder of a run, as outputs/NAME")
    parser.add_argument("--json", action="store_true", help="one JSON array instead of tables")
    return parser


if __name__ == "__main__":
    sys.exit(main())
