"""Constructs of Oracle that the parser does not read, and what stands in for each of them.

A statement with such a construct fails in the parser whether or not the rest of it is right. Here
each one is found by its own words and replaced by something of the same kind that the parser knows,
so that the rest can be judged: `MODEL ..` by nothing, `JSON_OBJECT(KEY a VALUE b)` by a plain call,
`PIVOT XML (..)` by a PIVOT.
"""

from collections.abc import Sequence

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.lexer import Token
from oracle_sft.sqltext.lint.pieces import model_clause
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.standin_values import calls, names, values
from oracle_sft.sqltext.standin_writer import Writer


def with_standins(reading: Reading) -> tuple[list[str], list[Token]]:
    """The constructs that were found, and the tokens with the stand-ins in their places."""
    writer = Writer(reading)
    for find in _FINDERS:
        find(writer)
    if writer.texts and not writer.found:
        writer.found.append("a word of its own as a name")
    return list(dict.fromkeys(writer.found)), list(writer.result())


# --- signs ------------------------------------------------------------------------------------------

_SPACED = {
    **{("<", ">"): "<>", ("<", "="): "<=", (">", "="): ">=", ("!", "="): "!=", ("^", "="): "!="},
    **{("~", "="): "!=", ("|", "|"): "||", ("<-", ">"): "+"},
}


def _signs(writer: Writer) -> None:
    names, tokens = writer.names, writer.tokens
    for position in range(len(names) - 1):
        pair = (names[position], names[position + 1])
        if pair in _SPACED and position not in writer.texts:
            writer.put(position, _SPACED[pair])
            writer.drop(position + 1, position + 2)
            writer.found.append("a blank inside of an operator" if pair[0] != "<-" else "<->")
        elif pair == ("<", "#") and writer.name(position + 2) == ">":
            writer.put(position, "+")
            writer.drop(position + 1, position + 3)
            writer.found.append("<#>")
        elif (
            pair[0] == ":"
            and tokens[position - 1].kind not in ("string", "quoted")
            and not writer.name(writer.group_of[position] - 1).startswith("JSON_")
        ):
            writer.drop(position, position + 1)
            writer.found.append("a blank inside of a bind variable")
        elif pair[0] == "JSON" and pair[1] in ("{", "[") and position not in writer.texts:
            closing = "}" if pair[1] == "{" else "]"
            end = _matching(names, position + 1, pair[1], closing)
            writer.drop(position, end)
            writer.put(position, "NULL")
            writer.found.append("a JSON constructor")
        elif (
            pair[0] == "("
            and pair[1] == "+"
            and writer.name(position + 2) == ")"
            and names[position - 1] == ")"
        ):
            writer.drop(position, position + 3)
            writer.found.append("(+) behind a table function")
    for position in range(1, len(tokens)):
        token, before = tokens[position], tokens[position - 1]
        if before.kind == "number" and token.kind == "word" and before.end == token.start:
            if position not in writer.texts:
                writer.put(position, " " + token.text)
                writer.found.append("a number that runs into a word")
        elif token.kind == "bind" and token.text[1].isdigit() and not token.text[1:].isdigit():
            digits = len(token.text) - len(token.text[1:].lstrip("0123456789"))
            writer.put(position, f"{token.text[:digits]} {token.text[digits:]}")
            writer.found.append("a bind variable that runs into a word")


def _matching(names: Sequence[str], opening: int, opener: str, closer: str) -> int:
    depth = 0
    for position in range(opening, len(names)):
        depth += (names[position] == opener) - (names[position] == closer)
        if not depth:
            return position + 1
    return len(names)


# --- tables -----------------------------------------------------------------------------------------

_PIVOT = "PIVOT(SUM(x) FOR y IN (1))"
_TABLE_ENDS = {
    *(",", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER", "ON", "USING"),
    *("PIVOT", "UNPIVOT", "MATCH_RECOGNIZE", ")"),
}


def _tables(writer: Writer) -> None:
    name = writer.name
    for position in writer.positions("PIVOT", "UNPIVOT", "MATCH_RECOGNIZE"):
        opening = position + 1
        while name(opening) in ("XML", "INCLUDE", "EXCLUDE", "NULLS"):
            opening += 1
        if name(opening) == "(" and writer.in_from(position):
            writer.drop(position, writer.behind(opening))
            writer.put(position, _PIVOT)
            writer.found.append(name(position))
    for position in writer.positions("GRAPH_TABLE", "EXTERNAL"):
        if name(position + 1) == "(":
            writer.drop(position, writer.behind(position + 1))
            writer.put(position, "x")
            writer.found.append(name(position))
    for position in writer.positions("PARTITION", "SUBPARTITION", "SAMPLE", "SEED", "HIERARCHIES"):
        opening = position + 1
        while name(opening) in ("BY", "FOR", "BLOCK"):
            opening += 1
        if name(opening) == "(" and writer.in_from(position):
            writer.drop(position, writer.behind(opening))
            writer.found.append(f"{name(position)} behind a table")
    for position in writer.positions("NESTED"):
        at = position + 1
        while at < len(writer.names) and writer.in_from(at) and name(at) != "COLUMNS":
            at += 1
        if name(at) == "COLUMNS" and name(at + 1) == "(" and writer.in_from(position):
            writer.drop(position, writer.behind(at + 1))
            writer.put(position, _PIVOT)
            writer.found.append("NESTED")
    for position in writer.positions("AS", "VERSIONS"):
        if name(position + 1) in ("OF", "BETWEEN", "PERIOD") and writer.in_from(position):
            writer.drop(position, _flashback_end(writer, position))
            writer.found.append(f"{name(position)} {name(position + 1)}")
    for position in writer.positions("ANALYTIC"):
        if name(position + 1) == "VIEW":
            opening = position + 2 + (name(position + 2) == "AS")
            if name(opening) == "(":
                writer.drop(position, opening)
                writer.drop(opening, writer.behind(opening))
                is_with = name(position + 2) == "AS"
                writer.put(position, "AS (SELECT 1 FROM x)" if is_with else "x")
                writer.found.append("ANALYTIC VIEW")
    for position in writer.positions("THE", "CURSOR", "MULTISET", "ONLY"):
        if name(position + 1) == "(":
            writer.drop(position, position + 1)
            writer.found.append(f"{name(position)} (..)")
    for position in writer.positions("NEW"):
        if writer.kind(position + 1) in ("word", "quoted") and name(position + 2) in ("(", "."):
            writer.drop(position, position + 1)
            writer.found.append("NEW")


def _flashback_end(writer: Writer, position: int) -> int:
    block = writer.block_at(position)
    if block is None:
        return position
    aliases = {source.alias for source in block.sources}
    at = position + 2
    while at < block.from_end:
        if at in aliases:
            return at
        if (
            writer.name(at) in _TABLE_ENDS
            and writer.group_of[at] == writer.group_of[position]
            and writer.name(at) != ")"
        ):
            return at
        at += 1
    return at


# --- clauses ----------------------------------------------------------------------------------------


def _clauses(writer: Writer) -> None:
    name, names = writer.name, writer.names
    for block in writer.reading.statement.blocks:
        group = writer.group_of[block.start]
        if "MODEL" in writer.reading.present:
            model = model_clause(writer.reading, block)
            if model is not None:
                end = model + 1
                while end < block.end:
                    is_order = names[end] == "ORDER" and name(end + 1) in ("BY", "SIBLINGS")
                    if is_order and writer.group_of[end] == group:
                        break
                    end += 1
                writer.drop(model, end)
                writer.found.append("MODEL")
        fetch = block.clauses.get("FETCH")
        if (
            fetch is not None
            and fetch >= block.from_end
            and name(fetch + 1) in ("FIRST", "NEXT", "APPROX", "APPROXIMATE", "EXACT")
        ):
            words = set(names[fetch : block.end])
            if words & {"APPROX", "APPROXIMATE", "EXACT", "PARTITION", "PARTITIONS", "TARGET"}:
                writer.drop(fetch, block.end)
                writer.found.append("FETCH with more than its rows")
        grouped, connected = block.clauses.get("GROUP"), block.clauses.get("CONNECT")
        if grouped is not None and connected is not None and connected > grouped:
            _hierarchy(writer, block)
    for position in writer.positions("SEARCH", "CYCLE"):
        if (name(position - 1) == ")" or "CYCLE" in (name(position), name(position - 1))) and (
            writer.block_at(position) is None or writer.in_from(position)
        ):
            end = position + 1
            while end < len(names) and names[end] not in ("SELECT", "(", "SEARCH", "CYCLE"):
                if names[end] == "," and name(end + 2) in ("AS", "("):
                    break
                end += 1
            writer.drop(position, end)
            writer.found.append(names[position])
    for position in writer.positions("ROWS", "RANGE", "GROUPS"):
        opening = writer.group_of[position]
        if (
            opening >= 0
            and name(opening - 1) in ("OVER", "AS")
            and (
                name(position + 1) in ("BETWEEN", "UNBOUNDED", "CURRENT")
                or (name(position + 2) == "PRECEDING")
            )
        ):
            writer.drop(position, writer.behind(opening) - 1)
            writer.found.append("a window frame")
    for position in writer.positions("UNIQUE"):
        if name(position - 1) == "SELECT":
            writer.put(position, "DISTINCT")


def _hierarchy(writer: Writer, block: Block) -> None:
    """CONNECT BY behind GROUP BY."""
    first = "AND" if "HAVING" in block.clauses else "HAVING"
    for clause in sorted(
        block.clauses[word] for word in ("CONNECT", "START") if word in block.clauses
    ):
        writer.put(clause, first)
        writer.drop(clause + 1, clause + 2)
        if writer.name(clause + 2) == "NOCYCLE":
            writer.drop(clause + 2, clause + 3)
        first = "AND"
    writer.found.append("CONNECT BY behind GROUP BY")


_FINDERS = (_signs, _tables, _clauses, values, calls, names)
