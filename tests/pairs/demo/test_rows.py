"""The demo's rows fit its schema and hold what tells right from nearly right SQL."""

import json
from datetime import datetime

from oracle_sft.pairs.demo.rows import CLOCK, demo_rows
from oracle_sft.pairs.demo.vocabulary import ENTITIES, RELATIONS
from oracle_sft.sqltext.schema import Schema

ROWS = demo_rows()


def test_same_seed_gives_the_same_rows() -> None:
    assert demo_rows(3) == demo_rows(3)
    assert demo_rows(3) != demo_rows(4)


def test_rows_are_json_and_thousands() -> None:
    assert json.loads(json.dumps(ROWS)) == ROWS
    assert 3000 <= sum(map(len, ROWS.values())) <= 6000


def test_vocabulary_names_every_column_of_the_schema(schema: Schema) -> None:
    said = {entity.table.upper(): [c.name.upper() for c in entity.columns] for entity in ENTITIES}
    assert said == {table.name: [c.name for c in table.columns] for table in schema.tables}
    keys = {(t.name, k.table, k.columns[0]) for t in schema.tables for k in t.foreign_keys}
    relations = {(r.child.table.upper(), r.parent.table.upper(), r.key.upper()) for r in RELATIONS}
    assert keys - relations == {
        ("EMPLOYEES", "EMPLOYEES", "MANAGER_ID"),
        ("CATEGORIES", "CATEGORIES", "PARENT_ID"),
    }
    assert relations <= keys


def test_rows_keep_keys_and_types(schema: Schema) -> None:
    for table in schema.tables:
        rows = ROWS[table.name.lower()]
        key = [tuple(row[name.lower()] for name in table.primary_key) for row in rows]
        assert len(set(key)) == len(rows), table.name
        for column in table.columns:
            values = [row[column.name.lower()] for row in rows]
            assert column.nullable == (None in values), f"{table.name}.{column.name}"
            for value in values:
                _check_type(column.kind, value)
        for foreign in table.foreign_keys:
            known = {
                row[foreign.referenced_columns[0].lower()] for row in ROWS[foreign.table.lower()]
            }
            assert {row[foreign.columns[0].lower()] for row in rows} <= known | {None}


def _check_type(kind: str, value: object) -> None:
    if value is None:
        return
    if kind == "date":
        assert datetime.fromisoformat(str(value)) < CLOCK
    elif kind == "number":
        assert isinstance(value, int | float)
    else:
        assert isinstance(value, str)
        assert value


def test_rows_hold_the_awkward_cases() -> None:
    names = [str(row["name"]) for row in ROWS["customers"]]
    assert any("'" in name for name in names)
    assert any(not name.isascii() for name in names)
    assert len(set(names)) < len(names)
    moments = [str(row["order_date"]) for row in ROWS["orders"]]
    assert any(not moment.endswith("00:00:00") for moment in moments)
    assert any(moment.endswith("00:00:00") for moment in moments)
    for table, key, parent in (
        ("employees", "employee_id", "manager_id"),
        ("categories", "category_id", "parent_id"),
    ):
        assert _depth(ROWS[table], key, parent) == 4
    for relation in RELATIONS:
        children = {row[relation.key] for row in ROWS[relation.child.table]}
        parents = {row[relation.key] for row in ROWS[relation.parent.table]}
        empty = relation.role not in ("order",) or relation.child.table == "payments"
        assert bool(parents - children) == empty, relation


def _depth(rows: list[dict[str, object]], key: str, parent: str) -> int:
    above = {row[key]: row[parent] for row in rows}

    def level(one: object) -> int:
        return 1 + (level(above[one]) if above[one] is not None else 0)

    return max(map(level, above))
