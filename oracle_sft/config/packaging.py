"""What a run says about its package: what is merged, and how far the result may be from what was evaluated."""

from dataclasses import dataclass, field
from enum import Enum


@dataclass(kw_only=True, slots=True)
class ParityLimitsConf:
    """How far weights may answer from the adapter that they were made of; null: no limit."""

    min_next_token_agreement: float | None
    """Share of the gold answers' tokens, each after the right beginning, for which both find the same one likeliest."""

    max_mean_kl_nats: float | None
    """KL divergence of the next token's distribution from the adapter's, over those tokens."""

    max_kl_nats: float | None
    """The same at the one token where it is largest."""

    min_greedy_agreement: float | None
    """Share of the prompts that both answer with the same text."""

    max_accuracy_loss: float | None
    """Execution accuracy that may be lost, as a fraction of the prompts that a database can judge."""


class BaseWeights(Enum):
    """What an adapter is merged into."""

    auto = "auto"
    """The base as training saw it."""
    original = "original"
    """The base's own files."""
    dequantized = "dequantized"
    """The base through NF4 and back, in its own format: what a QLoRA adapter was trained on."""


@dataclass(kw_only=True, slots=True)
class PackageConf:
    """Merge, quantise, compare, bundle."""

    base_weights: BaseWeights = BaseWeights.auto
    """What the adapter is merged into: auto, original or dequantized; docs/packages.md says which to choose."""

    base: str | None = None
    """Base weights of another origin: with `adapter` and `out`, packages without a run."""

    adapter: str | None = None
    """Adapter of another origin."""

    out: str | None = None
    """Folder that a package without a run is written to."""

    parity: bool = True
    """Compare the weights with the adapter before they become a bundle; one that is over a limit ends the stage."""

    parity_prompts: int = 64
    """Held-out pairs that all of them are asked: drawn by the seed, fewer where there are fewer."""

    parity_merged: ParityLimitsConf = field(
        default_factory=lambda: ParityLimitsConf(
            min_next_token_agreement=0.995,
            max_mean_kl_nats=0.001,
            max_kl_nats=0.05,
            min_greedy_agreement=0.9,
            max_accuracy_loss=0.03,
        )
    )
    """Limits of weights that were merged into what the adapter was trained on: what rounding to the stored format may
    cost."""

    parity_other_base: ParityLimitsConf = field(
        default_factory=lambda: ParityLimitsConf(
            min_next_token_agreement=0.97,
            max_mean_kl_nats=0.05,
            max_kl_nats=None,
            min_greedy_agreement=0.5,
            max_accuracy_loss=0.08,
        )
    )
    """Limits of weights that were merged into another base than training saw: the full-precision one behind QLoRA."""

    parity_quantized: ParityLimitsConf = field(
        default_factory=lambda: ParityLimitsConf(
            min_next_token_agreement=0.95,
            max_mean_kl_nats=0.1,
            max_kl_nats=None,
            min_greedy_agreement=0.5,
            max_accuracy_loss=0.08,
        )
    )
    """Limits of quantised weights."""

    load_test: bool = True
    """Load each bundle in a fresh process and ask it three questions again, before it gets its name."""
