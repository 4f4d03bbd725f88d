"""`oracle-sft <command>`: each command is a module of its own, imported when it is asked for."""

import importlib
import sys

from oracle_sft import __version__
from oracle_sft.config.fields import nearest

COMMANDS = {
    "data": "sources -> checked, split, fingerprinted dataset",
    "train": "config -> dataset -> model -> adapter, then package and eval",
    "package": "adapter -> merge -> quantise -> bundle",
    "eval": "weights -> answers -> execution -> scores",
    "trace": "bundle -> its files checked, and what they were made of",
    "provenance": "JSONL files of pairs -> where each came from: checked, counted, completed",
    "guard": "SQL or model answers -> allowed or refused, and why",
    "sql": "Oracle SQL on DDL and rows -> Oracle's answer, without a server",
    "report": "finished runs at a glance",
}


def main(arguments: list[str] | None = None) -> int:
    """Hand the arguments to the command that is named first; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_help())
        return 0
    if arguments[0] == "--version":
        print(__version__)
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        known = ", ".join(COMMANDS)
        guess = nearest(name, list(COMMANDS)) or ";"
        print(f"error: there is no command {name!r}{guess} known: {known}", file=sys.stderr)
        return 2
    return int(importlib.import_module(f"oracle_sft.{name}").main(rest))


def _help() -> str:
    lines = "\n".join(f"  {name:<9}{about}" for name, about in COMMANDS.items())
    return (
        "usage: oracle-sft <command> [arguments]   (the same as python -m oracle_sft.<command>)\n\n"
        f"{lines}\n\noracle-sft <command> --help says more."
    )


if __name__ == "__main__":
    sys.exit(main())
