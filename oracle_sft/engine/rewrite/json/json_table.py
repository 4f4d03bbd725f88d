"""JSON_TABLE: rows and columns of a document, seen from the tables before it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import clauses
from oracle_sft.engine.rewrite.frame import Frame, OutputColumn
from oracle_sft.engine.rewrite.json import json_items, json_path, json_values
from oracle_sft.engine.rewrite.json.json_clause import Clause, Handler, Reader, Returned
from oracle_sft.engine.rewrite.json.json_functions import as_source
from oracle_sft.engine.rewrite.json.json_path import Path
from oracle_sft.engine.rewrite.json.json_values import Lookup
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import VARCHAR2, Term, once, ora_error, quoted, refused
from oracle_sft.engine.rewrite.tree import only

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


@dataclass(slots=True)
class _Column:
    name: str
    path: Path
    clause: Clause
    ordinal: bool = False


@dataclass(slots=True)
class _Rows:
    """A row path with its columns; nested ones see each of its rows."""

    path: Path
    columns: list["_Column | _Rows"]


_BEGUN = r"^\s*[\[{]"
# Oracle reads a document as it comes, and may have given rows before it meets the fault.
_BREAKS_OFF = refused("JSON_TABLE of a document that is not well-formed")
_NO_ROWS = refused("JSON_TABLE with ERROR ON ERROR that finds no rows")


def rewrite(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> tuple[str, list[OutputColumn]]:
    """SQL of a lateral subquery with columns c1, c2, ...; `frame` holds what stands before it.

    Raises:
        OracleError: a path or a clause that Oracle refuses.
        UnsupportedSQL: a part of the grammar that is not known here.
    """
    only(node, "this", "expressions")
    nodes, tokens = clauses.split(node)
    reader = Reader(tokens)
    text: object = "$"
    if len(nodes) == 1 and reader.take("FORMAT", "JSON") and reader.take(","):
        text = reader.text()
    elif len(nodes) == 2:
        text = rewriter.value(nodes[1], frame).constant
    elif len(nodes) != 1:
        raise OracleError.of("ORA-00909")
    if not isinstance(text, str):
        raise UnsupportedSQL("a JSON path that is not a literal")
    on_error = Handler("NULL")
    while reader.more and reader.token.name != "COLUMNS":
        clause = reader.handled()
        if clause.on_error is None:
            raise UnsupportedSQL("JSON_TABLE with ON EMPTY")
        on_error = clause.on_error
    if on_error.kind not in ("NULL", "ERROR"):
        raise UnsupportedSQL(f"{on_error.kind} ON ERROR with JSON_TABLE")
    rows = _Rows(json_path.read(text), _columns(reader, on_error))
    if reader.more:
        raise OracleError.of("ORA-00907")
    source = as_source(rewriter.value(nodes[0], frame))
    return _Writer(rewriter).table(source, rows, on_error)


def _columns(reader: Reader, on_error: Handler) -> list["_Column | _Rows"]:
    reader.expect("COLUMNS")
    reader.expect("(")
    found: list[_Column | _Rows] = []
    while True:
        found.append(_column(reader, on_error))
        if not reader.take(","):
            break
    reader.expect(")")
    return found


def _column(reader: Reader, on_error: Handler) -> "_Column | _Rows":
    if reader.take("NESTED"):
        reader.take("PATH")
        path = json_path.read(reader.text())
        return _Rows(path, _columns(reader, on_error))
    token = reader.token
    if not token.is_name:
        raise OracleError.of("ORA-00904", "")
    reader.at += 1
    name = token.name
    if reader.take("FOR", "ORDINALITY"):
        return _Column(name, (), Clause(), ordinal=True)
    returned = None
    if reader.token.name not in ("FORMAT", "PATH", "EXISTS") and reader.token.text not in ",)":
        returned = reader.type()
    clause = reader.options()
    if clause.path is None:
        # Whether the name counts as written or as stored, where the two differ, is not documented.
        if token.kind == "word" and token.text != token.name:
            raise UnsupportedSQL("a column of JSON_TABLE without PATH")
        clause.path = f'$."{name}"'
    if clause.on_error is None and on_error.kind == "ERROR":
        clause.on_error = on_error
    return _Column(name, json_path.read(clause.path), replace(clause, returned=returned))


class _Writer:
    def __init__(self, rewriter: "Rewriter") -> None:
        self._rewriter = rewriter

    def table(self, source: Term, rows: _Rows, on_error: Handler) -> tuple[str, list[OutputColumn]]:
        text, document, found = (self._rewriter.alias("j") for _ in range(3))
        scalars = self._rewriter.oracle_version != "19c"
        read = json_values.document(f"{text}.s", scalars=scalars)
        items = json_items.found(f"{document}.d", rows.path)
        if on_error.kind == "ERROR":
            broken = ora_error("ORA-40441")
            items = once({"q": items}, f"(CASE WHEN len($q) = 0 THEN {_NO_ROWS} ELSE $q END)")
        else:
            begun = f"regexp_matches({document}.s, {quoted(_BEGUN)})"
            broken = f"(CASE WHEN {begun} THEN {_BREAKS_OFF} END)"
        found_items = (
            f"(CASE WHEN {document}.d IS NOT NULL THEN {items} "
            f"WHEN {document}.s IS NOT NULL THEN {broken} END)"
        )
        written = source.sql if not source.is_null else "CAST(NULL AS VARCHAR)"
        base = (
            f"(SELECT {found_items} AS q, "
            f"{document}.s FROM (SELECT {read} AS d, {text}.s FROM (SELECT {written} AS s) "
            f"AS {text}) AS {document}) AS {found}"
        )
        return self._level(base, found, rows)

    def _level(self, base: str, found: str, rows: _Rows) -> tuple[str, list[OutputColumn]]:
        """SELECT of the rows whose items are the list `q` beside the text `s`."""
        row = self._rewriter.alias("j")
        source = (
            f"(SELECT unnest({found}.q) AS j, unnest(range(1, len({found}.q) + 1)) AS n, "
            f"{found}.s FROM {base}) AS {row}"
        )
        nested = [entry for entry in rows.columns if isinstance(entry, _Rows)]
        below, below_place, terms_below = self._nested(nested, row)
        out: list[OutputColumn] = []
        for entry in rows.columns:
            if isinstance(entry, _Rows):
                out += terms_below.pop(0)
            else:
                out.append(OutputColumn(entry.name, _value(entry, row)))
        items = [f"{column.term.sql} AS c{index}" for index, column in enumerate(out, start=1)]
        if not nested:
            return f"SELECT {', '.join(items)}, [{row}.n] AS place FROM {source}", out
        # The rows come in the order of the document; a join gives them in any.
        place = f"list_concat([{row}.n], {below_place})"
        chosen = f"SELECT {', '.join(items)}, {place} AS place"
        return f"{chosen} FROM {source}{below} ORDER BY place", out

    def _nested(self, nested: list[_Rows], row: str) -> tuple[str, str, list[list[OutputColumn]]]:
        """The join with the nested rows, and the place of one in the document; rows of one path are
        NULL in the columns of another.
        """
        if not nested:
            return "", "", []
        selects: list[tuple[str, list[OutputColumn]]] = []
        for rows in nested:
            found = self._rewriter.alias("j")
            items = json_items.found(f"{row}.j", rows.path)
            selects.append(
                self._level(f"(SELECT {items} AS q, {row}.s AS s) AS {found}", found, rows)
            )
        inner = self._rewriter.alias("j")
        total = sum(len(columns) for _, columns in selects)
        branches: list[str] = []
        terms: list[list[OutputColumn]] = []
        before = 0
        for sql, columns in selects:
            branch = self._rewriter.alias("j")
            after = total - before - len(columns)
            values = ["NULL"] * before
            values += [f"{branch}.c{index}" for index in range(1, len(columns) + 1)]
            values += ["NULL"] * after
            listed = ", ".join(
                f"{value} AS c{index}" for index, value in enumerate(values, start=1)
            )
            place = f"list_concat([{len(branches)}], {branch}.place)"
            branches.append(f"SELECT {listed}, {place} AS place FROM ({sql}) AS {branch}")
            terms.append(
                [
                    OutputColumn(column.name, column.term.at(f"{inner}.c{before + index}"))
                    for index, column in enumerate(columns, start=1)
                ]
            )
            before += len(columns)
        union = " UNION ALL ".join(branches)
        place = f"coalesce({inner}.place, [])"
        return f" LEFT JOIN LATERAL ({union}) AS {inner} ON true", place, terms


def _value(column: _Column, row: str) -> Term:
    if column.ordinal:
        return numbers.whole_number(f"{row}.n")
    lookup = Lookup(f"{row}.j", f"{row}.s", column.path)
    if column.clause.exists:
        return _existence(column, lookup)
    if column.clause.format_json or column.clause.wrapper != "WITHOUT":
        return json_values.query(lookup, column.clause)
    return json_values.value(lookup, column.clause)


def _existence(column: _Column, lookup: Lookup) -> Term:
    """Whether the path finds something: 1 or 0, 'true' or 'false'."""
    returned = column.clause.returned or Returned()
    clause = replace(column.clause, on_empty=None)
    if clause.on_error is not None and clause.on_error.kind not in ("TRUE", "FALSE", "ERROR"):
        raise UnsupportedSQL(f"{clause.on_error.kind} ON ERROR with EXISTS in JSON_TABLE")
    test = json_values.exists(lookup, clause, unless=False)
    if returned.family == "NUMBER":
        return numbers.whole_number(f"(CASE WHEN {test} THEN 1 ELSE 0 END)")
    if returned.family != "VARCHAR2":
        raise UnsupportedSQL(f"EXISTS as {returned.family} in JSON_TABLE")
    return Term(f"(CASE WHEN {test} THEN {quoted('true')} ELSE {quoted('false')} END)", VARCHAR2)
