"""Where a training pair came from: said for each pair, checked, and counted.

The field names, statistic keys and method signatures are those of the tracker that users already have.
"""

import copy
from collections import Counter
from datetime import UTC, datetime
from typing import Any

REQUIRED_FIELDS = ("source_session_id", "source", "model", "timestamp", "approved")
SOURCES = ("trajectory", "curated", "backfill")


class ProvenanceTracker:
    """Annotates, excludes and validates pairs, and keeps count of those that it has seen."""

    def __init__(self, *, sources: tuple[str, ...] = SOURCES) -> None:
        """`sources` are the names that `source` may have."""
        self._sources = sources
        self._seen: dict[int, dict[str, Any]] = {}

    def annotate(
        self,
        pair: dict[str, Any],
        *,
        source: str,
        model: str,
        session_id: str = "",
        timestamp: str = "",
    ) -> dict[str, Any]:
        """Fill what the pair's provenance leaves open, never what it says; counts and returns the same pair."""
        said = {key: value for key, value in (pair.get("provenance") or {}).items() if value != ""}
        filled = {
            "source_session_id": session_id or "unknown",
            "source": source,
            "model": model,
            "timestamp": timestamp or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "approved": not said.get("excluded", False),
            "excluded": False,
            "exclusion_reason": "",
        }
        pair["provenance"] = {**filled, **said}
        return self.track(pair)

    def exclude(self, pair: dict[str, Any], reason: str) -> dict[str, Any]:
        """Mark the pair as excluded, for a reason; counts and returns the same pair.

        Raises:
            ValueError: the reason is empty.
        """
        if not reason.strip():
            raise ValueError("a pair is excluded for a reason; say it")
        provenance = pair.setdefault("provenance", {})
        provenance.update(excluded=True, exclusion_reason=reason, approved=False)
        return self.track(pair)

    def track(self, pair: dict[str, Any]) -> dict[str, Any]:
        """Count a pair as it is; a pair that is seen again is counted once, as it is then."""
        self._seen[id(pair)] = pair
        return pair

    def validate(self, pair: dict[str, Any]) -> list[str]:
        """What is wrong with the pair's provenance, a sentence each; empty when all is well."""
        meta = pair.get("provenance")
        if not isinstance(meta, dict) or not meta:
            return ["missing provenance metadata"]
        errors = []
        for name in REQUIRED_FIELDS:
            wanted: type = bool if name == "approved" else str
            if name not in meta:
                errors.append(f"provenance missing field: {name}")
            elif not isinstance(meta[name], wanted):
                errors.append(f"provenance field {name} is {meta[name]!r}, not a {wanted.__name__}")
            elif meta[name] == "":
                errors.append(f"provenance field is empty: {name}")
        source, timestamp = meta.get("source"), meta.get("timestamp")
        if isinstance(source, str) and source and source not in self._sources:
            known = ", ".join(self._sources)
            errors.append(f"provenance source {source!r} is not known; known: {known}")
        if isinstance(timestamp, str) and timestamp and not _is_instant(timestamp):
            errors.append(f"provenance timestamp {timestamp!r} is no ISO 8601 instant with a zone")
        if meta.get("excluded") and not meta.get("exclusion_reason"):
            errors.append("excluded pair missing exclusion_reason")
        if meta.get("excluded") and meta.get("approved"):
            errors.append("pair is both excluded and approved")
        return errors

    def report(self) -> dict[str, Any]:
        """The counts over all pairs seen; `coverage` is the part whose provenance is complete and valid."""
        metas = [pair.get("provenance") or {} for pair in self._seen.values()]
        valid = sum(not self.validate(pair) for pair in self._seen.values())
        excluded = [meta for meta in metas if meta.get("excluded")]
        return copy.deepcopy(
            {
                "total": len(metas),
                "approved": sum(meta.get("approved") is True for meta in metas),
                "excluded": len(excluded),
                "missing_provenance": len(metas) - valid,
                "by_source": _counts(meta.get("source") for meta in metas),
                "by_model": _counts(meta.get("model") for meta in metas),
                "excluded_by_reason": _counts(meta.get("exclusion_reason") for meta in excluded),
                "coverage": valid / len(metas) if metas else 0.0,
            }
        )


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _counts(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(str(value or "unknown") for value in values).items()))
