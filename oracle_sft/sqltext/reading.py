"""One text as the rules see it: tokens, blocks, the policy, a schema."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from sqlglot import exp

from oracle_sft.sqltext.blocks import Block, Source, Statement
from oracle_sft.sqltext.findings import Finding, GuardrailPolicy, Severity
from oracle_sft.sqltext.lexer import Token
from oracle_sft.sqltext.schema import Schema


@dataclass(slots=True)
class Reading:
    """What every rule gets."""

    text: str
    all_tokens: list[Token]
    """Comments included."""
    statement: Statement
    """The statement without its terminator and without comments."""
    policy: GuardrailPolicy
    schema: Schema | None
    allowed: frozenset[str]
    """Upper-case names of the policy's own functions."""
    tree: exp.Query | None = field(default=None, init=False)
    """What the parser made of the statement as it is written, where it was asked and could; not to be changed."""
    pattern_variables: dict[int, set[str]] = field(default_factory=dict, init=False)
    """Names that a row or graph pattern brings into scope, by its bracket; filled when asked for."""
    tokens: Sequence[Token] = field(init=False)
    """The statement's tokens."""
    present: frozenset[str] = field(init=False)
    """All names in the statement: a rule about words that do not occur is done at once."""
    kinds: frozenset[str] = field(init=False)
    """All kinds of tokens in the statement."""
    _places: dict[str, list[int]] = field(init=False)
    name: Callable[[int], str] = field(init=False)
    """The name of a word or operator at this index; '' for other tokens and outside."""

    def __post_init__(self) -> None:
        self.tokens = self.statement.tokens
        self.name = self.statement.name
        self._places = {}
        for position, name in enumerate(self.statement.names):
            self._places.setdefault(name, []).append(position)
        self.present = frozenset(self._places)
        self.kinds = frozenset([token.kind for token in self.tokens])

    def places(self, names: AbstractSet[str]) -> list[int]:
        """The indexes of all words and operators with one of these names, in order."""
        found = self.present & names
        if len(found) < 2:
            return [position for name in found for position in self._places[name]]
        return sorted([position for name in found for position in self._places[name]])

    def finding(
        self,
        rule: str,
        message: str,
        first: int,
        last: int | None = None,
        severity: Severity = "unsafe",
    ) -> Finding:
        """A finding from token `first` to token `last`, both inclusive."""
        end = self.tokens[first if last is None else last].end
        return Finding(rule, severity, message, (self.tokens[first].start, end))

    def inside(self, opening: int) -> range:
        """The indexes between an opening bracket and its closing one."""
        return range(opening + 1, self.statement.pairs.get(opening, len(self.tokens)))

    def table_name(self, source: Source) -> str:
        """The last part of a source's name, '' for inline views and calls."""
        return self.tokens[source.parts[-1]].name if source.parts and not source.called else ""

    def is_dual(self, source: Source) -> bool:
        return self.table_name(source) == "DUAL"

    def outer_blocks(self, block: Block | None) -> Iterator[Block]:
        while block is not None:
            yield block
            block = block.outer


Rule = Callable[[Reading], Iterator[Finding]]
