"""Making a wish come true: rows for each alias of a query, those that others refer to first."""

from oracle_sft.engine.result import Value
from oracle_sft.engine.suite.boundaries import satisfying
from oracle_sft.engine.suite.shapes import Shape, sources_in_order
from oracle_sft.engine.suite.tables import MadeRow, Tables, is_key
from oracle_sft.engine.suite.wishes import Place, Wish, other_values


def grant(tables: Tables, shape: Shape, wish: Wish) -> None:
    """Add the rows of a wish: those that others refer to first."""
    original = tables.original
    placed: dict[str, MadeRow] = {}
    own: dict[Place, Value] = {}
    if wish.apart:
        for place in shape.keys:
            if place not in wish.values:
                for value in other_values(original, shape, place, tables.random):
                    own[place] = value
        own.update(_parents_apart(tables, shape))
    whole = Wish({**own, **wish.values}, wish.without, wish.num_last, wish.tied)
    order = sources_in_order(shape, original.schema)
    for number, (alias, name) in enumerate(order):
        if alias == wish.without:
            continue
        is_last = number == len(order) - 1
        first: MadeRow | None = None
        for _ in range(wish.num_last if is_last else 1):
            row = _wished(tables, shape, whole, alias, placed)
            if first is not None and wish.tied:
                row = dict(first)
            named = _named_row(tables, shape, alias, row)
            if named is not None:
                named = _near_in_tree(tables, name, named)
            if named is not None:
                # A query that begins at one row by its key sees only that row and those around it.
                _rewrite(tables, name, named, whole, alias)
                made: MadeRow | None = named
            else:
                made = tables.add(name, row)
            if made is None:
                return
            first = first or made
            placed[alias] = made
    if wish.twin in placed and order[-1][0] != wish.twin:
        _add_twin(tables, shape, wish.twin, order[-1][0], placed)


def _add_twin(
    tables: Tables, shape: Shape, alias: str, last: str, placed: dict[str, MadeRow]
) -> None:
    name = shape.sources[alias]
    twin = tables.add(name, dict(placed[alias]))
    if twin is None:
        return
    row = dict(placed[last])
    for key in tables.original.table(shape.sources[last]).foreign_keys:
        if key.table == name:
            for column, referenced in zip(key.columns, key.referenced_columns, strict=True):
                row[column] = twin[referenced]
    tables.add(shape.sources[last], row)


def _parents_apart(tables: Tables, shape: Shape) -> dict[Place, Value]:
    """New rows for the foreign keys that a query names and that no alias stands for.

    Aliases that refer to the same table get the same new row.
    """
    found: dict[Place, Value] = {}
    new: dict[str, MadeRow] = {}
    compared = {(entry.alias, entry.column) for entry in shape.comparisons}
    for alias, name in shape.columns:
        table = tables.original.table(shape.sources[alias])
        for key in table.foreign_keys:
            is_open = key.columns == (name,) and key.table not in shape.sources.values()
            if not is_open or (alias, name) in compared:
                continue
            rows = tables.original.rows.get(key.table)
            if key.table not in new and rows:
                made = tables.add(key.table, dict(tables.random.choice(rows)))
                if made is not None:
                    new[key.table] = made
            if key.table in new:
                found[alias, name] = new[key.table][key.referenced_columns[0]]
    return found


def _named_row(tables: Tables, shape: Shape, alias: str, row: MadeRow) -> MadeRow | None:
    """The row that the query names by its key, if it is there."""
    table = tables.original.table(shape.sources[alias])
    if len(table.primary_key) != 1:
        return None
    (key,) = table.primary_key
    for comparison in shape.comparisons:
        if (comparison.alias, comparison.column, comparison.operator) == (alias, key, "="):
            return tables.with_key(table.name, row[key])
    return None


def _near_in_tree(tables: Tables, name: str, row: MadeRow) -> MadeRow:
    """The row, or one of those above it where the table refers to itself."""
    table = tables.original.table(name)
    own = [key for key in table.foreign_keys if key.table == name and len(key.columns) == 1]
    while own and row[own[0].columns[0]] is not None and tables.random.random() < 0.5:
        parent = tables.with_key(name, row[own[0].columns[0]])
        if parent is None or parent is row:
            break
        row = parent
    return row


def _rewrite(tables: Tables, name: str, row: MadeRow, wish: Wish, alias: str) -> None:
    table = tables.original.table(name)
    for (other, column), value in wish.values.items():
        found = table.column(column)
        allowed = found is not None and (found.nullable or value is not None)
        if other == alias and allowed and not is_key(table, column):
            row[column] = value


def _wished(
    tables: Tables, shape: Shape, wish: Wish, alias: str, placed: dict[str, MadeRow]
) -> MadeRow:
    random, original = tables.random, tables.original
    table = original.table(shape.sources[alias])
    rows = original.rows[table.name]
    row: MadeRow = dict(random.choice(rows)) if rows else {}
    for comparison in shape.comparisons:
        if comparison.alias == alias:
            domain = original.domains[table.name].get(comparison.column)
            meeting = satisfying(domain, comparison.operator, comparison.values) if domain else []
            if meeting:
                row[comparison.column] = random.choice(meeting)
    for key in table.foreign_keys:
        targets = [
            other
            for other, name in shape.sources.items()
            if name == key.table and other in placed and other != alias
        ]
        if targets:
            target = placed[targets[0]]
            for column, referenced in zip(key.columns, key.referenced_columns, strict=True):
                row[column] = target[referenced]
        elif any(name == key.table for name in shape.sources.values()) and key.table != table.name:
            row.update(dict.fromkeys(key.columns))
    for left, right in shape.pairs:
        for here, there in ((left, right), (right, left)):
            if here[0] == alias and there[0] in placed and here[1] not in table.primary_key:
                row[here[1]] = placed[there[0]][there[1]]
    row.update({name: value for (other, name), value in wish.values.items() if other == alias})
    return row
