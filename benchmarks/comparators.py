"""What shipped result comparators answer to small pairs of results, beside what they ought to.

The comparators are run from their own checkouts, which lie side by side in one folder and are not part
of this repository; one that is not there is left out, and with none there are only ours:

    mkdir checkouts && cd checkouts
    git clone https://github.com/taoyds/test-suite-sql-eval   # exec_eval.result_eq
    git clone https://github.com/bird-bench/mini_dev          # BIRD EX, Soft-F1; LiveSQLBench ex_base
    git clone https://github.com/xlang-ai/Spider2             # compare_pandas_table
    git clone https://github.com/defog-ai/sql-eval            # compare_df, subset_df
    git clone https://github.com/bird-bench/BIRD-CRITIC-1     # ex_base of its Oracle track
    pip install pandas
    python -m benchmarks.comparators checkouts > benchmarks/results/comparators.txt
"""

import importlib
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

from oracle_sft.engine.compare import CompareMode, compare
from oracle_sft.engine.result import Cut, ResultSet, Row

Rows = list[tuple[Any, ...]]
Comparator = Callable[["Pair"], object]
NINE, FIVE, MIDNIGHT = datetime(2024, 5, 3, 9), datetime(2024, 5, 3, 17), datetime(2024, 5, 3)
TEN_ROWS = [(number, f"row {number}") for number in range(10)]


@dataclass(frozen=True)
class Pair:
    """A gold result and a predicted one."""

    name: str
    want: str
    """The label that a right comparator gives."""
    gold: Rows
    predicted: Rows
    ordered: bool = False
    header: tuple[str, ...] = ("A", "B")
    other_header: tuple[str, ...] = ("A", "B")
    types: tuple[str, ...] = ("NUMBER", "NUMBER")
    other_types: tuple[str, ...] = ("NUMBER", "NUMBER")
    sort_keys: tuple[Row, ...] | None = None
    cuts: tuple[Cut, ...] = ()

    def results(self) -> tuple[ResultSet, ResultSet]:
        width = len(self.gold[0]) if self.gold else 1
        other = len(self.predicted[0]) if self.predicted else width
        header = self.other_header if other <= len(self.other_header) else ("A", "B", "C")
        gold = ResultSet(
            columns=self.header[:width],
            types=self.types[:width],
            rows=self.gold,
            sort_keys=self.sort_keys,
            cuts=self.cuts,
        )
        kinds = (*self.other_types, "NUMBER")
        return gold, ResultSet(columns=header[:other], types=kinds[:other], rows=self.predicted)


NOTED = (
    Pair("a duplicate row is missing", "rows", [(7, 1), (7, 1), (8, 2)], [(7, 1), (8, 2)]),
    Pair("50 times the rows (fan-out)", "rows", [(7, 1), (8, 2)], [(7, 1), (8, 2)] * 50),
    Pair("another order, gold ordered", "order", [(1, 5), (2, 4)], [(2, 4), (1, 5)], ordered=True),
    Pair("columns exchanged", "column_permuted", [(1, "x"), (2, "y")], [("x", 1), ("y", 2)],
         other_header=("B", "A")),
    Pair("columns of one type exchanged", "column_permuted", [(1, 2), (3, 4)], [(2, 1), (4, 3)]),
    Pair("an extra column", "extra_columns", [(1,), (2,)], [(1, "x"), (2, "y")]),
    Pair("values paired otherwise", "values", [(1, "x"), (2, "y")], [(1, "y"), (2, "x")]),
    Pair("0.1 + 0.2 and 0.3", "equal", [(0.1 + 0.2,)], [(0.3,)],
         types=("BINARY_DOUBLE",), other_types=("BINARY_DOUBLE",)),
    Pair("0.001 and 0.009", "values", [(Decimal("0.001"),)], [(Decimal("0.009"),)]),
    Pair("NULL and 0", "values", [(None, 1)], [(0, 1)]),
    Pair("both empty", "uninformative", [], []),
    Pair("09:00 and 17:00 of one day", "values", [(NINE,)], [(FIVE,)],
         types=("DATE",), other_types=("DATE",)),
    Pair("a date and its midnight", "equal", [(date(2024, 5, 3),)], [(MIDNIGHT,)],
         types=("DATE",), other_types=("DATE",)),
    Pair("'' and NULL", "equal", [("", 1)], [(None, 1)],
         types=("VARCHAR2", "NUMBER"), other_types=("VARCHAR2", "NUMBER")),
    Pair("CHAR with its blanks", "equal", [("G5 ",)], [("G5",)],
         types=("CHAR",), other_types=("VARCHAR2",)),
    Pair("the right rows, rotated", "equal", TEN_ROWS, TEN_ROWS[3:] + TEN_ROWS[:3],
         types=("NUMBER", "VARCHAR2"), other_types=("NUMBER", "VARCHAR2")),
    Pair("one row more on top of ten", "rows", TEN_ROWS, [(99, "new"), *TEN_ROWS],
         types=("NUMBER", "VARCHAR2"), other_types=("NUMBER", "VARCHAR2")),
    Pair("other rows under one header", "values", [(1, 10)], [(2, 20)]),
    Pair("one row under another alias", "equal", [(1, 10)], [(1, 10)], other_header=("C", "D")),
)  # fmt: skip
"""The pairs that every shipped comparator fails some of."""

FURTHER = (
    Pair("rows of equal sort keys, exchanged", "equal", [(1, 5), (2, 5), (3, 4)],
         [(2, 5), (1, 5), (3, 4)], ordered=True, sort_keys=((5,), (5,), (4,))),
    Pair("rows of other sort keys, exchanged", "order", [(1, 5), (2, 5), (3, 4)],
         [(1, 5), (3, 4), (2, 5)], ordered=True, sort_keys=((5,), (5,), (4,))),
    Pair("another choice of a tied top 2", "equal", [(1, 9), (2, 5)], [(1, 9), (3, 5)],
         ordered=True, sort_keys=((9,), (5,)), cuts=(Cut((1,), [(3, 5)], [(5,)], [2]),)),
    Pair("a number and its text", "values", [(1,)], [("1",)], other_types=("VARCHAR2",)),
    Pair("[(12,)] and [(21,)]", "values", [(12,)], [(21,)]),
)  # fmt: skip
"""Pairs beyond those: ties, cuts, types."""

PAIRS = (*NOTED, *FURTHER)


def ours(pair: Pair, mode: CompareMode = CompareMode.BAG_ORDER) -> str:
    """The label that `engine.compare` gives."""
    gold, predicted = pair.results()
    found = compare(gold, predicted, ordered=pair.ordered, mode=mode)
    return found.label if found.label != "uninformative" or found.equal else "values"


# --- the shipped ones -----------------------------------------------------------------------------

_CLIENTS = (
    *(
        "google",
        "google.cloud",
        "snowflake",
        "snowflake.connector",
        "psycopg2",
        "pymysql",
        "pyodbc",
    ),
    *("func_timeout", "tqdm", "sqlalchemy", "utils", "utils.creds", "oracle_utils", "db_utils"),
    *("parse", "oracledb", "sqlparse", "nltk"),
)
"""Clients of databases and their like: none of them takes part in comparing."""


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    """Imports from a folder, with stand-ins for the database clients."""
    known = set(sys.modules)
    sys.path.insert(0, str(folder))
    for name in _CLIENTS:
        if name not in sys.modules:
            sys.modules[name] = MagicMock()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - known:
            if not name.startswith(("pandas", "numpy", "dateutil", "pytz", "six")):
                del sys.modules[name]


def _module(folder: Path, name: str) -> Any:
    with _importing(folder):
        return importlib.import_module(name)


def _test_suite(folder: Path) -> dict[str, Comparator]:
    module = _module(folder, "exec_eval")
    return {
        "test-suite": lambda pair: module.result_eq(pair.gold, pair.predicted, pair.ordered),
    }


def _bird(folder: Path) -> dict[str, Comparator]:
    exact = _module(folder / "evaluation", "evaluation_ex")
    soft = _module(folder / "evaluation", "evaluation_f1")
    return {
        "BIRD EX": lambda pair: exact.calculate_ex(pair.predicted, pair.gold) == 1,
        "Soft-F1": lambda pair: float(soft.calculate_f1_score(pair.predicted, pair.gold)),
        "LiveSQL": _with_rows(
            _module(folder / "live_sql_bench_sqlite" / "evaluation", "test_utils"), 3
        ),
    }


def _critic(folder: Path) -> dict[str, Comparator]:
    module = _module(folder / "evaluation" / "src", "oracle_test_utils")
    return {"BIRD-CRITIC": _with_rows(module, 4)}


def _with_rows(module: Any, width: int) -> Comparator:
    """`ex_base` of a module over given rows: only its running of queries is replaced."""

    def run(pair: Pair) -> bool:
        answers = {"gold": pair.gold, "predicted": pair.predicted}

        def execute_queries(sqls: list[str], *_: object) -> tuple[object, ...]:
            return (answers[sqls[0]], *(False, False, 0)[: width - 1])

        module.execute_queries = execute_queries
        conditions = ({"order": pair.ordered},) if width == 3 else ()
        with redirect_stdout(StringIO()):
            return bool(module.ex_base(["predicted"], ["gold"], "", None, *conditions))

    return run


def _spider2(folder: Path) -> dict[str, Comparator]:
    pandas = importlib.import_module("pandas")
    module = _module(folder / "spider2-snow" / "evaluation_suite", "evaluate")

    def run(pair: Pair) -> bool:
        gold, predicted = _frames(pandas, pair)
        found = module.compare_pandas_table(predicted, gold, [], not pair.ordered)
        return bool(found)

    return {"Spider2": run}


def _defog(folder: Path) -> dict[str, Comparator]:
    pandas = importlib.import_module("pandas")
    module = _module(folder / "eval", "eval")

    def exact(pair: Pair) -> bool:
        category = "order_by" if pair.ordered else ""
        gold, predicted = _frames(pandas, pair)
        return bool(module.compare_df(gold, predicted, category, "", "", ""))

    def subset(pair: Pair) -> bool:
        category = "order_by" if pair.ordered else ""
        gold, predicted = _frames(pandas, pair)
        return bool(module.subset_df(gold, predicted, category, "", "", ""))

    return {"defog exact": exact, "defog subset": subset}


def _frames(pandas: Any, pair: Pair) -> tuple[Any, Any]:
    """Both results as they come into a DataFrame from a file or a driver: NUMBERs as floats."""
    gold, predicted = pair.results()
    plain = [
        [tuple(float(cell) if isinstance(cell, Decimal) else cell for cell in row) for row in rows]
        for rows in (pair.gold, pair.predicted)
    ]
    return (
        pandas.DataFrame(plain[0], columns=list(gold.columns)),
        pandas.DataFrame(plain[1], columns=list(predicted.columns)),
    )


SHIPPED: dict[str, Callable[[Path], dict[str, Comparator]]] = {
    "mini_dev": _bird,
    "test-suite-sql-eval": _test_suite,
    "Spider2": _spider2,
    "sql-eval": _defog,
    "BIRD-CRITIC-1": _critic,
}


_AGREEING = ("equal", "uninformative")
_DEBATABLE = ("column_permuted", "extra_columns")


def _answer(comparator: Comparator, pair: Pair) -> str:
    """What it says; in bold where that is wrong."""
    try:
        found = comparator(pair)
    except Exception as error:
        return f"**{type(error).__name__}**"
    said = f"{found:.2f}" if isinstance(found, float) else "yes" if found else "no"
    is_wrong = (found == 1) != (pair.want in _AGREEING) and pair.want not in _DEBATABLE
    return f"**{said}**" if is_wrong else said


def main() -> None:
    """Print the matrix, and where each comparator came from."""
    comparators: dict[str, Comparator] = {}
    origins: list[str] = []
    for name, load in SHIPPED.items():
        folder = Path(sys.argv[1]) / name if len(sys.argv) > 1 else None
        if folder is None or not folder.is_dir():
            origins.append(f"{name}: not there, left out")
            continue
        comparators |= load(folder)
        command = ["git", "-C", str(folder), "log", "-1", "--format=%H %cs"]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        origins.append(f"{name}: commit {said}")
    names = ["want", "ours", *comparators]
    print(f"| pair | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    wrong: Counter[str] = Counter()
    for pair in PAIRS:
        answers = {name: _answer(run, pair) for name, run in comparators.items()}
        wrong.update(name for name, said in answers.items() if said.startswith("**"))
        print(f"| {pair.name} | {' | '.join([pair.want, ours(pair), *answers.values()])} |")
    failed = sum(ours(pair) != pair.want for pair in PAIRS)
    counts = ["", str(failed), *(str(wrong[name]) for name in comparators)]
    print(f"| wrong, of {len(PAIRS)} | {' | '.join(counts)} |")
    print()
    print("\n".join(origins))


if __name__ == "__main__":
    main()
