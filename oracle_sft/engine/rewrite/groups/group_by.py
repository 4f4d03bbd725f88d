"""GROUP BY and HAVING: which groups a query block makes of its rows."""

from itertools import combinations, product
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.groups import group_functions
from oracle_sft.engine.rewrite.groups.group_stage import GroupStage, KeySet
from oracle_sft.engine.rewrite.tree import only, own_nodes, refuse, shape

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_MAX_SETS = 1024
_EXTENSIONS = (exp.Rollup, exp.Cube, exp.GroupingSets)


def rewrite(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> None:
    """Put the groups, if there are any, on top of the rows; HAVING filters them."""
    group, having = node.args.get("group"), node.args.get("having")
    order = node.args.get("order")
    parts = [*node.expressions, *([having.this] if having is not None else [])]
    parts += [entry.this for entry in order.expressions] if order is not None else []
    has_aggregates = any(group_functions.aggregates_in(part) for part in parts)
    if group is None and having is None and not has_aggregates:
        return
    stage = GroupStage(rewriter.alias("g"), explicit=group is not None)
    if group is not None:
        _check_grammar(group)
        _Keys(rewriter, frame, stage).add(group)
    frame.push(stage)
    if having is not None:
        _filter(rewriter, having, stage, frame)
    if any(group_functions.is_nested(part) for part in node.expressions):
        if group is None:
            raise OracleError.of("ORA-00978")
        frame.push(GroupStage(rewriter.alias("g"), explicit=False))


def _check_grammar(group: exp.Expr) -> None:
    """Refuse what the parser reads of other dialects: GROUP BY DISTINCT, GROUP BY a WITH ROLLUP."""
    if group.args.get("rollup") or group.args.get("cube"):
        raise OracleError.of("ORA-00933")
    if group.args.get("all") is not None or not group.expressions:
        raise OracleError.of("ORA-00936")
    only(group, "expressions")


def _filter(rewriter: "Rewriter", having: exp.Expr, stage: GroupStage, frame: Frame) -> None:
    only(having, "this")
    frame.clause = "having"
    # Oracle calls a lone column in HAVING no GROUP BY expression even where there is no GROUP BY.
    explicit, stage.explicit = stage.explicit, True
    frame.filter(rewriter.condition(having.this, frame))
    stage.explicit = explicit


class _Keys:
    """Reads the elements of one GROUP BY into the keys and grouping sets of a stage."""

    def __init__(self, rewriter: "Rewriter", frame: Frame, stage: GroupStage) -> None:
        self._rewriter = rewriter
        self._frame = frame
        self._stage = stage
        self._extended = False
        """ROLLUP, CUBE or GROUPING SETS makes the groups."""

    def add(self, group: exp.Expr) -> None:
        self._extended = any(isinstance(part, _EXTENSIONS) for part in own_nodes(group))
        with self._frame.at_depth(self._frame.depth, "group"):
            elements = [self._sets(element) for element in group.expressions]
        if self._extended:
            self._stage.sets = self._joined(elements)

    def _sets(self, element: exp.Expr) -> list[KeySet]:
        """The grouping sets that one element of GROUP BY stands for."""
        if isinstance(element, exp.GroupingSets):
            only(element, "expressions")
            found = [keys for inner in element.expressions for keys in self._sets(inner)]
        elif isinstance(element, exp.Rollup):
            columns = self._columns(element)
            found = [
                tuple(key for column in columns[:count] for key in column)
                for count in range(len(columns), -1, -1)
            ]
        elif isinstance(element, exp.Cube):
            columns = self._columns(element)
            if 2 ** len(columns) > _MAX_SETS:
                raise refuse(f"GROUP BY of more than {_MAX_SETS} grouping sets", element)
            found = [
                tuple(key for column in chosen for key in column)
                for count in range(len(columns), -1, -1)
                for chosen in combinations(columns, count)
            ]
        else:
            found = [self._composite(element)]
        self._check_number(len(found))
        return found

    def _columns(self, extension: exp.Expr) -> list[KeySet]:
        only(extension, "expressions")
        if not extension.expressions:
            raise OracleError.of("ORA-00936")
        return [self._composite(column) for column in extension.expressions]

    def _composite(self, node: exp.Expr) -> KeySet:
        """The keys of `a` or `(a, b)`, which are taken together."""
        while isinstance(node, exp.Paren):
            node = node.this
        if isinstance(node, exp.Tuple):
            return tuple(key for part in node.expressions for key in self._composite(part))
        if isinstance(node, _EXTENSIONS):
            raise refuse(f"{node.key.upper()} inside of a composite column", node)
        if group_functions.aggregates_in(node):
            raise group_functions.not_allowed_here()
        if any(isinstance(part, exp.Query) for part in node.walk()):
            raise OracleError.of("ORA-22818")
        term = self._rewriter.value(node, self._frame)
        convert.comparable(term)
        constant = term.constant is not None or term.is_null
        plain = isinstance(node, exp.Column) and node.args.get("db") is None
        if not plain and (self._extended or not constant):
            self._stage.shapes.setdefault(type(node), set()).add(shape(node))
        self._stage.key(term)
        return (term.sql,)

    def _joined(self, elements: list[list[KeySet]]) -> list[KeySet]:
        """Concatenated groupings: each set of one element with each of the others."""
        number = 1
        for element in elements:
            number *= len(element)
            self._check_number(number)
        return [tuple(key for keys in chosen for key in keys) for chosen in product(*elements)]

    def _check_number(self, number: int) -> None:
        if number > _MAX_SETS:
            raise refuse(f"GROUP BY of more than {_MAX_SETS} grouping sets")
