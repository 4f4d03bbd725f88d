"""How often the prompts of a large schema show what the answers need."""

from collections.abc import Iterable
from dataclasses import dataclass

from oracle_sft.pairs.selection import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Over the prompts that show their schema in part."""

    prompts: int = 0
    golds: int = 0
    """Those of them whose gold reads a table of the schema."""
    complete: int = 0
    """Golds whose tables the question alone brings into the prompt."""
    gold_tables: int = 0
    """Tables of all golds."""
    found_tables: int = 0
    """Those of them that the question alone brings into the prompt."""

    @property
    def line(self) -> str:
        """The figures for the user."""
        said = f"{self.prompts:,} prompts show a part of their schema"
        if not self.golds:
            return said
        return (
            f"{said}; the question alone brings all tables of the answer into {self.complete / self.golds:.1%} of them "
            f"({self.found_tables / self.gold_tables:.1%} of the tables)"
        )

    @property
    def facts(self) -> dict[str, int]:
        """The figures for run.json."""
        return {
            "prompts": self.prompts,
            "golds": self.golds,
            "complete": self.complete,
            "gold_tables": self.gold_tables,
            "found_tables": self.found_tables,
        }


def recall(shown: Iterable[Part | None]) -> Recall:
    """The figures over some prompts; None stands for one that shows the whole schema, and does not count."""
    parts = [part for part in shown if part is not None]
    golds = [one for one in parts if one.gold_tables]
    tables = sum(len(one.gold_tables) for one in golds)
    return Recall(
        prompts=len(parts),
        golds=len(golds),
        complete=sum(not one.missing_tables for one in golds),
        gold_tables=tables,
        found_tables=tables - sum(len(one.missing_tables) for one in golds),
    )
