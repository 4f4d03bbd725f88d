"""Whether the tables that an answer needs are in the prompt of a schema that does not fit: recall by budget.

The demo's pairs with budgets under its whole schema, and 2,000 generated questions about a schema of 300 tables
(large_schema.py says how they are made). All ways to choose fill the same budget of the same tokens:

- `first tables`: in the order of the DDL;
- `word overlap`: by how many words of the question are a name, or a part of one, as it stands;
- `no foreign keys`: ours on the schema without its foreign keys;
- `ours`: oracle_sft.pairs.selection.

A figure is the share of questions all of whose gold's tables are shown, and in brackets the share of these tables.

    .venv/bin/python -m benchmarks.selection > benchmarks/results/selection.txt
"""

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.large_schema import KINDS, company, questions
from oracle_sft.model.load import load_tokenizer
from oracle_sft.model.quiet import quiet_libraries
from oracle_sft.model.tiny.build import build_tiny
from oracle_sft.pairs.demo.source import SCHEMA_ID, demo_ddl, demo_suites
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.prompt import table_texts
from oracle_sft.pairs.selection import TableSelector
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.schema import Schema
from oracle_sft.sqltext.tables_read import tables_read

STYLE = "compact"
QUESTIONS = 2000
REPEATS = 5
DEMO_BUDGETS, COMPANY_BUDGETS = (60, 90, 120, 150), (256, 512, 1024, 2048)
Way = Callable[[Pair], set[str]]


def ways(schema: Schema, tokenizer: Any, budget: int) -> dict[str, Way]:
    """Each way to choose, as a function from a pair to the names of the tables."""
    ids = tokenizer([f"{text}\n" for text in table_texts(schema, STYLE)], add_special_tokens=False)
    costs = [len(some) for some in ids["input_ids"]]
    named = [_parts(table.name) for table in schema.tables]
    columns = [
        {part for column in table.columns for part in _parts(column.name)}
        for table in schema.tables
    ]

    def filled(order: Sequence[int]) -> set[str]:
        found, left = set(), budget
        for place in order:
            if costs[place] <= left:
                found.add(schema.tables[place].name)
                left -= costs[place]
        return found

    def overlap(pair: Pair) -> set[str]:
        said = _parts(f"{pair.question} {pair.evidence}")
        scores = [
            2 * len(said & one) + len(said & more) for one, more in zip(named, columns, strict=True)
        ]
        return filled(sorted(range(len(scores)), key=lambda place: (-scores[place], place)))

    alone = replace(
        schema, tables=tuple(replace(table, foreign_keys=()) for table in schema.tables)
    )
    selectors = {
        name: TableSelector(one, tokenizer, style=STYLE, max_tokens=budget)
        for name, one in (("no foreign keys", alone), ("ours", schema))
    }

    def ours(name: str, pair: Pair) -> set[str]:
        return {table.name for table in selectors[name].select(pair.question, pair.evidence).tables}

    return {
        "first tables": lambda pair: filled(range(len(costs))),
        "word overlap": overlap,
        "no foreign keys": lambda pair: ours("no foreign keys", pair),
        "ours": lambda pair: ours("ours", pair),
    }


def _parts(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def recall(way: Way, pairs: Sequence[Pair], schema: Schema) -> tuple[float, float]:
    """The share of golds that are complete, and of their tables that are there."""
    complete = found = wanted = golds = 0
    for pair in pairs:
        gold = set(tables_read(pair.sql, schema))
        if gold:
            there = len(gold & way(pair))
            golds, wanted, found = golds + 1, wanted + len(gold), found + there
            complete += there == len(gold)
    return complete / golds, found / wanted


def show(
    title: str,
    groups: dict[str, list[Pair]],
    schema: Schema,
    tokenizer: Any,
    budgets: Sequence[int],
) -> None:
    """A table of recall: a line a group, budget and way."""
    whole = TableSelector(schema, tokenizer, style=STYLE, max_tokens=1)
    total = sum(len(ids) for ids in tokenizer(table_texts(schema, STYLE))["input_ids"])
    assert not whole.fits
    print(f"{title}: {len(schema.tables)} tables, about {total:,} tokens in prompt style {STYLE}")
    names = list(ways(schema, tokenizer, budgets[0]))
    print(
        f"{'budget':>7} {'shown':>6}  {'questions':<12}{'n':>6}"
        + "".join(f"{name:>18}" for name in names)
    )
    for budget in budgets:
        by_name = ways(schema, tokenizer, budget)
        everyone = [pair for pairs in groups.values() for pair in pairs]
        shown = statistics.median(
            len(by_name["ours"](pair)) for pair in everyone[:: len(everyone) // 200 + 1]
        )
        for group, pairs in groups.items():
            figures = (recall(way, pairs, schema) for way in by_name.values())
            cells = "".join(
                f"{f'{100 * one:.1f} ({100 * other:.1f})':>18}" for one, other in figures
            )
            print(f"{budget:>7} {shown:>6.0f}  {group:<12}{len(pairs):>6}{cells}", flush=True)
    print()


def times(schema: Schema, pairs: Sequence[Pair], tokenizer: Any, budget: int) -> None:
    """Milliseconds of the first question, which builds the index, and of the others."""
    first, each = [], []
    for _ in range(REPEATS):
        selector = TableSelector(schema, tokenizer, style=STYLE, max_tokens=budget)
        started = time.perf_counter()
        selector.select(pairs[0].question)
        first.append(time.perf_counter() - started)
        started = time.perf_counter()
        for pair in pairs[1:]:
            selector.select(pair.question, pair.evidence)
        each.append((time.perf_counter() - started) / (len(pairs) - 1))
    print(
        f"{len(schema.tables):>4} tables, budget {budget:>5}: {1000 * statistics.median(each):.2f} ms a question; the "
        f"first one, with the index, {1000 * statistics.median(first):.0f} ms"
    )


def main() -> None:
    """Print the tables of recall, then the times."""
    quiet_libraries()
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = load_tokenizer(build_tiny(Path(folder) / "tiny"))
    demo = read_ddl(demo_ddl(), schema_id=SCHEMA_ID)
    by_suite: dict[str, list[Pair]] = {"generated": [], "hand-written": []}
    for pair in demo_suites():
        by_suite["generated" if pair.template else "hand-written"].append(pair)
    show("the demo", by_suite, demo, tokenizer, DEMO_BUDGETS)
    large, entities = company()
    asked = questions(entities, QUESTIONS)
    by_kind = {kind: [pair for pair in asked if pair.template == kind] for kind in KINDS}
    show("a company", {**by_kind}, large, tokenizer, COMPANY_BUDGETS)
    print(f"time to choose, medians of {REPEATS}, one core")
    times(demo, [pair for pairs in by_suite.values() for pair in pairs][:QUESTIONS], tokenizer, 90)
    times(large, asked, tokenizer, 1024)
    times(large, asked, tokenizer, 4096)


if __name__ == "__main__":
    main()
