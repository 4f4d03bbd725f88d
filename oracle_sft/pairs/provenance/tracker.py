"""Annotates, excludes and validates pairs, and keeps true counts of them."""

from pathlib import Path
from typing import Any

from oracle_sft.pairs.provenance import rewrite, show
from oracle_sft.pairs.provenance.rules import (
    REQUIRED_FIELDS,
    SOURCES,
    ProvenanceMeta,
    filled,
    is_open,
    now,
    problems,
)
from oracle_sft.pairs.provenance.scan import scan
from oracle_sft.pairs.provenance.tally import Tally

BACKFILL_SESSION = "backfill"
UNKNOWN_SESSION = "unknown"


class ProvenanceTracker:
    """Counts the pairs that it was given, each once and as it is at the time of the report.

    It keeps them for that; for a file, which may be larger than memory, there are `validate_file` and
    `backfill_file`.
    """

    def __init__(self, *, sources: tuple[str, ...] = SOURCES) -> None:
        """`sources` are the names that `source` may have."""
        self._sources = sources
        self._seen: dict[int, dict[str, Any]] = {}
        self._files: dict[Path, Tally] = {}

    def annotate(
        self,
        pair: dict[str, Any],
        *,
        source: str,
        model: str,
        session_id: str = "",
        timestamp: str = "",
        overwrite: bool = False,
    ) -> dict[str, Any]:
        """Fill what the pair's provenance leaves open; what it says stays, unless `overwrite`.

        Counts and returns the same pair.
        """
        said = ProvenanceMeta(
            source_session_id=session_id or UNKNOWN_SESSION,
            source=source,
            model=model,
            timestamp=timestamp or now(),
        )
        pair["provenance"] = filled(_meta(pair), said, overwrite=overwrite)
        pair["provenance"].setdefault("excluded", False)
        pair["provenance"].setdefault("exclusion_reason", "")
        return self.track(pair)

    def exclude(self, pair: dict[str, Any], reason: str) -> dict[str, Any]:
        """Mark the pair as excluded, for a reason; counts and returns the same pair.

        Raises:
            ValueError: the reason is empty.
        """
        if not reason.strip():
            raise ValueError("a pair is excluded for a reason; say it")
        pair["provenance"] = {
            **_meta(pair),
            "excluded": True,
            "exclusion_reason": reason,
            "approved": False,
        }
        return self.track(pair)

    def backfill(self, pair: dict[str, Any], *, source: str, model: str) -> dict[str, Any]:
        """`annotate` for historical data: only where a required field is open."""
        if all(not is_open(_meta(pair), name) for name in REQUIRED_FIELDS):
            return self.track(pair)
        return self.annotate(pair, source=source, model=model, session_id=BACKFILL_SESSION)

    def backfill_file(self, path: Path, *, source: str, model: str) -> int:
        """Complete the records of a JSONL file where they are; returns how many pairs it changed.

        The file is replaced whole or left as it was; lines that are no pair stay as they are and are logged.

        Raises:
            UserError: the file cannot be read, or somebody else rewrites it.
            EnvironmentFault: it cannot be written.
        """
        said = ProvenanceMeta(
            source_session_id=BACKFILL_SESSION, source=source, model=model, timestamp=now()
        )
        done = rewrite.backfill(Path(path), said, sources=self._sources)
        self._files[Path(path).resolve()] = done.tally
        return done.changed

    def track(self, pair: dict[str, Any]) -> dict[str, Any]:
        """Count a pair as it is; a pair that is seen again is counted once, as it is then."""
        self._seen[id(pair)] = pair
        return pair

    def validate(self, pair: dict[str, Any]) -> list[str]:
        """What is wrong with the pair's provenance, a sentence each; empty when all is well."""
        return problems(pair.get("provenance"), self._sources)

    def validate_file(self, path: Path) -> dict[str, Any]:
        """`{valid, invalid, errors: [{line, errors}], errors_left_out}` over the lines of a JSONL file.

        Raises:
            UserError: the file cannot be read.
        """
        return scan(Path(path), sources=self._sources).validation()

    def report(self) -> dict[str, Any]:
        """The counts over all pairs seen; `coverage` is the part whose provenance is complete and valid."""
        return self._tally().report()

    def report_text(self) -> str:
        """The report for people."""
        return show.report_text(self._tally())

    def _tally(self) -> Tally:
        tally = Tally()
        for pair in self._seen.values():
            tally.add(pair.get("provenance"), valid=not self.validate(pair))
        for counted in self._files.values():
            tally.merge(counted)
        return tally


def _meta(pair: dict[str, Any]) -> dict[str, Any]:
    meta = pair.get("provenance")
    return meta if isinstance(meta, dict) else {}
