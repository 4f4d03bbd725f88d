"""A query's text with its tokens, and edits of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oracle_sft.sqltext.lexer import Token
from oracle_sft.sqltext.schema import Schema


@dataclass(frozen=True, slots=True)
class TokenText:
    sql: str
    tokens: Sequence[Token]
    schema: Schema

    def word(self, place: int) -> str:
        """The word or operator at a place, '' beyond the ends and for literals."""
        return self.tokens[place].name if 0 <= place < len(self.tokens) else ""

    def put(self, first: int, last: int, text: str) -> str:
        """The query with the tokens `first` to `last` (inclusive) replaced."""
        start, end = self.tokens[first].start, self.tokens[last].end
        return f"{self.sql[:start]}{text}{self.sql[end:]}"

    def cut(self, first: int, last: int) -> str:
        return self.put(first, last, " ")

    def text(self, first: int, last: int) -> str:
        return self.sql[self.tokens[first].start : self.tokens[last].end]

    def places(self, *words: str) -> Iterator[int]:
        for place, token in enumerate(self.tokens):
            if token.kind in ("word", "op") and token.name in words:
                yield place

    def closing(self, place: int) -> int:
        """The bracket that closes the one at a place."""
        depth = 0
        for at in range(place, len(self.tokens)):
            depth += (self.word(at) == "(") - (self.word(at) == ")")
            if not depth:
                return at
        return len(self.tokens) - 1

    def parts(self, place: int) -> list[tuple[int, int]]:
        """First and last token of each part between the commas of a bracket."""
        found, depth, start = [], 0, place + 1
        for at in range(place, self.closing(place) + 1):
            depth += (self.word(at) == "(") - (self.word(at) == ")")
            if (self.word(at) == "," and depth == 1) or not depth:
                if at > start:
                    found.append((start, at - 1))
                start = at + 1
        return found

    def end_of_clause(self, place: int, *enders: str) -> int:
        """The last token before a word that ends the clause, or before its closing bracket."""
        depth = 0
        for at in range(place, len(self.tokens)):
            depth += (self.word(at) == "(") - (self.word(at) == ")")
            if depth < 0 or (not depth and self.word(at) in enders):
                return at - 1
        return len(self.tokens) - 1

    def list_of(self, place: int, *enders: str) -> list[tuple[int, int]]:
        """The parts of a list without brackets that begins at a place."""
        found, depth, start = [], 0, place
        last = self.end_of_clause(place, *enders)
        for at in range(place, last + 1):
            depth += (self.word(at) == "(") - (self.word(at) == ")")
            if self.word(at) == "," and not depth:
                found.append((start, at - 1))
                start = at + 1
        return [*found, (start, last)] if last >= start else found
