"""What an executor keeps, and what it asks for again."""

from collections.abc import Iterable, Iterator

from oracle_sft.engine.pool import Outcome, Query
from oracle_sft.engine.result import ResultSet
from oracle_sft.score.execution import Executor


class Counting:
    """A runner whose queries are the number of rows that they give."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def run(self, queries: Iterable[Query]) -> Iterator[Outcome]:
        for query in queries:
            self.asked.append(query.sql)
            rows = [(number,) for number in range(int(query.sql))]
            yield ResultSet(columns=("N",), types=("NUMBER",), rows=rows)


def test_small_results_are_kept_and_large_ones_asked_for_again() -> None:
    runner = Counting()
    executor = Executor(runner, ["one"], timeout_seconds=5, max_rows=5000)
    for _ in range(2):
        found = executor.run([("one", "3"), ("one", "1001"), ("one", "3")])
        assert {sql: len(done.result.rows) for (_, sql), done in found.items() if done.result} == {
            "3": 3,
            "1001": 1001,
        }
    assert runner.asked == ["3", "1001", "1001"]
