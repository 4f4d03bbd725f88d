"""What stands behind the path of a JSON function: RETURNING, wrappers, ON ERROR, ON EMPTY."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import NULL_TERM, Term, text_literal
from oracle_sft.sqltext.lexer import Token, literal_value

Wanted = Literal["VARCHAR2", "NUMBER", "DATE", "TIMESTAMP", "CLOB"]


@dataclass(frozen=True, slots=True)
class Returned:
    """The type that a value is wanted in."""

    family: Wanted = "VARCHAR2"
    sizes: tuple[int, ...] = (4000,)
    """Of VARCHAR2 its bytes, or characters; of NUMBER precision and scale."""
    in_characters: bool = False


@dataclass(frozen=True, slots=True)
class Handler:
    """What to do about an error or an empty result."""

    kind: Literal["NULL", "ERROR", "DEFAULT", "EMPTY ARRAY", "EMPTY OBJECT", "TRUE", "FALSE"]
    default: Term = NULL_TERM


@dataclass(slots=True)
class Clause:
    returned: Returned | None = None
    format_json: bool = False
    wrapper: Literal["WITHOUT", "CONDITIONAL", "UNCONDITIONAL"] = "WITHOUT"
    on_error: Handler | None = None
    on_empty: Handler | None = None
    path: str | None = None
    """Of a column of JSON_TABLE, or behind `FORMAT JSON`."""
    exists: bool = False


_END = Token("op", "", 0, 0, "")
_MAX_TEXT = 4000
_WITHOUT_SIZE: dict[str, Wanted] = {"DATE": "DATE", "TIMESTAMP": "TIMESTAMP", "CLOB": "CLOB"}


@dataclass(slots=True)
class Reader:
    """Reads tokens one by one."""

    tokens: Sequence[Token]
    at: int = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    @property
    def more(self) -> bool:
        return self.at < len(self.tokens)

    def take(self, *words: str) -> bool:
        """Step over these words, if all of them come next."""
        coming = [token.name or token.text for token in self.tokens[self.at : self.at + len(words)]]
        taken = coming == list(words)
        self.at += len(words) if taken else 0
        return taken

    def expect(self, *words: str) -> None:
        if not self.take(*words):
            raise self.wrong()

    def wrong(self) -> OracleError:
        return OracleError.of("ORA-00907")

    def text(self) -> str:
        if self.token.kind != "string":
            raise UnsupportedSQL("a JSON path that is not a literal")
        self.at += 1
        return literal_value(self.tokens[self.at - 1])

    def whole(self) -> int:
        if not self.token.text.isdecimal():
            raise self.wrong()
        self.at += 1
        return int(self.tokens[self.at - 1].text)

    def type(self) -> Returned:
        """A type with its sizes."""
        name = self.token.name
        self.at += 1
        sizes: list[int] = []
        in_characters = False
        if self.take("("):
            sizes.append(self.whole())
            if self.take(","):
                sizes.append(self.whole())
            if self.take("CHAR"):
                in_characters = True
            else:
                self.take("BYTE")
            self.expect(")")
        if name in ("VARCHAR2", "VARCHAR") and len(sizes) <= 1:
            return Returned("VARCHAR2", tuple(sizes or [_MAX_TEXT]), in_characters)
        if name == "NUMBER":
            return Returned("NUMBER", tuple(sizes))
        if name in ("INTEGER", "INT"):
            return Returned("NUMBER", (38, 0))
        if name in _WITHOUT_SIZE and not sizes:
            if self.token.name in ("WITH", "PRESERVE", "TRUNCATE") and name != "CLOB":
                raise UnsupportedSQL(f"JSON as {name} {self.token.name}")
            return Returned(_WITHOUT_SIZE[name], ())
        raise UnsupportedSQL(f"JSON as {name}")

    def options(self) -> Clause:
        """All that may follow a path, up to a comma or a closing bracket."""
        clause = Clause()
        while self.more and self.token.text not in (",", ")"):
            self._option(clause)
        return clause

    def _option(self, clause: Clause) -> None:
        if self.take("RETURNING"):
            clause.returned = self.type()
        elif self.take("FORMAT", "JSON"):
            clause.format_json = True
        elif self.take("PATH"):
            clause.path = self.text()
        elif self.take("EXISTS"):
            clause.exists = True
        elif self.token.name in ("WITH", "WITHOUT"):
            clause.wrapper = self._wrapper()
        else:
            handled = self.handled()
            clause.on_error = handled.on_error or clause.on_error
            clause.on_empty = handled.on_empty or clause.on_empty

    def handled(self) -> Clause:
        """One `.. ON ERROR` or `.. ON EMPTY`."""
        clause = Clause()
        handler = self._handler()
        if self.take("ON", "ERROR"):
            clause.on_error = handler
        elif self.take("ON", "EMPTY"):
            clause.on_empty = handler
        else:
            raise UnsupportedSQL(f"{handler.kind} ON {self.token.name} in a JSON function")
        return clause

    def _wrapper(self) -> Literal["WITHOUT", "CONDITIONAL", "UNCONDITIONAL"]:
        without = self.take("WITHOUT")
        if not without:
            self.expect("WITH")
        conditional = self.take("CONDITIONAL")
        if not conditional:
            self.take("UNCONDITIONAL")
        self.take("ARRAY")
        if not self.take("WRAPPER"):
            raise UnsupportedSQL(f"WITH {self.token.name} in a JSON function")
        return "WITHOUT" if without else "CONDITIONAL" if conditional else "UNCONDITIONAL"

    def _handler(self) -> Handler:
        if self.take("NULL"):
            return Handler("NULL")
        if self.take("ERROR"):
            return Handler("ERROR")
        if self.take("TRUE"):
            return Handler("TRUE")
        if self.take("FALSE"):
            return Handler("FALSE")
        if self.take("EMPTY"):
            if self.take("OBJECT"):
                return Handler("EMPTY OBJECT")
            self.take("ARRAY")
            return Handler("EMPTY ARRAY")
        if self.take("DEFAULT"):
            return Handler("DEFAULT", self.literal())
        word = self.token.name or self.token.text
        raise UnsupportedSQL(f"{word} in a JSON function", (self.token.start, self.token.end))

    def literal(self) -> Term:
        """A literal with its sign; NULL too."""
        sign = ""
        if self.token.text in ("+", "-"):
            sign = self.token.text
            self.at += 1
        token = self.token
        self.at += 1
        if token.kind == "number" and token.text[-1] not in "fFdD":
            return numbers.literal(Decimal(sign + token.text))
        if token.kind == "string" and not sign:
            return text_literal(literal_value(token))
        if token.name == "NULL" and not sign:
            return NULL_TERM
        raise UnsupportedSQL("DEFAULT with something other than a literal in a JSON function")
