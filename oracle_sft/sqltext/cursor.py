"""A place in a list of tokens, for readers that go through them once."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from oracle_sft.errors import UserError
from oracle_sft.sqltext.lexer import Token

WANTING = ("expected", "no closing")
"""How messages begin to which it belongs what was found instead."""


class Cursor(ABC):
    """Reads tokens from left to right; `at` is the index of the next one."""

    def __init__(self, tokens: Sequence[Token], at: int = 0) -> None:
        self.tokens = tokens
        self.at = at

    def word(self, ahead: int = 0) -> str:
        """The name of a coming unquoted word or operator, '' otherwise."""
        position = self.at + ahead
        if position >= len(self.tokens):
            return ""
        token = self.tokens[position]
        return token.name if token.kind in ("word", "op") else ""

    def take(self, *words: str) -> bool:
        """Step over these words, if they come next in this order."""
        if all(self.word(ahead) == word for ahead, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.take(word):
                raise self.error(f"expected {word}")

    @abstractmethod
    def error(self, message: str) -> UserError:
        """What to raise where something else was expected; says what stands there instead."""

    def name(self, what: str) -> str:
        """The last part of a name with or without its owner."""
        while True:
            if self.at >= len(self.tokens) or not self.tokens[self.at].is_name:
                raise self.error(f"expected {what}")
            found = self.tokens[self.at].name
            self.at += 1
            if not self.take("."):
                return found

    def names(self, what: str) -> tuple[str, ...]:
        self.expect("(")
        found = [self.name(what)]
        while self.take(","):
            found.append(self.name(what))
        self.expect(")")
        return tuple(found)

    def text_of(self, start: int, end: int) -> str:
        """Tokens `start` to `end` as text: comments left out, blanks folded to one."""
        pieces: list[str] = []
        for position in range(start, end):
            token = self.tokens[position]
            if pieces and self.tokens[position - 1].end < token.start:
                pieces.append(" ")
            pieces.append(token.text)
        return "".join(pieces)

    def skip_brackets(self) -> None:
        """Step over one bracketed group; the cursor stands on its opening bracket."""
        opening = self.at
        depth = 0
        while self.at < len(self.tokens):
            depth += {"(": 1, ")": -1}.get(self.word(), 0)
            self.at += 1
            if depth == 0:
                return
        self.at = opening
        raise self.error("no closing bracket for this one")
