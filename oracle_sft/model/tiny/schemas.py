"""Random schemas of made-up trades: what the pre-training questions ask about."""

import re
from dataclasses import dataclass, field
from functools import cache
from random import Random

from oracle_sft.model.tiny import words
from oracle_sft.pairs.prompt import shown_name
from oracle_sft.sqltext.schema import Column, ForeignKey, Schema, Table


@dataclass(slots=True)
class Field:
    """A column and how people speak of it."""

    name: str
    kind: str
    """number, date, label (the name of the row), text, key or reference."""
    words: str
    pool: str = ""
    """Which values a text column holds."""
    phrases: dict[str, list[str]] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    target: "Entity | None" = None
    role: str = ""
    """For a reference that is not named after its table: `manager` of manager_id."""


@dataclass(slots=True)
class Entity:
    """A table and how people speak of its rows."""

    name: str
    one: str
    many: str
    sort: str
    synonyms: list[str]
    key: list[Field] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    """All columns in their order, keys and references too."""

    def of(self, *kinds: str) -> list[Field]:
        return [column for column in self.fields if column.kind in kinds]

    @property
    def references(self) -> list[Field]:
        return self.of("reference")


@dataclass(slots=True)
class World:
    entities: list[Entity]
    schema: Schema


@cache
def _entities() -> dict[str, list[tuple[str, str]]]:
    """By sort, plural and singular."""
    found: dict[str, list[tuple[str, str]]] = {}
    for sort, text in words.ENTITIES.items():
        pairs = {}
        for word in text.split():
            plural, _, singular = word.partition("/")
            pairs[plural] = singular or plural.removesuffix("s")
        found[sort] = sorted(pairs.items())
    return found


@cache
def _columns() -> list[tuple[str, str, str, tuple[str, ...], str]]:
    """Name, kind, pool, sorts of rows that have it, phrases (raw)."""
    found = []
    for line in words.COLUMNS.strip().splitlines():
        name, kind, sorts, *phrases = (part.strip() for part in line.split("|"))
        kind, _, pool = kind.partition(":")
        found.append((name, kind, pool, tuple(sorts.split()), "|".join(phrases)))
    return found


def _phrases(raw: str) -> dict[str, list[str]]:
    found = {}
    for part in filter(None, raw.split("|")):
        key, _, texts = part.partition("=")
        found[key] = texts.split(",")
    return found


def random_world(random: Random) -> World:
    """3 to 9 related tables; a third of the worlds are near the upper end."""
    num_tables = random.choice((3, 4, 4, 5, 5, 6, 7, 8, 9, 9))
    entities: list[Entity] = []
    taken: set[str] = set()
    while len(entities) < num_tables:
        if len(entities) >= 2 and random.random() < 0.12:
            entity = _link(random, entities)
        else:
            entity = _plain(random, entities, taken)
        if entity is None or entity.name in taken:
            continue
        taken.update((entity.name, entity.one, entity.many))
        entities.append(entity)
    random.shuffle(entities)
    return World(entities, _schema(entities))


def _plain(random: Random, others: list[Entity], taken: set[str]) -> Entity | None:
    sort = random.choice(("person", "place", "thing", "thing", "event", "event"))
    plural, singular = random.choice(_entities()[sort])
    if plural in taken or singular in taken:
        return None
    synonyms = words.SYNONYMS.get(plural, [])
    if random.random() < 0.12:  # a two-word table, such as spare_parts
        before = random.choice(
            "spare field web night guest test main sales travel home "
            "team summer local service data project stock group partner".split()
        )
        plural, singular, synonyms = f"{before} {plural}", f"{before} {singular}", []
    many, one = plural, singular
    table = (one if random.random() < 0.12 else many).replace(" ", "_")
    if random.random() < 0.04:
        table = random.choice(("hr", "app", "crm", "tbl", "inv")) + "_" + table
    if shown_name(table.upper()) != table:  # ORDER is reserved
        table = many
    stem = one.replace(" ", "_")
    entity = Entity(table, one, many, sort, synonyms)
    style = random.random()
    key_name = f"{stem}_id" if style < 0.75 else "id" if style < 0.9 else f"{stem}_no"
    key = Field(key_name, "key", key_name.replace("_", " "))
    entity.key = [key]
    rest = _attributes(random, sort, random.choice((2, 3, 3, 4, 4, 5, 6)))
    references = []
    chance = {"event": 0.95, "thing": 0.55, "person": 0.45, "place": 0.3}[sort]
    if others and random.random() < chance:
        for target in random.sample(others, min(len(others), random.choice((1, 1, 2, 2, 3)))):
            if len(target.key) == 1:
                references.append(_reference(random, target, ""))
    if random.random() < (0.2 if sort == "person" else 0.08):
        references.append(_reference(random, entity, random.choice(words.SELF_ROLES[sort])))
    if random.random() < 0.3:
        rest += references
        random.shuffle(rest)
    else:
        rest = references + rest
    entity.fields = [key]
    seen = {key.name}
    for column in rest:
        if column.name not in seen:
            seen.add(column.name)
            entity.fields.append(column)
    return entity


def _reference(random: Random, target: Entity, role: str) -> Field:
    if not role and random.random() < 0.08:
        role = random.choice(words.ROLES[target.sort])
    if role:
        return Field(f"{role}_id", "reference", role, target=target, role=role)
    key = target.key[0].name
    stem = target.one.replace(" ", "_")
    name = key if key != "id" else f"{stem}_id"
    return Field(name, "reference", target.one, target=target)


def _link(random: Random, others: list[Entity]) -> Entity | None:
    """A table between two others, keyed by both, such as order_lines."""
    plain = [entity for entity in others if len(entity.key) == 1]
    if len(plain) < 2:
        return None
    first, second = random.sample(plain, 2)
    noun = random.choice(("lines/line", "items/item", "entries/entry", "details/detail", ""))
    left = first.one.replace(" ", "_")
    if noun:
        many, one = noun.split("/")
        table, one, many = f"{left}_{many}", f"{first.one} {one}", f"{first.one} {many}"
    else:
        right = second.many.replace(" ", "_")
        table, one, many = (
            f"{left}_{right}",
            f"{first.one} {second.one}",
            f"{first.one} {second.many}",
        )
    entity = Entity(table, one, many, "event", [])
    keys = [_reference(random, first, ""), _reference(random, second, "")]
    if keys[0].name == keys[1].name:
        return None
    entity.key = keys
    rest = _attributes(random, "event", random.choice((1, 2, 3)))
    entity.fields = keys + [
        column
        for column in rest
        if column.kind != "label" and column.name not in (keys[0].name, keys[1].name)
    ]
    return entity


def _attributes(random: Random, sort: str, num_columns: int) -> list[Field]:
    known = [entry for entry in _columns() if sort in entry[3]]
    chosen: list[Field] = []
    if sort != "event" or random.random() < 0.15:
        labels = [entry for entry in known if entry[1] == "label"]
        if sort == "person" and random.random() < 0.25:
            labels = [entry for entry in known if entry[0] == "last_name"]
        chosen.append(_known(random.choice(labels), random))
    if sort == "event" and random.random() < 0.85:
        chosen.append(_date(random))
    while len(chosen) < num_columns:
        draw = random.random()
        if draw < 0.62:
            entry = random.choice(known)
            if entry[1] != "label":
                chosen.append(_known(entry, random))
        elif draw < 0.82:
            chosen.append(_number(random))
        elif draw < 0.92:
            chosen.append(_date(random))
        else:
            chosen.append(_text(random))
        names = {column.name for column in chosen}
        said = {column.words for column in chosen}
        if min(len(names), len(said)) < len(chosen):
            chosen.pop()
    if chosen[0].kind != "label":
        random.shuffle(chosen)
    return chosen


def _known(entry: tuple[str, str, str, tuple[str, ...], str], random: Random) -> Field:
    name, kind, pool, _, raw = entry
    phrases = _phrases(raw)
    aliases = phrases.pop("alias", [])
    column = Field(name, kind, name.replace("_", " "), pool, phrases, aliases)
    return _shortened(column, random)


def _shortened(column: Field, random: Random) -> Field:
    if random.random() < 0.06:
        parts = column.name.split("_")
        column.name = "_".join(words.ABBREVIATIONS.get(part, part) for part in parts)
    return column


def _number(random: Random) -> Field:
    noun = random.choice(words.NUMBER_NOUNS)
    name = f"{random.choice(words.NUMBER_MODIFIERS)}_{noun}" if random.random() < 0.75 else noun
    return _shortened(Field(name, "number", name.replace("_", " ")), random)


def _date(random: Random) -> Field:
    known = [entry for entry in _columns() if entry[1] == "date" and "event" in entry[3]]
    if random.random() < 0.55:
        return _known(random.choice(known), random)
    stem = random.choice(words.DATE_STEMS)
    name = stem + random.choice(("_date", "_date", "_date", "_on", "_at", "_day"))
    spoken = name.replace("_on", "_date").replace("_at", "_date").replace("_", " ")
    return _shortened(Field(name, "date", spoken), random)


def _text(random: Random) -> Field:
    noun = random.choice(words.TEXT_NOUNS)
    name = f"{random.choice(words.TEXT_STEMS)}_{noun}"
    pool = {
        "city": "city",
        "country": "country",
        "color": "color",
        "language": "lang",
        "status": "status",
        "type": "kind",
        "group": "word",
        "name": "person",
        "contact": "person",
    }[noun]
    return Field(name, "text", name.replace("_", " "), pool)


_TYPES = {
    "number": "NUMBER",
    "key": "NUMBER",
    "reference": "NUMBER",
    "date": "DATE",
    "text": "VARCHAR2(40)",
    "label": "VARCHAR2(40)",
}


def _schema(entities: list[Entity]) -> Schema:
    return Schema(id="world", tables=tuple(_table(entity) for entity in entities))


def _table(entity: Entity) -> Table:
    columns = tuple(
        Column(name=column.name.upper(), type=_TYPES[column.kind]) for column in entity.fields
    )
    keys = tuple(
        ForeignKey(
            columns=(column.name.upper(),),
            table=column.target.name.upper(),
            referenced_columns=(column.target.key[0].name.upper(),),
        )
        for column in entity.fields
        if column.target is not None
    )
    return Table(
        name=entity.name.upper(),
        columns=columns,
        primary_key=tuple(column.name.upper() for column in entity.key),
        foreign_keys=keys,
    )


_BLANKS = re.compile(r"\s+")


def text_value(random: Random, pool: str) -> str:
    """A value as a column of that pool may hold it."""
    if pool in words.VALUES and random.random() < 0.9:
        return random.choice(_values(pool))
    if pool == "person" and random.random() < 0.9:
        return f"{random.choice(_values('first'))} {random.choice(_values('last'))}"
    if pool == "email":
        first, last = random.choice(_values("first")), random.choice(_values("last"))
        return f"{first}.{last}@{random.choice(words.PLAIN_WORDS)}.com".lower()
    if pool == "phone":
        return f"+{random.randint(1, 99)} {random.randint(100, 999)} {random.randint(1000, 99999)}"
    draw = random.random()
    if pool == "code" or draw < 0.2:
        return _code(random)
    if draw < 0.55:
        return _invented(random)
    one = random.choice(words.PLAIN_WORDS)
    two = random.choice(words.PLAIN_WORDS)
    text = f"{one} {two}" if draw < 0.85 else one
    return text.title() if random.random() < 0.7 else text


@cache
def _values(pool: str) -> tuple[str, ...]:
    return tuple(words.VALUES[pool].split())


def _code(random: Random) -> str:
    word = random.choice(_code_words())
    if random.random() < 0.2:
        word += random.choice("_ .") + random.choice(_code_words())
    return (
        word
        + random.choice(("", "", "-", " ", "/"))
        + str(random.choice((7, 12, 42, 305, 1000, 88)))
    )


@cache
def _code_words() -> tuple[str, ...]:
    return tuple(words.CODE_WORDS + words.ORACLE_WORDS)


def _invented(random: Random) -> str:
    text = "".join(random.choice(words.SYLLABLES) for _ in range(random.choice((2, 3, 3, 4))))
    return text.capitalize() if random.random() < 0.8 else text
