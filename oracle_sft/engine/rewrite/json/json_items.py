"""What a path finds in a document: DuckDB SQL of a list of JSON values, in Oracle's lax way.

A name asked of an array is asked of its elements, and a place asked of anything else finds that
itself.
"""

from collections.abc import Sequence
from decimal import Decimal

from oracle_sft.engine.rewrite.json.json_path import (
    Both,
    Comparison,
    Condition,
    Elements,
    Exists,
    Member,
    Method,
    Not,
    Path,
    Step,
)
from oracle_sft.engine.rewrite.terms import quoted, refused

_MIXED = refused("a JSON path that compares values of different types")


def found(document: str, path: Path) -> str:
    """SQL of the list of items. `document` is SQL of a JSON value, cheap to write twice."""
    return _Writer().walked(document, path)


class _Writer:
    """Each lambda gets a variable of its own."""

    def __init__(self) -> None:
        self._num_names = 0

    def _name(self) -> str:
        self._num_names += 1
        return f"j{self._num_names}"

    def walked(self, document: str, path: Path) -> str:
        direct = direct_path(path)
        items = f"[{document}]"
        for step in path:
            items = self._stepped(items, step)
        if not direct:
            return items
        # Without arrays on the way there is one item, and one look into the document finds it.
        short = f"json_extract({document}, {quoted(direct)})"
        return f"(CASE WHEN {short} IS NOT NULL THEN [{short}] ELSE {items} END)"

    def _stepped(self, items: str, step: Step) -> str:
        item = self._name()
        if isinstance(step, Member):
            return f"flatten(list_transform({items}, lambda {item}: {self._members(item, step)}))"
        if isinstance(step, Elements):
            return f"flatten(list_transform({items}, lambda {item}: {self._places(item, step)}))"
        if isinstance(step, Method):
            return f"list_transform({items}, lambda {item}: {_method(item, step)})"
        # A filter on an array is put to its elements.
        element = self._name()
        condition = self._condition(element, step.condition)
        kept = f"list_filter({_elements(item)}, lambda {element}: {condition})"
        return f"flatten(list_transform({items}, lambda {item}: {kept}))"

    def _members(self, item: str, step: Member) -> str:
        element, value = self._name(), self._name()
        objects = _elements(item)
        if step.name is None:
            # `$.*` of an array would be its elements.
            only = f"list_filter({objects}, lambda {element}: json_type({element}) = 'OBJECT')"
            each = f"json_extract({value}, '$.*')"
            return f"flatten(list_transform({only}, lambda {value}: {each}))"
        member = f"json_extract({element}, {quoted(_member_path(step.name))})"
        values = f"list_transform({objects}, lambda {element}: {member})"
        return f"list_filter({values}, lambda {value}: {value} IS NOT NULL)"

    def _places(self, item: str, step: Elements) -> str:
        elements = _elements(item)
        if step.ranges is None:
            return elements
        parts = [f"{elements}[{_place(low)}:{_place(high)}]" for low, high in step.ranges]
        return parts[0] if len(parts) == 1 else f"flatten([{', '.join(parts)}])"

    def _condition(self, item: str, condition: Condition) -> str:
        if isinstance(condition, Not):
            return f"(NOT {self._condition(item, condition.condition)})"
        if isinstance(condition, Both):
            left = self._condition(item, condition.left)
            return f"({left} {condition.word} {self._condition(item, condition.right)})"
        items = self.walked(item, condition.path)
        if isinstance(condition, Exists):
            return f"(len({items}) > 0)"
        value = self._name()
        test = _compared(value, condition)
        return f"(len(list_filter({items}, lambda {value}: {test})) > 0)"


def _elements(item: str) -> str:
    return f"(CASE WHEN json_type({item}) = 'ARRAY' THEN json_extract({item}, '$[*]') ELSE [{item}] END)"


def _place(index: int) -> str:
    """Slices of DuckDB count from 1, and from -1 at the end."""
    return str(index + 1 if index >= 0 else index)


def _member_path(name: str) -> str:
    return f'$."{name}"'


def direct_path(path: Sequence[Step]) -> str:
    """The path for DuckDB, if it has names and single places only; '' otherwise."""
    shown = "$"
    for step in path:
        if isinstance(step, Member) and step.name is not None:
            shown += f'."{step.name}"'
        elif isinstance(step, Elements) and step.ranges is not None and len(step.ranges) == 1:
            low, high = step.ranges[0]
            if low != high:
                return ""
            shown += f"[{low}]" if low >= 0 else f"[#{low}]"
        else:
            return ""
    return shown if path else ""


def _method(item: str, step: Method) -> str:
    if step.name == "size":
        length = f"json_array_length({item})"
        return f"to_json(CASE WHEN json_type({item}) = 'ARRAY' THEN {length} ELSE 1 END)"
    names = "WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'VARCHAR' THEN 'string'"
    names += " WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' ELSE 'number'"
    return f"to_json(CASE json_type({item}) {names} END)"


NUMBER_TYPES = "('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT')"


def _compared(item: str, condition: Comparison) -> str:
    """SQL of whether one item compares; values of different types are not known to."""
    value, operator = condition.value, condition.operator
    kind = f"json_type({item})"
    if value is None:
        same = f"{kind} = 'NULL'"
        return f"({same})" if operator == "=" else f"(NOT {same})" if operator == "<>" else "false"
    if isinstance(value, bool):
        test = f"json_extract_string({item}, '$') {operator} '{str(value).lower()}'"
        return f"(CASE {kind} WHEN 'BOOLEAN' THEN {test} WHEN 'NULL' THEN false ELSE {_MIXED} END)"
    if isinstance(value, Decimal):
        number = f"CAST(json_extract_string({item}, '$') AS DECIMAL(38,10))"
        test = f"{number} {operator} CAST({value:f} AS DECIMAL(38,10))"
        is_number = f"{kind} IN {NUMBER_TYPES}"
    else:
        test = f"json_extract_string({item}, '$') {operator} {quoted(value)}"
        is_number = f"{kind} = 'VARCHAR'"
    nothing = f"{kind} IN ('NULL', 'OBJECT', 'ARRAY')"
    return f"(CASE WHEN {is_number} THEN {test} WHEN {nothing} THEN false ELSE {_MIXED} END)"
