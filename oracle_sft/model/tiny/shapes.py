# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""Query shapes that list rows of one table: each gives a question and its ANSI SQL, or None where the world lacks a part."""

from random import Random

from oracle_sft.model.tiny.conditions import rows, where
from oracle_sft.model.tiny.phrases import listing, literal, plural, say, spoken, text_words
from oracle_sft.model.tiny.schemas import Entity, Field, World, text_value

Asked = tuple[str, str] | None

LIST = (
    "[List|Show|Show me|Give me|Display|Find|Get|What are|Which are|Return|Print|Tell me|Look up]"
)
SHOW = "[List|Show|Show me|Give me|Display|Find|Get|Return|Print]"
AGGREGATES = {
    "AVG": "[average|mean|avg]",
    "SUM": "[total|sum of|overall|combined|summed]",
    "MAX": "[highest|largest|maximum|biggest|top|max]",
    "MIN": "[lowest|smallest|minimum|min]",
}


def label(entity: Entity) -> Field | None:
    """The column that names a row."""
    found = entity.of("label") or [c for c in entity.of("text") if c.name == "last_name"]
    return found[0] if found else None


def shown_columns(entity: Entity, alias: str = "") -> str:
    """What is selected where the question names rows only."""
    named = label(entity)
    prefix = f"{alias}." if alias else ""
    return prefix + (named.name if named else "*")


def groupable(entity: Entity) -> list[Field]:
    return [c for c in entity.of("text", "reference") if c.pool not in ("email", "phone", "code")]


def pick_columns(random: Random, entity: Entity, most: int = 3) -> list[Field]:
    columns = random.sample(entity.fields, random.randint(1, min(most, len(entity.fields))))
    named = label(entity)
    if named and named not in columns and random.random() < 0.5:
        columns[0] = named
    return columns


def column_name(random: Random, column: Field) -> str:
    """A selected column in words, a reference with the word id."""
    if column.kind == "reference":
        return column.name.replace("_", " ")
    return spoken(random, column)


def described(random: Random, entity: Entity, columns: list[Field], some: str) -> str:
    """A question for `columns` of `some` rows."""
    names = [column_name(random, column) for column in columns]
    draw = random.random()
    if draw < 0.1:
        return f"{some}: {', '.join(names)}"
    if draw < 0.2:
        return f"{', '.join(names)} of {some}"
    if draw < 0.3:
        return say(random, SHOW + " {some} with their {names}", some=some, names=listing(names))
    if len(columns) == 1 and draw < 0.7:
        name = plural(names[0]) if random.random() < 0.7 else names[0]
        return say(random, LIST + " [the |]{name} [of|for] [all |]{some}", name=name, some=some)
    return say(
        random,
        LIST + " [the |]{names} [of|for] [all |each of the |]{some}",
        names=listing(names),
        some=some,
    )


def order(random: Random, entity: Entity, alias: str = "") -> tuple[str, str]:
    """`, sorted by ...` in words and as ORDER BY, or two empty texts."""
    columns = [c for c in entity.fields if c.kind in ("number", "date", "label", "text")]
    if not columns or random.random() < 0.72:
        return "", ""
    column = random.choice(columns)
    name = f"{alias}.{column.name}" if alias else column.name
    words = spoken(random, column)
    if column.kind == "label" and random.random() < 0.5:
        return random.choice(
            (" alphabetically", " in alphabetical order", " from A to Z")
        ), f" ORDER BY {name}"
    if random.random() < 0.5:
        text = "[ sorted by {w}| ordered by {w}|, by {w}|, sorted by {w} ascending| in order of {w}|, lowest {w} first]"
        if column.kind == "date":
            text = "[ sorted by {w}| ordered by {w}|, oldest {w} first|, earliest {w} first| in order of {w}]"
        return say(random, text, w=words), f" ORDER BY {name}"
    text = {
        "number": "[, highest {w} first|, largest {w} first| from highest to lowest {w}| by descending {w}| sorted by {w} descending|, most {w} first]",
        "date": "[, newest {w} first|, latest {w} first| by descending {w}|, most recent {w} first| sorted by {w} descending]",
    }.get(column.kind, "[ sorted by {w} descending| by descending {w}| ordered by {w} from Z to A]")
    return say(random, text, w=words), f" ORDER BY {name} DESC"


def listed(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    some, wheres = rows(random, entity)
    sorted_by, order_by = order(random, entity)
    draw = random.random()
    if draw < 0.12:
        text = say(
            random,
            "[Show|List|Give me|Display|Get] [everything about|all columns of|all details of|all data on|every column of] {some}",
            some=some,
        )
        return text + sorted_by, f"SELECT * FROM {entity.name}{where(wheres)}{order_by}"
    if draw < 0.4:
        text = say(
            random, "[" + LIST[1:-1] + "|Which|Who are|] [all |the |all the |]{some}", some=some
        ).strip()
        if entity.sort != "person":
            text = text.replace("Who are", "What are")
        if text.startswith("Which are"):
            text = text.replace("Which are", "Which", 1)
        return (
            text + sorted_by,
            f"SELECT {shown_columns(entity)} FROM {entity.name}{where(wheres)}{order_by}",
        )
    columns = pick_columns(random, entity)
    names = ", ".join(column.name for column in columns)
    return (
        described(random, entity, columns, some) + sorted_by,
        f"SELECT {names} FROM {entity.name}{where(wheres)}{order_by}",
    )


def looked_up(random: Random, world: World) -> Asked:
    """One column of the row with a given name or number."""
    entity = random.choice(world.entities)
    named = label(entity)
    others = [c for c in entity.fields if c is not named and c.kind != "key"]
    if not others:
        return None
    column = random.choice(others)
    words = column_name(random, column)
    if named and random.random() < 0.75:
        value = text_value(random, named.pool or ("person" if entity.sort == "person" else "word"))
        sql = f"{named.name} = {literal(value)}"
        who = say(
            random,
            "[the {one}|the {one} named|the {one} called|] {v}",
            one=entity.one,
            v=text_words(random, value),
        )
    else:
        if len(entity.key) != 1:
            return None
        value = str(random.randint(1, 9999))
        sql = f"{entity.key[0].name} = {value}"
        who = say(
            random,
            "[{one}|{one} number|the {one} with id|{one} no.|{one} with {key}] {v}",
            one=entity.one,
            v=value,
            key=entity.key[0].words,
        )
    who = who.strip()
    if column.kind == "date" and random.random() < 0.3:
        verb = next((p for p in column.phrases.get("during", ()) if p.endswith(" in ~")), "")
        if verb and not verb.startswith(("that", "who")):
            return (
                f"When was {who} {verb.removesuffix(' in ~')}",
                f"SELECT {column.name} FROM {entity.name} WHERE {sql}",
            )
    text = say(
        random,
        "[What is the {c} of {w}|{c} of {w}|What {c} does {w} have|Show the {c} of {w}|Give me the {c} for {w}|Which {c} does {w} have|Look up the {c} of {w}|what's the {c} of {w}]",
        c=words,
        w=who,
    )
    return text, f"SELECT {column.name} FROM {entity.name} WHERE {sql}"


def distinct(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    columns = entity.of("text")
    if not columns:
        return None
    column = random.choice(columns)
    some, wheres = rows(random, entity, most=1)
    text = say(
        random,
        "["
        + LIST[1:-1]
        + "|] [the |][different|distinct|unique|various] {c} [of|for|among] [the |all |]{some}",
        c=plural(spoken(random, column)),
        some=some,
    ).strip()
    if not wheres and random.random() < 0.4:
        text = say(
            random,
            "[Which {cs} are there among the {n}|Which {cs} do the {n} have|What {cs} exist in {n}|In which {cs} are there {n}]"
            if column.pool in ("city", "country", "region")
            else "[Which {cs} are there among the {n}|Which {cs} do the {n} have|What {cs} exist in {n}]",
            cs=plural(column.words),
            n=some,
        )
    return text, f"SELECT DISTINCT {column.name} FROM {entity.name}{where(wheres)}"
