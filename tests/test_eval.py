"""The command `python -m oracle_sft.eval` on a server: a dataset of the user's own, answers from a table."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command import OWN_DATA, read, run, write_data
from tests.model.endpoint_server import Server, completion, serving

pytestmark = pytest.mark.slow
KEY = "sk-test-5ecret"
TWICE = ["eval.max_attempts=2", "eval.samples=2", "run_name=books"]
DDL = """
CREATE TABLE books (book_id NUMBER(6) PRIMARY KEY, title VARCHAR2(80) NOT NULL, price NUMBER(8,2));
"""
ROWS = {"books": [{"book_id": n, "title": f"Book {n}", "price": n * 2.5} for n in range(1, 11)]}


def answer(body: dict[str, Any], before: int) -> dict[str, Any]:
    """Right for most questions; wrong, refused at first, or failing for some."""
    prompt = body["messages"][0]["content"]
    number = int(prompt.partition("Title of book ")[2].partition("?")[0])
    sql = f"SELECT title FROM books WHERE book_id = {number}"
    if number % 5 == 1:
        sql = f"SELECT title FROM books WHERE book_id = {number + 1}"
    if number % 5 == 2 and "refused" not in prompt:
        sql = f"SELECT titel FROM books WHERE book_id = {number}"
    return completion(f"```sql\n{sql}\n```", tokens=12)


def evaluate(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("eval", *arguments, cwd=cwd, OPENAI_API_KEY=KEY, NO_PROXY="127.0.0.1")


def settings(server: Server) -> list[str]:
    return [
        f"eval.endpoint={server.url}",
        *OWN_DATA,
        "data.eval_fraction=1",
        "tracking=files",
        "eval.perturbed_databases=1",
        "eval.workers=1",
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("books")
    pairs = [
        {
            "question": f"Title of book {n}?",
            "sql": f"SELECT title FROM books WHERE book_id = {n}",
            "difficulty": "easy",
        }
        for n in range(1, 11)
    ]
    write_data(made, DDL, ROWS, pairs)
    return made


@pytest.fixture(scope="module")
def scored(folder: Path) -> Iterator[tuple[Path, Server, subprocess.CompletedProcess[str]]]:
    with serving(answer) as server:
        server.key = KEY
        said = evaluate(folder, *settings(server), *TWICE)
        assert said.returncode == 0, said.stdout + said.stderr
        yield folder, server, said


Scored = tuple[Path, Server, subprocess.CompletedProcess[str]]


def test_an_endpoint_is_scored_without_a_run(scored: Scored) -> None:
    folder, _, said = scored
    made = folder / "outputs" / "books"
    metrics = read(made / "summary.json")["targets"]["endpoint"]["heldout"]
    report = read(made / "eval/heldout/endpoint/report.json")
    lines = (made / "eval/heldout/endpoint/predictions.jsonl").read_text().splitlines()
    predictions = [json.loads(line) for line in lines]
    numbers = [int(one["question"].split()[3].rstrip("?")) for one in predictions]
    right = [number for number in numbers if number % 5 != 1]
    at_once = [number for number in right if number % 5 != 2]
    n = len(numbers)
    assert sorted(numbers) == list(range(1, 11))
    assert metrics["execution_accuracy"]["value"] == pytest.approx(len(right) / n, abs=1e-6)
    assert metrics["test_suite_accuracy"]["n"] == n
    assert metrics["retry_gain"]["value"] == pytest.approx(
        (len(right) - len(at_once)) / n, abs=1e-6
    )
    assert metrics["pass_at_2"]["value"] == pytest.approx(len(at_once) / n, abs=1e-6)
    assert metrics["majority_vote"]["n"] == n
    assert report["tokens"]["total"] == 12 * n
    assert report["latency_seconds"]["answer"]["n"] > n - 1
    (schema,) = report["slices"]["schema"]
    assert report["slices"]["schema"][schema]["execution_accuracy"]["n"] == n
    assert report["settings"]["target"]["model"] == "tiny"
    assert all(len(one["samples"]) == 2 for one in predictions)
    assert "ask endpoint" in said.stdout
    assert run("report", "outputs/books", cwd=folder).returncode == 0


def test_the_key_is_sent_and_in_no_file(scored: Scored) -> None:
    folder, server, said = scored
    assert set(server.keys) == {f"Bearer {KEY}"}
    assert KEY not in said.stdout + said.stderr
    for path in (folder / "outputs").rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


def test_golds_are_kept_and_the_same_command_scores_again(scored: Scored) -> None:
    folder, server, _ = scored
    (cached,) = (folder / "outputs" / "cache" / "gold").glob("*.jsonl")
    before = cached.read_bytes()
    again = evaluate(folder, *settings(server), *TWICE)
    assert again.returncode == 0, again.stdout + again.stderr
    assert cached.read_bytes() == before
    one = "outputs/books/eval/heldout/endpoint"
    compared = run("report", "compare", one, one, cwd=folder)
    assert compared.returncode == 0
    assert "the same in both" in compared.stdout


def test_a_server_that_fails_leaves_the_scores_that_are_there(folder: Path) -> None:
    failure: list[Any] = []
    with serving(lambda body, before: failure[-1] if failure else answer(body, before)) as server:
        command = [*settings(server), "eval.endpoint_tries=1", "eval.endpoint_timeout_seconds=0.5"]
        assert evaluate(folder, *command, "run_name=kept").returncode == 0
        made = folder / "outputs" / "kept"
        files = [made / "summary.json", *(made / "eval" / "heldout" / "endpoint").iterdir()]
        scores = {path: path.read_bytes() for path in files}
        assert len(scores) == 4
        for reply, message in (
            (
                500,
                "answers no question: 8 in a row failed, the last one with: HTTP 500: status 500",
            ),
            (b"<html>Welcome</html>", "it begins with '<html>Welcome</html>'"),
            (9.0, "no answer within eval.endpoint_timeout_seconds=0.5"),
        ):
            failure.append(reply)
            said = evaluate(folder, *command, "run_name=kept")
            assert said.returncode == 3
            assert message in said.stderr
            assert len(said.stderr.splitlines()) == 1
            assert {path: path.read_bytes() for path in files} == scores
            assert read(made / "run.json")["stages"]["eval"]["status"] == "failed"
    assert run("report", "outputs/kept", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["eval.suites=[unseen]"], "eval.suites has 'unseen'; the dataset has heldout"),
        (["eval.endpoint_key_variable=NO_SUCH_KEY"], "NO_SUCH_KEY is not set, so no key was sent"),
        (["eval.endpoint=http://127.0.0.1:9/v1"], "is a server running there?"),
    ],
)
def test_what_cannot_be_scored_is_one_clear_message(
    scored: Scored, changes: list[str], message: str
) -> None:
    folder, server, _ = scored
    said = evaluate(folder, *settings(server), "eval.endpoint_tries=1", *changes)
    assert said.returncode in (2, 3)
    assert message in said.stderr
    assert len(said.stderr.splitlines()) == 1
    assert "Traceback" not in said.stderr


def test_nothing_to_score_says_what_can_be(tmp_path: Path) -> None:
    said = evaluate(tmp_path)
    assert said.returncode == 2
    assert "eval wants run=outputs/NAME, bundle=DIR" in said.stderr
    said = evaluate(tmp_path, "bundle=nowhere")
    assert said.returncode == 2
    assert "nowhere does not exist; give a folder that the package stage wrote" in said.stderr


def test_a_server_that_is_not_there_is_said_before_a_dataset_is_built(tmp_path: Path) -> None:
    for more in ([], ["eval.endpoint_model=m"]):
        said = evaluate(tmp_path, "eval.endpoint=http://127.0.0.1:9/v1", *more)
        assert said.returncode == 3
        assert "is a server running there?" in said.stderr
        assert not (tmp_path / "outputs").exists()
