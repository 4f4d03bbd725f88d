"""Whether a safe text is valid Oracle: the lint rules, and then the parser."""

from collections.abc import Iterator, Sequence

from oracle_sft.sqltext import lint
from oracle_sft.sqltext.findings import Finding, Validity
from oracle_sft.sqltext.lexer import Token
from oracle_sft.sqltext.parse import SQLSyntaxError, parse_tokens
from oracle_sft.sqltext.reading import Reading

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
    """What the lint rules and the parser find in a text whose brackets are whole."""
    found = list(lint_findings(reading))
    yield from found
    body = reading.tokens
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
