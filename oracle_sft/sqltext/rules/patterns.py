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
    if name in PACKAGES:
        return False
    opening = reading.statement.group_of[first]
    while opening >= 0:
        clause = reading.name(opening - 1)
        if clause == "MATCH_RECOGNIZE":
            return _is_row_variable(reading, opening, name)
        elif clause == "GRAPH_TABLE":
            return any(
                reading.name(position) == name and is_graph_element(reading, position)
                for position in reading.inside(opening)
            )
        opening = reading.statement.group_of[opening]
    return False


def _is_row_variable(reading: Reading, opening: int, name: str) -> bool:
    """Whether PATTERN of this MATCH_RECOGNIZE has the name, or SUBSET makes it: `SUBSET u = (a, b)`."""
    for position in reading.inside(opening):
        word, following = reading.name(position), reading.name(position + 1)
        if word == "PATTERN" and following == "(":
            if any(reading.name(variable) == name for variable in reading.inside(position + 1)):
                return True
            continue
        assigned = word == name and following == "=" and reading.name(position + 2) == "("
        if assigned and "SUBSET" in (reading.name(position - 1), reading.name(position - 2)):
            return True
        if assigned and reading.name(position - 1) == "," and reading.name(position - 2) == ")":
            return True
    return False
