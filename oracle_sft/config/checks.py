"""The rules between values.

Each broken one is a sentence with the key, the value and the remedy; none changes a value.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from oracle_sft.config.data import (
    PAIR_SOURCES,
    AboutConf,
    BenchmarkDataConf,
    ConversationsDataConf,
    FilesDataConf,
    PairOriginConf,
    TableDataConf,
)
from oracle_sft.config.packaging import PackageConf, ParityLimitsConf
from oracle_sft.config.schema import (
    FromDataConf,
    GuardrailConf,
    OracleServerConf,
    RunConf,
    Stage,
    TrainConf,
)
from oracle_sft.config.scoring import EvalConf
from oracle_sft.config.values import exists, positive
from oracle_sft.config.weight_checks import lora_problems, model_problems, quant_problems
from oracle_sft.config.weights import LoraConf, ModelConf

ORACLE_VERSIONS = ("19c", "23ai")
EVAL_TARGETS = ("base", "adapter", "merged", "quantized")
GUARDRAIL_LEVELS = ("strict", "standard", "lenient")


def problems(conf: RunConf) -> Iterator[str]:
    """Yield one sentence for each broken rule, in the order of the schema."""
    yield from _run_problems(conf)
    yield from model_problems(conf.model)
    if isinstance(conf.adapter, LoraConf):
        yield from lora_problems(conf.adapter, conf.model)
    yield from quant_problems(conf.quant)
    if conf.data.workers is not None:
        yield from positive(conf.data, "data", "workers")
    if isinstance(conf.data, FilesDataConf):
        yield from _files_problems(conf.data, trains=Stage.train in conf.stages)
    if isinstance(conf.data, TableDataConf):
        yield from _table_problems(conf.data)
    if isinstance(conf.data, BenchmarkDataConf):
        yield from _benchmark_problems(conf.data)
    if isinstance(conf.database, FromDataConf):
        yield from _database_problems(conf.database)
    if isinstance(conf.database, OracleServerConf):
        yield from _server_problems(conf.database)
    yield from positive(conf.prompt, "prompt", "max_schema_tokens")
    yield from _guardrail_problems(conf.guardrail)
    yield from _train_problems(conf.train, conf.model)
    yield from _package_problems(conf.package)
    yield from _eval_problems(conf.eval)
    yield from _source_problems(conf)


def _run_problems(conf: RunConf) -> Iterator[str]:
    if conf.preview < 0:
        yield f"preview={conf.preview} is no number of pairs; use 0 or more"
    yield from _about_problems(conf.about)
    for key, name in (("run_name", conf.run_name), ("sweep_name", conf.sweep_name)):
        if name is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name):
            yield f"{key}={name!r} is no folder name; use letters, digits, '.', '_' and '-'"
    if not conf.stages or len(set(conf.stages)) != len(conf.stages):
        said = [stage.value for stage in conf.stages]
        yield f"stages={said} must name each stage once and at least one; known: train, package, eval"
    if conf.oracle_version is not None and conf.oracle_version not in ORACLE_VERSIONS:
        yield f"oracle_version={conf.oracle_version!r} is not known; use {', '.join(ORACLE_VERSIONS)} or null"


def _about_problems(conf: AboutConf) -> Iterator[str]:
    for name in ("description", "license", "url", "creator"):
        said = getattr(conf, name)
        if said is not None and not said.strip():
            yield f"about.{name} is empty; leave it out, or say it"
    if conf.url is not None and not re.match(r"https?://\S+$", conf.url):
        yield f"about.url={conf.url!r} is no URL; write https://HOST/PAGE, or leave it out"
    if conf.published is not None:
        try:
            date.fromisoformat(conf.published)
        except ValueError:
            yield f"about.published={conf.published!r} is no day; write it as 2026-01-31"


def _files_problems(conf: FilesDataConf, *, trains: bool) -> Iterator[str]:
    yield from exists("data.path", conf.path, "a file of question/SQL pairs")
    if conf.ddl is not None and conf.schemas is not None:
        yield "data.ddl and data.schemas are both given; unset one of them"
    if conf.rows is not None and conf.ddl is None:
        yield f"data.rows={conf.rows} belongs to data.ddl; with data.schemas each schema's folder has its own rows"
    for key, path in (("ddl", conf.ddl), ("rows", conf.rows), ("schemas", conf.schemas)):
        if path is not None:
            yield from exists(f"data.{key}", path)
    if isinstance(conf, ConversationsDataConf):
        yield from _conversations_problems(conf)
    yield from _origin_problems(conf.provenance)
    for path in conf.decontaminate:
        if not Path(path).is_file():
            yield f"data.decontaminate has {path}, which is no file; give JSONL files with question and sql"
    if conf.near_duplicates is not None and not 0.5 <= conf.near_duplicates <= 1:
        yield (
            f"data.near_duplicates={conf.near_duplicates} is no threshold; use 0.5 to 1, as 0.9, or null to keep "
            "pairs that only resemble each other"
        )
    for name in ("eval_fraction", "validation_fraction"):
        is_all = getattr(conf, name) == 1 and name == "eval_fraction" and not trains
        if not (0 <= getattr(conf, name) < 1 or is_all):
            yield f"data.{name}={getattr(conf, name)} is no fraction; use 0 or more and less than 1"
    if trains and conf.eval_fraction + conf.validation_fraction >= 1:
        yield "data.eval_fraction and data.validation_fraction leave nothing to train on; lower one of them"


def _origin_problems(conf: PairOriginConf) -> Iterator[str]:
    sources = (*PAIR_SOURCES, *conf.allow_sources)
    if conf.source not in sources:
        yield (
            f"data.provenance.source={conf.source!r} is not known; use {', '.join(sources)}, "
            "or add it to data.provenance.allow_sources"
        )
    if any(not name.strip() for name in conf.allow_sources):
        yield "data.provenance.allow_sources has an empty name"
    for name in ("model", "session"):
        if not getattr(conf, name).strip():
            yield f"data.provenance.{name} is empty; say where the pairs come from"
    if conf.timestamp is not None:
        try:
            zone = datetime.fromisoformat(conf.timestamp).tzinfo
        except ValueError:
            zone = None
        if zone is None:
            yield (
                f"data.provenance.timestamp={conf.timestamp!r} is no instant with a zone; write it as "
                "2026-05-02T14:00:00Z, or null for the time of the file"
            )


def _table_problems(conf: TableDataConf) -> Iterator[str]:
    for key, column in asdict(conf.columns).items():
        if not column.strip():
            yield f"data.columns.{key} names no column; leave it out, or name one"


def _conversations_problems(conf: ConversationsDataConf) -> Iterator[str]:
    yield from positive(conf, "data", "earlier_questions")
    try:
        ZoneInfo(conf.zone or "UTC")
    except (ValueError, OSError, ZoneInfoNotFoundError):
        yield f"data.zone={conf.zone!r} is no time zone; use UTC or a name as Europe/Vienna"


def _benchmark_problems(conf: BenchmarkDataConf) -> Iterator[str]:
    if conf.tables is None and conf.databases is None:
        yield "data.tables and data.databases are both unset; give tables.json, the folder with the databases, or both"
    for key, path in (("tables", conf.tables), ("databases", conf.databases)):
        if path is not None:
            yield from exists(f"data.{key}", path)
    for key, path in (("ddl", conf.ddl), ("schemas", conf.schemas)):
        if path is not None:
            yield f"data.{key}={path}: with data={conf.name} data.tables and data.databases give the schemas; unset it"
    yield from positive(conf, "data", "max_rows_per_table", "timeout_seconds", "max_result_rows")


def _database_problems(conf: FromDataConf) -> Iterator[str]:
    try:
        datetime.fromisoformat(conf.clock)
    except ValueError:
        yield f"database.clock={conf.clock!r} is no date with time; write '2026-01-15 09:30:00'"
    yield from positive(conf, "database", "timeout_seconds", "max_rows", "memory_limit_mib")


def _server_problems(conf: OracleServerConf) -> Iterator[str]:
    if not conf.dsn:
        yield "database.dsn is empty; give the server, as database.dsn=dbhost:1521/service"
    if not conf.user:
        yield "database.user is empty; give an account with CREATE SESSION and READ grants only"
    if not re.fullmatch(r"[A-Za-z_]\w*", conf.password_variable):
        yield (
            f"database.password_variable={conf.password_variable!r} is no name of an environment variable; "
            "the password itself belongs into one, never into a config"
        )
    for entry in conf.schemas:
        if not re.fullmatch(r"[^:]+:[A-Za-z][\w$#]*", entry):
            yield f"database.schemas: {entry!r} is no schema id with an Oracle schema; write shop:SHOP_DATA"
    yield from positive(conf, "database", "timeout_seconds", "max_rows")


def _guardrail_problems(conf: GuardrailConf) -> Iterator[str]:
    if conf.level not in GUARDRAIL_LEVELS:
        yield f"guardrail.level={conf.level!r} is not known; use {', '.join(GUARDRAIL_LEVELS)}"
    limits = ("max_chars", "max_nesting", "max_generated_rows", "max_parallel")
    yield from positive(conf, "guardrail", *limits, "hook_timeout_seconds")
    if conf.hook_unanswered not in ("refuse", "allow"):
        yield f"guardrail.hook_unanswered={conf.hook_unanswered!r} is not known; use refuse or allow"
    for name in conf.allowed_functions:
        if not re.fullmatch(r"[A-Za-z][\w$#]*(\.[A-Za-z][\w$#]*){0,2}", name):
            yield (
                f"guardrail.allowed_functions: {name!r} is no name of a function; write each one out as it is "
                "called (HR.TAX, NET_PRICE), there are no patterns"
            )


def _train_problems(conf: TrainConf, model: ModelConf) -> Iterator[str]:
    yield from positive(
        conf,
        "train",
        "learning_rate",
        "epochs",
        "batch_rows",
        "micro_batch_rows",
        "clip_norm",
        "max_length_tokens",
        "log_every_steps",
        "validate_every_steps",
    )
    if conf.max_steps is not None and conf.max_steps <= 0:
        yield f"train.max_steps={conf.max_steps} trains nothing; use 1 or more, or null for train.epochs"
    if conf.micro_batch_rows > 0 and conf.batch_rows % conf.micro_batch_rows:
        yield (
            f"train.batch_rows={conf.batch_rows} is not a multiple of "
            f"train.micro_batch_rows={conf.micro_batch_rows}; change one of them"
        )
    if not 0 <= conf.warmup_fraction < 1:
        yield f"train.warmup_fraction={conf.warmup_fraction} is no fraction; use 0 or more and less than 1"
    if conf.weight_decay < 0:
        yield f"train.weight_decay={conf.weight_decay} is negative; use 0 or more"
    if conf.max_length_tokens > model.context_tokens:
        yield (
            f"train.max_length_tokens={conf.max_length_tokens} is more than the model reads "
            f"(model.context_tokens={model.context_tokens}); lower it"
        )


def _package_problems(conf: PackageConf) -> Iterator[str]:
    given = [name for name in ("base", "adapter", "out") if getattr(conf, name) is not None]
    if given and len(given) < 3:
        wanted = [f"package.{name}" for name in ("base", "adapter", "out") if name not in given]
        yield f"package.{given[0]} packages without a run and wants {' and '.join(wanted)} too"
    for name in ("base", "adapter"):
        if getattr(conf, name) is not None:
            yield from exists(f"package.{name}", getattr(conf, name), "a folder with weights")
    yield from positive(conf, "package", "parity_prompts")
    for name in ("parity_merged", "parity_other_base", "parity_quantized"):
        yield from _limits_problems(f"package.{name}", getattr(conf, name))


def _limits_problems(prefix: str, conf: ParityLimitsConf) -> Iterator[str]:
    for name, value in asdict(conf).items():
        is_share = not name.endswith("_nats")
        if value is not None and not 0 <= value <= (1 if is_share else float("inf")):
            wanted = "0 to 1" if is_share else "0 or more"
            yield f"{prefix}.{name}={value} is out of range; use {wanted}, or null for no limit"


def _eval_problems(conf: EvalConf) -> Iterator[str]:
    for target in conf.targets:
        if target not in EVAL_TARGETS:
            yield f"eval.targets has {target!r}; known: {', '.join(EVAL_TARGETS)}"
    if not conf.targets:
        yield "eval.targets is empty, so nothing would be scored; leave eval out of stages instead"
    yield from positive(conf, "eval", "batch_rows", "max_new_tokens", "bootstrap_samples")
    yield from positive(conf, "eval", "max_attempts", "temperature")
    if conf.limit is not None and conf.limit <= 0:
        yield f"eval.limit={conf.limit} leaves no rows; use 1 or more, or null for all"
    if conf.workers is not None and conf.workers <= 0:
        yield f"eval.workers={conf.workers} must be more than 0, or null"
    if conf.samples < 0:
        yield f"eval.samples={conf.samples} is negative; use 0 for none"
    if not 0 <= conf.perturbed_databases <= 15:
        yield f"eval.perturbed_databases={conf.perturbed_databases} is out of range; use 0 (none) to 15"
    for k in conf.pass_at:
        if k < 1:
            yield f"eval.pass_at has {k}; pass@k is defined for k of 1 or more"
        elif k > conf.samples:
            yield (
                f"eval.pass_at has {k}, and eval.samples={conf.samples}; pass@k wants at least k samples of each "
                f"question: set eval.samples={k} or more"
            )
    yield from _eval_source_problems(conf)


def _eval_source_problems(conf: EvalConf) -> Iterator[str]:
    if (conf.adapter is None) != (conf.base is None):
        given, wanted = ("adapter", "base") if conf.base is None else ("base", "adapter")
        yield f"eval.{given} scores without a run and wants eval.{wanted} too"
    for name in ("base", "adapter"):
        if getattr(conf, name) is not None:
            yield from exists(f"eval.{name}", getattr(conf, name), "a folder with weights")
    if conf.endpoint is not None:
        yield from _endpoint_problems(conf.endpoint)
        names = ("endpoint_concurrency", "endpoint_timeout_seconds", "endpoint_tries")
        yield from positive(conf, "eval", *names)
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", conf.endpoint_key_variable):
            yield (
                "eval.endpoint_key_variable is no name of an environment variable; put the key into the environment "
                "and its variable's name here"
            )


def _endpoint_problems(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host = None
    is_plain = url.isprintable() and " " not in url
    if (
        not host
        or not is_plain
        or not parts.path.isascii()
        or parts.scheme not in ("http", "https")
    ):
        yield "eval.endpoint is no URL of a server; write http://HOST:PORT/v1"
    elif parts.username or parts.password or parts.query or parts.fragment:
        # Not shown: what stands there may be a secret.
        yield (
            "eval.endpoint has a user, a password or a query; the config is written to files: put a key into the "
            "environment variable that eval.endpoint_key_variable names"
        )


def _source_problems(conf: RunConf) -> Iterator[str]:
    """At most one thing is scored, and only by the command that scores."""
    given = {
        "bundle": conf.bundle is not None,
        "eval.adapter": conf.eval.adapter is not None,
        "eval.endpoint": conf.eval.endpoint is not None,
    }
    named = [name for name, is_given in given.items() if is_given]
    if len(named) > 1:
        yield f"{' and '.join(named)} are several things to score; call eval once for each"
    if conf.run is not None and named and named != ["eval.endpoint"]:
        yield f"run={conf.run} and {named[0]} are two things to score; call eval once for each"
    if conf.run is None and named and Stage.train in conf.stages:
        yield f"{named[0]} belongs to python -m oracle_sft.eval; a run scores what it trained"
    if conf.bundle is not None:
        yield from exists(
            "bundle", conf.bundle, "the folder of a bundle, as outputs/NAME/package/awq"
        )
