"""Whether a safe text is valid Oracle: the lint rules, and then the parser."""

from collections.abc import Iterator, Sequence

from oracle_sft.sqltext import lint
from oracle_sft.sqltext.findings import Finding, Validity
from oracle_sft.sqltext.lexer import Token
from oracle_sft.sqltext.parse import SQLSyntaxError, parse_tokens
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.standins import with_standins

# Safety rules whose findings Oracle would refuse as well.
_NOT_ORACLE = {"malformed", "odd_character", "control_character", "foreign_function", "not_a_query"}


def validity_of(findings: Sequence[Finding], default: Validity = "valid") -> Validity:
    """The answer that findings give, of the safety rules too; `default` where they give none."""
    severities = {finding.severity for finding in findings}
    if "invalid" in severities or any(finding.rule in _NOT_ORACLE for finding in findings):
        return "invalid"
    return "unparsed" if "unparsed" in severities else default


def lint_findings(reading: Reading) -> Iterator[Finding]:
    """What the lint rules find. The parser is not asked, so any text that has tokens will do."""
    for rule in lint.RULES:
        yield from rule(reading)


def validity_findings(reading: Reading) -> Iterator[Finding]:
    """What the lint rules and the parser find in a text whose brackets are whole.

    `syntax`: the parser reads the statement, or what is left of it without what the parser lacks.

    `unparsed`: nothing of Oracle that the parser does not know; the `standard` level allows it.
    """
    found = list(lint_findings(reading))
    yield from found
    if found:
        return  # what the parser says of an invalid statement adds nothing
    span = (reading.tokens[0].start, reading.tokens[-1].end)
    fault = _parser_fault(reading, reading.tokens, as_written=True)
    if fault is None:
        return
    constructs, readable = with_standins(reading)
    if constructs:
        fault = _parser_fault(reading, readable)
    if fault is None:
        message = f"the parser does not know: {', '.join(constructs)}"
        yield Finding("unparsed", "unparsed", message, span)
    else:
        yield Finding("syntax", "invalid", fault, span)


def _parser_fault(
    reading: Reading, tokens: Sequence[Token], *, as_written: bool = False
) -> str | None:
    try:
        tree = parse_tokens(reading.text, tokens, as_written=as_written)
    except SQLSyntaxError as error:
        return str(error)
    if as_written:
        reading.tree = tree
    return None
