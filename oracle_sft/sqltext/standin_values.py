"""Stand-ins for values that the parser does not read: conditions, calls, names."""

from collections.abc import Sequence

from oracle_sft.sqltext.datatypes import read_type
from oracle_sft.sqltext.functions import VALUES_WITHOUT_BRACKETS
from oracle_sft.sqltext.lint.pieces import ends_operand
from oracle_sft.sqltext.names import RESERVED_WORDS
from oracle_sft.sqltext.standin_writer import Writer

# --- values -----------------------------------------------------------------------------------------

_UNITS = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"}
_IS_WORDS = {"A", "EMPTY", "OF", "JSON", "DANGLING", "PRESENT", "NAN", "INFINITE", "TRUE", "FALSE"}


def values(writer: Writer) -> None:
    name = writer.name
    for position in writer.positions("INTERVAL"):
        if writer.kind(position + 1) in ("string", "bind"):
            end = position + 2
            while name(end) in _UNITS or name(end) == "TO":
                end += 1
                if name(end) == "(":
                    end = writer.behind(end)
            writer.drop(position, position + 1)
            writer.drop(position + 2, end)
            writer.found.append("INTERVAL")
    for position in writer.positions("LIKEC", "LIKE2", "LIKE4"):
        writer.put(position, "LIKE")
        writer.found.append(name(position))
    for position in writer.positions("AT"):
        if name(position + 1) == "LOCAL":
            writer.drop(position, position + 2)
            writer.found.append("AT LOCAL")
    for position in writer.positions("MULTISET"):
        if name(position + 1) in ("UNION", "EXCEPT", "INTERSECT"):
            more = name(position + 2) in ("ALL", "DISTINCT")
            writer.drop(position, position + 2 + more)
            writer.put(position, "+")
            writer.found.append(f"MULTISET {name(position + 1)}")
    for position in writer.positions("MEMBER", "SUBMULTISET", "OVERLAPS"):
        if name(position) == "OVERLAPS" and name(position + 1) != "(":
            continue
        if name(position - 1) == "NOT":
            writer.drop(position - 1, position)
        writer.put(position, "=")
        if name(position + 1) == "OF":
            writer.drop(position + 1, position + 2)
        writer.found.append(name(position))
    for position in writer.positions("IS"):
        at = position + 1 + (name(position + 1) == "NOT")
        if name(at) in _IS_WORDS:
            writer.drop(at + 1, _is_end(writer, at))
            writer.put(at, "NULL")
            writer.found.append(f"IS {name(at)}")
    for position in writer.positions("IGNORE", "RESPECT"):
        if name(position + 1) == "NULLS":
            writer.drop(position, position + 2)
            writer.found.append(f"{name(position)} NULLS")
    for position in writer.positions("FROM"):
        if (
            name(position - 1) == ")"
            and name(position + 1) in ("FIRST", "LAST")
            and name(position + 2) in ("OVER", "RESPECT", "IGNORE")
        ):
            writer.drop(position, position + 2)
            writer.found.append("FROM LAST")
    for position in writer.positions("SET"):
        if name(position + 1) == "(":
            writer.put(position, "f")
            writer.found.append("SET (..)")
    for position in writer.positions("EXTRACT"):
        opening = position + 1
        if name(opening) == "(" and any(
            name(at) == "," and writer.group_of[at] == opening
            for at in writer.reading.inside(opening)
        ):
            writer.put(position, "f")
            writer.found.append("EXTRACT of XML")
    for position in writer.positions("COLUMNS"):
        if name(position + 1) == "(" and name(position - 1) in ("(", ","):
            writer.put(position, "f")
            writer.found.append("COLUMNS (..)")
    for position in writer.positions("START"):
        if "TIME_BUCKET" in writer.reading.present and name(position + 1) == ")":
            writer.put(position, "x")
            writer.found.append("START of TIME_BUCKET")
    _members(writer)
    for position in writer.positions("["):
        behind_name = writer.tokens[position - 1].is_name or name(position - 1) == "]"
        if behind_name and "TO" in writer.reading.present:
            end = position + 1
            while end < len(writer.names) and writer.names[end - 1] != "]":
                end += 1
            writer.drop(position, end)
            writer.found.append("steps of a JSON path")
    for position in writer.positions("PRIOR"):
        writer.drop(position, position + 1)
        writer.found.append("PRIOR")


def _members(writer: Writer) -> None:
    """`(x).name`, `x(1)(2)`: what stands behind a bracketed value."""
    if ")" not in writer.reading.present:
        return
    for opening, closing in writer.reading.statement.pairs.items():
        following = writer.name(closing + 1)
        called = writer.name(opening - 1) not in RESERVED_WORDS and opening > 0
        called = called and (writer.tokens[opening - 1].is_name or writer.name(opening - 1) == ")")
        if following == "." and closing not in writer.texts:
            end = closing + 3
            end = writer.behind(end) if writer.name(end) == "(" else end
            writer.drop(closing + 1, end)
            writer.found.append("a member of a bracketed value")
        elif (
            following == "("
            and called
            and closing + 1 not in writer.texts
            and writer.names[closing + 2] != "+"
        ):
            writer.drop(closing + 1, writer.behind(closing + 1))
            writer.found.append("a second bracket behind a call")


def _is_end(writer: Writer, at: int) -> int:
    name = writer.name
    word, end = name(at), at + 1
    if word == "A":
        return end + (name(end) == "SET")
    if word == "OF":
        end += name(end) == "TYPE"
        return writer.behind(end) if name(end) == "(" else end
    if word == "JSON":
        while name(end) in _JSON_WORDS or name(end) == "(":
            end = writer.behind(end) if name(end) == "(" else end + 1
            if end < len(writer.tokens) and writer.tokens[end].kind == "string":
                end += 1
    return end


_JSON_WORDS = {
    *("FORMAT", "JSON", "STRICT", "LAX", "WITH", "WITHOUT", "UNIQUE", "KEYS", "DISALLOW", "ALLOW"),
    *("SCALARS", "VALUE", "OBJECT", "ARRAY", "SCALAR", "VALIDATE", "CAST", "USING"),
}


# --- calls with words between their arguments -------------------------------------------------------

_CALLS = (
    "JSON_",
    "XML",
    "PREDICTION",
    "CLUSTER_",
    "FEATURE_",
    "VECTOR",
    "APPROX_",
    "TO_",
    "FROM_",
)
_MINING = ("PREDICTION", "CLUSTER_", "FEATURE_", "VECTOR_EMBEDDING", "ORA_DM_")
_MORE_CALLS = frozenset(
    {
        *("CAST", "TRANSLATE", "LISTAGG", "COLLECT", "COUNT", "TREAT", "VALIDATE_CONVERSION"),
        *("NTH_VALUE", "FIRST_VALUE", "LAST_VALUE", "LAG", "LEAD", "REPLACE", "JSON", "SUM"),
        *("AVG", "MIN", "MAX", "ORA_DM_PARTITION_NAME", "GROUPING", "EXTRACT", "STDDEV"),
        *("VARIANCE", "TABLE", "COALESCE", "DEREF", "VALUE", "REF"),
    }
)
# Words that separate arguments, or say how something is made of them.
_WORDS = frozenset(
    """
    KEY VALUE VALUES FORMAT JSON ON ERROR EMPTY MISMATCH ABSENT CONVERSION WITH WITHOUT WRAPPER
    ARRAY UNIQUE KEYS STRICT LAX PRETTY ASCII TRUNCATE ORDERED CONDITIONAL UNCONDITIONAL KEEP QUOTES
    OMIT PASSING BY RETURNING CONTENT DOCUMENT WELLFORMED NAME EVALNAME VERSION STANDALONE YES NO
    ENCODING INDENT HIDE SHOW DEFAULTS DEFAULT ORDER ASC DESC NULLS FIRST LAST USING COST MODEL OF
    ANOMALY FOR INTO ABS OVERFLOW COUNT DISTINCT FROM PARTITION SET INSERT REMOVE RENAME APPEND
    NESTED PATH CREATE EXISTING MISSING IGNORE TYPE ENTITYESCAPING NOENTITYESCAPING SCHEMACHECK
    NOSCHEMACHECK SQL STRING SCALARS ALLOW DISALLOW EXTENDED AUTO CHAR_CS NCHAR_CS MERGE COPY PREPEND MINUS
    SORT REMOVE ADD CASE_SENSITIVE DETERMINISTIC SELF ID SEQUENCE REF LEADING TRAILING BOTH ALL
    """.split()
)
_TYPED = {"AS", "RETURNING"}
# Calls whose arguments have a grammar of their own, from this word on.
_OWN_GRAMMAR = {"JSON_TRANSFORM": ",", "VECTOR_CHUNKS": "BY"}


def calls(writer: Writer) -> None:
    """Brackets whose arguments have words between them become plain calls."""
    for opening in sorted(writer.reading.statement.pairs):
        call = writer.name(opening - 1)
        if not (call in _MORE_CALLS or call.startswith(_CALLS)) or opening - 1 in writer.texts:
            continue
        inside = [at for at in writer.reading.inside(opening) if writer.group_of[at] == opening]
        if not inside:
            continue
        if writer.name(inside[0]) in ("SELECT", "WITH"):
            if call.startswith("JSON_"):
                writer.put(opening - 1, "")  # a query in brackets
                writer.found.append(f"a query in {call}")
            continue
        if call in _OWN_GRAMMAR:
            ends = _OWN_GRAMMAR[call]
            first = next((at for at in inside if writer.names[at] == ends), inside[-1] + 1)
            writer.drop(first, writer.behind(opening) - 1)
            writer.found.append(call)
            inside = [at for at in inside if at < first]
        words = {writer.names[at] for at in inside}
        if call.startswith(_MINING) and "USING" in words:
            # The inputs of a model have names behind them, and no comma before AND.
            using = next(at for at in inside if writer.names[at] == "USING")
            writer.drop(using, writer.behind(opening) - 1)
            inside = [at for at in inside if at < using]
        if words & (_WORDS | _TYPED | {":", "::", "COLUMNS"}) or call in ("REPLACE", "JSON_OBJECT"):
            _flatten(writer, opening, inside)
            writer.found.append(f"words among the arguments of {call}")


def _flatten(writer: Writer, opening: int, inside: Sequence[int]) -> None:
    writer.put(opening - 1, "f")
    end = writer.behind(opening) - 1
    skip_to = 0
    separated = True  # nothing stands before, or a comma
    for at in inside:
        if at < skip_to or at in writer.texts:
            continue
        word = writer.name(at)
        if word in _TYPED and at + 1 < end and not _is_name(writer, at, separated):
            if word == "AS" or writer.name(at + 1) not in _WORDS:
                _, taken = read_type(writer.tokens, at + 1)
                skip_to = at + 1 + max(taken, 1)
                writer.drop(at + 1, skip_to)
            separated = _separate(writer, at, separated)
        elif word == "COLUMNS" and (
            not separated or writer.name(at + 1) == "(" or writer.tokens[at + 1].is_name
        ):
            skip_to = end
            writer.drop(at, end)
        elif word == "SIZE" and writer.name(at + 1) == "=":
            writer.drop(at, at + 3)
            skip_to = at + 3
        elif word == "*" and separated and writer.name(at - 1) != ".":
            writer.drop(at, at + 1)
        elif word in _WORDS and _follows_operator(writer, at) and writer.kind(at + 1) == "string":
            writer.drop(at, at + 1)  # `= PATH '$.a'`
        elif writer.name(opening - 1) in _NAMING and _is_bare_alias(writer, at, end):
            writer.drop(at, at + 1)
        elif (
            word in (":", "::", "IS")
            or (word in _WORDS and not _is_name(writer, at, separated))
            or (word in ("NULL", "TRUE", "FALSE") and writer.name(at + 1) == "ON")
        ):
            separated = _separate(writer, at, separated)
        elif word == ",":
            if separated and not _is_user_comma(writer, at):
                writer.drop(at, at + 1)
            separated = True
        else:
            separated = False
    _trim(writer, inside)


# Behind these a value comes.
_VALUE_COMES = {
    *("KEY", "VALUE", "PASSING", "DEFAULT", "SET", "BY", "DISTINCT", "UNIQUE", "CONTENT", "NAME"),
    *("DOCUMENT", "EVALNAME", "VERSION", "FROM", "(", ",", "FOR", "INTO", ":"),
}


# Calls whose arguments may have a name behind them without AS.
_NAMING = {"XMLATTRIBUTES", "XMLFOREST", "XMLCOLATTVAL"}


def _follows_operator(writer: Writer, at: int) -> bool:
    before = writer.name(at - 1)
    return before in _OPERATORS and not (before == "*" and writer.name(at - 2) == ".")


def _is_bare_alias(writer: Writer, at: int, end: int) -> bool:
    ends = at + 1 == end or writer.name(at + 1) == ","
    return ends and writer.kind(at) in ("word", "quoted") and ends_operand(writer.reading, at - 1)


def _is_name(writer: Writer, at: int, separated: bool) -> bool:
    """Whether a word that may separate arguments is a column or a function here."""
    word, before, following = writer.name(at), writer.name(at - 1), writer.name(at + 1)
    if word in RESERVED_WORDS:
        return False
    if before == "." or following == ".":
        return True
    if not separated:
        # Behind an operator it is a value, behind a value it is none.
        return _follows_operator(writer, at)
    if following == "(":
        return word in ("COUNT", "ABS", "ASCII", "REF", "VALUE", "REPLACE")
    ends = following in _WORDS or following in ("", ",", ")") or following in _OPERATORS
    if following == "" and at + 1 < len(writer.tokens):
        return False
    return before in _VALUE_COMES and ends


_OPERATORS = {"=", "<", ">", "<=", ">=", "<>", "!=", "||", "+", "-", "*", "/", "AND", "OR"}


def _separate(writer: Writer, at: int, separated: bool) -> bool:
    writer.put(at, "" if separated else ",")
    return True


def _is_user_comma(writer: Writer, at: int) -> bool:
    """A comma behind a comma or a bracket, which is a fault and not ours."""
    return writer.name(at - 1) in (",", "(") and at - 1 not in writer.texts


def _trim(writer: Writer, inside: Sequence[int]) -> None:
    """No comma of ours before the closing bracket."""
    for at in reversed(inside):
        text = writer.texts.get(at)
        if text == ",":
            writer.put(at, "")
        elif text != "":
            return


# --- names ------------------------------------------------------------------------------------------

_BEFORE_NAMES = _OPERATORS | {
    "BETWEEN",
    ",",
    "(",
    "SELECT",
    "DISTINCT",
    "BY",
    "WHERE",
    "ON",
    "AS",
    ".",
}
_BEHIND_NAMES = _OPERATORS | {",", ")", "FROM", "IS", "IN", "LIKE", "BETWEEN", "ASC", "DESC", "."}
_NO_COLUMNS = {"END", "UNBOUNDED", "CURRENT", "ANY", "CASE", "WHEN", "ROLLUP", "CUBE", "GROUPING"}


def names(writer: Writer) -> None:
    """Names that are words of the parser's and not reserved in Oracle: LIMIT, WINDOW, FORMAT."""
    aliases = {
        place
        for block in writer.reading.statement.blocks
        for source in block.sources
        for place in (source.alias, *source.parts)
        if not (source.called and place in source.parts)
    }
    aliases.update(writer.reading.statement.cte_names)
    for position, token in enumerate(writer.tokens):
        if token.kind != "word" or position in writer.texts:
            continue
        if token.name in RESERVED_WORDS or token.name in VALUES_WITHOUT_BRACKETS:
            continue
        before, following = writer.name(position - 1), writer.name(position + 1)
        named = position in aliases or (following == "." and before != ".")
        if not named and before in _BEFORE_NAMES and token.name not in _NO_COLUMNS:
            ends = following in _BEHIND_NAMES or position + 1 == len(writer.tokens)
            named = ends and not (before == "(" and following == "FROM")
        if not named and following in (",", "FROM") and token.name not in _NO_COLUMNS:
            named = position > 0 and _is_item_alias(writer, position)
        if named:
            writer.put(position, f'"{token.text}"')


def _is_item_alias(writer: Writer, position: int) -> bool:
    block = writer.block_at(position)
    return (
        block is not None
        and writer.group_of[position] == writer.group_of[block.start]
        and position < block.clauses.get("FROM", 0)
        and ends_operand(writer.reading, position - 1)
    )
