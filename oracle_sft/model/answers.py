"""Asking a model: weights in this process, or a server behind a URL, in the same way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from oracle_sft.config.schema import RunConf
from oracle_sft.model.generation import Generation
from oracle_sft.pairs.prompt import prompt_ids

OnAnswers = Callable[[int, int, int], None]
"""Told how many are answered, of how many, and how many tokens that took."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One prompt, as the one renderer wrote it."""

    prompt: str
    seed: str | None = None
    """None: the most likely answer; otherwise one that this seed draws at `eval.temperature`."""


class Answerer(Protocol):
    """A model that can be asked."""

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of it only now, for the report: JSON values."""
        ...

    @property
    def tokenizer(self) -> Any:
        """What counts the tokens of a schema; None where only the server knows.

        Raises:
            UserError: it cannot be read.
        """
        ...

    def room(self, prompt: str) -> int | None:
        """Tokens that are left for an answer, or None where only the server knows."""
        ...

    def answer(self, asks: Sequence[Ask], on_progress: OnAnswers) -> list[Generation]:
        """An answer to each, in their order.

        Raises:
            EnvironmentFault, UserError: an endpoint that cannot be used.
        """
        ...


class LocalAnswerer:
    """Weights in this process."""

    def __init__(self, model: Any, tokenizer: Any, conf: RunConf) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._conf = conf

    @property
    def facts(self) -> dict[str, Any]:
        return {"device": str(self._model.device), "dtype": str(self._model.dtype)}

    @property
    def tokenizer(self) -> Any:
        return self._tokenizer

    def room(self, prompt: str) -> int | None:
        return self._conf.model.context_tokens - len(self._ids(prompt))

    def answer(self, asks: Sequence[Ask], on_progress: OnAnswers) -> list[Generation]:
        from oracle_sft.model.generate import generate  # a server can be asked without torch

        return generate(
            self._model,
            self.tokenizer,
            [self._ids(ask.prompt) for ask in asks],
            max_new_tokens=self._conf.eval.max_new_tokens,
            batch_rows=self._conf.eval.batch_rows,
            temperature=self._conf.eval.temperature,
            seeds=[ask.seed for ask in asks],
            on_progress=lambda done, tokens: on_progress(done, len(asks), tokens),
        )

    def _ids(self, prompt: str) -> list[int]:
        return prompt_ids([{"role": "user", "content": prompt}], self.tokenizer)
