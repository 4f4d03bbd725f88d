"""What a query is built of: the names under which a report groups its items."""

from collections.abc import Iterator

from sqlglot import exp

from oracle_sft.sqltext.lexer import Token, tokens
from oracle_sft.sqltext.outermost import orders_outermost
from oracle_sft.sqltext.parse import SQLSyntaxError, parse

UNPARSED = "unparsed"

_WORDS = {
    **dict.fromkeys(("SYSDATE", "SYSTIMESTAMP", "CURRENT_DATE", "CURRENT_TIMESTAMP"), "date"),
    "LOCALTIMESTAMP": "date",
    "ROWNUM": "rownum",
}
_CALLS = {
    **dict.fromkeys(
        (
            *("ADD_MONTHS", "MONTHS_BETWEEN", "LAST_DAY", "NEXT_DAY", "EXTRACT", "TO_DATE"),
            *("TO_TIMESTAMP", "TO_TIMESTAMP_TZ", "NUMTODSINTERVAL", "NUMTOYMINTERVAL"),
            *("TO_DSINTERVAL", "TO_YMINTERVAL"),
        ),
        "date",
    ),
    **dict.fromkeys(("TO_CHAR", "TO_NUMBER", "CAST"), "conversion"),
    **dict.fromkeys(("NVL", "NVL2", "COALESCE", "NULLIF", "LNNVL"), "null_handling"),
    **dict.fromkeys(
        (
            *("SUBSTR", "INSTR", "UPPER", "LOWER", "INITCAP", "LENGTH", "TRIM", "LTRIM", "RTRIM"),
            *("LPAD", "RPAD", "REPLACE", "TRANSLATE", "CONCAT"),
        ),
        "text",
    ),
    "DECODE": "case",
    "LISTAGG": "listagg",
}
_PREFIXES = {"REGEXP_": "regexp", "JSON_": "json", "XML": "xml"}


def constructs(sql: str) -> tuple[str, ...]:
    """The constructs of a query, sorted: `join`, `outer_join`, `analytic`, `hierarchy`, `date`, ...

    They come from the tree and the tokens, never from text in literals or comments. `unparsed`
    alone for a text that does not parse. A simple query has none.
    """
    try:
        tree = parse(sql)
    except SQLSyntaxError:
        return (UNPARSED,)
    found = {name for node in tree.walk() for name in _of_node(node, node is tree)}
    found.update(_of_tokens(list(tokens(sql))))
    if orders_outermost(sql):
        found.add("order_by")
    return tuple(sorted(found))


def _of_node(node: exp.Expr, is_root: bool) -> Iterator[str]:
    match node:
        case exp.Join():
            yield "join"
            if node.side:
                yield "outer_join"
        case exp.Column() if node.args.get("join_mark"):
            yield "outer_join"
        case exp.Group():
            yield "group_by"
        case exp.Rollup() | exp.Cube() | exp.GroupingSets():
            yield "grouping_sets"
        case exp.Having():
            yield "having"
        case exp.Window():
            yield "keep" if node.args.get("over") == "KEEP" else "analytic"
        case exp.AggFunc() if not isinstance(node.parent, exp.Window | exp.IgnoreNulls):
            yield "aggregate"
        case exp.Connect():
            yield "hierarchy"
        case exp.With():
            yield "with"
        case exp.CTE():
            if any(table.name.upper() == node.alias.upper() for table in node.find_all(exp.Table)):
                yield "recursive_with"
        case exp.SetOperation():
            yield "set_operator"
        case exp.Exists():
            yield from ("subquery", "exists")
        case exp.Subquery() if not is_root:
            yield from _of_subquery(node)
        case exp.Distinct() if isinstance(node.parent, exp.Select):
            yield "distinct"
        case exp.Fetch():
            yield "row_limit"
        case exp.Pivot():
            yield "unpivot" if node.args.get("unpivot") else "pivot"
        case exp.Case():
            yield "case"
        case exp.Interval() | exp.DateStrToDate():
            yield "date"
        case exp.Is() if isinstance(node.expression, exp.Null):
            yield "null_handling"
        case exp.DPipe():
            yield "text"


def _of_subquery(node: exp.Subquery) -> Iterator[str]:
    match node.parent:
        case exp.SetOperation() | exp.CTE() | exp.Subquery():
            return  # only brackets
        case exp.From() | exp.Join():
            yield from ("subquery", "inline_view")
        case exp.In():
            yield from ("subquery", "in_subquery")
        case exp.Exists():
            yield "subquery"
        case _:
            yield from ("subquery", "scalar_subquery")


def _of_tokens(lexed: list[Token]) -> Iterator[str]:
    for token, following in zip(lexed, [*lexed[1:], None], strict=True):
        if token.kind != "word":
            continue
        if token.name in _WORDS:
            yield _WORDS[token.name]
        if following is None:
            continue
        if token.name in ("DATE", "TIMESTAMP") and following.kind == "string":
            yield "date"
        elif following.text == "(":
            if token.name in _CALLS:
                yield _CALLS[token.name]
            for prefix, name in _PREFIXES.items():
                if token.name.startswith(prefix):
                    yield name
