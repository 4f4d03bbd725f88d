"""Whether weights still answer as the adapter that was evaluated: tokens, distributions, whole answers.

One model is in memory at a time. What the adapter says of each next token lies on disk meanwhile, since it has the size
of the vocabulary: 64 answers of 60 tokens over 128,000 words are 2 GB.
"""

import gc
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import torch

from oracle_sft.config.schema import RunConf
from oracle_sft.errors import CheckFailed, EnvironmentFault, UserError
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.prompt import answer_ids, prompt_ids, render
from oracle_sft.pairs.selection import ShownSchemas
from oracle_sft.pairs.tokens import TokenRow

OnRows = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What all the weights are asked."""

    dataset: Dataset
    pairs: list[Pair]
    prompts: list[str]
    """What the user says to the model about each."""
    rows: list[TokenRow]
    """The prompt of each pair as a served model gets it, with the gold answer."""
    drawn_from: str
    """`held-out pairs`, or `training pairs` where a dataset holds none out."""
    left_out: int
    """Pairs of the draw whose prompt leaves no room for an answer."""


def draw(dataset: Dataset, conf: RunConf, tokenizer: Any, count: int) -> Asked:
    """Some pairs of a run's dataset, drawn by its seed and in the order of the draw: fewer pairs are the first of more.

    Raises:
        UserError: none of them leaves room for an answer in the model's context.
        PromptTooLong: no table of a schema fits into the prompt's budget.
    """
    pool = [
        *dataset.validation_pairs(),
        *(pair for some in dataset.suites().values() for pair in some),
    ]
    drawn_from = "held-out pairs" if pool else "training pairs"
    pool = pool or dataset.train_pairs()
    random.Random(f"parity/{conf.seed}").shuffle(pool)
    chosen = pool[:count]
    shown = ShownSchemas(dataset.schemas(), conf.prompt, tokenizer)
    found: list[tuple[Pair, str, TokenRow]] = []
    for pair in chosen:
        schema = shown.asked(pair).schema
        messages = render(pair.question, schema, style=conf.prompt.name, evidence=pair.evidence)
        prompt = tuple(prompt_ids(messages, tokenizer))
        row = TokenRow(pair.id, prompt, tuple(answer_ids(pair.sql, tokenizer)))
        longest = len(prompt) + max(conf.eval.max_new_tokens, len(row.answer_ids))
        if longest <= conf.model.context_tokens:
            found.append((pair, messages[0]["content"], row))
    if not found:
        raise UserError(
            f"none of the {len(chosen)} prompts drawn to compare the weights leaves room for "
            f"eval.max_new_tokens={conf.eval.max_new_tokens} in model.context_tokens={conf.model.context_tokens}; "
            "lower eval.max_new_tokens or prompt.max_schema_tokens"
        )
    return Asked(
        dataset=dataset,
        pairs=[pair for pair, _, _ in found],
        prompts=[prompt for _, prompt, _ in found],
        rows=[row for _, _, row in found],
        drawn_from=drawn_from,
        left_out=len(chosen) - len(found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTokens:
    """What two models say of the tokens of the gold answers, each after the right beginning."""

    tokens: int
    agreement: float
    """Share of the tokens for which both find the same one the most likely."""
    mean_kl_nats: float
    """Of KL(first || second), over the tokens."""
    max_kl_nats: float


class Reference:
    """What one model says of each next token of the answers: log-probabilities over the vocabulary, on disk.

    The file has no name, so a kill leaves nothing of it.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is on a disk with room for 4 bytes a word of the vocabulary and token of the answers."""
        self._file: BinaryIO = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._vocabulary = 0

    def __enter__(self) -> "Reference":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def record(self, model: Any, rows: Sequence[TokenRow], on_progress: OnRows) -> None:
        """Keep what `model` says.

        Raises:
            CheckFailed: it says NaN.
        """
        self._file.seek(0)
        for done, row in enumerate(rows, start=1):
            said = _log_probabilities(model, row).cpu()
            self._vocabulary = said.shape[1]
            self._file.write(said.numpy().tobytes())
            on_progress(done, len(rows))
        self._file.flush()

    def compare(self, model: Any, rows: Sequence[TokenRow], on_progress: OnRows) -> NextTokens:
        """What `model` says of the same rows beside what was recorded.

        Raises:
            CheckFailed: it says NaN, or has another vocabulary.
        """
        self._file.seek(0)
        same = tokens = 0
        total = worst = 0.0
        for done, row in enumerate(rows, start=1):
            second = _log_probabilities(model, row)
            if second.shape[1] != self._vocabulary:
                raise CheckFailed(
                    f"the adapter answers with one of {self._vocabulary} tokens and these weights with one of "
                    f"{second.shape[1]}; package again, with the base that the adapter was trained on"
                )
            recorded = bytearray(self._file.read(4 * second.numel()))
            first = torch.frombuffer(recorded, dtype=torch.float32).reshape(second.shape)
            first = first.to(second.device)
            same += int((first.argmax(-1) == second.argmax(-1)).sum())
            divergence = _divergence(first, second)
            total += float(divergence.sum())
            worst = max(worst, float(divergence.max()))
            tokens += len(divergence)
            on_progress(done, len(rows))
        return NextTokens(
            tokens=tokens,
            agreement=same / tokens,
            mean_kl_nats=total / tokens,
            max_kl_nats=worst,
        )


@torch.inference_mode()
def _log_probabilities(model: Any, row: TokenRow) -> torch.Tensor:
    """Of every word at each place of the answer, (tokens, vocabulary) float32, on the model's device."""
    ids = torch.tensor([row.input_ids()[:-1]], device=model.device)
    said = model(input_ids=ids, use_cache=False, logits_to_keep=len(row.answer_ids)).logits[0]
    if said.isnan().any():
        raise CheckFailed("these weights answer with NaN; train or package again")
    probabilities: torch.Tensor = said.float().log_softmax(-1)
    return probabilities


def _divergence(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """KL(first || second) of each row of log-probabilities, in nats."""
    shares = first.exp()
    # A word that is impossible in both is no difference, and -inf less -inf would be NaN.
    terms = torch.where(shares > 0, shares * (first - second), 0.0)
    return terms.sum(-1, dtype=torch.float64).clamp(min=0)


@contextmanager
def memory_given_back() -> Iterator[None]:
    """Free what the models of the block held, so that the next one, or another process, has the device to itself.

    Raises:
        EnvironmentFault: a model of the block did not fit.
    """
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise EnvironmentFault(
            f"the weights do not fit into the memory of the device ({str(error).splitlines()[0]}); package on a "
            "machine with more, or set package.parity=false package.load_test=false"
        ) from error
    finally:
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
