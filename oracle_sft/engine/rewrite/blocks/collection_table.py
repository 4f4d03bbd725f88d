"""TABLE over a collection: constants in a list, or CAST(MULTISET(query) AS ..), as rows of COLUMN_VALUE."""

from dataclasses import dataclass

from sqlglot import exp

from oracle_sft.engine.rewrite import tree
from oracle_sft.engine.rewrite.frame import OutputColumn

_ELEMENTS = {
    "ODCINUMBERLIST": ("NUMBER", "NUMBER"),
    "KU$_OBJNUMSET": ("NUMBER", "NUMBER"),
    "ODCIVARCHAR2LIST": ("VARCHAR2", "VARCHAR2(4000)"),
    "DBMS_DEBUG_VC2COLL": ("VARCHAR2", "VARCHAR2(1000)"),
}
"""What the collection types that come with Oracle hold: the family of types, and the type."""

_MAX_ELEMENTS = 200
"""More than that is refused: each is a branch of a UNION ALL."""


@dataclass(frozen=True, slots=True)
class Multiset:
    """CAST(MULTISET(query) AS type): what the query gives, one element for each row."""

    query: exp.Expr
    family: str

    def columns(self, given: list[OutputColumn]) -> list[OutputColumn]:
        """The query's one column, under the name that TABLE gives it.

        Raises:
            UnsupportedSQL: the rows are no elements of that type, or only after a conversion.
        """
        if len(given) != 1 or given[0].term.type.family != self.family:
            raise tree.refuse(f"a collection of {self.family} from other values", self.query)
        return [OutputColumn("COLUMN_VALUE", given[0].checked().term)]


def inline_view(node: exp.Expr) -> exp.Expr | None:
    """The query that gives the same rows, for `TABLE(..)` over a list of constants; else None."""
    call = _collection(node)
    if isinstance(call, exp.Dot):
        if not isinstance(call.this, exp.Identifier) or tree.stored_name(call.this) != "SYS":
            return None
        call = call.expression
    if not isinstance(call, exp.Anonymous) or not 0 < len(call.expressions) <= _MAX_ELEMENTS:
        return None
    family, type_ = _ELEMENTS.get(tree.undisguised(str(call.this)).upper(), ("", ""))
    if not family:
        return None
    texts = [_constant(element, family) for element in call.expressions]
    if None in texts:
        return None
    selects = [f'SELECT CAST({text} AS {type_}) AS "COLUMN_VALUE" FROM SYS.DUAL' for text in texts]
    return tree.parse_query(" UNION ALL ".join(selects))


def multiset(node: exp.Expr) -> Multiset | None:
    """What `TABLE(CAST(MULTISET(..) AS sys.odcinumberlist))` reads; None for anything else."""
    cast = _collection(node)
    if not isinstance(cast, exp.Cast) or not isinstance(cast.this, exp.Anonymous):
        return None
    inner = cast.this.expressions
    if tree.undisguised(str(cast.this.this)).upper() != "MULTISET" or len(inner) != 1:
        return None
    name = str(cast.to.args.get("kind") or "").upper().removeprefix("SYS.")
    if name not in _ELEMENTS or not isinstance(inner[0], exp.Query):
        return None
    return Multiset(inner[0], _ELEMENTS[name][0])


def _collection(node: exp.Expr) -> exp.Expr | None:
    """The one argument of TABLE(..)."""
    arguments = node.this.expressions
    if tree.undisguised(str(node.this.this)).upper() != "TABLE" or len(arguments) != 1:
        return None
    found = arguments[0]
    return found if isinstance(found, exp.Expr) else None


def _constant(element: exp.Expr, family: str) -> str | None:
    """The constant as text; None for what is none, or would have to be converted."""
    if isinstance(element, exp.Null):
        return "NULL"
    if isinstance(element, exp.Neg) and family == "NUMBER":
        inner = _constant(element.this, family)
        return f"-({inner})" if inner is not None else None
    if not isinstance(element, exp.Literal) or element.is_string != (family == "VARCHAR2"):
        return None
    text = str(element.this)
    return "'" + text.replace("'", "''") + "'" if element.is_string else text
