"""Counts over provenance records."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oracle_sft.pairs.provenance.lines import Record

MAX_NAMES = 100_000
"""Distinct sources, models and reasons that are counted by name; further ones are counted together."""
OTHERS = "(others)"
UNKNOWN = "unknown"


@dataclass(slots=True)
class Tally:
    """How many pairs say what."""

    total: int = 0
    valid: int = 0
    approved: int = 0
    excluded: int = 0
    both: int = 0
    """Excluded, and yet approved; among the invalid ones."""
    unreadable: int = 0
    """Lines that are no JSON object; among `total`."""
    by_source: Counter[str] = field(default_factory=Counter)
    by_model: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)

    def add(self, meta: Any, *, valid: bool, count: int = 1) -> None:
        """Count `count` pairs with this record."""
        said = meta if isinstance(meta, dict) else {}
        self.total += count
        self.valid += count * valid
        self.approved += count * (said.get("approved") is True)
        self._name(self.by_source, said.get("source"), count)
        self._name(self.by_model, said.get("model"), count)
        if said.get("excluded") is True:
            self.excluded += count
            self.both += count * (said.get("approved") is True)
            self._name(self.by_reason, said.get("exclusion_reason"), count)

    def add_record(self, record: "Record") -> None:
        """Count a record that is complete and valid."""
        self.total += 1
        self.valid += 1
        self.approved += record.approved
        self._name(self.by_source, record.source, 1)
        self._name(self.by_model, record.model, 1)
        if record.excluded:
            self.excluded += 1
            self._name(self.by_reason, record.exclusion_reason, 1)

    def add_unreadable(self) -> None:
        """Count a line that is no pair."""
        self.add({}, valid=False)
        self.unreadable += 1

    def merge(self, other: "Tally") -> None:
        """Count what another one counted, too."""
        self.total += other.total
        self.valid += other.valid
        self.approved += other.approved
        self.excluded += other.excluded
        self.both += other.both
        self.unreadable += other.unreadable
        for mine, theirs in (
            (self.by_source, other.by_source),
            (self.by_model, other.by_model),
            (self.by_reason, other.by_reason),
        ):
            for name, count in theirs.items():
                self._name(mine, name, count)

    def report(self) -> dict[str, Any]:
        """The statistics, as a dict of its own."""
        return {
            "total": self.total,
            "approved": self.approved,
            "excluded": self.excluded,
            "missing_provenance": self.total - self.valid,
            "by_source": dict(sorted(self.by_source.items())),
            "by_model": dict(sorted(self.by_model.items())),
            "excluded_by_reason": dict(sorted(self.by_reason.items())),
            "unreadable": self.unreadable,
            "coverage": self.valid / self.total if self.total else 0.0,
        }

    def _name(self, counts: Counter[str], name: object, count: int) -> None:
        shown = name if isinstance(name, str) and name.strip() else UNKNOWN
        counts[shown if shown in counts or len(counts) < MAX_NAMES else OTHERS] += count
