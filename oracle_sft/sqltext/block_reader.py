"""From the tokens of a statement to its brackets and query blocks."""

from collections.abc import Sequence

from oracle_sft.sqltext.blocks import SET_OPERATORS, Block, Statement
from oracle_sft.sqltext.from_clause import CLAUSES, FromReader
from oracle_sft.sqltext.lexer import Token


def read_statement(tokens: Sequence[Token]) -> Statement:
    """Brackets and query blocks of one statement; linear in its length, and it never raises."""
    pairs, group_of, unbalanced = _bracket_pairs(tokens)
    found = Statement(
        tokens=tokens,
        names=[token.name if token.kind in ("word", "op") else "" for token in tokens],
        pairs=pairs,
        group_of=group_of,
        unbalanced=unbalanced,
        blocks=[],
        block_of=[None] * len(tokens),
        cte_names={},
        cte_bodies={},
        with_functions=[],
        suffixes=[],
        with_ends=[],
    )
    reader = _Reader(found)
    reader.groups.append((0, len(tokens), None, ()))
    while reader.groups:
        reader.read_group(*reader.groups.pop())
    found.blocks.sort(key=lambda block: block.start)
    return found


def _bracket_pairs(tokens: Sequence[Token]) -> tuple[dict[int, int], list[int], int | None]:
    pairs: dict[int, int] = {}
    group_of: list[int] = []
    opened = [-1]
    unbalanced = None
    for position, token in enumerate(tokens):
        if token.text == ")":
            if len(opened) > 1:
                pairs[opened.pop()] = position
            elif unbalanced is None:
                unbalanced = position
        group_of.append(opened[-1])
        if token.text == "(":
            opened.append(position)
    if len(opened) > 1 and unbalanced is None:
        unbalanced = opened[1]
    return pairs, group_of, unbalanced


class _Reader(FromReader):
    def read_group(self, at: int, end: int, outer: Block | None, ctes: tuple[str, ...]) -> None:
        """Read the tokens of one bracket group at its own depth; what is bracketed inside waits.

        `outer` is the block that the group's names resolve in: of a query its surroundings, of an
        argument list or a condition the block that it stands in.
        """
        if self.name(at) == "WITH":
            at, ctes = self.read_with(at, end, outer, ctes)
        block: Block | None = None
        while at < end:
            word = self.name(at)
            self.found.block_of[at] = block or outer
            if word == "(":
                at = self.defer(at, block or outer, ctes)
                continue
            after_dot = self.name(at - 1) == "."
            if word == "SELECT" and not after_dot:
                before = block
                block = Block(start=at, end=end, outer=outer, ctes=ctes)
                if before is not None:
                    before.end = at
                    block.leader = before.leader or before
                self.found.blocks.append(block)
                self.found.block_of[at] = block
            elif block is not None and word in CLAUSES and not after_dot and self.opens_clause(at):
                if word in SET_OPERATORS:
                    block.end = at
                if word == "FROM" and "FROM" not in block.clauses:
                    block.clauses["FROM"] = at
                    at = self.read_from(at + 1, end, block, ctes)
                    block.from_end = at
                    continue
                block.clauses.setdefault(word, at)
            at += 1

    def read_with(
        self, at: int, end: int, outer: Block | None, ctes: tuple[str, ...]
    ) -> tuple[int, tuple[str, ...]]:
        """Read the definitions behind WITH; returns where the query begins, and all names."""
        self.found.block_of[at] = outer
        at += 1
        tokens = self.found.tokens
        while at < end and tokens[at].is_name:
            if self.name(at) in ("FUNCTION", "PROCEDURE"):
                self.found.with_functions.append(at)
            name_at = at
            at += 1
            if self.name(at) == "(" and self.holds_names(at):
                at = self.found.pairs.get(at, end) + 1
            if self.name(at) != "AS":
                at = name_at
                break
            at += 1
            while self.name(at) in ("NOT", "MATERIALIZED", "MATERIALISED"):
                at += 1
            if self.name(at) != "(":
                break
            self.found.cte_names[name_at] = tokens[name_at].name
            ctes = (*ctes, tokens[name_at].name)
            closing = self.found.pairs.get(at, end)
            self.found.cte_bodies[name_at] = (at + 1, closing)
            # A body sees what is defined before it, and itself.
            self.groups.append((at + 1, closing, outer, ctes))
            at = closing + 1
            while self.name(at) in ("SEARCH", "CYCLE"):
                at = self.skip_clause(at + 1, end)
            if self.name(at) != ",":
                break
            at += 1
        self.found.with_ends.append(at)
        return at, ctes

    def skip_clause(self, at: int, end: int) -> int:
        """The index behind a SEARCH or CYCLE clause; a comma inside of it ends no definition."""
        while at < end and self.name(at) not in ("SELECT", "(", "SEARCH", "CYCLE"):
            if self.name(at) == "," and self.name(at + 2) in ("AS", "("):
                break
            at += 1
        return at
