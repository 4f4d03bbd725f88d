"""The embedded default: the bicycle shops' DDL, rows and pairs, without reading a file of the user's."""

import json
from importlib import resources

from oracle_sft.pairs.demo.generate import demo_pairs
from oracle_sft.pairs.demo.rows import SCHEMA_ID
from oracle_sft.pairs.pair import Pair

__all__ = ["SCHEMA_ID", "demo_ddl", "demo_suites"]


def demo_ddl() -> str:
    """Oracle DDL of the bicycle shops."""
    return _text("schema.sql")


def demo_suites() -> list[Pair]:
    """Generated and hand-written pairs, each with its suite: train, validation, seen, unseen, natural."""
    natural = hand_written()
    return [*demo_pairs(elsewhere=[pair.sql for pair in natural]), *natural]


def hand_written() -> list[Pair]:
    """The pairs that nobody generated: natural.jsonl is scored in part, natural_train.jsonl only trained on."""
    lines = [*_text("natural.jsonl").splitlines(), *_text("natural_train.jsonl").splitlines()]
    return [Pair.from_dict(json.loads(line)) for line in lines]


def _text(name: str) -> str:
    return (resources.files("oracle_sft.pairs.demo") / name).read_text(encoding="utf-8")
