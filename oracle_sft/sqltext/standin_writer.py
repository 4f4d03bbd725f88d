"""What becomes of each token when stand-ins take the places of constructs."""

from collections.abc import Iterator, Sequence

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.lexer import Token
from oracle_sft.sqltext.reading import Reading


class Writer:
    """Collects what becomes of each token; the places of what stays do not move."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.name = reading.name
        self.names = reading.statement.names
        self.group_of = reading.statement.group_of
        self.tokens: Sequence[Token] = reading.tokens
        self.texts: dict[int, str] = {}
        """Index of a token -> its new text, '' for none."""
        self.found: list[str] = []

    def drop(self, first: int, end: int) -> None:
        for position in range(first, end):
            self.texts[position] = ""

    def put(self, position: int, text: str) -> None:
        self.texts[position] = text

    def kind(self, position: int) -> str:
        return self.tokens[position].kind if position < len(self.tokens) else ""

    def behind(self, opening: int) -> int:
        """The index behind the bracket that opens here."""
        return self.reading.statement.pairs.get(opening, len(self.tokens) - 1) + 1

    def positions(self, *words: str) -> Iterator[int]:
        """Where one of these words stands that has not been replaced yet."""
        if not self.reading.present & set(words):
            return
        for position, name in enumerate(self.names):
            if name in words and self.names[position - 1] != "." and position not in self.texts:
                yield position

    def block_at(self, position: int) -> Block | None:
        return self.reading.statement.block_of[position]

    def in_from(self, position: int) -> bool:
        """Whether a token stands among the tables of its block."""
        block = self.block_at(position)
        return (
            block is not None and block.clauses.get("FROM", block.end) < position < block.from_end
        )

    def result(self) -> Iterator[Token]:
        for position, token in enumerate(self.tokens):
            text = self.texts.get(position)
            if text is None:
                yield token
            elif text:
                kind = token.kind if token.kind == "bind" else "word"
                yield Token(kind, text, token.start, token.end, text)
