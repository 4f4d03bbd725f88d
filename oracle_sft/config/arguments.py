"""Values of the command line that argparse has no type for; each says what is wrong with one."""

import argparse
import re
from datetime import datetime


def moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no date with time; write '2026-01-15 09:30:00'"
        ) from None
    if moment.tzinfo is not None:
        raise argparse.ArgumentTypeError(f"{text!r} has an offset; SYSDATE has none")
    return moment


def memory(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d*(\.\d+)?\s*([KMGT]i?B)", text, re.IGNORECASE):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 512MB or 2GB")
    return text


def seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return found


def count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)
