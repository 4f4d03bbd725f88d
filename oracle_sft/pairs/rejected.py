"""What a dataset sets aside, in the log: a warning for each pair, with its id and its place."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

MOST_LINES = 1_000
"""Of one stage; a log is there to be read, and rejected.jsonl has them all."""

_log = logging.getLogger(__name__)


def log_rejected(rows: Iterable[Mapping[str, Any]], counts: Mapping[str, int]) -> None:
    """Warn of the rows of a rejected.jsonl, and say how many there are.

    `counts` are the rows by stage. At most `MOST_LINES` of a stage are told apart, and no more rows are read than that
    takes: a dataset is found again in no time, however much it sets aside.
    """
    left = {stage: min(count, MOST_LINES) for stage, count in counts.items()}
    if _log.isEnabledFor(logging.WARNING):
        for row in rows:
            if left.get(row["stage"], 0):
                left[row["stage"]] -= 1
                _log.warning("%s", _line(row))
            if not any(left.values()):
                break
    for stage, count in counts.items():
        if count > MOST_LINES:
            _log.warning("%s: %s more are in rejected.jsonl", stage, f"{count - MOST_LINES:,}")
    _log.info("set aside: %s", f"{sum(counts.values()):,}")


def _line(row: Mapping[str, Any]) -> str:
    said = f"pair {row['id']}" if "id" in row else ""
    if place := row.get("where"):
        said = f"{said} ({place})" if said else str(place)
    return _on_one_line(f"{said} is set aside, {row['stage']}: {row['reason']}")


def _on_one_line(text: str) -> str:
    """The text without line ends and control characters, whatever an id or a database's message holds."""
    text = " ".join(text.split())
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
