"""Asking a target all questions: once, again where an answer was refused or failed, and for samples."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from oracle_sft.config.schema import RunConf
from oracle_sft.config.scoring import EvalConf
from oracle_sft.errors import UserError
from oracle_sft.model.answers import Answerer, Ask
from oracle_sft.model.generation import Generation
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.prompt import render
from oracle_sft.pairs.recall import recall
from oracle_sft.pairs.selection import SELECTION_VERSION, Part, Shown, ShownSchemas, may_be_in_parts
from oracle_sft.record.console import Console, Step
from oracle_sft.score.item import Prediction, Score
from oracle_sft.score.judge import Judge, Judged
from oracle_sft.score.samples import majority
from oracle_sft.sqltext.outermost import orders_outermost
from oracle_sft.sqltext.parse import SQLSyntaxError
from oracle_sft.sqltext.retry import Conversation, database_refusal
from oracle_sft.sqltext.schema import Schema

Suites = Mapping[str, Sequence[Pair]]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The samples of one question."""

    scores: tuple[Score, ...] = ()
    is_majority_right: bool | None = None
    votes: int = 0

    def added_to(self, score: Score) -> Score:
        return replace(
            score,
            samples=tuple(one.as_attempt() for one in self.scores),
            majority=self.is_majority_right,
            votes=self.votes,
        )


@dataclass(slots=True)
class _Item:
    """One question on its way."""

    suite: str
    pair: Pair
    prompt: str
    part: Part | None
    """Which part of the schema the prompt shows; None: all of it."""
    conversation: Conversation
    attempts: list[Score] = field(default_factory=list)
    stopped: str = ""
    drawn: _Drawn = _Drawn()


@dataclass(slots=True)
class Speed:
    """What the answers of a target took."""

    answers: int = 0
    cut: int = 0
    unanswered: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def add(self, answers: Sequence[Generation], seconds: float) -> None:
        self.answers += len(answers)
        self.cut += sum(answer.finish_reason == "length" for answer in answers)
        self.unanswered += sum(bool(answer.failure) for answer in answers)
        self.tokens += sum(answer.num_tokens or 0 for answer in answers)
        self.seconds += seconds

    @property
    def facts(self) -> dict[str, Any]:
        """Figures for run.json."""
        return {
            "answers": self.answers,
            "cut_answers": self.cut,
            "unanswered": self.unanswered,
            "generation_seconds": round(self.seconds, 1),
            "tokens_per_second": round(self.tokens / self.seconds, 1) if self.seconds else 0.0,
        }

    @property
    def line(self) -> str:
        """The same for the user."""
        cut = f", {self.cut} cut at eval.max_new_tokens" if self.cut else ""
        none = f", {self.unanswered} without an answer" if self.unanswered else ""
        rate = self.facts["tokens_per_second"]
        return f"{self.answers:,} answers, {rate:,.0f} tokens/s{cut}{none}"


class Asking:
    """All questions to one target, with what became of each answer."""

    def __init__(
        self,
        name: str,
        answerer: Answerer,
        judge: Judge,
        schemas: Mapping[str, Schema],
        conf: RunConf,
        console: Console,
        *,
        trained_on: Mapping[str, Any] | None = None,
    ) -> None:
        """`name` is the target's; `trained_on` is what is recorded of the prompts that it was trained on."""
        self._name = name
        self._answerer = answerer
        self._judge = judge
        self._schemas = schemas
        self._conf = conf
        self._console = console
        self._trained_on = trained_on or {}
        self.speed = Speed()
        self._items: list[_Item] = []

    def ask(self, suites: Suites) -> None:
        """Ask and judge every question of each suite, as often as the config says.

        Raises:
            UserError: a prompt leaves no room for an answer in the model's context, or an endpoint cannot be used.
            EnvironmentFault: an endpoint does not answer.
        """
        conf = self._conf.eval
        shown_schemas = self._shown_schemas(suites)
        items = [
            self._item(suite, pair, shown_schemas.asked(pair))
            for suite, pairs in suites.items()
            for pair in pairs
        ]
        self._check_selection(items)
        self._check_room(items)
        self._attempt(items, "ask")
        for _ in range(1, conf.max_attempts):
            again = [item for item in items if self._is_open(item)]
            if not again:
                break
            self._attempt(again, "ask again")
        if conf.samples:
            self._sample(items)
        self._items = items

    def scores(self) -> dict[str, list[Score]]:
        """A score for each question that was asked, by suite and in their order; asks the perturbed databases."""
        last = [(item.pair, item.attempts[-1]) for item in self._items]
        found: dict[str, list[Score]] = {}
        for item, score in zip(self._items, self._judge.on_suites(last), strict=True):
            attempts = tuple(one.as_attempt() for one in item.attempts)
            scored = replace(score, attempts=attempts, stopped=item.stopped, **_tables(item.part))
            found.setdefault(item.suite, []).append(item.drawn.added_to(scored))
        return found

    def _shown_schemas(self, suites: Suites) -> ShownSchemas:
        conf = self._conf.prompt
        asked = sorted({pair.schema_id for pairs in suites.values() for pair in pairs})
        unsure = may_be_in_parts((self._schemas[schema_id] for schema_id in asked), conf)
        tokenizer = self._answerer.tokenizer if unsure else None
        if unsure and tokenizer is None:
            more = f" and {len(unsure) - 1} others" if len(unsure) > 1 else ""
            self._console.warn(
                f"{self._name}: nobody knows the tokens of its model, so all tables of {unsure[0].id}{more} are "
                f"shown, whatever prompt.max_schema_tokens={conf.max_schema_tokens} says; give run=..., or "
                "model=local model.path=FOLDER with the tokenizer of the model"
            )
        return ShownSchemas(self._schemas, conf, tokenizer)

    def _item(self, suite: str, pair: Pair, shown: Shown) -> _Item:
        style = self._conf.prompt.name
        (message,) = render(pair.question, shown.schema, style=style, evidence=pair.evidence)
        prompt = message["content"]
        conversation = Conversation(prompt, max_attempts=self._conf.eval.max_attempts)
        return _Item(
            suite=suite, pair=pair, prompt=prompt, part=shown.part, conversation=conversation
        )

    def _check_selection(self, items: Sequence[_Item]) -> None:
        """Say what the prompts show, and refuse to choose tables in another way than at training."""
        found = recall(item.part for item in items)
        if not found.prompts:
            return
        self._console.say(f"{'tables':<13} {found.line}")
        version = self._trained_on.get("selection_version", SELECTION_VERSION)
        if version != SELECTION_VERSION:
            raise UserError(
                f"{self._name} was trained on prompts whose tables were chosen by version {version} of the selection, "
                f"and this is version {SELECTION_VERSION}; use the version of oracle-sft that trained it, train again, "
                "or raise prompt.max_schema_tokens until all schemas fit"
            )
        budget = self._conf.prompt.max_schema_tokens
        if self._trained_on.get("max_schema_tokens", budget) != budget:
            self._console.warn(
                f"{self._name} was trained with prompt.max_schema_tokens={self._trained_on['max_schema_tokens']}, and "
                f"is asked with {budget}: its prompts show other tables than in training"
            )

    def _check_room(self, items: Sequence[_Item]) -> None:
        wanted = self._conf.eval.max_new_tokens
        for item in items:
            room = self._answerer.room(item.conversation.ask)
            if room is not None and room < wanted:
                raise UserError(
                    f"the prompt of pair {item.pair.id} leaves {max(room, 0)} of model.context_tokens="
                    f"{self._conf.model.context_tokens} for the answer; lower prompt.max_schema_tokens="
                    f"{self._conf.prompt.max_schema_tokens} or eval.max_new_tokens={wanted}"
                )

    def _attempt(self, items: Sequence[_Item], what: str) -> None:
        """Ask each of these once, and judge what comes."""
        asks = [Ask(item.conversation.ask) for item in items]
        with self._console.step(f"{what} {self._name}") as step:
            answers = self._answers(asks, step)
            step.done(_spoken(answers, self.speed))
        with self._console.step(f"judge {self._name}") as step:
            asked = [
                (item.pair, self._prediction(item, answer))
                for item, answer in zip(items, answers, strict=True)
            ]
            for item, judged in zip(items, self._judge.judge(asked, step.update), strict=True):
                item.attempts.append(judged.score)
                _tell(item, judged)
            right = sum(item.attempts[-1].stage == "correct" for item in items)
            step.done(f"{right:,} of {len(items):,} correct")

    def _is_open(self, item: _Item) -> bool:
        """Whether a question is to be asked again; one whose prompt has become too long is not."""
        if item.stopped or item.conversation.stopped is not None:
            return False
        room = self._answerer.room(item.conversation.ask)
        if room is not None and room < self._conf.eval.max_new_tokens:
            item.stopped = "no_room"
            return False
        return True

    def _sample(self, items: Sequence[_Item]) -> None:
        conf = self._conf.eval
        asks = [
            Ask(item.prompt, f"{self._conf.seed}/{item.pair.id}/{number}")
            for item in items
            for number in range(conf.samples)
        ]
        with self._console.step(f"sample {self._name}") as step:
            answers = self._answers(asks, step)
            step.done(_spoken(answers, self.speed))
        asked = [
            (item.pair, self._prediction(item, answer))
            for item, answer in zip(
                (item for item in items for _ in range(conf.samples)), answers, strict=True
            )
        ]
        with self._console.step(f"judge {self._name}") as step:
            judged = self._judge.judge(asked, step.update)
            for item in items:
                item.drawn = _drawn([next(judged) for _ in range(conf.samples)])
            step.done(f"{len(asked):,} samples")

    def _answers(self, asks: Sequence[Ask], step: Step) -> list[Generation]:
        started = time.monotonic()

        def show(done: int, total: int, tokens: int) -> None:
            rate = tokens / max(time.monotonic() - started, 1e-9)
            step.update(done, total, f"{rate:,.0f} tokens/s")

        answers = self._answerer.answer(asks, show)
        self.speed.add(answers, time.monotonic() - started)
        return answers

    def _prediction(self, item: _Item, answer: Generation) -> Prediction:
        return Prediction(pair_id=item.pair.id, suite=item.suite, target=self._name, answer=answer)


def _tell(item: _Item, judged: Judged) -> None:
    """Let the conversation know what came of its answer.

    Only what Oracle or the guardrail says against a statement is a reason to ask again: nothing about the gold, and
    nothing that the engine does not know.
    """
    score, verdict = judged.score, judged.verdict
    if score.status == "no_answer":
        item.stopped = "no_answer"
        return
    if score.status == "oracle_error" and score.sql is not None:
        verdict = database_refusal(score.code, score.message, score.sql)
    asking = item.conversation
    asking.take(score.text, judged.extraction.reason, judged.extraction.sql, verdict)
    if asking.stopped in ("repeated", "exhausted") and len(asking.attempts) > 1:
        item.stopped = asking.stopped


def _tables(part: Part | None) -> dict[str, Any]:
    """What a score keeps of the part of the schema that was shown."""
    if part is None:
        return {}
    return {
        "shown_tables": part.num_tables,
        "gold_tables": part.gold_tables,
        "missing_tables": part.missing_tables,
    }


def _drawn(judged: Sequence[Judged]) -> _Drawn:
    scores = tuple(one.score for one in judged)
    known = all(score.status not in ("unsupported", "no_answer") for score in scores)
    if not known or scores[0].gold_status != "ok":
        return _Drawn(scores)
    vote = majority(
        [
            None if one.result is None else (one.result, _is_ordered(one.score.sql or ""))
            for one in judged
        ]
    )
    if vote is None:
        return _Drawn(scores, False)
    return _Drawn(scores, scores[vote.chosen].stage == "correct", vote.votes)


def _is_ordered(sql: str) -> bool:
    try:
        return orders_outermost(sql)
    except SQLSyntaxError:
        return False


def _spoken(answers: Sequence[Generation], speed: Speed) -> str:
    """What one round of answers was, for the user."""
    return speed.line if speed.answers == len(answers) else f"{len(answers):,} answers"


def pass_at_k(conf: EvalConf) -> list[int]:
    """The k of pass@k that a config asks for."""
    if not conf.samples:
        return []
    return sorted(set(conf.pass_at or (1, conf.samples)))
