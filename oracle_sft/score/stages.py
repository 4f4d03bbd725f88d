"""Where an answer ended: one stage for each, from what was found in it to what differs in its result."""

from oracle_sft.engine.compare import Comparison
from oracle_sft.score.item import GoldStatus, Stage, Status
from oracle_sft.sqltext.findings import Verdict


def stage_of(
    gold_status: GoldStatus,
    verdict: Verdict | None,
    status: Status,
    code: str,
    comparison: Comparison | None,
    *,
    is_empty: bool = False,
) -> Stage:
    """The stage of one answer; `comparison` is needed for a query that gave rows.

    `is_empty`: the answer's query gave no rows.
    """
    if status == "no_answer":
        return "no_answer"
    if gold_status in ("gold_error", "uninformative"):
        return "gold_error" if gold_status == "gold_error" else "uninformative"
    match status:
        case "ok":
            assert comparison is not None
            stage = _MISMATCHES[comparison.label]
            return "mismatch:empty" if is_empty and stage == "mismatch:rows" else stage
        case "refused":
            return _refusal(verdict)
        case "oracle_error":
            return _STAGES_OF_CODES.get(code, "oracle_error")
        case other:
            return other


def _refusal(verdict: Verdict | None) -> Stage:
    """What only the schema lacks is a schema error; what would write, what is no Oracle: in this order."""
    if verdict is None:
        return "several_statements"
    unsafe = {finding.rule for finding in verdict.findings if finding.severity == "unsafe"}
    if not unsafe:
        rules = {finding.rule for finding in verdict.findings if finding.severity == "invalid"}
        if not rules:
            return "refused"
        return "parse_error" if "syntax" in rules else "lint"
    if unsafe <= _SCHEMA_RULES:
        return "schema_error"
    if unsafe & _WRITING_RULES:
        return "not_read_only"
    if "multiple_statements" in unsafe:
        return "several_statements"
    if unsafe <= _TEXT_RULES:
        return "parse_error"
    return "lint" if unsafe <= {*_TEXT_RULES, "foreign_function"} else "refused"


_SCHEMA_RULES = {"unknown_table", "unknown_column"}
_WRITING_RULES = {
    *("dml", "ddl", "dcl", "plsql", "write_verb", "row_lock", "select_into", "inline_plsql"),
    *("transaction_control", "session_control", "client_command"),
}
_TEXT_RULES = {"malformed", "odd_character", "control_character", "not_a_query"}

_MISMATCHES: dict[str, Stage] = {
    "equal": "correct",
    "rows": "mismatch:rows",
    "values": "mismatch:values",
    "order": "mismatch:order",
    "columns": "mismatch:columns",
    "column_permuted": "mismatch:columns",
    "extra_columns": "mismatch:columns",
}

_STAGES_OF_CODES: dict[str, Stage] = {
    **dict.fromkeys(("ORA-00904", "ORA-00918", "ORA-00942"), "schema_error"),
    **dict.fromkeys(
        (
            *("ORA-00900", "ORA-00902", "ORA-00905", "ORA-00906", "ORA-00907", "ORA-00908"),
            *("ORA-00911", "ORA-00917", "ORA-00920", "ORA-00921", "ORA-00923", "ORA-00928"),
            *("ORA-00933", "ORA-00936", "ORA-01747", "ORA-01756"),
        ),
        "parse_error",
    ),
    **dict.fromkeys(
        ("ORA-00934", "ORA-00935", "ORA-00937", "ORA-00978", "ORA-00979", "ORA-30483"),
        "group_error",
    ),
    **dict.fromkeys(
        (
            *("ORA-00932", "ORA-01481", "ORA-01722", "ORA-01790", "ORA-01821", "ORA-01830"),
            *("ORA-01839", "ORA-01840", "ORA-01841", "ORA-01843", "ORA-01847", "ORA-01858"),
            *("ORA-01861", "ORA-01867", "ORA-01898", "ORA-06502"),
        ),
        "type_error",
    ),
    **dict.fromkeys(
        ("ORA-01422", "ORA-01426", "ORA-01427", "ORA-01428", "ORA-01436", "ORA-01438", "ORA-01476"),
        "runtime_error",
    ),
}
