"""Whether a suite rejects what is right: the demo's golds, said in another way, on 3 perturbed databases.

The rewritings keep the meaning by Oracle's rules and by the schema: FETCH as ROWNUM, a day as a range, NVL as
CASE, (+) as LEFT JOIN. One that a suite rejects would be a row that no such database can have, or a fault in
the comparison.

    .venv/bin/python -m benchmarks.restated > benchmarks/results/restated.txt
"""

import re
from collections import Counter
from collections.abc import Iterator

from benchmarks.suites import golds
from oracle_sft.engine.suite.build import build_suite
from oracle_sft.engine.suite.run import SuiteRunner
from oracle_sft.pairs.demo.rows import CLOCK, SCHEMA_ID, demo_rows
from oracle_sft.pairs.demo.source import demo_ddl
from oracle_sft.sqltext.ddl import read_ddl

K = 3
_FETCH = re.compile(r"(SELECT .*) FETCH FIRST (\d+) ROWS ONLY")
_ROWNUM = re.compile(r"SELECT \* FROM \((SELECT .*ORDER BY .*)\) WHERE ROWNUM <= (\d+)")
_AT_LEAST = re.compile(
    r"(?<=WHERE |. AND )([\w.]+) >= (DATE '[^']*'|\d+(?:\.\d+)?)(?= AND| ORDER| GROUP|$)"
)
_DAY = re.compile(r"TRUNC\(([\w.]+)\) = (DATE '[^']*')")
_MONTH = re.compile(r"TRUNC\(([\w.]+), 'MM'\) = (DATE '[^']*')")
_YEAR = re.compile(r"EXTRACT\(YEAR FROM ([\w.]+)\) = (\d+)")
_NVL = re.compile(r"\bNVL\(([\w.]+), ([^()]*?)\)")
_PLUS = re.compile(r"FROM (\w+ \w), (\w+ \w) WHERE ([\w.]+ = [\w.]+)\(\+\)(?: AND)?")


def restated(sql: str) -> Iterator[tuple[str, str]]:
    """What was rewritten, and the query."""
    if found := _FETCH.fullmatch(sql):
        yield "FETCH as ROWNUM", f"SELECT * FROM ({found[1]}) WHERE ROWNUM <= {found[2]}"
    if found := _ROWNUM.fullmatch(sql):
        yield "ROWNUM as FETCH", f"{found[1]} FETCH FIRST {found[2]} ROWS ONLY"
    rules = (
        ("a bound as its negation", _AT_LEAST, r"NOT (\1 < \2)"),
        ("a day as a range", _DAY, r"\1 >= \2 AND \1 < \2 + 1"),
        ("a month as a range", _MONTH, r"\1 >= \2 AND \1 < ADD_MONTHS(\2, 1)"),
        ("a year as a range", _YEAR, r"\1 >= DATE '\2-01-01' AND \1 < DATE '\2-12-31' + 1"),
        ("NVL as CASE", _NVL, r"CASE WHEN \1 IS NULL THEN \2 ELSE \1 END"),
        ("(+) as LEFT JOIN", _PLUS, r"FROM \1 LEFT JOIN \2 ON \3 WHERE"),
    )
    for name, pattern, replacement in rules:
        changed = pattern.sub(replacement, sql)
        changed = re.sub(r" WHERE (?=GROUP|ORDER|$)", " ", changed)
        if changed != sql and "HAVING" not in sql and "(+)" not in changed:
            yield name, changed


def main() -> None:
    """Print how many of each rewriting the suite accepts, and those that it does not."""
    schema = read_ddl(demo_ddl(), schema_id=SCHEMA_ID)
    texts = golds()
    total: Counter[str] = Counter()
    rejected: list[tuple[str, str, str, str]] = []
    with SuiteRunner(build_suite(schema, demo_rows(), texts, K, clock=CLOCK)) as runner:
        for gold in texts:
            for name, sql in restated(gold):
                verdict = runner.equal_on_all(gold, sql)
                total[name] += 1
                if not verdict.equal_on_all:
                    rejected.append((name, verdict.detail, gold, sql))
    print(f"{'rewriting':<26}{'golds':>7}{'rejected':>10}")
    for name, count in total.items():
        print(f"{name:<26}{count:>7}{sum(entry[0] == name for entry in rejected):>10}")
    print(f"{'all':<26}{total.total():>7}{len(rejected):>10}")
    for name, detail, gold, sql in rejected:
        print(f"\n[{name}] {detail}\n  {gold}\n  {sql}")


if __name__ == "__main__":
    main()
