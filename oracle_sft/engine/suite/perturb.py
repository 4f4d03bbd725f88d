"""One perturbed database: the original rows shaken, and rows made for each gold query.

For a query whose conditions are met by some rows, others are made that differ from them in one
column by the least that matters: the literal itself, one unit beside it, NULL. Around them stand
doubles, ties, parents without children and children without parents.
"""

from collections.abc import Sequence
from random import Random

from oracle_sft.engine.suite.boundaries import boundaries
from oracle_sft.engine.suite.grant import grant
from oracle_sft.engine.suite.shake import Pools, shake
from oracle_sft.engine.suite.shapes import Shape
from oracle_sft.engine.suite.tables import MadeRow, Original, Tables
from oracle_sft.engine.suite.wishes import few_wishes, wishes


def perturbed(
    original: Original, shapes: Sequence[Shape], random: Random, share: float
) -> dict[str, list[MadeRow]]:
    """The rows of a database; `share` of the wishes for each query come true in it."""
    tables = Tables(original, random)
    shake(tables, _pools(original, shapes), bare=False)
    for shape in shapes:
        wanted = [wish for wish in wishes(original, shape, random) if random.random() < share]
        # Where several wish for one row, any of them may have the last word.
        random.shuffle(wanted)
        for wish in wanted:
            grant(tables, shape, wish)
    return tables.shuffled()


def bare(original: Original, shapes: Sequence[Shape], random: Random) -> dict[str, list[MadeRow]]:
    """The rows of a database with few rows besides those for these queries, so that what else there is
    does not fill a top-n.
    """
    tables = Tables(original, random)
    shake(tables, _pools(original, shapes), bare=True)
    for shape in shapes:
        for wish in few_wishes(original, shape):
            grant(tables, shape, wish)
    return tables.shuffled()


def _pools(original: Original, shapes: Sequence[Shape]) -> Pools:
    pools: Pools = {}
    for shape in shapes:
        for comparison in shape.comparisons:
            name = shape.sources[comparison.alias]
            domain = original.domains[name].get(comparison.column)
            if domain is not None:
                found = boundaries(domain, comparison.operator, comparison.values)
                pools.setdefault((name, comparison.column), []).extend(found)
    return {place: list(dict.fromkeys(values)) for place, values in pools.items()}
