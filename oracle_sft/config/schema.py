"""What a run may say: one dataclass per section, every default, every unit.

`kw_only` and `slots` are the lock: a key that is not declared here cannot enter, not even behind `+`.
A section whose YAML offers several kinds (adapter, quant, data, database, tracking) has a base class; `match` on the
subclass builds the object, and no YAML names a Python class.
"""

from dataclasses import dataclass, field
from enum import Enum

from omegaconf import MISSING

from oracle_sft.config.data import (
    AboutConf,
    BirdDataConf,
    ChatDataConf,
    CsvDataConf,
    DataConf,
    DemoDataConf,
    JsonlDataConf,
    ParquetDataConf,
    SpiderDataConf,
    TrajectoryDataConf,
)
from oracle_sft.config.packaging import PackageConf
from oracle_sft.config.scoring import EvalConf
from oracle_sft.config.weights import (
    AdapterConf,
    AwqConf,
    ComputeDtype,
    Fp8Conf,
    FullConf,
    GptqConf,
    LoraConf,
    ModelConf,
    QloraConf,
    QuantConf,
)


class Stage(Enum):
    """The parts of a run, in their order."""

    train = "train"
    package = "package"
    eval = "eval"


class LogLevel(Enum):
    """How much log.txt and the terminal say."""

    debug = "debug"
    info = "info"
    warning = "warning"
    error = "error"


# --- database, prompt, guardrail ------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class DatabaseConf:
    """Where queries are executed."""

    name: str = MISSING
    """Name of the option."""


@dataclass(kw_only=True, slots=True)
class NoDatabaseConf(DatabaseConf):
    """Nothing is executed; execution accuracy is not reported."""

    name: str = "none"


@dataclass(kw_only=True, slots=True)
class FromDataConf(DatabaseConf):
    """The embedded engine on the dataset's own schemas and rows."""

    name: str = "from_data"

    clock: str = "2026-01-15 09:30:00"
    """What SYSDATE says, so that a score does not depend on the day."""

    timeout_seconds: float = 10.0
    """Wall time after which a query is stopped and counted as an error."""

    max_rows: int = 10_000
    """Rows fetched before the result is cut; a cut result never matches."""

    memory_limit_mib: int = 1024
    """Memory of the embedded database."""


@dataclass(kw_only=True, slots=True)
class OracleServerConf(DatabaseConf):
    """A real Oracle database, which has the dataset's tables and rows; it is read only."""

    name: str = "oracle"

    dsn: str = ""
    """Where it is: host:port/service, or a name of tnsnames.ora."""

    user: str = ""
    """An account with CREATE SESSION and READ grants only."""

    password_variable: str = "ORACLE_SFT_PASSWORD"
    """Environment variable that holds the password."""

    schemas: list[str] = field(default_factory=list)
    """The Oracle schema that has the tables of a schema id, as [shop:SHOP_DATA]; else it is the account's own."""

    timeout_seconds: float = 30.0
    """Wall time after which a query is cancelled and counted as an error."""

    max_rows: int = 10_000
    """Rows fetched before the result is cut; a cut result never matches."""


@dataclass(kw_only=True, slots=True)
class PromptConf:
    """How a schema and a question are shown to the model."""

    name: str = MISSING
    """The style: compact, mschema or ddl."""

    max_schema_tokens: int = 4096
    """A schema with more tokens than this is shown in part: the tables that the question seems to need, as many as
    fit. In training those that the answer reads are always among them, and a pair whose own tables do not fit is
    refused by name.
    """


@dataclass(kw_only=True, slots=True)
class GuardrailConf:
    """Which SQL may be trained on, executed and served; docs/guardrail.md has the rules."""

    name: str = MISSING
    """Name of the option."""

    level: str = MISSING
    """strict (only what is known to be valid), standard (also safe text that the parser does not know) or lenient
    (everything safe)."""

    allowed_functions: list[str] = field(default_factory=list)
    """Functions that may be called beside Oracle's own, as they are called: HR.TAX, NET_PRICE. Empty means none."""

    allow_binds: bool = True
    """Bind variables (:name) may stand in the text."""

    max_chars: int = 50_000
    """Longest text."""

    max_nesting: int = 100
    """Most bracket levels."""

    max_generated_rows: int = 1_000_000
    """Largest literal bound of a row generator (CONNECT BY LEVEL <= n)."""

    max_parallel: int = 16
    """Largest degree that a PARALLEL hint may ask for."""

    hook_timeout_seconds: float = 5.0
    """How long a database may take to say something about a statement; then it is not waited for."""

    hook_unanswered: str = "refuse"
    """refuse or allow: what becomes of a statement when the database gives no answer."""


# --- train ----------------------------------------------------------------------------------------


TooLong = Enum("TooLong", {"raise": "raise", "drop": "drop", "truncate": "truncate"})


@dataclass(kw_only=True, slots=True)
class TrainConf:
    """Hyper-parameters, by name."""

    name: str = MISSING
    """Name of the option."""

    learning_rate: float = MISSING
    """Peak of the schedule."""

    epochs: float = 3.0
    """Passes over the training pairs; used where max_steps is null."""

    max_steps: int | None = None
    """Optimizer steps, whatever the number of pairs."""

    batch_rows: int = 16
    """Rows behind one optimizer step."""

    micro_batch_rows: int = 16
    """Rows that one device holds at once; batch_rows is a multiple of it."""

    warmup_fraction: float = 0.05
    """Part of the steps over which the learning rate rises."""

    weight_decay: float = 0.0
    """Decoupled weight decay of AdamW."""

    clip_norm: float = 1.0
    """Largest norm of the gradient."""

    max_length_tokens: int = 1024
    """Prompt plus answer."""

    too_long: TooLong = TooLong["raise"]
    """What becomes of a longer row. raise: the run stops and names it. drop: it is left out. truncate: its answer is
    cut, and the model does not learn that it ends there. What was left out or cut is counted by source and listed."""

    share_prefix: bool = True
    """Compute the tokens that rows of a batch begin with once: the same loss in half the time on one schema."""

    log_every_steps: int = 5
    """Steps between two lines of metrics.jsonl."""

    validate_every_steps: int = 50
    """Steps between two looks at the loss on the validation pairs."""

    compute_dtype: ComputeDtype = ComputeDtype.auto
    """Number format of the matrix products."""


# --- tracking -------------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class TrackingConf:
    """Who is told beside the files, which are always written."""

    name: str = "files"
    """Name of the option."""


@dataclass(kw_only=True, slots=True)
class WandbConf(TrackingConf):
    """Weights & Biases; offline when there is no login."""

    name: str = "wandb"

    project: str = "oracle-sft"
    """Project that the runs land in."""

    entity: str | None = None
    """Team; null: the login's own."""


# --- the run --------------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class RunConf:
    """One run: every stage of it reads this."""

    run_name: str | None = None
    """Folder below outputs_dir. Null: model, adapter, quant and a short hash of everything that changes the result."""

    run: str | None = None
    """package and eval: the finished run whose stage is done again."""

    bundle: str | None = None
    """eval: a bundle to score without its run, as outputs/NAME/package/awq."""

    outputs_dir: str = "outputs"
    """Where runs, datasets and models live, relative to where you stand."""

    stages: list[Stage] = field(default_factory=lambda: [Stage.train, Stage.package, Stage.eval])
    """What the train command does, each part in a process of its own."""

    seed: int = 0
    """Every random choice derives from it."""

    oracle_version: str | None = None
    """19c or 23ai. Null: what is valid in either is allowed, and the engine follows 19c."""

    preview: int = 0
    """data: training pairs to show as the model reads them."""

    croissant: bool = False
    """data: describe the dataset in croissant.json, beside its files."""

    about: AboutConf = field(default_factory=AboutConf)

    sweep_name: str | None = None
    """Name of a multirun. Null: from its overrides."""

    allow_config_drift: bool = False
    """package and eval: go on although the recorded config composes to something else today."""

    log_level: LogLevel = LogLevel.info
    """How much is said."""

    model: ModelConf = MISSING
    adapter: AdapterConf = MISSING
    quant: QuantConf = MISSING
    data: DataConf = MISSING
    database: DatabaseConf = MISSING
    prompt: PromptConf = MISSING
    guardrail: GuardrailConf = MISSING
    train: TrainConf = MISSING
    package: PackageConf = MISSING
    eval: EvalConf = MISSING
    tracking: TrackingConf = MISSING


SECTION_OPTIONS: dict[str, dict[str, type]] = {
    "model": {"model": ModelConf},
    "adapter": {"full": FullConf, "lora": LoraConf, "qlora": QloraConf},
    "quant": {"none": QuantConf, "awq": AwqConf, "gptq": GptqConf, "fp8": Fp8Conf},
    "data": {
        "demo": DemoDataConf,
        "jsonl": JsonlDataConf,
        "chat": ChatDataConf,
        "trajectory": TrajectoryDataConf,
        "csv": CsvDataConf,
        "parquet": ParquetDataConf,
        "spider": SpiderDataConf,
        "bird": BirdDataConf,
    },
    "database": {"none": NoDatabaseConf, "from_data": FromDataConf, "oracle": OracleServerConf},
    "prompt": {"prompt": PromptConf},
    "guardrail": {"guardrail": GuardrailConf},
    "train": {"train": TrainConf},
    "package": {"package": PackageConf},
    "eval": {"eval": EvalConf},
    "tracking": {"files": TrackingConf, "wandb": WandbConf},
}
"""Schema node -> dataclass, by section: what a YAML option pulls in with `/schema/<section>/<node>@_here_`."""
