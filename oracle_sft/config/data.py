"""What a run may say about pairs: which source they come from, and what is made of them."""

from dataclasses import dataclass, field
from enum import Enum

from omegaconf import MISSING


@dataclass(kw_only=True, slots=True)
class DataConf:
    """Where the pairs come from."""

    name: str = MISSING
    """First part of the dataset's folder name."""

    check_execution: bool = True
    """Run every query on the schema's rows, where there are rows, and set aside the pairs that fail."""

    workers: int | None = None
    """Processes that judge pairs and run queries; no row depends on it. Null: one for each core."""


@dataclass(kw_only=True, slots=True)
class DemoDataConf(DataConf):
    """The embedded bicycle shops: schema, rows and generated pairs; no file is read."""

    name: str = "demo"


@dataclass(kw_only=True, slots=True)
class AboutConf:
    """What croissant.json says of a dataset that its pairs do not; what is not set is left out."""

    description: str | None = None
    """What the dataset is. Null: how many pairs and schemas it has."""

    license: str | None = None
    """URL of the license, as https://spdx.org/licenses/CC-BY-4.0."""

    url: str | None = None
    """Page of the dataset."""

    creator: str | None = None
    """The organisation that made it."""

    published: str | None = None
    """The day on which it was published, as 2026-01-31."""


PAIR_KEYS = (
    "question",
    "sql",
    "id",
    "schema_id",
    "ddl",
    "evidence",
    "difficulty",
    "tags",
    "template",
)
"""What a pair says beside its provenance, as docs/pairs.md has it."""

RECORD_KEYS = (
    "source_session_id",
    "source",
    "model",
    "timestamp",
    "approved",
    "excluded",
    "exclusion_reason",
)
"""What its provenance says."""

PAIR_SOURCES = ("trajectory", "curated", "backfill")
"""What a pair's `source` may be, beside the names that a config adds."""


@dataclass(kw_only=True, slots=True)
class PairOriginConf:
    """Provenance for pairs that bring none, and what that of the others may say."""

    source: str = "curated"
    """trajectory, curated, backfill, or one of `allow_sources`."""

    allow_sources: list[str] = field(default_factory=list)
    """Further names that a pair's `source` may be."""

    model: str = "unknown"
    """What produced the answers."""

    session: str = "import"
    """The session, ticket or file that they came from."""

    timestamp: str | None = None
    """When: ISO 8601 with a zone. Null: the time of the file, which is then part of the dataset's identity."""


class SplitBy(Enum):
    """What pairs that stand on one side of the split have in common, beside their canonical SQL."""

    canonical = "canonical"
    """Nothing more."""
    template = "template"
    session = "session"
    """`source_session_id`; one that the config or a backfill filled in is none."""
    schema = "schema"


class Malformed(Enum):
    """What becomes of a place in a file that should hold a pair and does not."""

    refuse = "refuse"
    set_aside = "set_aside"


@dataclass(kw_only=True, slots=True)
class FilesDataConf(DataConf):
    """A user's own pairs, in files."""

    path: str = MISSING
    """The file with the pairs; for chat, trajectory, csv and parquet also a folder of such files."""

    malformed: Malformed = Malformed.refuse
    """refuse: such places are named, and nothing is built. set_aside: they go to rejected.jsonl, and are counted. Pairs
    with invalid provenance always go there: train then refuses the dataset, or goes on without them."""

    ddl: str | None = None
    """Oracle DDL of the one schema that the pairs speak of. Without it and `schemas`, each pair brings its `ddl`."""

    rows: str | None = None
    """Rows of that schema: a JSON file, or a folder with TABLE.json, TABLE.jsonl or TABLE.csv. Null: not executed."""

    schemas: str | None = None
    """Instead of `ddl`: a folder with one folder a schema, each with schema.sql and rows.json or rows/."""

    provenance: PairOriginConf = field(default_factory=PairOriginConf)
    """Written to the pairs that leave it open; how many is said."""

    decontaminate: list[str] = field(default_factory=list)
    """JSONL files of evaluations: pairs whose question or SQL stands there are set aside."""

    near_duplicates: float | None = None
    """Set pairs aside that resemble an earlier one this much or more: the Jaccard index, 0.5 to 1, as 0.9, over each
    two words of the question and the tokens of the canonical SQL. Null, the default: only equal ones go, since pairs
    that differ in a literal are often meant."""

    eval_fraction: float = 0.1
    """Part of the pairs that is kept for scoring (the suite `heldout`), drawn by groups of `split_by`. 1: all, where
    nothing is trained."""

    validation_fraction: float = 0.03
    """Part of the pairs whose loss is watched during training; never scored."""

    split_by: SplitBy = SplitBy.canonical
    """canonical, template, session or schema: pairs with one of these never stand on two sides, nor do pairs with one
    canonical SQL. A pair without a template or a session is split by its SQL; how many is said."""


@dataclass(kw_only=True, slots=True)
class JsonlDataConf(FilesDataConf):
    """One JSON object a line: question, sql, and what docs/pairs.md lists."""

    name: str = "jsonl"


class Delimiter(Enum):
    """What stands between two values of a CSV file."""

    comma = ","
    semicolon = ";"
    tab = "\t"
    pipe = "|"


@dataclass(kw_only=True, slots=True)
class ColumnsConf:
    """The column that holds each key of a pair and each field of its provenance."""

    question: str = "question"
    """What is asked."""

    sql: str = "sql"
    """The Oracle SQL that answers it."""

    id: str = "id"
    """Empty cell: made from the content."""

    schema_id: str = "schema_id"
    """The schema that the pair speaks of."""

    ddl: str = "ddl"
    """The CREATE TABLE statements of that schema."""

    evidence: str = "evidence"
    """What a user would have to know beside the schema."""

    difficulty: str = "difficulty"
    """A slice of the reports."""

    tags: str = "tags"
    """Slices of the reports: a list; in CSV between commas."""

    template: str = "template"
    """Which pairs belong together."""

    source_session_id: str = "source_session_id"
    """The session, ticket or import that the pair came out of."""

    source: str = "source"
    """trajectory, curated, backfill, or one of `provenance.allow_sources`."""

    model: str = "model"
    """What produced the answer."""

    timestamp: str = "timestamp"
    """When: ISO 8601 with a zone, or an instant."""

    approved: str = "approved"
    """true or false."""

    excluded: str = "excluded"
    """true or false."""

    exclusion_reason: str = "exclusion_reason"
    """Why it is excluded."""

    provenance: str = "provenance"
    """Parquet: the fields of provenance as one struct, instead of columns of their own."""


@dataclass(kw_only=True, slots=True)
class TableDataConf(FilesDataConf):
    """One pair a row, in columns that are named as the keys of a pair and of its provenance."""

    columns: ColumnsConf = field(default_factory=ColumnsConf)
    """Where the file names them otherwise: {question: ask, sql: answer}. A column that is named here must be there."""


@dataclass(kw_only=True, slots=True)
class CsvDataConf(TableDataConf):
    """CSV, UTF-8, with the columns' names in its first row."""

    name: str = "csv"

    delimiter: Delimiter = Delimiter.comma
    """comma, semicolon, tab or pipe."""


@dataclass(kw_only=True, slots=True)
class ParquetDataConf(TableDataConf):
    """Parquet."""

    name: str = "parquet"


class FollowUps(Enum):
    """What becomes of the questions of a conversation behind its first."""

    evidence = "evidence"
    first_only = "first_only"
    alone = "alone"


@dataclass(kw_only=True, slots=True)
class ConversationsDataConf(FilesDataConf):
    """Conversations in which people ask and are answered with SQL."""

    follow_ups: FollowUps = FollowUps.evidence
    """`And by month?` says nothing alone, and which questions do cannot be known. evidence: a later question brings the
    earlier ones as its evidence. first_only: only the first question of a conversation is taken. alone: each is taken
    as it stands, which you vouch for."""

    earlier_questions: int = 10
    """Most earlier questions that evidence holds: the latest ones."""

    require_accepted: bool = False
    """Take only answers that the log marks as accepted; else also those that nothing speaks against."""

    zone: str | None = None
    """Zone of times that name none, as UTC or Europe/Vienna. Null: a pair with such a time is set aside."""


@dataclass(kw_only=True, slots=True)
class ChatDataConf(ConversationsDataConf):
    """Chat exports and fine-tuning conversations: `messages` of OpenAI, `conversations` of ShareGPT."""

    name: str = "chat"


@dataclass(kw_only=True, slots=True)
class TrajectoryDataConf(ConversationsDataConf):
    """Logs of agents and assistants: a session an object, or an event a line; the last accepted answer counts."""

    name: str = "trajectory"


@dataclass(kw_only=True, slots=True)
class BenchmarkDataConf(FilesDataConf):
    """Questions about SQLite databases, whose SQL is rewritten for Oracle; docs/pairs.md says how."""

    tables: str | None = None
    """The benchmark's tables.json: the schemas of databases that are not in `databases`."""

    databases: str | None = None
    """The folder with DB_ID/DB_ID.sqlite or DB_ID/schema.sql. What has rows there is run on both sides and compared."""

    max_rows_per_table: int = 2_000
    """The first rows of each table are loaded; how many are left out is said."""

    timeout_seconds: float = 10.0
    """Wall time after which a query is stopped, on either side, and its pair set aside."""

    max_result_rows: int = 10_000
    """A query that gives more rows is not compared, and its pair set aside."""


@dataclass(kw_only=True, slots=True)
class SpiderDataConf(BenchmarkDataConf):
    """Spider's train_spider.json or dev.json."""

    name: str = "spider"


@dataclass(kw_only=True, slots=True)
class BirdDataConf(BenchmarkDataConf):
    """BIRD's train.json or dev.json."""

    name: str = "bird"
