"""One text for all spellings of a query: for exact match, for dedup, for splits without leaks.

The text is made from our own tokens by rewritings that keep the meaning, each of them local and
named below; the parser only has to agree that the text is one query. It is not made from
sqlglot's tree, which has one node for some things that differ in Oracle (FLOAT and BINARY_FLOAT).
"""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from oracle_sft.sqltext import conditions
from oracle_sft.sqltext.block_reader import read_statement
from oracle_sft.sqltext.blocks import Block, Source, Statement
from oracle_sft.sqltext.conditions import Group, Item
from oracle_sft.sqltext.lexer import Token, literal_value, tokens
from oracle_sft.sqltext.names import PLAIN_NAME, PSEUDO_COLUMNS, RESERVED_WORDS
from oracle_sft.sqltext.parse import SQLSyntaxError, parse_tokens, statement_tokens
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.schema import Schema

UNPARSED = "?? "
"""What the canonical text of SQL that does not parse begins with: only its lexical form."""

_MAX_DEPTH = 60
_MAX_PASSES = 4
_MAX_SINGLE_TRIES = 12
_NOT_EQUAL = {"!=": "<>", "^=": "<>", "~=": "<>", "¬=": "<>"}


def canonical(sql: str, schema: Schema | None = None, *, reading: Reading | None = None) -> str:
    """The canonical text of a query; equal texts mean the same query.

    Away go comments, hints, white space, the case of unquoted names, needless quotes and brackets,
    AS before a column alias, INNER, OUTER, ASC, and the names of tables' aliases and of WITH
    queries. Operands of AND and OR and the sides of a comparison stand in sorted order. Everything
    else keeps its place. With `schema`, bare column names are qualified where one table has them.

    Text that does not parse gets its lexical form, behind `UNPARSED`. Never raises on text.
    `reading` is that of `sql` where somebody has read it already: it saves the time to read it again.
    """
    text, is_settled = _one_pass(sql, schema, reading)
    # Aliases are numbered as they stand, and sorting then moves what carries them: numbering again settles it.
    for _ in range(_MAX_PASSES):
        if is_settled:
            break
        again, is_settled = _one_pass(text, schema)
        if again == text or again.startswith(UNPARSED):
            break
        text = again
    return text


def _one_pass(sql: str, schema: Schema | None, reading: Reading | None = None) -> tuple[str, bool]:
    """The text after one pass, and whether another one is known to change nothing."""
    statement = None if reading is None else reading.statement
    tree = None if reading is None else reading.tree
    body = statement_tokens(list(tokens(sql))) if statement is None else statement.tokens
    try:
        tree = parse_tokens(sql, body, as_written=True) if tree is None else tree
    except SQLSyntaxError:
        return UNPARSED + _joined(_written(token) for token in body), False
    statement = read_statement(body) if statement is None else statement
    if statement.unbalanced is not None or _deepest(statement) > _MAX_DEPTH:
        return UNPARSED + _joined(_written(token) for token in body), False
    names = _Names(sql, tree, statement, schema)
    words = names.written()
    written = list(conditions.flat(conditions.normal_query(_grouped(statement, words))))
    return _joined(iter(written)), names.are_settled(written)


# --- tokens as text -------------------------------------------------------------------------------


def _written(token: Token) -> str:
    if token.kind == "word":
        return token.name
    if token.kind == "string":
        prefix = token.text.partition("'")[0].upper().rstrip("Q")
        return prefix + "'" + literal_value(token).replace("'", "''") + "'"
    if token.kind == "number":
        return token.text.upper()
    if token.kind == "bind":
        return token.text if token.text.startswith(':"') else token.text.upper()
    return _NOT_EQUAL.get(token.text, token.text)


def _joined(words: Iterator[str]) -> str:
    """Words with one blank between them, none around a dot."""
    pieces: list[str] = []
    glued = True
    for word in words:
        if word == ".":
            glued = True
        elif not glued:
            pieces.append(" ")
        pieces.append(word)
        glued = word == "."
    return "".join(pieces)


def _deepest(statement: Statement) -> int:
    depth = deepest = 0
    for token in statement.tokens:
        if token.text == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif token.text == ")":
            depth -= 1
        elif token.name == "CASE":
            depth += 1
            deepest = max(deepest, depth)
        elif token.name == "END" and token.kind == "word":
            depth -= 1
    return deepest


def _grouped(statement: Statement, words: dict[int, list[str]]) -> list[Item]:
    """The words of all tokens, bracketed ones in groups."""
    stack: list[list[Item]] = [[]]
    for position, token in enumerate(statement.tokens):
        if token.text == "(":
            stack.append([])
        elif token.text == ")":
            inside = stack.pop()
            stack[-1].append(Group(inside))
            stack[-1].extend(words.get(position, []))
        else:
            stack[-1].extend(words[position])
    return stack[0]


class _Names:
    """What each token is written as: names folded, aliases renamed, optional words left out."""

    def __init__(
        self, sql: str, tree: exp.Query, statement: Statement, schema: Schema | None
    ) -> None:
        self.sql = sql
        self.tree = tree
        self.columns = {
            column.this.meta.get("start")
            for column in tree.find_all(exp.Column)
            if isinstance(column.this, exp.Identifier) and not column.table
        }
        self.statement = statement
        self.schema = schema
        self.tokens = statement.tokens
        self.unquotes = self._may_unquote()
        self.words: dict[int, list[str]] = {}
        self.num_sources = 0
        self.declared: set[str] = set()
        """The aliases that were given."""

    def written(self) -> dict[int, list[str]]:
        for position, token in enumerate(self.tokens):
            if token.text not in ("(", ")"):
                self.words[position] = [self._name(token)] if token.is_name else [_written(token)]
        self._drop_optional_words()
        self._rename_ctes()
        self._rename_sources()
        return self.words

    def are_settled(self, written: Sequence[str]) -> bool:
        """Whether another pass over what is written would name everything as it is named now.

        That is: sorting left the tables in the order of their numbers, and all of them have one.
        """
        if self.statement.cte_names or any(token.kind == "quoted" for token in self.tokens):
            return False
        numbered = [f"t{number}" for number in range(1, self.num_sources + 1)]
        declared = [
            word
            for word, following in zip(written, [*written[1:], ""], strict=True)
            if word in self.declared and following != "."
        ]
        return declared == numbered

    # --- quotes ---

    def _name(self, token: Token) -> str:
        if token.kind == "word" or token.start in self.unquotes:
            return token.name
        return token.text

    def _may_unquote(self) -> set[int]:
        """Offsets of the quoted names that mean the same without quotes.

        Whether a word would become a keyword is asked of the parser: the tree must stay the same.
        """
        plain = [
            token
            for position, token in enumerate(self.tokens)
            if token.kind == "quoted"
            and PLAIN_NAME.fullmatch(token.name)
            and token.name not in RESERVED_WORDS
            and token.name not in PSEUDO_COLUMNS
            and self.statement.name(position + 1) != "("
        ]
        if not plain:
            return set()
        for chosen in ([plain], [[token] for token in plain[:_MAX_SINGLE_TRIES]]):
            same = [token.start for group in chosen for token in group if self._same_bare(group)]
            if same:
                return set(same)
        return set()

    def _same_bare(self, chosen: list[Token]) -> bool:
        bare = list(self.sql)
        for token in chosen:
            bare[token.start] = bare[token.end - 1] = " "
        text = "".join(bare)
        try:
            tree = _unquoted_tree(text, statement_tokens(list(tokens(text))))
        except SQLSyntaxError:
            return False
        return tree == _unquoted_tree(self.sql, self.tokens)

    # --- optional words ---

    def _drop_optional_words(self) -> None:
        name = self.statement.name
        for position, token in enumerate(self.tokens):
            if token.kind != "word" or name(position - 1) == ".":
                continue
            word, following = token.name, name(position + 1)
            joined = following == "JOIN"
            if (
                word == "ASC"
                or (word == "INNER" and joined)
                or (word == "OUTER" and joined and name(position - 1) in ("LEFT", "RIGHT", "FULL"))
                or (word == "ALL" and name(position - 1) == "SELECT")
                or (word == "AS" and self._is_column_alias(position))
            ):
                self.words[position] = []
            elif word == "UNIQUE" and name(position - 1) == "SELECT":
                self.words[position] = ["DISTINCT"]
            elif word == "EXCEPT":
                self.words[position] = ["MINUS"]

    def _is_column_alias(self, position: int) -> bool:
        block = self.statement.block_of[position]
        if block is None or not block.start < position < block.clauses.get("FROM", block.end):
            return False
        depth = 0
        for before in range(block.start, position):
            depth += {"(": 1, ")": -1}.get(self.tokens[before].text, 0)
        return depth == 0

    # --- WITH queries and tables ---

    def _rename_ctes(self) -> None:
        statement = self.statement
        names = list(statement.cte_names.values())
        for number, (position, name) in enumerate(sorted(statement.cte_names.items()), start=1):
            if names.count(name) > 1:
                continue
            uses = [
                source.parts[0]
                for block in statement.blocks
                for source in block.sources
                if len(source.parts) == 1 and self.tokens[source.parts[0]].name == name
            ]
            if all(statement.is_cte(use, name) for use in uses):
                for use in (position, *uses):
                    self.words[use] = [f"c{number}"]

    def _rename_sources(self) -> None:
        named = [
            (block, source)
            for block in self.statement.blocks
            for source in block.sources
            if self.statement.source_name(source)
        ]
        renamed: dict[int, tuple[Block, list[tuple[Source, str]]]] = {}
        self.num_sources = len(named)
        qualifiers, bare = self._uses()
        for number, (block, source) in enumerate(named, start=1):
            alias = f"t{number}"
            name = self.statement.source_name(source)
            uses = qualifiers.get(id(source), [])
            if not self._may_rename(block, source, name, bare):
                continue
            for use in uses:
                self.words[use] = [alias]
            if source.alias is not None:
                self.words[source.alias] = []
            if source.alias_as is not None:
                self.words[source.alias_as] = []
            end = self._end_of(source)
            self.words[end] = [*self.words.get(end, []), alias]
            self.declared.add(alias)
            renamed.setdefault(id(block), (block, []))[1].append((source, alias))
        if self.schema is not None:
            for block, sources in renamed.values():
                self._qualify(block, sources)

    def _end_of(self, source: Source) -> int:
        """The token behind which a source's alias is written."""
        end = source.parts[-1] if source.parts else source.at
        if source.called:
            end += 1
        return self.statement.pairs.get(end, end)

    def _uses(self) -> tuple[dict[int, list[int]], dict[str, list[int]]]:
        """Where each source qualifies a column, and where names stand without a dot."""
        statement = self.statement
        qualifiers: dict[int, list[int]] = {}
        bare: dict[str, list[int]] = {}
        defined = {
            position
            for block in statement.blocks
            for source in block.sources
            for position in (*source.parts, source.alias)
        }
        for position, token in enumerate(self.tokens):
            if not token.is_name or position in defined or position in statement.cte_names:
                continue
            if statement.name(position - 1) == ".":
                continue
            if statement.name(position + 1) == ".":
                found = statement.visible(position, token.name)
                if found is None:
                    bare.setdefault(token.name, []).append(position)
                else:
                    qualifiers.setdefault(id(found[1]), []).append(position)
            else:
                bare.setdefault(token.name, []).append(position)
        return qualifiers, bare

    def _may_rename(
        self, block: Block, source: Source, name: str, bare: dict[str, list[int]]
    ) -> bool:
        """Not where the name also stands alone (VALUE(p), a column p), nor where two share it."""
        same = [other for other in block.sources if self.statement.source_name(other) == name]
        if len(same) > 1 or source.link:
            return False
        return not bare.get(name)

    def _qualify(self, block: Block, sources: list[tuple[Source, str]]) -> None:
        """Put the alias before each bare column that only one table of the block can mean."""
        assert self.schema is not None
        if len(sources) < len(block.sources) or self._merges_columns(block):
            return
        tables = []
        for source, alias in sources:
            name = self.tokens[source.parts[-1]].name if source.parts else ""
            table = self.schema.table(name)
            if table is None or source.called or name in block.ctes:
                return
            tables.append((table, alias))
        aliases = {alias.alias for alias in self.tree.find_all(exp.Alias)}
        for position in range(block.start, block.end):
            token = self.tokens[position]
            if self.statement.block_of[position] is not block or token.start not in self.columns:
                continue
            owners = [alias for table, alias in tables if table.column(token.name)]
            sorts = position > block.clauses.get("ORDER", block.end)
            if len(owners) == 1 and not (sorts and token.text in aliases):
                self.words[position] = [owners[0], ".", *self.words[position]]

    def _merges_columns(self, block: Block) -> bool:
        """USING and NATURAL make one column of two."""
        first = block.clauses.get("FROM", block.end)
        return any(
            self.statement.name(position) in ("USING", "NATURAL")
            for position in range(first, block.from_end)
        )


def _unquoted_tree(sql: str, body: Sequence[Token]) -> exp.Query:
    tree = parse_tokens(sql, body)
    for identifier in tree.find_all(exp.Identifier):
        if PLAIN_NAME.fullmatch(identifier.name.upper()):
            identifier.set("this", identifier.name.upper())
            identifier.set("quoted", False)
    return tree
