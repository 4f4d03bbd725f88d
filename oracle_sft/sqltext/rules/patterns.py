"""Row patterns of MATCH_RECOGNIZE, and the variables that patterns bring into scope."""

from collections.abc import Iterator

from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.functions import PACKAGES
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules.bare_names import is_graph_element


def row_pattern(reading: Reading, opening: int) -> Iterator[Finding]:
    """A row pattern holds variables and quantifiers, nothing that could be evaluated."""
    if "MATCH_RECOGNIZE" not in reading.present:
        return
    counting = False  # inside of {2,3}
    for position in reading.inside(opening):
        token = reading.tokens[position]
        evaluated = False
        if token.text in ("{", "}"):
            # `{- a -}` leaves its rows out of the result.
            counting = token.text == "{" and reading.name(position + 1) != "-"
        elif counting:
            evaluated = token.kind not in ("number", "bind") and token.text != ","
        elif token.text == ",":
            evaluated = next(reading.statement.calls_around(position)) != "PERMUTE"
        else:
            evaluated = token.text == "." or token.kind in ("string", "bind", "number")
        if evaluated:
            yield reading.finding("function", "an expression inside of a row pattern", position)
            return


def is_pattern_variable(reading: Reading, first: int, name: str) -> bool:
    """A row pattern variable of MATCH_RECOGNIZE, or an element variable of GRAPH_TABLE."""
    if name in PACKAGES or not reading.present & _PATTERNS:
        return False
    opening = reading.statement.group_of[first]
    while opening >= 0:
        clause = reading.name(opening - 1)
        if clause in _PATTERNS:
            if opening not in reading.pattern_variables:
                makes = _row_variables if clause == "MATCH_RECOGNIZE" else _graph_elements
                reading.pattern_variables[opening] = set(makes(reading, opening))
            return name in reading.pattern_variables[opening]
        opening = reading.statement.group_of[opening]
    return False


_PATTERNS = frozenset({"MATCH_RECOGNIZE", "GRAPH_TABLE"})


def _row_variables(reading: Reading, opening: int) -> Iterator[str]:
    """The words of PATTERN, and what SUBSET makes of them: `SUBSET u = (a, b), v = (c)`."""
    for position in reading.inside(opening):
        word, following = reading.name(position), reading.name(position + 1)
        if word == "PATTERN" and following == "(":
            yield from map(reading.name, reading.inside(position + 1))
        elif word == "=" and following == "(":
            before = (reading.name(position - 2), reading.name(position - 3))
            if "SUBSET" in before or before == (",", ")"):
                yield reading.name(position - 1)


def _graph_elements(reading: Reading, opening: int) -> Iterator[str]:
    for position in reading.inside(opening):
        if is_graph_element(reading, position):
            yield reading.name(position)
