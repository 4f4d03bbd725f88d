"""A pair as the model sees it, and the reasons why it cannot be trained on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from oracle_sft.config.schema import PromptConf, TooLong
from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.prompt import answer_ids, prompt_ids, render
from oracle_sft.pairs.selection import Part, PromptTooLong, ShownSchemas
from oracle_sft.sqltext.schema import Schema

IGNORED = -100
"""The label of a token that carries no loss."""

_LISTED = 10


@dataclass(frozen=True, slots=True)
class TokenRow:
    """Token ids of one pair: the rendered prompt, and the answer with its end token."""

    pair_id: str
    prompt_ids: tuple[int, ...]
    answer_ids: tuple[int, ...]
    part: Part | None = field(default=None, compare=False)
    """Which part of its schema the prompt shows; None: all of it."""

    @property
    def num_tokens(self) -> int:
        return len(self.prompt_ids) + len(self.answer_ids)

    def input_ids(self) -> list[int]:
        """Prompt and answer."""
        return [*self.prompt_ids, *self.answer_ids]

    def labels(self) -> list[int]:
        """The ids that carry loss, aligned with `input_ids`: the answer and its end token, never the prompt."""
        return [IGNORED] * len(self.prompt_ids) + list(self.answer_ids)


def token_rows(
    pairs: Sequence[Pair], schemas: Mapping[str, Schema], conf: PromptConf, tokenizer: Any
) -> list[TokenRow]:
    """The pairs as token ids to train on, through the one renderer, in their order.

    Raises:
        PromptTooLong: the tables that some pairs need have more tokens than `conf.max_schema_tokens`.
    """
    shown_schemas = ShownSchemas(schemas, conf, tokenizer)
    rows, too_large = [], dict[str, str]()
    for pair in pairs:
        try:
            shown = shown_schemas.trained(pair)
        except PromptTooLong as error:
            too_large[pair.id] = str(error)
            continue
        messages = render(pair.question, shown.schema, style=conf.name, evidence=pair.evidence)
        prompt = tuple(prompt_ids(messages, tokenizer))
        answer = tuple(answer_ids(pair.sql, tokenizer))
        rows.append(TokenRow(pair.id, prompt, answer, shown.part))
    if too_large:
        first = next(iter(too_large.values()))
        raise PromptTooLong(
            f"{_named(list(too_large))} of {len(pairs)} cannot be shown with all the tables that their answers read; "
            f"the first: {first}, or leave these pairs out"
        )
    return rows


@dataclass(frozen=True, slots=True)
class Fitted:
    """Rows that can be trained on, and what became of the others."""

    rows: list[TokenRow]
    dropped: list[TokenRow]
    truncated: list[TokenRow]
    """As they were before."""

    def __add__(self, other: "Fitted") -> "Fitted":
        return Fitted(
            self.rows + other.rows, self.dropped + other.dropped, self.truncated + other.truncated
        )

    def report(self, pairs: Iterable[Pair]) -> dict[str, Any]:
        """Counts by source and by suite of the pairs that the rows are of, and each with its length in tokens."""
        by_id = {pair.id: pair for pair in pairs}

        def said(rows: Sequence[TokenRow]) -> dict[str, Any]:
            some = [by_id[row.pair_id] for row in rows]
            sources = Counter(str(pair.provenance.get("source")) for pair in some)
            return {
                "by_source": dict(sorted(sources.items())),
                "by_suite": dict(sorted(Counter(pair.suite for pair in some).items())),
                "pairs": [{"id": row.pair_id, "tokens": row.num_tokens} for row in rows],
            }

        return {"dropped": said(self.dropped), "truncated": said(self.truncated)}


def within_length(rows: Sequence[TokenRow], *, max_length_tokens: int, too_long: TooLong) -> Fitted:
    """The rows with those that are too long left out, or their answers cut.

    A cut answer has no end token, so nothing teaches the model to end there. A row whose prompt alone leaves no room
    for a token of the answer is dropped under `truncate`, too. Under `raise` all rows stay: `check_rows` names them.
    """
    if too_long is TooLong["raise"]:
        return Fitted(list(rows), [], [])
    fitting: list[TokenRow] = []
    dropped: list[TokenRow] = []
    truncated: list[TokenRow] = []
    for row in rows:
        room = max_length_tokens - len(row.prompt_ids)
        if row.num_tokens <= max_length_tokens:
            fitting.append(row)
        elif too_long is TooLong["drop"] or room <= 0:
            dropped.append(row)
        else:
            truncated.append(row)
            fitting.append(replace(row, answer_ids=row.answer_ids[:room]))
    return Fitted(fitting, dropped, truncated)


def check_rows(rows: Sequence[TokenRow], *, max_length_tokens: int) -> None:
    """Pass when each row can be trained on whole.

    Raises:
        UserError: a row is longer than `max_length_tokens`, or has no prompt or no answer; the pairs are named.
    """
    too_long = {row.pair_id: row.num_tokens for row in rows if row.num_tokens > max_length_tokens}
    if too_long:
        longest = max(too_long, key=too_long.__getitem__)
        raise UserError(
            f"{_named(list(too_long))} of {len(rows)} are longer than train.max_length_tokens={max_length_tokens} "
            f"(the longest, {longest}, has {too_long[longest]}); raise it, lower prompt.max_schema_tokens, set "
            "train.too_long=drop, or leave these pairs out"
        )
    # The first token of a sequence has nothing before it to be predicted from, so a row without a prompt would lose it.
    empty = [row.pair_id for row in rows if not row.answer_ids or not row.prompt_ids]
    if empty:
        raise UserError(
            f"{_named(empty)} of {len(rows)} have no token to train on (an empty prompt or an empty answer); "
            "leave these pairs out"
        )


def _named(pair_ids: Sequence[str]) -> str:
    """The pairs for a message: all of a few, and of many how many there are."""
    shown = ", ".join(pair_ids[:_LISTED])
    more = f" and {len(pair_ids) - _LISTED} more" if len(pair_ids) > _LISTED else ""
    return f"pairs {shown}{more}" if len(pair_ids) > 1 else f"pair {shown}"
