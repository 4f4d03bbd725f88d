"""One training pair, and the JSONL line that holds it."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question and the Oracle SQL that answers it."""

    id: str
    question: str
    sql: str
    schema_id: str
    evidence: str = ""
    """What a user would have to know beside the schema, shown to the model with the question."""
    difficulty: str = ""
    tags: tuple[str, ...] = ()
    """Constructs that the query uses (`outer_join_plus`, `rownum`, ...): slices of the report."""
    template: str = ""
    """The generator's template, empty for hand-written pairs."""
    suite: str = "train"
    """`train`, `validation`, or the scored suite that this pair belongs to."""
    provenance: dict[str, Any] = field(default_factory=dict)
    where: str = field(default="", compare=False)
    """Where it stands in its source; not part of its line."""

    @property
    def source(self) -> str:
        """What its provenance names as its source."""
        return str(self.provenance.get("source") or "unknown")

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of this pair, in a fixed key order, empty optional fields left out."""
        said: dict[str, Any] = {"id": self.id, "question": self.question, "sql": self.sql}
        said["schema_id"] = self.schema_id
        for name in ("evidence", "difficulty", "template"):
            if getattr(self, name):
                said[name] = getattr(self, name)
        if self.tags:
            said["tags"] = list(self.tags)
        said["suite"] = self.suite
        said["provenance"] = self.provenance
        return said

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Pair":
        """The pair that `as_dict` wrote."""
        return cls(**{**said, "tags": tuple(said.get("tags", ()))})


def normal_question(question: str) -> str:
    """One text for the spellings of a question: case, width of letters, blanks and the signs around it do not count."""
    return " ".join(unicodedata.normalize("NFKC", question).casefold().split()).strip(" .,:;!?")


def pair_id(question: str, sql: str, schema_id: str) -> str:
    """A stable id from the content: 16 hex digits of SHA-256 over canonical JSON."""
    content = json.dumps([question, sql, schema_id], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()[:16]
