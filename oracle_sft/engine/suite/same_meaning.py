"""Slips that change nothing, by what the schema says: no mutants are made of them."""

from oracle_sft.engine.suite.token_text import TokenText
from oracle_sft.sqltext.schema import Table

_ONE_ROW = frozenset("COUNT SUM AVG MIN MAX MEDIAN LISTAGG".split())


def always_matches(text: TokenText, place: int) -> bool:
    """Whether a NOT NULL foreign key leads to the table that is joined."""
    target = text.schema.table(text.word(place + 1))
    on = next((at for at in text.places("ON") if at > place), None)
    if target is None or on is None:
        return False
    columns = {text.word(on + 3), text.word(on + 7)}
    return any(
        key.table == target.name
        and set(key.columns) <= columns
        and not any(column.nullable for column in table.columns if column.name in key.columns)
        for table in tables_of(text)
        for key in table.foreign_keys
    )


def is_distinct(text: TokenText, place: int) -> bool:
    """Whether the rows of a SELECT differ anyway, or nobody counts them."""
    around = {text.word(place - 1), text.word(place - 2)}
    if around & {"EXISTS", "IN", "MINUS", "INTERSECT", "UNION"}:
        return True
    last = text.end_of_clause(place + 1)
    inside = {text.word(at) for at in range(place, last + 1)}
    if inside & {"MINUS", "INTERSECT", "UNION", "GROUP"}:
        return True
    end = text.end_of_clause(place + 1, "FROM")
    items = {text.word(at) for at in range(place, end + 1)}
    if text.word(place + 1) == "*":
        end = last
    return bool(items & _ONE_ROW and "OVER" not in items) or has_key(text, place + 1, end)


def has_key(text: TokenText, first: int, last: int) -> bool:
    """Whether the tokens hold the primary key of a table that no other table of the query refers to."""
    used = {table.name: table for table in tables_of(text)}
    listed = {token.name for token in text.tokens[first : last + 1] if token.is_name}
    referred = {
        key.table
        for table in used.values()
        for key in table.foreign_keys
        if key.table != table.name
    }
    return any(
        table.primary_key and set(table.primary_key) <= listed and name not in referred
        for name, table in used.items()
    )


def tables_of(text: TokenText) -> list[Table]:
    """The tables that the query names."""
    names = {token.name for token in text.tokens if token.is_name}
    return [table for table in text.schema.tables if table.name in names]
