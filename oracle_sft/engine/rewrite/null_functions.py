"""NVL, DECODE and the others that choose among their arguments."""

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.terms import NULL_TERM, VARCHAR2, OracleType, Term, over


def _varied(type_: OracleType) -> OracleType:
    """CHAR becomes VARCHAR2 in these functions."""
    return VARCHAR2 if type_.is_text and not type_.lob else type_


def _nvl(arguments: list[Term]) -> Term:
    value, default = arguments
    if value.is_null:
        return default
    default = convert.like(default, value.type)
    type_, branches = convert.common([value, default])
    return Term(f"coalesce({', '.join(branches)})", _varied(type_))


def _nvl2(arguments: list[Term]) -> Term:
    value, present, absent = arguments
    if not present.is_null:
        absent = convert.like(absent, present.type)
    type_, branches = convert.common([present, absent])
    sql = f"(CASE WHEN {value.sql} IS NOT NULL THEN {branches[0]} ELSE {branches[1]} END)"
    return Term(sql, _varied(type_))


def _coalesce(arguments: list[Term]) -> Term:
    type_, branches = convert.common(arguments)
    if type_.family == "NULL":
        return NULL_TERM
    return Term(f"coalesce({', '.join(branches)})", type_)


def _nullif(arguments: list[Term]) -> Term:
    left, right = arguments
    if left.sql == "NULL":
        raise OracleError.of("ORA-00932", "-", "CHAR")
    if right.is_null:
        return left
    convert.comparable(left, right)
    convert.common([left, right])
    same = convert.compare("=", left, right)
    if left.is_simple:
        return Term(f"(CASE WHEN {same} THEN NULL ELSE {left.sql} END)", left.type)
    inner = convert.compare("=", Term("$a", left.type), Term("$b", right.type))
    parts = {"a": left.sql, "b": right.sql}
    body = f"(CASE WHEN {inner} THEN NULL ELSE $a END)"
    return Term(over(parts, body, simple=False), left.type)


def _decode(arguments: list[Term]) -> Term:
    subject, rest = arguments[0], arguments[1:]
    searches, results = rest[: len(rest) // 2 * 2 : 2], rest[1::2]
    default = rest[-1] if len(rest) % 2 else NULL_TERM
    # The first search value decides what is compared, the first result what comes out.
    tests = [_same(subject, search, searches[0].type) for search in searches]
    first = results[0].type
    results = [*results, default]
    if first.family == "NULL" or first.is_text:
        results = [convert.like(as_text(result), first) for result in results]
    else:
        results = [convert.like(result, first) for result in results]
    type_, branches = convert.common(results)
    whens = " ".join(f"WHEN {test} THEN {sql}" for test, sql in zip(tests, branches, strict=False))
    sql = f"(CASE {whens} ELSE {branches[-1]} END)"
    return Term(sql, VARCHAR2 if type_.family == "NULL" else _varied(type_))


def _same(subject: Term, search: Term, first: OracleType) -> str:
    """DECODE's test, for which NULL equals NULL."""
    convert.comparable(subject, search)
    if search.sql == "NULL":
        return f"{subject.sql} IS NULL"
    if subject.is_null or search.is_null:
        return f"({subject.sql} IS NULL AND {search.sql} IS NULL)"
    if first.family == "NUMBER" or (first.family == "NULL" and subject.type.family == "NUMBER"):
        left, right = convert.as_number(subject), convert.as_number(search)
    elif first.is_date:
        left, right = convert.as_date(subject), convert.as_date(search)
    else:
        # Compared as VARCHAR2, so that trailing blanks count.
        left, right = (Term(as_text(term).sql, VARCHAR2) for term in (subject, search))
    equal = convert.compare("=", left, right)
    if search.constant is not None:
        return equal
    return f"({equal} OR ({subject.sql} IS NULL AND {search.sql} IS NULL))"


def _extreme(operator: str, arguments: list[Term]) -> Term:
    if any(term.is_null for term in arguments):
        return NULL_TERM if arguments[0].is_null else Term("NULL", arguments[0].type)
    first = arguments[0].type
    if first.is_interval:
        raise UnsupportedSQL(f"GREATEST and LEAST of {first.family}")
    convert.comparable(*arguments)
    terms = [convert.like(term, first) for term in arguments]
    type_, branches = convert.common(terms)
    # DuckDB leaves NULLs out; Oracle's answer is NULL.
    nulls = [sql for sql, term in zip(branches, terms, strict=True) if term.constant is None]
    function = "greatest" if operator == ">" else "least"
    chosen = f"{function}({', '.join(branches)})"
    if nulls:
        missing = " OR ".join(f"{sql} IS NULL" for sql in nulls)
        chosen = f"(CASE WHEN {missing} THEN NULL ELSE {chosen} END)"
    return Term(chosen, _varied(type_))


def _greatest(arguments: list[Term]) -> Term:
    return _extreme(">", arguments)


def _least(arguments: list[Term]) -> Term:
    return _extreme("<", arguments)


FUNCTIONS: dict[str, Function] = {
    "NVL": fixed(_nvl, 2),
    "NVL2": fixed(_nvl2, 3),
    "COALESCE": Function(_coalesce, 2, 65535),
    "NULLIF": fixed(_nullif, 2),
    "DECODE": Function(_decode, 3, 255),
    "GREATEST": Function(_greatest, 1, 65535),
    "LEAST": Function(_least, 1, 65535),
}
