"""Rules about hints, XQuery and MODEL clauses that take the machine for themselves."""

import re
from collections.abc import Iterator

from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.lexer import literal_value
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules import bounds

_PARALLEL = re.compile(r"\b(?:PARALLEL\w*|SHARED)\s*\(([^()]*)\)", re.IGNORECASE)


def hints(reading: Reading) -> Iterator[Finding]:
    """`parallel_hint`: no hint asks for more parallel processes than the policy allows."""
    if "/*+" not in reading.text and "--+" not in reading.text:
        return
    for token in reading.all_tokens:
        if token.kind != "comment" or token.text[2:3] != "+":
            continue
        for match in _PARALLEL.finditer(token.text):
            degrees = [int(number[:9]) for number in re.findall(r"\b\d+\b", match.group(1))]
            if degrees and max(degrees) > reading.policy.max_parallel:
                yield Finding(
                    "parallel_hint",
                    "unsafe",
                    f"a hint for {max(degrees)} parallel processes; the policy allows "
                    f"{reading.policy.max_parallel}",
                    (token.start, token.end),
                )


_XQUERY_COMMENT = re.compile(r"\(:.*?:\)", re.DOTALL)
_XQUERY_RANGE = re.compile(
    r"\bto\b((?:(?!\b(?:return|where|order|to|for|let|then|else)\b)[^\],;])*)"
)
_XQUERY_NUMBER = re.compile(r"(?<![\w.])\d[\d.]*(?:[eE]\+?\d+)?")
_XQUERY_FUNCTION = re.compile(r"\bdeclare\s+function\s+([\w:.-]+)")


def xquery_ranges(reading: Reading) -> Iterator[Finding]:
    """`row_generator`, too: XQuery makes no more rows of nothing than the policy's bound."""
    if not reading.present & {"XMLTABLE", "XMLQUERY", "XMLEXISTS"}:
        return
    for opening in reading.statement.pairs:
        if reading.name(opening - 1) not in ("XMLTABLE", "XMLQUERY", "XMLEXISTS"):
            continue
        for position in reading.inside(opening):
            token = reading.tokens[position]
            if token.kind != "string":
                continue
            xquery = _XQUERY_COMMENT.sub(" ", literal_value(token))
            if _xquery_rows(xquery) > reading.policy.max_generated_rows:
                yield reading.finding("row_generator", "an XQuery range without end", position)
                return


def _xquery_rows(xquery: str) -> float:
    """An upper estimate of what the ranges of an XQuery multiply to."""
    functions = _XQUERY_FUNCTION.findall(xquery)
    if any(len(re.findall(rf"{re.escape(name)}\s*\(", xquery)) > 2 for name in functions):
        return float("inf")  # it may call itself
    ranges = _XQUERY_RANGE.findall(xquery)
    if not ranges:
        return 0
    rows = 1.0
    for operand in ranges:
        for number in _XQUERY_NUMBER.findall(operand):
            rows *= max(_float(number), 1.0)
    return max([rows, *map(_float, _XQUERY_NUMBER.findall(xquery))])


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")


def model_loops(reading: Reading) -> Iterator[Finding]:
    """`row_generator`, too: ITERATE and FOR .. TO of MODEL do not run beyond the policy's bound."""
    if "MODEL" not in reading.present:
        return
    limit = reading.policy.max_generated_rows
    for position in range(len(reading.tokens)):
        word = reading.name(position)
        if word == "ITERATE" and reading.name(position + 1) == "(":
            side = reading.inside(position + 1)
        elif word == "TO" and reading.name(position - 2) == "FROM":
            side = range(position + 1, min(position + 2, len(reading.tokens)))
        else:
            continue
        if bounds.upper_value(reading, side) > limit:
            message = f"a loop of MODEL beyond the {limit} rows that the policy allows"
            yield reading.finding("row_generator", message, position)
            return


RULES = (hints, xquery_ranges, model_loops)
