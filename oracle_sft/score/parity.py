"""The gate in front of a bundle: its weights must answer as the adapter did that was trained and scored."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from rich.table import Table

from oracle_sft.config.packaging import PackageConf, ParityLimitsConf
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import CheckFailed
from oracle_sft.model.adapter import load_for_inference
from oracle_sft.model.generate import generate
from oracle_sft.model.generation import Generation
from oracle_sft.model.load_test import load_bundle, record_probe
from oracle_sft.model.package import Weights
from oracle_sft.model.parity import Asked, NextTokens, Reference, memory_given_back
from oracle_sft.record.console import Console, Step
from oracle_sft.record.run import Run
from oracle_sft.score.item import HEADLINE_MODE, Prediction
from oracle_sft.score.suites import open_judge

ADAPTER = "adapter"
Load = Callable[[], tuple[Any, Any]]
"""Gives a model and its tokenizer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Some weights beside the adapter, on the same prompts."""

    prompts: int
    tokens: int
    """Of the gold answers."""
    next_token_agreement: float
    mean_kl_nats: float
    max_kl_nats: float
    greedy_agreement: float
    judged: int
    """Prompts for which a database can say whether each of the two answers is right."""
    adapter_accuracy: float | None
    """Over these prompts; None where there is none."""
    accuracy: float | None

    @property
    def accuracy_loss(self) -> float | None:
        """Negative where the weights are right more often than the adapter."""
        if self.accuracy is None or self.adapter_accuracy is None:
            return None
        return self.adapter_accuracy - self.accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Some weights, what they gave, and what they may give."""

    name: str
    figures: Figures
    section: str
    """The key of the limits in the config."""
    limits: ParityLimitsConf

    @property
    def broken(self) -> list[str]:
        """A clause for each limit that the weights do not keep: figure, value and limit."""
        return list(_broken(self))


def compare_weights(
    run: Run,
    conf: RunConf,
    made: Sequence[Weights],
    asked: Asked,
    console: Console,
) -> list[Compared]:
    """Ask adapter and weights the same, one after the other; each is out of memory before the next is loaded.

    The weights' folders get the answers that a load test asks for again.

    Raises:
        CheckFailed: some weights answer with NaN.
        EnvironmentFault: they do not fit into the memory, or the disk is full.
    """
    base = Path(run.state["parents"]["base_model"]["path"])
    trained = run.folder / "adapter"
    answers: dict[str, list[Generation]] = {}
    tokens: dict[str, NextTokens] = {}

    def ask(name: str, load: Load, hear: Callable[[Any, Step], None], probed: Path | None) -> None:
        with console.step(f"ask {name}") as step, memory_given_back():
            answers[name] = _answers(load, lambda model: hear(model, step), asked, conf, probed)
            step.done(f"{len(asked.rows)} {asked.drawn_from}")

    with Reference(made[0].folder.parent) as reference:
        ask(
            ADAPTER,
            lambda: load_for_inference(base, trained, conf.adapter),
            lambda model, step: reference.record(model, asked.rows, step.update),
            None,
        )
        for weights in made:
            folder = weights.folder

            def compare(model: Any, step: Step, name: str = folder.name) -> None:
                tokens[name] = reference.compare(model, asked.rows, step.update)

            ask(folder.name, partial(load_bundle, folder), compare, folder)
    with console.step("judge") as step:
        right = _right(answers, asked, conf)
        judged = sum(one is not None for one in right[ADAPTER])
        step.done(f"{judged} of {len(asked.rows)} can be executed" if judged else "no database")
    base_quant = run.state["stages"]["train"]["model"].get("base_quant")
    return [
        Compared(
            name=name,
            figures=_figures(
                tokens[name], answers[ADAPTER], answers[name], right[ADAPTER], right[name]
            ),
            section=section,
            limits=limits,
        )
        for weights in made
        for name, (section, limits) in [
            (weights.folder.name, _limits_of(weights, conf.package, base_quant))
        ]
    ]


def check_parity(compared: Sequence[Compared], kept: Path) -> None:
    """Pass when all weights keep their limits; `kept` is where they lie.

    Raises:
        CheckFailed: some do not; each figure is named with its value and its limit.
    """
    broken = [f"{one.name}: {', '.join(one.broken)}" for one in compared if one.broken]
    if broken:
        raise CheckFailed(
            f"the weights answer otherwise than the adapter that they were made of: {'; '.join(broken)}; no bundle was "
            f"made, the weights are kept in {kept}; see docs/packages.md, Parity, for what helps"
        )


def parity_facts(compared: Compared, asked: Asked) -> dict[str, Any]:
    """The comparison as a manifest keeps it."""
    return {
        "reference": ADAPTER,
        "figures": {**asdict(compared.figures), "accuracy_loss": compared.figures.accuracy_loss},
        "limits": asdict(compared.limits),
        "drawn_from": asked.drawn_from,
        "pair_ids": [row.pair_id for row in asked.rows],
        "left_out": asked.left_out,
    }


def parity_table(compared: Sequence[Compared]) -> Table:
    """The figures, each behind its limit; those that break it stand out."""
    table = Table(box=None, pad_edge=False)
    table.add_column("weights", no_wrap=True)
    for measure in _MEASURES:
        table.add_column(measure.title, justify="right")
    for one in compared:
        cells = []
        for measure in _MEASURES:
            value, limit = measure.value(one.figures), measure.limit(one.limits)
            said = measure.said(value)
            if limit is not None:
                said += f" ({'>=' if measure.is_least else '<='} {measure.said(limit)})"
            cells.append(f"[red]{said}[/red]" if measure.is_broken(value, limit) else said)
        table.add_row(one.name, *cells)
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """A figure, its limit, and how both are written."""

    title: str
    key: str
    """The limit's name in the config."""
    limit: Callable[[ParityLimitsConf], float | None]
    value: Callable[[Figures], float | None]
    is_least: bool = False
    """Whether the limit is the least that is wanted; otherwise it is the most that is allowed."""
    is_share: bool = True

    def said(self, value: float | None) -> str:
        if value is None:
            return "-"
        return f"{100 * value:.1f}%" if self.is_share else f"{value:.2g}"

    def is_broken(self, value: float | None, limit: float | None) -> bool:
        if value is None or limit is None:
            return False
        # NaN keeps no limit.
        return not (value >= limit if self.is_least else value <= limit)


_MEASURES = (
    _Measure(
        title="next token",
        key="min_next_token_agreement",
        limit=lambda limits: limits.min_next_token_agreement,
        value=lambda figures: figures.next_token_agreement,
        is_least=True,
    ),
    _Measure(
        title="mean KL",
        key="max_mean_kl_nats",
        limit=lambda limits: limits.max_mean_kl_nats,
        value=lambda figures: figures.mean_kl_nats,
        is_share=False,
    ),
    _Measure(
        title="max KL",
        key="max_kl_nats",
        limit=lambda limits: limits.max_kl_nats,
        value=lambda figures: figures.max_kl_nats,
        is_share=False,
    ),
    _Measure(
        title="same text",
        key="min_greedy_agreement",
        limit=lambda limits: limits.min_greedy_agreement,
        value=lambda figures: figures.greedy_agreement,
        is_least=True,
    ),
    _Measure(
        title="accuracy lost",
        key="max_accuracy_loss",
        limit=lambda limits: limits.max_accuracy_loss,
        value=lambda figures: figures.accuracy_loss,
    ),
)


def _broken(one: Compared) -> Iterator[str]:
    for measure in _MEASURES:
        value, limit = measure.value(one.figures), measure.limit(one.limits)
        if measure.is_broken(value, limit):
            assert value is not None
            yield f"{measure.title} {value:.4g}, {one.section}.{measure.key}={limit:g}"


def _answers(
    load: Load, hear: Callable[[Any], None], asked: Asked, conf: RunConf, probed_folder: Path | None
) -> list[Generation]:
    """What a model answers to the prompts; it is gone when this returns."""
    model, tokenizer = load()
    hear(model)
    length = conf.eval.max_new_tokens
    if probed_folder is not None:
        record_probe(probed_folder, model, tokenizer, asked, length)
    return generate(
        model,
        tokenizer,
        [row.prompt_ids for row in asked.rows],
        max_new_tokens=length,
        batch_rows=conf.eval.batch_rows,
    )


def _right(
    answers: Mapping[str, Sequence[Generation]], asked: Asked, conf: RunConf
) -> dict[str, list[bool | None]]:
    """Whether each answer gives what its gold gives, by weights; None where nobody can say."""
    plain = replace(conf, eval=replace(conf.eval, perturbed_databases=0))
    with open_judge(asked.dataset, plain) as judge:
        return {
            name: [
                judged.score.equal.get(HEADLINE_MODE)
                for judged in judge.judge(
                    [
                        (
                            pair,
                            Prediction(
                                pair_id=pair.id, suite=pair.suite, target=name, answer=answer
                            ),
                        )
                        for pair, answer in zip(asked.pairs, some, strict=True)
                    ]
                )
            ]
            for name, some in answers.items()
        }


def _figures(
    tokens: NextTokens,
    first: Sequence[Generation],
    second: Sequence[Generation],
    first_right: Sequence[bool | None],
    second_right: Sequence[bool | None],
) -> Figures:
    same = sum(one.text == two.text for one, two in zip(first, second, strict=True))
    known = [
        (one, two)
        for one, two in zip(first_right, second_right, strict=True)
        if one is not None and two is not None
    ]
    return Figures(
        prompts=len(first),
        tokens=tokens.tokens,
        next_token_agreement=tokens.agreement,
        mean_kl_nats=tokens.mean_kl_nats,
        max_kl_nats=tokens.max_kl_nats,
        greedy_agreement=same / len(first),
        judged=len(known),
        adapter_accuracy=sum(one for one, _ in known) / len(known) if known else None,
        accuracy=sum(two for _, two in known) / len(known) if known else None,
    )


def _limits_of(
    weights: Weights, conf: PackageConf, base_quant: dict[str, Any] | None
) -> tuple[str, ParityLimitsConf]:
    """The limits of these weights, and the key of them in the config."""
    if weights.quantization is not None:
        return "package.parity_quantized", conf.parity_quantized
    if base_quant is not None and weights.merge.base_weights == "original":
        return "package.parity_other_base", conf.parity_other_base
    return "package.parity_merged", conf.parity_merged
