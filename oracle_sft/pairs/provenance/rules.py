"""What a provenance record must say, and what fills one that says less."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from oracle_sft.config.data import PAIR_SOURCES

REQUIRED_FIELDS = ("source_session_id", "source", "model", "timestamp", "approved")
SOURCES = PAIR_SOURCES

MISSING = "missing provenance metadata"


@dataclass
class ProvenanceMeta:
    """One record, as JSON holds it."""

    source_session_id: str = ""
    """The session, ticket or import that the pair came out of."""
    source: str = ""
    """`trajectory`, `curated`, `backfill`, or a name that the config adds."""
    model: str = ""
    """What produced the answer: a model with its version, or people."""
    timestamp: str = ""
    """When the pair was captured: ISO 8601 with a zone, as `2026-01-15T09:30:00Z`."""
    excluded: bool = False
    exclusion_reason: str = ""
    approved: bool = True


def problems(meta: Any, sources: Sequence[str] = SOURCES) -> list[str]:
    """What is wrong with a pair's provenance, a sentence for each field; empty when all is well."""
    if meta is None or meta == {}:
        return [MISSING]
    if not isinstance(meta, dict):
        return [f"provenance is {str(meta)[:80]!r}, not an object"]
    errors = []
    for name in REQUIRED_FIELDS:
        wanted: type = bool if name == "approved" else str
        if name not in meta:
            errors.append(f"provenance missing field: {name}")
        elif not isinstance(meta[name], wanted):
            errors.append(_mistyped(name, meta[name], wanted))
        elif wanted is str and not meta[name].strip():
            errors.append(f"provenance field is empty: {name}")
    errors += [
        _mistyped(name, meta[name], wanted)
        for name, wanted in (("excluded", bool), ("exclusion_reason", str))
        if name in meta and not isinstance(meta[name], wanted)
    ]
    source, timestamp = meta.get("source"), meta.get("timestamp")
    if isinstance(source, str) and source.strip() and source not in sources:
        errors.append(
            f"provenance source {source[:80]!r} is not known; known: {', '.join(sources)}"
        )
    if isinstance(timestamp, str) and timestamp.strip() and not is_instant(timestamp):
        errors.append(f"provenance timestamp {timestamp[:80]!r} is no ISO 8601 instant with a zone")
    if meta.get("excluded") is True:
        reason = meta.get("exclusion_reason", "")
        if isinstance(reason, str) and not reason.strip():
            errors.append("excluded pair missing exclusion_reason")
        if meta.get("approved") is True:
            errors.append("pair is both excluded and approved")
    return errors


def _mistyped(name: str, value: object, wanted: type) -> str:
    shown = repr(value[:80] if isinstance(value, str) else value)[:82]
    return f"provenance field {name} is {shown}; it must be {'true or false' if wanted is bool else 'a text'}"


def is_instant(text: str) -> bool:
    """Whether the text is an ISO 8601 date with a time and a zone."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def now() -> str:
    """This moment as a timestamp."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_open(meta: dict[str, Any], name: str) -> bool:
    """Whether a record leaves a field open: it is not there, null, or blank."""
    value = meta.get(name)
    return value is None or (isinstance(value, str) and not value.strip())


def filled(
    meta: dict[str, Any], said: ProvenanceMeta, *, overwrite: bool = False
) -> dict[str, Any]:
    """`meta` with what it leaves open taken from `said`; with `overwrite`, all required fields are.

    Keys keep their order, those that are added come behind them. An excluded pair stays unapproved.
    """
    given = asdict(said)
    found = dict(meta)
    for name in REQUIRED_FIELDS:
        if overwrite or is_open(found, name):
            found[name] = given[name]
    if found.get("excluded") is True and (overwrite or is_open(meta, "approved")):
        found["approved"] = False
    return found
