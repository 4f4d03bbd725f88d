"""What a run says about scoring: how a model is asked, and what is made of its answers."""

from dataclasses import dataclass, field


@dataclass(kw_only=True, slots=True)
class EvalConf:
    """What is scored, and how the model is asked."""

    targets: list[str] = field(default_factory=lambda: ["base", "adapter", "merged", "quantized"])
    """Weights to score: base, adapter, merged, quantized; the ones that a run does not have are left out and named."""

    suites: list[str] = field(default_factory=list)
    """Suites to score. Empty: all that the dataset has."""

    limit: int | None = None
    """First rows of each suite only."""

    batch_rows: int = 32
    """Prompts that are generated side by side."""

    max_new_tokens: int = 192
    """Tokens after which an answer is cut and counted as cut."""

    max_attempts: int = 1
    """Times that a question is asked: again after a refusal or an error, with what was said about each statement so
    far, until one runs or the model repeats itself. 1: once."""

    samples: int = 0
    """Further answers to each question, drawn at `temperature`, for pass@k and the majority vote. 0: none."""

    temperature: float = 0.8
    """What the samples are drawn at; all other answers are the most likely ones."""

    pass_at: list[int] = field(default_factory=list)
    """The k of pass@k, each at most `samples`. Empty: 1 and `samples`."""

    perturbed_databases: int = 4
    """Databases with other rows, made from the schema and the golds, on which a right answer must be right too
    (test-suite accuracy). 0: none."""

    workers: int | None = None
    """Processes that execute queries side by side. Null: one for each CPU core, at most 8."""

    gold_cache: bool = True
    """Keep the golds' results below outputs_dir/cache; used only while nothing that they depend on changed."""

    bootstrap_samples: int = 2000
    """Resamples behind the interval of a difference, a mean or pass@k."""

    base: str | None = None
    """Base weights of another origin: with `adapter`, scores an adapter without a run."""

    adapter: str | None = None
    """Adapter of another origin; `adapter=...` says of which kind it is."""

    endpoint: str | None = None
    """URL of an OpenAI-compatible server, as http://localhost:8000/v1, that is asked instead of weights."""

    endpoint_model: str | None = None
    """Name of the model there. Null: the only one that the server has."""

    endpoint_key_variable: str = "OPENAI_API_KEY"
    """Environment variable that holds the key; it is sent where it is set, and written nowhere."""

    endpoint_concurrency: int = 8
    """Requests on their way at once."""

    endpoint_timeout_seconds: float = 120.0
    """Wall time after which a request is given up."""

    endpoint_tries: int = 5
    """Times that a request is sent before its question counts as not answered; each wait is twice the one before."""
