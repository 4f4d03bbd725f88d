"""What concerns pairs together: copies, and queries that are trained and scored; by DuckDB, on the disk.

`alive` holds the pairs that no stage has set aside yet, with their keys; `set_aside(place, stage, reason)` those that
were judged well and that a later stage set aside.
"""

from oracle_sft.pairs.near import near_duplicates
from oracle_sft.pairs.workbench import Workbench


def start(bench: Workbench) -> None:
    """Create `alive` from what was judged, and `set_aside` from what did not run."""
    bench.execute("CREATE TABLE set_aside (place BIGINT, stage VARCHAR, reason VARCHAR)")
    if bench.has("executed"):
        bench.execute(
            f"""
            INSERT INTO set_aside
            SELECT place, 'execution', reason FROM {bench.rows_of("executed")} WHERE reason <> ''
            """
        )
    bench.execute(
        f"""
        CREATE TABLE alive AS
        SELECT judged.place, resolved.id, suite, query_key, pair_key, split_key, query_draw, split_draw
        FROM (SELECT * FROM {bench.rows_of("judged")} WHERE stage = '') judged
        JOIN {bench.rows_of("resolved")} resolved USING (place)
        JOIN {bench.rows_of("drafts")} drafts USING (place)
        ANTI JOIN set_aside USING (place)
        """
    )


def settle(bench: Workbench) -> None:
    """Create `settled(place, suite, stage, reason)` from both, for all pairs that were judged well."""
    bench.execute(
        """
        CREATE TABLE settled AS
        SELECT place, suite, '' AS stage, '' AS reason FROM alive
        UNION ALL SELECT place, '', stage, reason FROM set_aside
        ORDER BY place
        """
    )


def drop_duplicates(bench: Workbench) -> None:
    """Set pairs aside that have question and SQL of an earlier one."""
    _set_aside(
        bench,
        "duplicate",
        """
        WITH first AS (
            SELECT pair_key, min(place) AS place, arg_min(id, place) AS id
            FROM alive GROUP BY pair_key HAVING count(*) > 1
        )
        SELECT alive.place, 'the same question and SQL as ' || first.id AS reason
        FROM alive JOIN first USING (pair_key) WHERE alive.place <> first.place
        """,
    )


def drop_near_duplicates(bench: Workbench, threshold: float) -> None:
    """Set pairs aside that resemble an earlier one as much as data.near_duplicates says."""
    near_duplicates(bench, threshold)
    _set_aside(
        bench,
        "near_duplicate",
        f"""
        SELECT near.place, format('resembles {{}} (Jaccard {{:.3f}}; data.near_duplicates={threshold:g})',
            first.id, near.resemblance) AS reason
        FROM near JOIN alive first ON first.place = near.first
        """,
    )


def drop_leaks(bench: Workbench) -> None:
    """Set pairs aside that are trained on while their query is scored, under whatever question."""
    _set_aside(
        bench,
        "leak",
        """
        WITH scored AS (
            SELECT query_key, arg_min(suite, place) AS suite, arg_min(id, place) AS id
            FROM alive WHERE suite <> 'train' GROUP BY query_key
        )
        SELECT alive.place, 'its SQL is scored in ' || scored.suite || ' (' || scored.id || ')' AS reason
        FROM alive JOIN scored USING (query_key) WHERE alive.suite = 'train'
        """,
    )


def _set_aside(bench: Workbench, stage: str, found: str) -> None:
    """Move what a query finds (place, reason) from `alive` to `set_aside`."""
    bench.execute(f"INSERT INTO set_aside SELECT place, '{stage}', reason FROM ({found})")
    bench.execute(
        f"DELETE FROM alive WHERE place IN (SELECT place FROM set_aside WHERE stage = '{stage}')"
    )
