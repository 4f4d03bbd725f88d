"""What a prompt shows of each schema: all of it where it fits into the budget, else the tables that a question needs.

The same at training, at evaluation and at serving, but that training knows the answer: there the tables of the gold are
always shown, and the tables beside them are those that would be shown without it. Nothing else may depend on the gold.

A schema that is shown in part is a schema of its own. Its tables stand in the order of the whole one, and a foreign key
to a table that is not shown is not shown either: the model would know that the table is there and nothing of its
columns, and what it then writes about them it has made up. In training all that a query needs is always shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import compress
from typing import Any

from oracle_sft.config.schema import PromptConf
from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.prompt import PromptStyle, schema_text, table_separator, table_texts
from oracle_sft.pairs.ranking import TableRanker
from oracle_sft.sqltext.schema import Schema, Table
from oracle_sft.sqltext.tables_read import tables_read

SELECTION_VERSION = 1
"""Raised whenever the same question, schema, tokenizer and budget give other tables."""

_KNOWN_TABLES = 4096


class PromptTooLong(UserError):
    """A prompt cannot be made within its budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Of a schema that one prompt shows in part, what there is to count."""

    num_tables: int
    """How many tables are shown."""
    gold_tables: tuple[str, ...]
    """The tables that the gold reads."""
    missing_tables: tuple[str, ...]
    """Those of them that the question alone does not bring into the prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the prompt of one pair shows of its schema."""

    schema: Schema
    """The schema as it is rendered."""
    part: Part | None = None
    """None: it is the whole one."""


class TableSelector:
    """Chooses tables of one schema within a budget of tokens."""

    def __init__(
        self, schema: Schema, tokenizer: Any, *, style: PromptStyle | str, max_tokens: int
    ) -> None:
        """`tokenizer` None: nobody knows what a token is, and all is shown."""
        self.schema = schema
        self._style = style
        self._max_tokens = max_tokens
        self._tokenizer = tokenizer
        self._with_keys = lru_cache(_KNOWN_TABLES)(self._some_keys)

    @cached_property
    def fits(self) -> bool:
        """Whether the whole schema is within the budget."""
        return self._tokenizer is None or self._num_tokens(self.schema) <= self._max_tokens

    def select(self, question: str, evidence: str = "", *, always: Sequence[str] = ()) -> Schema:
        """The schema with the tables that fit: those named in `always`, then the others in the ranker's order.

        A table that does not fit any more is passed over, and a smaller one behind it may be shown.

        Raises:
            PromptTooLong: the tables in `always` do not fit together, or no table does.
        """
        if self.fits:
            return self.schema
        ranked = self._ranker.rank(question, evidence)
        if always:
            ranked.sort(key=lambda place: self.schema.tables[place].name not in always)
        costs, chosen, left = self._costs, [], self._max_tokens - self._at_the_end
        for place in ranked:
            if costs[place] <= left:
                chosen.append(place)
                left -= costs[place]
            elif len(chosen) < len(always):
                break
        if not self._add_up:
            while chosen and self._num_tokens(self._part(chosen)) > self._max_tokens:
                chosen.pop()
        if not chosen or len(chosen) < len(always):
            raise PromptTooLong(self._why(always))
        return self._part(chosen)

    @cached_property
    def _ranker(self) -> TableRanker:
        return TableRanker(self.schema)

    @cached_property
    def _costs(self) -> list[int]:
        """Tokens of each table with what stands behind it, with its keys or without, whichever is more."""
        bare = replace(
            self.schema,
            tables=tuple(replace(table, foreign_keys=()) for table in self.schema.tables),
        )
        behind = table_separator(self._style)
        counts = zip(self._ids(self.schema, behind), self._ids(bare, behind), strict=True)
        return [max(len(with_keys), len(without)) for with_keys, without in counts]

    @cached_property
    def _at_the_end(self) -> int:
        """How many tokens more than its cost a table may take as the last one, with nothing behind it."""
        alone = [len(ids) for ids in self._ids(self.schema, "")]
        return max(0, *(one - cost for one, cost in zip(alone, self._costs, strict=True)))

    @cached_property
    def _add_up(self) -> bool:
        """Whether this tokenizer never joins the end of a table with the beginning of the next one.

        Then a prompt has no more tokens than its tables have one by one.
        """
        separator = table_separator(self._style)
        text = schema_text(self.schema, self._style) + separator
        whole = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        parts = self._ids(self.schema, separator)
        return list(whole) == [token for ids in parts for token in ids]

    def _ids(self, schema: Schema, behind: str) -> list[list[int]]:
        texts = [f"{text}{behind}" for text in table_texts(schema, self._style)]
        return [list(ids) for ids in self._tokenizer(texts, add_special_tokens=False)["input_ids"]]

    def _num_tokens(self, schema: Schema) -> int:
        text = schema_text(schema, self._style)
        return len(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _part(self, places: Sequence[int]) -> Schema:
        shown = {self.schema.tables[place].name for place in places}
        return replace(
            self.schema, tables=tuple(self._table(place, shown) for place in sorted(places))
        )

    def _table(self, place: int, shown: AbstractSet[str]) -> Table:
        table = self.schema.tables[place]
        kept = tuple(key.table in shown for key in table.foreign_keys)
        return table if all(kept) else self._with_keys(place, kept)

    def _some_keys(self, place: int, kept: tuple[bool, ...]) -> Table:
        table = self.schema.tables[place]
        return replace(table, foreign_keys=tuple(compress(table.foreign_keys, kept)))

    def _why(self, always: Sequence[str]) -> str:
        said = f"schema {self.schema.id!r} in prompt style {PromptStyle(self._style).value!r}: "
        named = [table.name for table in self.schema.tables]
        more = self._at_the_end
        costs = dict(zip(named, self._costs, strict=True))
        if not always:
            return (
                f"{said}the smallest of {len(costs)} tables has {min(costs.values()) + more} tokens, more than "
                f"prompt.max_schema_tokens={self._max_tokens}; raise it"
            )
        tokens = sum(costs[name] for name in always) + more
        return (
            f"{said}the tables of the answer ({', '.join(always)}) have {tokens} tokens, more than "
            f"prompt.max_schema_tokens={self._max_tokens}; raise it"
        )


class ShownSchemas:
    """What the prompts of a dataset show of its schemas."""

    def __init__(self, schemas: Mapping[str, Schema], conf: PromptConf, tokenizer: Any) -> None:
        """`tokenizer` None: nobody knows what a token is, and all schemas are shown whole."""
        self._selectors = {
            schema_id: TableSelector(
                schema, tokenizer, style=conf.name, max_tokens=conf.max_schema_tokens
            )
            for schema_id, schema in schemas.items()
        }

    def is_whole(self, schema_id: str) -> bool:
        """Whether all prompts show the whole schema."""
        return self._selectors[schema_id].fits

    def asked(self, pair: Pair) -> Shown:
        """What a prompt shows that asks for the pair's answer; its gold is looked at to say what is missing.

        Raises:
            PromptTooLong: no table of the schema fits into the budget.
        """
        selector = self._selectors[pair.schema_id]
        if selector.fits:
            return Shown(schema=selector.schema)
        schema = selector.select(pair.question, pair.evidence)
        gold = tables_read(pair.sql, selector.schema)
        shown = {table.name for table in schema.tables}
        missing = tuple(name for name in gold if name not in shown)
        part = Part(num_tables=len(shown), gold_tables=gold, missing_tables=missing)
        return Shown(schema=schema, part=part)

    def trained(self, pair: Pair) -> Shown:
        """The same with all tables of the gold in it; `missing_tables` are those that had to be put there.

        Raises:
            PromptTooLong: the tables of the gold do not fit into the budget.
        """
        shown = self.asked(pair)
        if shown.part is None or not shown.part.missing_tables:
            return shown
        schema = self._selectors[pair.schema_id].select(
            pair.question, pair.evidence, always=shown.part.gold_tables
        )
        return Shown(schema=schema, part=replace(shown.part, num_tables=len(schema.tables)))


def may_be_in_parts(schemas: Iterable[Schema], conf: PromptConf) -> list[Schema]:
    """The schemas that need a tokenizer to tell whether they fit: no token is shorter than a byte."""
    return [
        schema
        for schema in schemas
        if len(schema_text(schema, conf.name).encode()) >= conf.max_schema_tokens
    ]
