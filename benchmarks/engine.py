"""Rewritten queries over 1,000,000 rows beside the DuckDB SQL that a person would write for them.

Both run on the same connection, one thread, interleaved; the figures are medians. The hand-written SQL
is the naive translation of a careful person: it may round a quotient as a DOUBLE does, which the
rewritten one may not. Below stand the times to rewrite queries, without running them.

    .venv/bin/python -m benchmarks.engine > benchmarks/results/engine.txt
"""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import duckdb

from oracle_sft.engine import serving
from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.sqltext.ddl import read_ddl

NUM_ROWS = 1_000_000
ROUNDS = 5
DDL = """
CREATE TABLE sales (id NUMBER(9) PRIMARY KEY, shop_id NUMBER(4), sold DATE, due DATE, qty NUMBER(4),
  price NUMBER(10,2), status VARCHAR2(10), code CHAR(4 CHAR), note VARCHAR2(40), day VARCHAR2(10));
CREATE TABLE shops (shop_id NUMBER(4) PRIMARY KEY, name VARCHAR2(30), opened DATE);
"""
FILL = f"""
INSERT INTO t."SALES" SELECT i, i % 500, TIMESTAMP '2015-01-01' + to_seconds((i * 7919) % 300000000),
  TIMESTAMP '2015-01-01' + to_seconds((i * 104729) % 300000000), 1 + i % 90, ((i * 31) % 100000) / 100,
  CASE i % 4 WHEN 0 THEN 'open' WHEN 1 THEN 'closed' WHEN 2 THEN 'lost' END, 'A' || (i % 90 + 10) || ' ',
  CASE WHEN i % 3 > 0 THEN 'order ' || i || ' of 2019-0' || (1 + i % 9) || '-15' END,
  CASE WHEN i % 3 > 0 THEN '2019-0' || (1 + i % 9) || '-15' END
FROM range({NUM_ROWS}) r(i);
INSERT INTO t."SHOPS" SELECT i, 'shop ' || i, TIMESTAMP '2001-01-01' + to_days(i::INT) FROM range(450) r(i);
"""

QUERIES: dict[str, tuple[str, str]] = {
    "filter": (
        "SELECT COUNT(*) FROM sales WHERE status = 'open' AND price > 500 AND sold >= DATE '2018-01-01'",
        "SELECT count(*) FROM s WHERE status = 'open' AND price > 500 AND sold >= TIMESTAMP '2018-01-01'",
    ),
    "sum of products": (
        "SELECT shop_id, SUM(qty * price) FROM sales GROUP BY shop_id",
        "SELECT shop_id, sum(qty * price) FROM s GROUP BY shop_id",
    ),
    "average": (
        "SELECT status, AVG(price) FROM sales GROUP BY status",
        "SELECT status, avg(price) FROM s GROUP BY status",
    ),
    "ratio": (
        "SELECT MAX(price / qty) FROM sales",
        "SELECT max(price / qty) FROM s",
    ),
    "rounded ratio": (
        "SELECT SUM(ROUND(price / qty, 2)) FROM sales",
        "SELECT sum(round(price / qty, 2)) FROM s",
    ),
    "TO_CHAR of a date": (
        "SELECT COUNT(DISTINCT TO_CHAR(sold, 'YYYY-MM-DD')) FROM sales",
        "SELECT count(DISTINCT strftime(sold, '%Y-%m-%d')) FROM s",
    ),
    "TO_CHAR of a date with a name": (
        "SELECT MAX(TO_CHAR(sold, 'DD Mon YYYY HH24:MI')) FROM sales",
        "SELECT max(strftime(sold, '%d %b %Y %H:%M')) FROM s",
    ),
    "TO_DATE": (
        "SELECT MAX(TO_DATE(day, 'YYYY-MM-DD')) FROM sales",
        "SELECT max(strptime(day, '%Y-%m-%d')) FROM s",
    ),
    "TO_DATE of a computed text": (
        "SELECT MAX(TO_DATE(SUBSTR(note, -10), 'YYYY-MM-DD')) FROM sales",
        "SELECT max(strptime(substr(note, -10), '%Y-%m-%d')) FROM s",
    ),
    "TO_CHAR of a number": (
        "SELECT MAX(TO_CHAR(price, '999G990D00')) FROM sales",
        "SELECT max(format('{:t,}', price)) FROM s",
    ),
    "TO_CHAR of a larger number": (
        "SELECT MAX(TO_CHAR(id * 1.25, '99G999G990D00')) FROM sales",
        "SELECT max(lpad(format('{:,.2f}', id * 1.25), 14, ' ')) FROM s",
    ),
    "months": (
        "SELECT TRUNC(sold, 'MM'), COUNT(*) FROM sales GROUP BY TRUNC(sold, 'MM')",
        "SELECT date_trunc('month', sold), count(*) FROM s GROUP BY 1",
    ),
    "days between": (
        "SELECT SUM(due - sold) FROM sales",
        "SELECT sum(epoch(due - sold) / 86400) FROM s",
    ),
    "ADD_MONTHS": (
        "SELECT MAX(ADD_MONTHS(sold, 3)) FROM sales",
        "SELECT max(sold + INTERVAL 3 MONTH) FROM s",
    ),
    "joined text": (
        "SELECT MAX(status || '-' || note) FROM sales",
        "SELECT max(concat(status, '-', note)) FROM s",
    ),
    "NVL and DECODE": (
        "SELECT DECODE(status, 'open', 1, 'lost', 2, NULL, 3, 0), SUM(NVL(price, 0)) FROM sales "
        "GROUP BY DECODE(status, 'open', 1, 'lost', 2, NULL, 3, 0)",
        "SELECT CASE WHEN status = 'open' THEN 1 WHEN status = 'lost' THEN 2 WHEN status IS NULL THEN 3 "
        "ELSE 0 END, sum(coalesce(price, 0)) FROM s GROUP BY 1",
    ),
    "outer join": (
        "SELECT p.name, COUNT(*) FROM sales s, shops p WHERE s.shop_id = p.shop_id(+) GROUP BY p.name",
        "SELECT p.name, count(*) FROM s LEFT JOIN p ON s.shop_id = p.shop_id GROUP BY 1",
    ),
    "top n": (
        "SELECT * FROM (SELECT id, price FROM sales ORDER BY price DESC, id) WHERE ROWNUM <= 10",
        "SELECT id, price FROM s ORDER BY price DESC, id LIMIT 10",
    ),
    "ranks": (
        "SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY sold DESC) r "
        "FROM sales) WHERE r = 1",
        "SELECT count(*) FROM (SELECT row_number() OVER (PARTITION BY shop_id ORDER BY sold DESC) r "
        "FROM s) WHERE r = 1",
    ),
    "KEEP": (
        "SELECT shop_id, MAX(price) KEEP (DENSE_RANK LAST ORDER BY sold) FROM sales GROUP BY shop_id",
        "SELECT shop_id, max(price) FROM (SELECT shop_id, price, rank() OVER (PARTITION BY shop_id "
        "ORDER BY sold DESC) r FROM s) WHERE r = 1 GROUP BY 1",
    ),
    "MEDIAN": (
        "SELECT shop_id, MEDIAN(price) FROM sales GROUP BY shop_id",
        "SELECT shop_id, quantile_cont(price, 0.5) FROM s GROUP BY 1",
    ),
    "REGEXP_SUBSTR": (
        "SELECT MAX(REGEXP_SUBSTR(note, '[0-9]+')) FROM sales",
        "SELECT max(regexp_extract(note, '[0-9]+')) FROM s",
    ),
    "LISTAGG": (
        "SELECT MAX(LENGTH(l)) FROM (SELECT LISTAGG(qty, ',') WITHIN GROUP (ORDER BY id) l FROM sales "
        "WHERE id < 400000 GROUP BY TRUNC(id / 1000))",
        "SELECT max(length(l)) FROM (SELECT string_agg(qty::VARCHAR, ',' ORDER BY id) l FROM s "
        "WHERE id < 400000 GROUP BY id // 1000)",
    ),
    "SOUNDEX": (
        "SELECT COUNT(DISTINCT SOUNDEX(note)) FROM sales",
        "SELECT count(DISTINCT upper(note)) FROM s",
    ),
    "SOUNDEX of letters": (
        "SELECT COUNT(DISTINCT SOUNDEX(status)) FROM sales",
        "SELECT count(DISTINCT upper(status)) FROM s",
    ),
    "INITCAP": (
        "SELECT MAX(INITCAP(note)) FROM sales",
        "SELECT max(array_to_string(list_transform(string_split(lower(note), ' '), "
        "lambda w: upper(w[1]) || w[2:]), ' ')) FROM s",
    ),
    "RATIO_TO_REPORT through a view": (
        "SELECT MAX(x) FROM (SELECT RATIO_TO_REPORT(price) OVER (PARTITION BY shop_id) x FROM sales)",
        "SELECT max(x) FROM (SELECT price / sum(price) OVER (PARTITION BY shop_id) x FROM s)",
    ),
    "AVG OVER through a view": (
        "SELECT COUNT(*) FROM (SELECT price, AVG(price) OVER (PARTITION BY shop_id) x FROM sales) "
        "WHERE price > x",
        "SELECT count(*) FROM (SELECT price, avg(price) OVER (PARTITION BY shop_id) x FROM s) "
        "WHERE price > x",
    ),
    "AVG of groups through a view": (
        "SELECT COUNT(*) FROM sales s JOIN (SELECT shop_id, AVG(price) x FROM sales GROUP BY shop_id) a "
        "ON a.shop_id = s.shop_id WHERE s.price > a.x",
        "SELECT COUNT(*) FROM s JOIN (SELECT shop_id, avg(price) x FROM s GROUP BY shop_id) a "
        "ON a.shop_id = s.shop_id WHERE s.price > a.x",
    ),
    "TO_NUMBER": (
        "SELECT SUM(TO_NUMBER(SUBSTR(note, 7, 2))) FROM sales",
        "SELECT sum(CAST(substr(note, 7, 2) AS DOUBLE)) FROM s",
    ),
}
REWRITTEN = {
    "short": "SELECT name FROM shops WHERE opened > DATE '2001-05-01'",
    "joined and grouped": (
        "SELECT p.name, TO_CHAR(s.sold, 'YYYY-MM') month, SUM(s.qty * s.price) total FROM sales s JOIN "
        "shops p ON p.shop_id = s.shop_id WHERE s.status IN ('open', 'lost') GROUP BY p.name, "
        "TO_CHAR(s.sold, 'YYYY-MM') HAVING COUNT(*) > 3 ORDER BY total DESC FETCH FIRST 5 ROWS ONLY"
    ),
    "subqueries": (
        "WITH big AS (SELECT shop_id, SUM(price) total FROM sales GROUP BY shop_id HAVING SUM(price) > 1000) "
        "SELECT p.name, b.total, (SELECT MAX(s.sold) FROM sales s WHERE s.shop_id = p.shop_id) last_sale, "
        "RANK() OVER (ORDER BY b.total DESC) r FROM shops p JOIN big b ON b.shop_id = p.shop_id WHERE NOT "
        "EXISTS (SELECT 1 FROM sales x WHERE x.shop_id = p.shop_id AND x.status = 'lost') ORDER BY r"
    ),
}


def _run(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    connection.execute(sql).fetchall()


def median_ms(calls: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Medians of interleaved calls, so that a busy moment of the machine hits all of them."""
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for number, call in enumerate(calls):
            started = time.perf_counter()
            call()
            seconds[number].append(time.perf_counter() - started)
    return [statistics.median(said) * 1000 for said in seconds]


def opened() -> DuckDBDatabase:
    """The tables, and views `s` and `p` of them for the SQL written by hand."""
    schema = read_ddl(DDL, schema_id="sales")
    # Columns are stored in the digits that the loaded rows need.
    widest = {"id": NUM_ROWS, "shop_id": 499, "qty": 90, "price": "999.99", "code": "A10"}
    rows = {"SALES": [widest], "SHOPS": [{"shop_id": 449}]}
    database = DuckDBDatabase(
        schema, rows, clock=datetime(2024, 6, 15), memory_limit="4GB", threads=1
    )
    connection = database._connection
    connection.execute('TRUNCATE t."SALES"; TRUNCATE t."SHOPS"')
    connection.execute(FILL)
    connection.execute('CREATE VIEW s AS SELECT * FROM t."SALES"')
    connection.execute('CREATE VIEW p AS SELECT * FROM t."SHOPS"')
    return database


def main() -> None:
    """Print one line a query, then the times to rewrite."""
    database = opened()
    connection = database._connection
    print(f"{'query':<32}{'by hand ms':>12}{'rewritten ms':>14}{'ratio':>8}")
    for name, (sql, by_hand) in QUERIES.items():
        try:
            database.query(sql)  # what it calls is registered with the first use
            written = database.rewrite(sql).sql
        except UnsupportedSQL as refused:
            print(f"{name:<32}{refused}")
            continue
        serving.serve(connection, written)
        calls = [
            partial(_run, connection, by_hand),
            partial(_run, connection, written),
        ]
        hand, ours = median_ms(calls, ROUNDS)
        print(f"{name:<32}{hand:>12.1f}{ours:>14.1f}{ours / hand:>8.2f}")
    print(f"\n{'rewriting':<32}{'ms':>12}")
    for name, sql in REWRITTEN.items():
        (taken,) = median_ms([partial(database.rewrite, sql)], 200)
        print(f"{name:<32}{taken:>12.2f}")
    database.close()


if __name__ == "__main__":
    main()
