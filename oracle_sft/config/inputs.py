"""What a command reads besides its config: files named on the command line, or standard input."""

import sys
from pathlib import Path

from oracle_sft.errors import UserError


def read_input(name: str) -> bytes:
    """The contents of a file; `-` is standard input.

    Raises:
        UserError: the file cannot be read.
    """
    if name == "-":
        if sys.stdin.isatty():
            print("reading from the terminal; Ctrl-D ends the text", file=sys.stderr)
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UserError(f"{name}: {error.strerror}") from None


def decoded(data: bytes, name: str) -> str:
    """UTF-8 text, with or without a byte order mark; `name` is that of `read_input`.

    Raises:
        UserError: other bytes; says where the first of them stands.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = "standard input" if name == "-" else name
        raise UserError(
            f"{what} is not UTF-8: {error.reason} at byte {error.start}; save it as UTF-8"
        ) from None
