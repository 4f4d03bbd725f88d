"""A schema of 300 tables as a company's grows, and questions about it with their SQL: for the table selection.

280 entities of the vocabulary that the tiny base was trained on stand in 20 areas, with 20 tables that link two of
them. Of the table names a third is the plural, a quarter has the area's prefix, a fifth is shortened to consonants or
to its beginning, some have the prefix and are shortened, the rest is the singular with a suffix (_MST, _HDR). Each
table has a key, up to three foreign keys, most of them inside of its area, and three to eight columns out of the same
hundred; a third of those that have a shorter form in ABBREVIATIONS are shortened. Two tables in five have a comment,
which is the plural and the area.

Questions are of four kinds, and none is written from a table's name as it stands in the schema:

- `said`: the entity as people write it (`spare parts`, not INV_SPRPRT), and a column;
- `synonym`: another word for the entity (`pupils`), and a column;
- `columns`: the entity is not said, only two of its columns, which no other table has together;
- `join`: two entities that are one to three foreign keys apart; what lies between is not said.

A column is spoken of by a phrase of the vocabulary (`earning more than 200`), by an alias, or by its words.
The words are those of a generator: people say less, and say it otherwise.
"""

from collections import deque
from dataclasses import dataclass, field
from random import Random

from oracle_sft.model.tiny import words
from oracle_sft.pairs.pair import Pair
from oracle_sft.sqltext.schema import Column, ForeignKey, Schema, Table

SCHEMA_ID = "company"
NUM_TABLES, NUM_LINKS = 300, 20
AREAS = """hr crm fin inv pur log mfg edu med trv fac flt cul art pub spo agr it leg res""".split()
KINDS = ("said", "synonym", "columns", "join")

SYNONYMS = {
    "accidents": "crashes", "accountants": "bookkeepers", "agencies": "bureaus", "airports": "airfields",
    "albums": "records", "alerts": "warnings", "apartments": "flats", "applicants": "job seekers",
    "appointments": "dates with a doctor", "articles": "write-ups", "assets": "belongings", "athletes": "sportspeople",
    "auctions": "sales by bidding", "authors": "writers", "banks": "lenders", "boats": "vessels", "books": "titles",
    "branches": "local offices", "buildings": "premises", "buses": "coaches", "buyers": "purchasers",
    "calls": "phone conversations", "campaigns": "advertising pushes", "candidates": "contenders", "cars": "autos",
    "cashiers": "till staff", "chefs": "cooks", "children": "kids", "cities": "towns", "citizens": "residents",
    "claims": "damage cases", "clients": "patrons", "clinics": "medical practices", "comments": "remarks",
    "companies": "firms", "complaints": "grievances", "components": "building blocks", "computers": "PCs",
    "concerts": "gigs", "contractors": "freelancers", "contracts": "agreements", "countries": "nations",
    "coupons": "vouchers", "courses": "classes", "customers": "shoppers", "deliveries": "drops",
    "departments": "divisions of ours", "deposits": "down payments", "devices": "gadgets", "doctors": "physicians",
    "documents": "files", "donations": "gifts of money", "donors": "benefactors", "drivers": "chauffeurs",
    "drugs": "pharmaceuticals", "emails": "electronic mail", "employees": "people who work for us",
    "engines": "motors", "exams": "finals", "factories": "manufacturing sites", "films": "movies",
    "flights": "plane connections", "funds": "investment pools", "galleries": "art houses", "garages": "car parks",
    "garments": "clothes", "guests": "lodgers", "hospitals": "infirmaries", "hotels": "inns", "houses": "homes",
    "incidents": "mishaps", "instructors": "trainers", "insurers": "underwriters", "invoices": "bills",
    "journals": "periodicals", "journeys": "voyages", "lawyers": "attorneys", "lessons": "teaching hours",
    "licenses": "permits", "machines": "equipment", "manufacturers": "makers", "meetings": "get-togethers",
    "messages": "texts", "museums": "exhibition houses", "offices": "bureau rooms", "orders": "purchases of customers",
    "outlets": "points of sale", "paintings": "pictures", "parts": "spares", "passengers": "travellers",
    "patients": "sick people", "payments": "money received", "performances": "shows", "phones": "handsets",
    "pilots": "aviators", "planes": "aircraft", "players": "team members", "prescriptions": "orders for medicine",
    "products": "goods", "projects": "undertakings", "publishers": "publishing houses", "ratings": "marks",
    "refunds": "money given back", "repairs": "fixes", "reservations": "advance bookings", "restaurants": "eateries",
    "reviews": "critiques", "rooms": "chambers", "schools": "places of learning",
    "shifts": "turns of duty", "shipments": "consignments", "ships": "liners", "shoes": "footwear", "shops": "stores",
    "songs": "tunes", "students": "pupils", "suppliers": "providers", "surgeries": "operations", "tasks": "to-dos",
    "teachers": "schoolmasters", "teams": "squads", "tenants": "renters", "theatres": "playhouses",
    "tickets": "entry passes", "tools": "implements", "tournaments": "cups", "toys": "playthings",
    "trainees": "apprentices", "trips": "outings", "trucks": "lorries", "universities": "colleges",
    "vehicles": "means of transport", "venues": "places of events", "visitors": "callers", "warehouses": "storehouses",
    "wines": "vintages", "withdrawals": "cash taken out", "workers": "labourers",
}  # fmt: skip


@dataclass(slots=True)
class Attribute:
    name: str
    kind: str
    spoken: list[str]
    """Ways to speak of it; `~` stands for a value."""


@dataclass(slots=True)
class Entity:
    """A table, and the words for its rows."""

    table: str
    one: str
    many: str
    area: int
    key: str
    attributes: list[Attribute] = field(default_factory=list)
    refers_to: dict[str, int] = field(default_factory=dict)
    """Column -> place of the entity that it refers to."""
    comment: str = ""


def company(seed: int = 0) -> tuple[Schema, list[Entity]]:
    """The schema, and what its tables are about, in the same order."""
    random = Random(seed)
    entities = _entities(random)
    _refer(entities, random)
    order = list(range(len(entities)))
    random.shuffle(order)
    moved = {old: new for new, old in enumerate(order)}
    ordered = [entities[old] for old in order]
    for entity in ordered:
        entity.refers_to = {name: moved[place] for name, place in entity.refers_to.items()}
    tables = tuple(_table(entity, ordered) for entity in ordered)
    return Schema(id=SCHEMA_ID, tables=tables), ordered


def questions(entities: list[Entity], count: int, seed: int = 0) -> list[Pair]:
    """So many questions, a quarter of each kind; `template` is the kind."""
    random = Random(f"questions/{seed}")
    found: dict[str, Pair] = {}
    while len(found) < count:
        kind = KINDS[len(found) % len(KINDS)]
        made = _question(kind, entities, random)
        if made is not None and made[0] not in found:
            question, sql = made
            found[question] = Pair(
                id=f"company-{len(found)}",
                question=question,
                sql=sql,
                schema_id=SCHEMA_ID,
                template=kind,
            )
    return list(found.values())


def _entities(random: Random) -> list[Entity]:
    nouns: dict[str, tuple[str, str]] = {}
    for sort, text in words.ENTITIES.items():
        for word in text.split():
            many, _, one = word.partition("/")
            nouns.setdefault(many, (one or many.removesuffix("s"), sort))
    chosen = random.sample(sorted(nouns), NUM_TABLES - NUM_LINKS)
    found: list[Entity] = []
    taken: set[str] = set()
    for many in chosen:
        one, sort = nouns[many]
        area = random.randrange(len(AREAS))
        name = _name(one, many, AREAS[area], random)
        while name in taken:
            name = f"{AREAS[area]}_{name}"
        taken.add(name)
        entity = Entity(name, one, many, area, random.choice((f"{one}_id", f"{one}_no", "id")))
        if random.random() < 0.4:
            entity.comment = f"{many.capitalize()} ({AREAS[area]})"
        entity.attributes = _attributes(sort, random)
        found.append(entity)
    for _ in range(NUM_LINKS):
        one, other = random.sample(range(NUM_TABLES - NUM_LINKS), 2)
        name = f"{found[one].one}_{found[other].many}"
        if name in taken:
            name = f"{name}_rel"
        taken.add(name)
        link = Entity(name, f"{found[one].one} of {found[other].one}", "", found[one].area, "id")
        link.refers_to = {f"{found[one].one}_id": one, f"{found[other].one}_id": other}
        found.append(link)
    return found


def _name(one: str, many: str, area: str, random: Random) -> str:
    draw = random.random()
    if draw < 0.33:
        return many
    if draw < 0.58:
        return f"{area}_{many}"
    if draw < 0.78:
        return _shortened(one, random)
    if draw < 0.88:
        return f"{area}_{_shortened(one, random)}"
    return f"{one}_{random.choice(('mst', 'hdr', 'tab', 'data'))}"


def _shortened(word: str, random: Random) -> str:
    if random.random() < 0.5:
        return word[:4]
    return (word[0] + "".join(letter for letter in word[1:] if letter not in "aeiou"))[:5]


def _attributes(sort: str, random: Random) -> list[Attribute]:
    known = []
    for line in words.COLUMNS.strip().splitlines():
        name, kind, sorts, *phrases = (part.strip() for part in line.split("|"))
        if sort in sorts.split():
            known.append((name, kind.partition(":")[0], phrases))
    found: dict[str, Attribute] = {}
    for name, kind, phrases in random.sample(known, min(len(known), random.randint(2, 6))):
        said = dict(part.split("=", 1) for part in phrases if "=" in part)
        aliases = said.get("alias", name.replace("_", " ")).split(",")
        spoken = [f"with their {alias}" for alias in aliases]
        for key in ("gt", "lt", "eq", "after", "before"):
            spoken += said.get(key, "").split(",") if said.get(key) else []
        found[name] = Attribute(_short_parts(name, random), kind, spoken)
    for _ in range(random.randint(1, 2)):
        noun, modifier = random.choice(words.NUMBER_NOUNS), random.choice(words.NUMBER_MODIFIERS)
        name = f"{modifier}_{noun}"
        spoken = [f"with their {modifier} {noun}", f"whose {modifier} {noun} is over ~"]
        found[name] = Attribute(_short_parts(name, random), "number", spoken)
    return list(found.values())


def _short_parts(name: str, random: Random) -> str:
    if random.random() > 1 / 3:
        return name
    return "_".join(words.ABBREVIATIONS.get(part, part) for part in name.split("_"))


def _refer(entities: list[Entity], random: Random) -> None:
    by_area: dict[int, list[int]] = {}
    for place, entity in enumerate(entities):
        if entity.many:
            by_area.setdefault(entity.area, []).append(place)
    everywhere = [place for place, entity in enumerate(entities) if entity.many]
    for place, entity in enumerate(entities):
        if not entity.many:
            continue
        for _ in range(random.choice((0, 1, 1, 2, 2, 3))):
            near = random.random() < 0.85
            target = random.choice(by_area[entity.area] if near else everywhere)
            if target != place:
                entity.refers_to.setdefault(f"{entities[target].one}_id", target)


def _table(entity: Entity, entities: list[Entity]) -> Table:
    types = {"number": "NUMBER(10,2)", "date": "DATE"}
    key = entity.key.upper()
    columns = [Column(name=key, type="NUMBER(10)", nullable=False)]
    names = {key}
    keys = []
    for name, target in entity.refers_to.items():
        column = name.upper()
        while column in names:
            column = f"{column}_REF"
        names.add(column)
        columns.append(Column(name=column, type="NUMBER(10)"))
        keys.append(
            ForeignKey(
                columns=(column,),
                table=entities[target].table.upper(),
                referenced_columns=(entities[target].key.upper(),),
            )
        )
    for attribute in entity.attributes:
        if attribute.name.upper() not in names:
            names.add(attribute.name.upper())
            type_ = types.get(attribute.kind, "VARCHAR2(40)")
            columns.append(Column(name=attribute.name.upper(), type=type_))
    return Table(
        name=entity.table.upper(),
        columns=tuple(columns),
        primary_key=(key,),
        foreign_keys=tuple(keys),
        comment=entity.comment,
    )


def _question(kind: str, entities: list[Entity], random: Random) -> tuple[str, str] | None:
    place = random.randrange(len(entities))
    entity = entities[place]
    if not entity.attributes:
        return None
    attribute = random.choice(entity.attributes)
    column = random.choice(attribute.spoken).replace("~", str(random.randint(10, 990)))
    sql = f"SELECT COUNT(*) FROM {entity.table}"
    match kind:
        case "said":
            return f"{_opening(random)} {entity.many} {column}", sql
        case "synonym" if entity.many in SYNONYMS:
            return f"{_opening(random)} {SYNONYMS[entity.many]} {column}", sql
        case "columns":
            one, other = random.sample(entity.attributes, 2)
            if _holders(entities, one, other) != 1:
                return None
            said = [
                random.choice(some.spoken[:1]).removeprefix("with their ") for some in (one, other)
            ]
            return f"What is the highest {said[0]}, and which {said[1]} goes with it?", sql
        case "join":
            path = _path(entities, place, random)
            if path is None:
                return None
            last = entities[path[-1]]
            spoken = last.many
            if last.many in SYNONYMS and random.random() < 0.5:
                spoken = SYNONYMS[last.many]
            tables = ", ".join(entities[step].table for step in path)
            return (
                f"For each of the {spoken}, how many {entity.many} {column} are there?",
                f"SELECT COUNT(*) FROM {tables}",
            )
    return None


def _opening(random: Random) -> str:
    return random.choice(("List all", "How many", "Show me the", "Which are the", "Count the"))


def _holders(entities: list[Entity], *wanted: Attribute) -> int:
    names = {attribute.spoken[0] for attribute in wanted}
    return sum(names <= {some.spoken[0] for some in entity.attributes} for entity in entities)


def _path(entities: list[Entity], start: int, random: Random) -> list[int] | None:
    """The only shortest path of one to three foreign keys to some other entity with a name."""
    near: dict[int, set[int]] = {place: set() for place in range(len(entities))}
    for place, entity in enumerate(entities):
        for target in entity.refers_to.values():
            near[place].add(target)
            near[target].add(place)
    paths: dict[int, list[list[int]]] = {start: [[start]]}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if len(paths[here][0]) == 4:
            continue
        for there in sorted(near[here]):
            longer = [[*path, there] for path in paths[here]]
            if there not in paths:
                paths[there] = longer
                waiting.append(there)
            elif len(paths[there][0]) == len(longer[0]):
                paths[there] += longer
    ends = [
        found[0]
        for end, found in sorted(paths.items())
        if end != start and len(found) == 1 and entities[end].many
    ]
    return random.choice(ends) if ends else None
