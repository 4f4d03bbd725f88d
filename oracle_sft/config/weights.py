"""What a run may say about weights: the base, what is trained on it, how the result is stored."""

from dataclasses import dataclass, field
from enum import Enum

from omegaconf import MISSING


class ComputeDtype(Enum):
    """The number format of the matrix products."""

    auto = "auto"
    """bfloat16 where the hardware has units for it, else float32; the choice is said."""
    float32 = "float32"
    bfloat16 = "bfloat16"


# --- model ----------------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class ModelConf:
    """The base whose weights are tuned."""

    name: str = MISSING
    """Name of the option; the first part of the run's name."""

    path: str | None = MISSING
    """Folder with config.json, safetensors and tokenizer. Null: the tiny base that comes with the package."""

    learning_rates: dict[str, float] = MISSING
    """Peak learning rate that suits this model, by adapter; `train.learning_rate` takes it unless told otherwise."""

    context_tokens: int = MISSING
    """Longest prompt plus answer that the model can read."""


# --- adapter --------------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class AdapterConf:
    """What is trained."""

    name: str = MISSING
    """Name of the option; the second part of the run's name."""


@dataclass(kw_only=True, slots=True)
class FullConf(AdapterConf):
    """Every weight of the base."""

    name: str = "full"


@dataclass(kw_only=True, slots=True)
class LoraConf(AdapterConf):
    """Low-rank matrices beside the linear layers (Hu et al. 2021)."""

    name: str = "lora"

    rank: int = 32
    """Columns of the low-rank matrices."""

    alpha: int = 64
    """Scale of the update: alpha / rank times the product."""

    dropout: float = 0.0
    """Fraction of the adapter's inputs that is dropped in training."""

    target_modules: list[str] = field(default_factory=lambda: ["all-linear"])
    """Layers that get an adapter, by the last part of their name; `all-linear` is every one but the head."""


@dataclass(kw_only=True, slots=True)
class QloraConf(LoraConf):
    """LoRA over a base held in 4-bit NF4 (Dettmers et al. 2023)."""

    name: str = "qlora"

    double_quant: bool = True
    """Quantise the quantisation constants too: 0.4 bits less a weight."""


# --- quant ----------------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class QuantConf:
    """How the shipped weights are stored."""

    name: str = "none"
    """Name of the option; the third part of the run's name."""


class QuantBackend(Enum):
    """The package that quantises, in a process of its own."""

    llmcompressor = "llmcompressor"
    """Layer by layer, so that 70B fits one 80 GB GPU; stored as compressed-tensors."""
    autoround = "autoround"
    """auto-round; comes with llmcompressor. Its rounding is learned by signed gradients; AWQ scales for quant=awq."""
    gptqmodel = "gptqmodel"
    """GPT-QModel, in an environment of its own: `make setup-quant BACKEND=gptqmodel`."""
    autoawq = "autoawq"
    """AutoAWQ 0.2.9, archived upstream in 2025; `make setup-quant BACKEND=autoawq`."""
    autogptq = "autogptq"
    """AutoGPTQ 0.7.1, archived upstream in 2025; `make setup-quant BACKEND=autogptq`."""


ARCHIVED = (QuantBackend.autoawq, QuantBackend.autogptq)
"""Nobody mends these any more."""


@dataclass(kw_only=True, slots=True)
class QuantizerConf(QuantConf):
    """Weights in fewer bits, by a quantiser in a process of its own."""

    python: str | None = None
    """Interpreter that has the quantiser. Null: that of .venv-quant-BACKEND for a backend that has its own environment,
    else the project's own."""


@dataclass(kw_only=True, slots=True)
class Fp8Conf(QuantizerConf):
    """8-bit floating-point weights, one scale a row, through llmcompressor; no data is looked at.

    A server rounds the activations to 8 bits, too, token by token.
    """

    name: str = "fp8"


@dataclass(kw_only=True, slots=True)
class CalibratedQuantConf(QuantizerConf):
    """4-bit weights in groups, with scales chosen by looking at answers to training prompts."""

    backend: QuantBackend = QuantBackend.llmcompressor
    """The package that quantises; docs/packages.md says which does what."""

    group_size: int = 128
    """Weights that share one scale."""

    calibration_rows: int = 256
    """Pairs shown to the quantiser; never eval pairs."""

    calibration_length_tokens: int = 512
    """Longer calibration rows are cut here; how many is said."""

    calibration_file: str | None = None
    """JSONL of pairs to draw the rows from, as docs/pairs.md has the format; none may be kept for scoring. Null: the
    run's training pairs."""


@dataclass(kw_only=True, slots=True)
class AwqConf(CalibratedQuantConf):
    """Activation-aware weight quantisation (Lin et al. 2023)."""

    name: str = "awq"


@dataclass(kw_only=True, slots=True)
class GptqConf(CalibratedQuantConf):
    """Error-compensating quantisation (Frantar et al. 2022)."""

    name: str = "gptq"

    dampening_fraction: float = 0.01
    """Part of the Hessian's mean diagonal that is added to it before it is inverted."""
