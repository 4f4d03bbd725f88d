"""The table of templates: what training shows, and the combinations that it never shows."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from oracle_sft.pairs.demo.grouping import grouped, total
from oracle_sft.pairs.demo.hierarchy import tree, tree_total
from oracle_sft.pairs.demo.listing import Make, listing
from oracle_sft.pairs.demo.sets import set_operation


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    make: Make
    weight: int = 2
    """Its share of the training rows."""
    held_out: frozenset[str] = frozenset()
    """Features that meet in no training query; empty for templates that training shows."""


FAMILIES: dict[str, Callable[..., Make]] = {
    "list": listing,
    "total": total,
    "group": grouped,
    "tree": tree,
    "tree_total": tree_total,
    "set": set_operation,
}


def templates() -> list[Template]:
    """What training, validation and `seen` are drawn from."""
    tables = {
        "list": LISTINGS,
        "total": TOTALS,
        "group": GROUPED,
        "tree": TREES,
        "tree_total": TREE_TOTALS,
        "set": SETS,
    }
    used = Counter(part for shapes in tables.values() for shape in shapes for part in _parts(shape))
    return [
        Template(_name(family, shape), FAMILIES[family](*shape), _weight(used, shape))
        for family, shapes in tables.items()
        for shape in shapes
    ]


def _parts(shape: tuple[str, ...]) -> list[str]:
    return " ".join(shape).split()


_LEAST_WEIGHT = {"one": 2, "join_3": 6}
"""By what a query reads: one table, a join of three; 4 for all that lies between."""


def _weight(used: Counter[str], shape: tuple[str, ...]) -> int:
    """More rows for a template with a part that few templates teach, or with more than one table."""
    return max(_LEAST_WEIGHT.get(shape[0], 4), 6 - min(used[part] for part in _parts(shape)))


def held_out_templates() -> list[Template]:
    """What `unseen` is drawn from."""
    return [
        Template(
            _name(shape[0], shape[1:]), FAMILIES[shape[0]](*shape[1:]), held_out=frozenset(features)
        )
        for features, *shapes in HELD_OUT
        for shape in shapes
    ]


def _name(family: str, shape: tuple[str, ...]) -> str:
    return "/".join([family, *(part.replace(" ", "+") for part in shape if part)])


LISTINGS: tuple[tuple[str, ...], ...] = (
    # view, projection, filters, tail
    ("one", "plain", "equal"),
    ("one", "plain", "compare", "order"),
    ("one", "plain", "missing"),
    ("one", "plain", "key", "order"),
    ("one", "plain", "like", "order"),
    ("one", "plain", "one_of compare"),
    ("one", "plain", "equal nvl_compare"),
    ("one", "plain", "equal", "nulls_last"),
    ("one", "plain", "since"),
    ("one", "plain", "to_date"),
    ("one", "plain", "span", "order"),
    ("one", "plain", "on_day"),
    ("one", "plain", "in_month"),
    ("one", "plain", "in_month_text equal"),
    ("one", "plain", "in_year equal"),
    ("one", "plain", "last_months"),
    ("one", "plain", "last_days", "order"),
    ("one", "plain", "between", "rownum"),
    ("one", "plain", "equal", "rownum"),
    ("one", "plain", "in_month", "rownum"),
    ("one", "plain", "equal", "fetch"),
    ("one", "plain", "in_year", "fetch"),
    ("one", "plain", "compare", "ties"),
    ("one", "nvl", "equal"),
    ("one", "nvl", "compare", "order"),
    ("one", "nvl", "since", "fetch"),
    ("one", "nvl2", "equal"),
    ("one", "nvl2", "in_month"),
    ("one", "decode", "equal"),
    ("one", "decode", "compare", "order"),
    ("one", "decode", "in_year"),
    ("one", "case", "equal"),
    ("one", "case", "to_date"),
    ("one", "coalesce", "compare"),
    ("one", "concat", "equal"),
    ("one", "concat", "since", "order"),
    ("one", "to_char_date", "equal"),
    ("one", "to_char_date", "compare", "order"),
    ("one", "to_char_date", "last_months"),
    ("one", "to_char_number", "equal"),
    ("one", "to_char_number", "compare", "rownum"),
    ("one", "days_between", "in_month"),
    ("one", "days_since", "compare"),
    ("one", "letters", "equal"),
    ("one", "ranked", "equal"),
    ("one", "ranked", "to_date", "order"),
    ("one", "ranked_within", "compare"),
    ("one", "numbered", "equal"),
    ("one", "running", "since"),
    ("one", "previous", "equal"),
    ("one", "within", "in_year"),
    ("one", "plain", "equal", "top_per_group"),
    ("one", "plain", "compare", "top_per_group"),
    ("join", "plain", "parent_equal"),
    ("join", "plain", "compare", "order"),
    ("join", "plain", "in_month"),
    ("join", "nvl", "parent_equal"),
    ("join", "to_char_date", "parent_equal"),
    ("join", "concat", "equal"),
    ("join", "plain", "parent_equal", "rownum"),
    ("join_3", "plain", "parent_equal"),
    ("join_3", "plain", "since"),
    ("outer", "plain", "equal"),
    ("outer", "nvl", "equal"),
    ("outer", "plain", "compare", "order"),
    ("one", "plain", "in_subquery"),
    ("one", "plain", "above_average", "order"),
    ("one", "plain", "extreme"),
    ("aliased", "plain", "exists"),
    ("aliased", "plain", "not_exists"),
    ("aliased", "plain", "above_group_average"),
)

TREES: tuple[tuple[str, ...], ...] = (
    # walk, first column, projection, only
    ("down",),
    ("down", "level"),
    ("down", "path"),
    ("down", "", "plain", "equal"),
    ("down", "level", "plain", "compare"),
    ("down", "", "plain", "level"),
    ("top", "level", "plain", "level"),
    ("top", "path", "plain", "like"),
    ("top", "root", "plain", "level"),
    ("up",),
    ("up", "level"),
)

TREE_TOTALS: tuple[tuple[str, ...], ...] = (
    # walk, measure, only
    ("down", "count", ""),
    ("down", "average", ""),
    ("down", "levels"),
)

SETS: tuple[tuple[str, str, str], ...] = (
    # operator, filters of the first and of the second query
    ("MINUS", "equal", "in_year"),
    ("MINUS", "in_year", ""),
    ("MINUS", "compare", "equal"),
    ("INTERSECT", "equal", "since"),
    ("INTERSECT", "compare", "in_year"),
    ("UNION", "equal", "compare"),
    ("UNION", "since", "equal"),
)

TOTALS: tuple[tuple[str, str, str], ...] = (
    # view, measure, filters
    ("one", "count", "equal"),
    ("one", "count", "in_month"),
    ("one", "count", "last_months"),
    ("one", "average", "equal"),
    ("one", "sum", "since"),
    ("one", "extreme", "equal"),
    ("one", "sum_nvl", "equal"),
    ("one", "distinct", "to_date"),
    ("join", "count", "parent_equal"),
    ("join", "sum", "parent_equal"),
)

GROUPED: tuple[tuple[str, ...], ...] = (
    # view, group, measure, filters, having, tail
    ("one", "choice", "count", "since", "", "by_group"),
    ("one", "choice", "average", "in_year"),
    ("one", "choice", "extreme", "compare"),
    ("one", "key", "count", "equal", "count"),
    ("one", "key", "sum", "last_months", "measure"),
    ("one", "choice", "sum_nvl", "compare"),
    ("one", "month", "count", "compare", "", "by_group"),
    ("one", "month", "sum", "compare"),
    ("one", "year", "average", "one_of", "", "by_group"),
    ("one", "year", "count", "compare", "count"),
    ("one", "key", "sum", "equal", "", "rownum"),
    ("one", "key", "count", "in_month", "", "fetch"),
    ("one", "key", "count", "compare", "", "ties"),
    ("one", "key", "pivot_decode", "in_year"),
    ("one", "year", "pivot_decode", "compare"),
    ("one", "choice", "pivot_case", "in_year"),
    ("one", "choice", "listagg", "compare"),
    ("one", "key", "listagg", "equal"),
    ("one", "choice", "keep", "compare"),
    ("join", "parent", "count", "equal", "", "by_measure"),
    ("join", "parent", "sum", "in_year", "", "rownum"),
    ("join", "parent", "average", "equal", "measure"),
    ("join", "parent", "revenue", "compare"),
    ("join_3", "parent", "revenue", "parent_equal"),
    ("join", "parent", "listagg", "equal"),
    ("join", "parent", "count", "to_date", "", "by_measure"),
    ("outer", "name", "count_children", "equal"),
    ("outer", "name", "count_children", "compare", "", "by_measure"),
    ("outer_only", "name", "count_children", ""),
)

Shape = tuple[str, ...]
HELD_OUT: tuple[tuple[tuple[str, str] | Shape, ...], ...] = (
    # two features that training never shows together, then templates with both
    (("decode", "rownum"), ("list", "one", "decode", "equal", "rownum")),
    (("decode", "to_date"), ("list", "one", "decode", "to_date")),
    (
        ("nvl", "add_months"),
        ("list", "one", "nvl", "last_months"),
        ("total", "one", "sum_nvl", "last_months"),
    ),
    (("nvl2", "rownum"), ("list", "one", "nvl2", "equal", "rownum")),
    (("nvl2", "join"), ("list", "join", "nvl2", "equal")),
    (("concat", "add_months"), ("list", "one", "concat", "last_months")),
    (
        ("to_char", "fetch_first"),
        ("list", "one", "to_char_date", "equal", "fetch"),
        ("list", "one", "to_char_date", "compare", "ties"),
    ),
    (("rownum", "add_months"), ("list", "one", "plain", "last_months", "rownum")),
    (
        ("outer_join_plus", "rownum"),
        ("group", "outer", "name", "count_children", "equal", "", "rownum"),
    ),
    (
        ("outer_join_plus", "having"),
        ("group", "outer", "name", "count_children", "equal", "measure"),
    ),
    (("outer_join_plus", "decode"), ("list", "outer", "decode", "equal")),
    (("listagg", "having"), ("group", "one", "key", "listagg", "equal", "count")),
    (("listagg", "trunc_month"), ("group", "one", "choice", "listagg", "in_month")),
    (("connect_by", "nvl"), ("tree", "down", "", "nvl")),
    (("connect_by", "to_char"), ("tree", "down", "level", "to_char_date")),
    (("connect_by", "case"), ("tree", "up", "", "case")),
    (("analytic", "add_months"), ("list", "one", "ranked", "last_months")),
    (
        ("set_operator", "trunc_month"),
        ("set", "MINUS", "in_month", "equal"),
        ("set", "INTERSECT", "in_month", "compare"),
    ),
)  # fmt: skip
"""Every line has a construct that only Oracle knows, and each feature is in training with others."""
