"""Which tables of a schema a statement reads."""

from oracle_sft.sqltext.block_reader import read_statement
from oracle_sft.sqltext.lexer import tokens
from oracle_sft.sqltext.schema import Schema


def tables_read(sql: str, schema: Schema) -> tuple[str, ...]:
    """The stored names of the schema's tables behind any FROM of the statement, in the schema's order.

    A name that WITH defines around it is no table, but for the one case in which Oracle may mean the table: inside of
    its own definition. Told by the tokens, so that it also works for grammar that the parser does not know; names
    that are no table of the schema are not there.
    """
    statement = read_statement([token for token in tokens(sql) if token.kind != "comment"])
    found = {
        statement.tokens[source.parts[-1]].name
        for block in statement.blocks
        for source in block.sources
        if source.parts
        and not source.called
        and not (
            len(source.parts) == 1
            and statement.tokens[source.parts[0]].name in block.ctes
            and not statement.is_in_own_body(source)
        )
    }
    return tuple(table.name for table in schema.tables if table.name in found)
