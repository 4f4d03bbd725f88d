"""The gate: which limits hold for which weights, and what is said of those that break one."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from oracle_sft.config.packaging import PackageConf, ParityLimitsConf
from oracle_sft.errors import CheckFailed
from oracle_sft.score.parity import Compared, Figures, check_parity, parity_table

LIMITS = ParityLimitsConf(
    min_next_token_agreement=0.99,
    max_mean_kl_nats=0.01,
    max_kl_nats=None,
    min_greedy_agreement=0.9,
    max_accuracy_loss=0.03,
)
FIGURES = Figures(
    prompts=64,
    tokens=2000,
    next_token_agreement=0.99,
    mean_kl_nats=0.01,
    max_kl_nats=3.0,
    greedy_agreement=0.9,
    judged=50,
    adapter_accuracy=0.5,
    accuracy=0.48,
)


def compared(**changes: Any) -> Compared:
    return Compared(
        name="merged",
        figures=replace(FIGURES, **changes),
        section="package.parity_merged",
        limits=LIMITS,
    )


def shown(one: Compared) -> str:
    text = StringIO()
    Console(width=120, file=text).print(parity_table([one]))
    return text.getvalue()


def test_figures_at_their_limits_pass() -> None:
    check_parity([compared()], Path("kept"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"next_token_agreement": 0.98},
            "next token 0.98, package.parity_merged.min_next_token_agreement=0.99",
        ),
        ({"mean_kl_nats": 0.02}, "mean KL 0.02, package.parity_merged.max_mean_kl_nats=0.01"),
        (
            {"mean_kl_nats": float("nan")},
            "mean KL nan, package.parity_merged.max_mean_kl_nats=0.01",
        ),
        (
            {"greedy_agreement": 0.5},
            "same text 0.5, package.parity_merged.min_greedy_agreement=0.9",
        ),
        ({"accuracy": 0.4}, "accuracy lost 0.1, package.parity_merged.max_accuracy_loss=0.03"),
    ],
)
def test_a_figure_over_its_limit_is_named(changes: dict[str, float], said: str) -> None:
    with pytest.raises(CheckFailed) as failure:
        check_parity([compared(), compared(**changes)], Path("kept"))
    assert f"merged: {said}; no bundle was made, the weights are kept in kept" in str(failure.value)


def test_what_has_no_limit_or_no_value_breaks_none() -> None:
    check_parity([compared(max_kl_nats=float("inf"))], Path("kept"))
    check_parity([compared(judged=0, adapter_accuracy=None, accuracy=None)], Path("kept"))


def test_more_right_answers_than_the_adapter_are_no_loss() -> None:
    one = compared(accuracy=0.9)
    assert one.figures.accuracy_loss == pytest.approx(-0.4)
    check_parity([one], Path("kept"))


def test_the_table_shows_each_figure_with_its_limit() -> None:
    line = shown(compared(adapter_accuracy=None, accuracy=None)).splitlines()[1]
    assert line.split() == (
        "merged 99.0% (>= 99.0%) 0.01 (<= 0.01) 3 90.0% (>= 90.0%) - (<= 3.0%)".split()
    )


def test_defaults_grow_looser_with_what_was_done_to_the_weights() -> None:
    conf = PackageConf()
    merged, other, quantized = conf.parity_merged, conf.parity_other_base, conf.parity_quantized
    for tighter, looser in ((merged, other), (other, quantized)):
        assert tighter.min_next_token_agreement >= looser.min_next_token_agreement
        assert tighter.max_mean_kl_nats <= looser.max_mean_kl_nats
        assert tighter.max_accuracy_loss <= looser.max_accuracy_loss
