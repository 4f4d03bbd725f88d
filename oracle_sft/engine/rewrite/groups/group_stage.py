"""The groups of GROUP BY, as a stage between the rows of a block and its select list."""

from dataclasses import dataclass, field
from decimal import Decimal

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import Term, refused

KeySet = tuple[str, ...]
"""DuckDB SQL of the keys that one grouping set keeps."""

_NO_ROWS = refused("the grand total of a GROUP BY over no rows")


@dataclass(slots=True)
class GroupStage:
    """Keys are readable above, other columns only through an aggregate."""

    alias: str
    keys: dict[str, Term] = field(default_factory=dict)
    """DuckDB SQL of the key below -> the term above."""
    shapes: dict[type, set[object]] = field(default_factory=dict)
    """Of the keys that are more than a column, by the class of their nodes: see `tree.shape`."""
    sets: list[KeySet] = field(default_factory=list)
    """The grouping sets of ROLLUP, CUBE and GROUPING SETS, repeated ones too; [] without them."""
    aggregates: dict[str, str] = field(default_factory=dict)
    """DuckDB SQL of an aggregate below -> its column above."""
    explicit: bool = True
    """The query says GROUP BY."""
    numbers_copies: bool = False
    """Something reads GROUP_ID."""

    def read(self, term: Term) -> Term:
        key = self.keys.get(term.sql)
        if key is not None and (self.sets or term.constant is None):
            return key
        if term.is_literal:
            return term
        if self.explicit:
            raise OracleError.of("ORA-00979")
        raise OracleError.of("ORA-00937")

    def key(self, term: Term) -> Term:
        """A term below as a key of the groups."""
        return self.keys.setdefault(term.sql, term.at(f"{self.alias}.g{len(self.keys) + 1}"))

    def column(self, sql: str) -> str:
        """The column above that holds the aggregate `sql`."""
        column = self.aggregates.setdefault(sql, f"a{len(self.aggregates) + 1}")
        return f"{self.alias}.{column}"

    def grouping(self, keys: KeySet) -> Term:
        """Which of the keys a row sums over, as bits, the first key's the highest."""
        if not self.sets:
            return numbers.literal(Decimal(0))
        return numbers.whole_number(self.column(f"GROUPING({', '.join(keys)})"))

    def copy_number(self) -> Term:
        """GROUP_ID: 0 for a grouping set's rows, 1 and more where the set is repeated."""
        if len(set(map(frozenset, self.sets))) == len(self.sets):
            return numbers.literal(Decimal(0))
        self.numbers_copies = True
        return numbers.whole_number(f"{self.alias}.copy")

    def wrap(self, tail: str) -> str:
        """FROM of the groups, over the FROM and WHERE below them."""
        keys = [f"{sql} AS {key.sql.partition('.')[2]}" for sql, key in self.keys.items()]
        values = [f"{sql} AS {column}" for sql, column in self.aggregates.items()]
        if not keys and not values:
            values = ["count(*) AS a0"]
        select = f"SELECT {', '.join(keys + values)}"
        if self.sets:
            return self._of_sets(select, tail)
        if keys:
            by = f" GROUP BY {', '.join(str(i) for i in range(1, len(keys) + 1))}"
        else:
            # GROUP BY () has no group where there is no row; without GROUP BY there is always one.
            by = " HAVING count(*) > 0" if self.explicit else ""
        return f" FROM ({select}{tail}{by}) AS {self.alias}"

    def _of_sets(self, select: str, tail: str) -> str:
        places = {sql: str(index) for index, sql in enumerate(self.keys, start=1)}
        every_set = [frozenset(keys) for keys in self.sets]
        kept = list(dict.fromkeys(every_set)) if self.numbers_copies else every_set
        written = [
            f"({', '.join(place for sql, place in places.items() if sql in keys)})" for keys in kept
        ]
        by = f" GROUP BY GROUPING SETS ({', '.join(written)})"
        if any(not keys for keys in kept):
            by += f" HAVING CASE WHEN count(*) = 0 THEN {_NO_ROWS} ELSE true END"
        if not self.numbers_copies:
            return f" FROM ({select}{tail}{by}) AS {self.alias}"
        every = f"GROUPING({', '.join(self.keys)})"
        rows = f"{select}, {every} AS set{tail}{by}"
        copies = ", ".join(
            f"({self._mask(keys)}, {copy})"
            for keys in kept
            for copy in range(every_set.count(keys))
        )
        return (
            f" FROM (SELECT s.*, n.copy FROM ({rows}) AS s JOIN (VALUES {copies}) AS n (set, copy)"
            f" ON s.set = n.set) AS {self.alias}"
        )

    def _mask(self, keys: frozenset[str]) -> int:
        return int("".join("0" if sql in keys else "1" for sql in self.keys) or "0", 2)
