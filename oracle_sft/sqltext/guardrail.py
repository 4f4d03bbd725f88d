"""From a text to one safe, valid Oracle query, or the reasons why not.

The safety rules read tokens and never ask the parser, so they hold for what it does not know as
well. This is a check of text: a database account that can only read is what enforces it.
"""

from collections.abc import Iterator, Sequence

from oracle_sft.sqltext import (
    lint,
    rules_calls,
    rules_objects,
    rules_rows,
    rules_statement,
    rules_text,
)
from oracle_sft.sqltext.blocks import read_statement
from oracle_sft.sqltext.findings import (
    Finding,
    GuardrailPolicy,
    HookResult,
    Validity,
    Verdict,
)
from oracle_sft.sqltext.lexer import Token, tokens
from oracle_sft.sqltext.parse import SQLSyntaxError, parse_tokens, statement_tokens
from oracle_sft.sqltext.reading import Reading, Rule
from oracle_sft.sqltext.schema import Schema

__all__ = ["Finding", "GuardrailPolicy", "HookResult", "SQLGuardrail", "Verdict"]

_SAFETY: tuple[Rule, ...] = (
    *rules_statement.RULES,
    *rules_calls.RULES,
    *rules_objects.RULES,
    *rules_rows.RULES,
)


class SQLGuardrail:
    """Checks texts against one policy. Keeps nothing between checks."""

    def __init__(self, policy: GuardrailPolicy | None = None) -> None:
        self.policy = policy or GuardrailPolicy()
        self._allowed = frozenset(name.upper() for name in self.policy.allowed_functions)

    def check(self, text: str, *, schema: Schema | None = None) -> Verdict:
        """Judge the text of one statement; a model's answer goes through `extract` first.

        With `schema` only its tables and columns may be read. Never raises on text.
        """
        findings = list(self._text_findings(text))
        if findings:
            return _refusal(findings)
        lexed = list(tokens(text, comments=True))
        body = statement_tokens([token for token in lexed if token.kind != "comment"])
        findings = list(rules_text.odd_characters(lexed))
        reading = Reading(
            text=text,
            all_tokens=lexed,
            statement=read_statement(body),
            policy=self.policy,
            schema=schema,
            allowed=self._allowed,
        )
        # Without its brackets and ends a text cannot be read any further.
        findings += [*rules_statement.lexical(reading), *rules_statement.nesting(reading)]
        if findings:
            return _refusal(findings)
        for rule in _SAFETY:
            findings += rule(reading)
        if findings:
            return _refusal([*findings, *_lint(reading)])
        findings = list(_validity_findings(reading, body))
        validity = _validity(findings)
        if not self._accepts(validity):
            return Verdict(False, None, tuple(findings), validity)
        return Verdict(True, text[body[0].start : body[-1].end], tuple(findings), validity)

    def _text_findings(self, text: str) -> Iterator[Finding]:
        yield from rules_text.size(text, self.policy)
        yield from rules_text.control_characters(text)
        yield from rules_text.bidi_controls(text)

    def _accepts(self, validity: Validity) -> bool:
        match self.policy.level:
            case "strict":
                return validity == "valid"
            case "standard":
                return validity != "invalid"
            case "lenient":
                return True


def _refusal(findings: list[Finding]) -> Verdict:
    # What is refused as unsafe was not parsed, unless a rule of Oracle's syntax speaks against it.
    return Verdict(False, None, tuple(findings), _validity(findings, default="unparsed"))


def _validity(findings: Sequence[Finding], default: Validity = "valid") -> Validity:
    severities = {finding.severity for finding in findings}
    if "invalid" in severities or any(finding.rule in _NOT_ORACLE for finding in findings):
        return "invalid"
    return "unparsed" if "unparsed" in severities else default


# Safety rules whose findings Oracle would refuse as well.
_NOT_ORACLE = {"malformed", "odd_character", "control_character", "foreign_function", "not_a_query"}


def _lint(reading: Reading) -> Iterator[Finding]:
    for rule in lint.RULES:
        yield from rule(reading)


def _validity_findings(reading: Reading, body: Sequence[Token]) -> Iterator[Finding]:
    found = list(_lint(reading))
    yield from found
    try:
        parse_tokens(reading.text, body)
    except SQLSyntaxError as error:
        span = (body[0].start, body[-1].end)
        if _is_beyond_the_parser(body):
            message = f"of a syntax that the parser does not know: {error.message}"
            yield Finding("unparsed", "unparsed", message, span)
        elif not found:
            yield Finding("syntax", "invalid", str(error), span)


# Words of the Oracle that sqlglot does not read. Where one stands, a failed parse says nothing.
_BEYOND = frozenset(
    """
    MODEL XML VERSIONS SNAPSHOT PARTITION MULTISET SET COLLECT UNIQUE OVERFLOW CONVERSION WRAPPER
    JSON JSON_OBJECT JSON_ARRAY JSON_QUERY JSON_VALUE JSON_EXISTS JSON_TABLE JSON_SERIALIZE
    JSON_TRANSFORM JSON_ARRAYAGG JSON_OBJECTAGG JSON_MERGEPATCH JSON_SCALAR NESTED XMLSERIALIZE
    XMLQUERY XMLPARSE XMLPI XMLROOT XMLTABLE XMLEXISTS XMLCAST XMLELEMENT XMLFOREST XMLAGG
    XMLATTRIBUTES XMLCOLATTVAL XMLNAMESPACES TYPE OF SAMPLE AT LIKEC LIKE2 LIKE4 INTERVAL USING
    PREDICTION PREDICTION_PROBABILITY PREDICTION_SET PREDICTION_DETAILS CLUSTER_ID CLUSTER_SET
    CLUSTER_PROBABILITY FEATURE_ID FEATURE_SET FEATURE_VALUE APPROX_RANK APPROX_COUNT APPROX_SUM
    NTH_VALUE ANALYTIC GRAPH_TABLE APPROX APPROXIMATE CURSOR KEEP TREAT VECTOR VECTOR_DISTANCE
    MATCH_RECOGNIZE PIVOT UNPIVOT LATERAL APPLY WINDOW SEARCH CYCLE CONNECT COLLATE MEMBER
    SUBMULTISET CONTAINERS CAST TO_DATE TO_TIMESTAMP TO_NUMBER TO_BINARY_DOUBLE LISTAGG EXTRACT
    TRANSLATE GROUPING VALUES TABLE PERIOD THE DEFAULT IGNORE RESPECT FILTER EXCLUDE GROUPS ROLLUP
    CUBE REGEXP_REPLACE LNNVL FETCH OFFSET VALUE OVERLAPS CONNECT_BY_ROOT PRIOR
    """.split()
)


def _is_beyond_the_parser(body: Sequence[Token]) -> bool:
    return any(token.kind == "word" and token.name in _BEYOND for token in body)
