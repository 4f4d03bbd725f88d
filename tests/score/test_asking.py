"""Rounds of questions to a target that answers from a script, judged on the real engine."""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database
from oracle_sft.errors import UserError
from oracle_sft.model.answers import Ask
from oracle_sft.model.generation import Generation
from oracle_sft.pairs.pair import Pair
from oracle_sft.record.console import Console
from oracle_sft.score import metrics
from oracle_sft.score.asking import Asking, pass_at_k
from oracle_sft.score.execution import Executor
from oracle_sft.score.item import Score
from oracle_sft.score.judge import Judge
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.guardrail import SQLGuardrail
from oracle_sft.sqltext.schema import Schema
from tests.score.in_process import InProcess

DDL = "CREATE TABLE boats (id NUMBER(4) PRIMARY KEY, name VARCHAR2(20), length_m NUMBER(5,2))"
ROWS = {"boats": [{"id": n, "name": f"Boat {n}", "length_m": 5 + n} for n in range(1, 5)]}
RIGHT = "SELECT name FROM boats"
SCHEMA = read_ddl(DDL, schema_id="harbour")
Answer = Callable[[Ask, int], str | Generation]


class Scripted:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(
        self, answer: Answer, room: Callable[[str], int | None], tokenizer: Any = None
    ) -> None:
        """`answer` gets the question and the number of the round."""
        self._tokenizer = tokenizer
        self._answer = answer
        self._room = room
        self.rounds: list[list[Ask]] = []

    @property
    def facts(self) -> dict[str, Any]:
        return {}

    @property
    def tokenizer(self) -> Any:
        return self._tokenizer

    def room(self, prompt: str) -> int | None:
        return self._room(prompt)

    def answer(self, asks: Sequence[Ask], on_progress: Any) -> list[Generation]:
        self.rounds.append(list(asks))
        said = [self._answer(ask, len(self.rounds)) for ask in asks]
        on_progress(len(asks), len(asks), 10 * len(asks))
        return [
            one if isinstance(one, Generation) else Generation(one, 10, "stop", 50, 0.5)
            for one in said
        ]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    opened = open_database(DatabaseSpec(schema=SCHEMA, rows=ROWS))
    yield opened
    opened.close()


Run = Callable[..., tuple[list[Score], Scripted]]


@pytest.fixture
def run(database: Database) -> Run:
    """Scores questions whose gold is RIGHT, each with a text of its own."""

    def asked(
        answer: Answer,
        *settings: str,
        questions: Sequence[str] = ("which boats",),
        room: Callable[[str], int | None] = lambda prompt: None,
        tokenizer: Any = None,
        schema: Schema = SCHEMA,
        trained_on: Mapping[str, Any] | None = None,
        out: io.StringIO | None = None,
    ) -> tuple[list[Score], Scripted]:
        conf = compose(["eval.perturbed_databases=0", *settings])
        runner = InProcess({"harbour": database})
        executor = Executor(runner, ["harbour"], timeout_seconds=5, max_rows=100)
        judge = Judge(executor, SQLGuardrail(), {"harbour": schema})
        scripted = Scripted(answer, room, tokenizer)
        pairs = [
            Pair(id=f"p{place}", question=question, sql=RIGHT, schema_id="harbour")
            for place, question in enumerate(questions)
        ]
        console = Console(out or io.StringIO())
        schemas = {"harbour": schema}
        asking = Asking("endpoint", scripted, judge, schemas, conf, console, trained_on=trained_on)
        asking.ask({"seen": pairs})
        scores = asking.scores()["seen"]
        assert asking.speed.answers == sum(len(asks) for asks in scripted.rounds)
        return scores, scripted

    return asked


def test_every_question_is_asked_once_with_its_schema(run: Run) -> None:
    scores, scripted = run(lambda ask, number: RIGHT, questions=["one?", "two?"])
    assert [score.stage for score in scores] == ["correct"] * 2
    assert len(scripted.rounds) == 1
    assert "boats(id*#" in scripted.rounds[0][0].prompt
    assert ["one?" in scripted.rounds[0][0].prompt, "two?" in scripted.rounds[0][1].prompt] == [
        True,
        True,
    ]
    assert all(ask.seed is None for ask in scripted.rounds[0])
    assert len(scores[0].attempts) == 1
    assert (scores[0].seconds, scores[0].prompt_tokens) == (0.5, 50)


def test_a_failure_is_asked_again_with_what_was_said_about_it(run: Run) -> None:
    said = {
        1: "SELECT nam FROM boats",
        2: "SELECT name FROM boats LIMIT 3",
        3: "SELECT TO_NUMBER(name) FROM boats",
        4: RIGHT,
    }
    scores, scripted = run(lambda ask, number: said[number], "eval.max_attempts=5")
    (score,) = scores
    assert (score.stage, score.stopped) == ("correct", "")
    assert [one.stage for one in score.attempts] == [
        "schema_error",
        "lint",
        "type_error",
        "correct",
    ]
    assert [one.sql for one in score.attempts] == list(said.values())
    last = scripted.rounds[3][0].prompt
    assert "ORA-01722" in last
    assert last.index("SELECT nam FROM") < last.index("LIMIT 3") < last.index("TO_NUMBER(name)")
    assert metrics.summarize(scores)["retry_gain"]["value"] == 1.0


def test_asking_again_stops_when_the_statement_repeats(run: Run) -> None:
    scores, scripted = run(lambda ask, number: "SELECT nam FROM boats", "eval.max_attempts=5")
    assert len(scripted.rounds) == 2
    assert scores[0].stopped == "repeated"
    assert scores[0].stage == "schema_error"


def test_asking_again_stops_when_the_attempts_are_used_up(run: Run) -> None:
    scores, scripted = run(
        lambda ask, number: f"SELECT x{number} FROM boats", "eval.max_attempts=3"
    )
    assert len(scripted.rounds) == 3
    assert scores[0].stopped == "exhausted"


def test_only_failures_are_asked_again(run: Run) -> None:
    def answer(ask: Ask, number: int) -> str:
        if "wrong" in ask.prompt:
            return "SELECT id FROM boats"  # it runs, and nobody tells that the gold differs
        if "unknown" in ask.prompt:
            return "SELECT id FROM boats MODEL DIMENSION BY (id) MEASURES (length_m) RULES ()"
        return "no idea" if number == 1 else RIGHT

    scores, scripted = run(answer, "eval.max_attempts=3", questions=["wrong", "unknown", "failing"])
    assert [len(asks) for asks in scripted.rounds] == [3, 1]
    assert [score.stage for score in scores] == ["mismatch:values", "unsupported", "correct"]
    assert all(score.stopped == "" for score in scores)


def test_a_prompt_that_becomes_too_long_is_not_asked(run: Run) -> None:
    scores, scripted = run(
        lambda ask, number: "SELECT nam FROM boats",
        "eval.max_attempts=3",
        room=lambda prompt: 10 if "refused" in prompt else 500,
    )
    assert len(scripted.rounds) == 1
    assert scores[0].stopped == "no_room"
    with pytest.raises(UserError, match=r"leaves 10 of model.context_tokens=2048 for the answer"):
        run(lambda ask, number: RIGHT, room=lambda prompt: 10)


HARBOUR = read_ddl(
    DDL
    + """;
    CREATE TABLE berths (berth_no NUMBER(4) PRIMARY KEY, depth_m NUMBER(5,2));
    CREATE TABLE captains (captain_id NUMBER(4) PRIMARY KEY, nickname VARCHAR2(20));
    """,
    schema_id="harbour",
)
SMALL = "prompt.max_schema_tokens=70"


class Bytes:
    """One token a byte."""

    def __call__(self, text: str | list[str], *, add_special_tokens: bool) -> dict[str, Any]:
        if isinstance(text, list):
            return {"input_ids": [list(one.encode()) for one in text]}
        return {"input_ids": list(text.encode())}


def test_a_schema_over_the_budget_is_shown_in_part_and_the_recall_is_kept(run: Run) -> None:
    out = io.StringIO()
    scores, scripted = run(
        lambda ask, number: RIGHT,
        SMALL,
        "eval.samples=1",
        questions=["which boats?", "depth of the berths, nickname of the captains"],
        schema=HARBOUR,
        tokenizer=Bytes(),
        out=out,
    )
    shown = [ask.prompt for ask in scripted.rounds[0]]
    assert "boats(" in shown[0]
    assert "boats(" not in shown[1]
    assert [ask.prompt for ask in scripted.rounds[1]] == shown, "samples see the same tables"
    assert [(score.gold_tables, score.missing_tables) for score in scores] == [
        (("BOATS",), ()),
        (("BOATS",), ("BOATS",)),
    ]
    assert all(score.shown_tables in (1, 2) for score in scores)
    found = metrics.summarize(scores)
    assert (found["all_tables_shown"]["value"], found["all_tables_shown"]["n"]) == (0.5, 2)
    assert found["table_recall"]["value"] == 0.5
    assert set(metrics.slices(scores)["tables"]) == {
        "all of the gold's are shown",
        "one of the gold's is missing",
    }
    assert "2 prompts show a part of their schema" in out.getvalue()
    assert Score.from_dict(json.loads(json.dumps(scores[1].as_dict()))) == scores[1]


def test_a_schema_that_fits_has_no_recall(run: Run) -> None:
    scores, scripted = run(lambda ask, number: RIGHT, schema=HARBOUR, tokenizer=Bytes())
    assert "captains(" in scripted.rounds[0][0].prompt
    assert scores[0].shown_tables is None
    assert "all_tables_shown" not in metrics.summarize(scores)
    assert metrics.slices(scores)["tables"] == {}


def test_another_selection_than_in_training_is_noticed(run: Run) -> None:
    settings = {"schema": HARBOUR, "tokenizer": Bytes()}
    with pytest.raises(
        UserError, match=r"chosen by version 0 of the selection, and this is version 1"
    ):
        run(lambda ask, number: RIGHT, SMALL, trained_on={"selection_version": 0}, **settings)
    out = io.StringIO()
    said = {"selection_version": 1, "max_schema_tokens": 4096}
    run(lambda ask, number: RIGHT, SMALL, trained_on=said, out=out, **settings)
    assert "trained with prompt.max_schema_tokens=4096, and is asked with 70" in out.getvalue()
    run(lambda ask, number: RIGHT, trained_on={"selection_version": 0}, **settings)


def test_without_a_tokenizer_a_large_schema_is_shown_whole_and_that_is_said(run: Run) -> None:
    out = io.StringIO()
    _, scripted = run(lambda ask, number: RIGHT, SMALL, schema=HARBOUR, out=out)
    assert "captains(" in scripted.rounds[0][0].prompt
    assert (
        "warning: endpoint: nobody knows the tokens of its model, so all tables of harbour are"
        in (out.getvalue())
    )


@pytest.mark.slow
def test_an_endpoint_without_an_answer_is_not_asked_again(run: Run) -> None:
    none = Generation("", None, "", failure="HTTP 500")
    scores, scripted = run(
        lambda ask, number: none if "first?" in ask.prompt else RIGHT,
        "eval.max_attempts=3",
        questions=["first?", "second?"],
    )
    assert len(scripted.rounds) == 1
    assert [score.stage for score in scores] == ["no_answer", "correct"]
    assert metrics.summarize(scores)["execution_accuracy"]["n"] == 1


def test_samples_have_seeds_of_their_own_and_vote_by_result(run: Run) -> None:
    drawn = {
        0: "SELECT id FROM boats",
        1: RIGHT,
        2: "SELECT name FROM boats ORDER BY id",
        3: "SELECT nam FROM boats",
    }

    def answer(ask: Ask, number: int) -> str:
        return RIGHT if ask.seed is None else drawn[int(ask.seed.rpartition("/")[2])]

    scores, scripted = run(answer, "eval.samples=4", "eval.pass_at=[1,2]", "seed=7")
    assert [ask.seed for ask in scripted.rounds[1]] == [f"7/p0/{n}" for n in range(4)]
    (score,) = scores
    assert [one.stage for one in score.samples] == [
        "mismatch:values",
        "correct",
        "correct",
        "schema_error",
    ]
    assert (score.majority, score.votes) == (True, 2)
    found = metrics.summarize(scores, pass_at_k=[1, 2])
    assert found["pass_at_1"]["value"] == 0.5
    assert found["pass_at_2"]["value"] == pytest.approx(1 - 1 / 6, abs=1e-6)
    assert Score.from_dict(json.loads(json.dumps(score.as_dict()))) == score


def test_an_unknown_construct_among_the_samples_is_no_vote(run: Run) -> None:
    unknown = "SELECT id FROM boats MODEL DIMENSION BY (id) MEASURES (length_m) RULES ()"
    scores, _ = run(lambda ask, number: unknown if ask.seed else RIGHT, "eval.samples=2")
    assert scores[0].majority is None
    found = metrics.summarize(scores, pass_at_k=[1])
    assert "pass_at_1" not in found
    assert "majority_vote" not in found


def test_the_k_of_a_config() -> None:
    assert pass_at_k(compose([]).eval) == []
    assert pass_at_k(compose(["eval.samples=8"]).eval) == [1, 8]
    assert pass_at_k(compose(["eval.samples=8", "eval.pass_at=[5,1]"]).eval) == [1, 5]
