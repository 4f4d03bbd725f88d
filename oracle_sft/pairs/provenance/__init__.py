"""Where a training pair came from: said for each pair, checked, counted, and mended in files.

The names, signatures, statistic keys and return shapes are those of the tracker that users already have.
"""

from oracle_sft.pairs.provenance.files import load_jsonl, write_jsonl
from oracle_sft.pairs.provenance.rules import REQUIRED_FIELDS, SOURCES, ProvenanceMeta
from oracle_sft.pairs.provenance.show import provenance_dashboard
from oracle_sft.pairs.provenance.tracker import ProvenanceTracker

__all__ = [
    "REQUIRED_FIELDS",
    "SOURCES",
    "ProvenanceMeta",
    "ProvenanceTracker",
    "load_jsonl",
    "provenance_dashboard",
    "write_jsonl",
]
