# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""Query shapes over one table: each gives a question and its ANSI SQL, or None where the world lacks a part."""

from random import Random

from oracle_sft.model.tiny.phrases import (
    listing,
    literal,
    number_value,
    number_words,
    plural,
    rows,
    say,
    spoken,
    text_words,
    where,
)
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


def counted(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    texts = entity.of("text")
    if texts and random.random() < 0.2:
        column = random.choice(texts)
        some, wheres = rows(random, entity, most=1)
        text = say(
            random,
            "[How many different|How many distinct|Count the distinct|Count the different|Number of different|How many unique] {c} [do the {n} have|are there among {n}|are there for {n}]",
            c=plural(spoken(random, column)),
            n=some,
        )
        if text.startswith(("Count", "Number")):
            text = (
                text.replace(" do the ", " of the ").removesuffix(" have").replace(" are there", "")
            )
        return text, f"SELECT COUNT(DISTINCT {column.name}) FROM {entity.name}{where(wheres)}"
    some, wheres = rows(random, entity)
    text = say(
        random,
        "[How many {n} are there|How many {n} do we have|Count the {n}|Count {n}|Number of {n}|How many {n}|What is the number of {n}|total number of {n}|Tell me how many {n} there are|count of {n}|How many {n} exist]",
        n=some,
    )
    return text, f"SELECT COUNT(*) FROM {entity.name}{where(wheres)}"


def aggregated(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    numbers = entity.of("number")
    dates = entity.of("date")
    if dates and (not numbers or random.random() < 0.15):
        column = random.choice(dates)
        some, wheres = rows(random, entity, most=1)
        late = random.random() < 0.5
        word = "[latest|most recent|last|newest]" if late else "[earliest|first|oldest]"
        text = say(
            random,
            "[What is|Give me|Find|Show|Get|] the " + word + " {c} [of|among] [all |the |]{n}",
            c=spoken(random, column),
            n=some,
        ).strip()
        return (
            text,
            f"SELECT {'MAX' if late else 'MIN'}({column.name}) FROM {entity.name}{where(wheres)}",
        )
    if not numbers:
        return None
    column = random.choice(numbers)
    some, wheres = rows(random, entity)
    if random.random() < 0.12:
        functions = random.sample(list(AGGREGATES), random.choice((2, 2, 3)))
        words = listing([say(random, AGGREGATES[f]).removesuffix(" of") for f in functions])
        text = say(
            random,
            LIST + " the {a} {c} of [all |the |]{n}",
            a=words,
            c=spoken(random, column),
            n=some,
        )
        calls = ", ".join(f"{f}({column.name})" for f in functions)
        return text, f"SELECT {calls} FROM {entity.name}{where(wheres)}"
    function = random.choice(list(AGGREGATES))
    words = spoken(random, column)
    call = f"{function}({column.name})"
    text = say(
        random,
        "[What is the|Find the|Show the|Give me the|Compute the|Calculate the|Get the|] "
        + AGGREGATES[function]
        + " {c} [of|for|over|across|among] [all |the |]{n}",
        c=words,
        n=some,
    ).strip()
    if random.random() < 0.12:
        digits = random.choice((0, 1, 2))
        text += say(
            random,
            "[, rounded to {d} decimals| rounded to {d} digits|, to {d} decimal places]",
            d=digits,
        )
        if digits == 0:
            text = (
                text.replace("0 decimals", "whole numbers")
                .replace("0 digits", "whole numbers")
                .replace("0 decimal places", "whole numbers")
            )
        call = f"ROUND({call}, {digits})" if digits else f"ROUND({call})"
    return text, f"SELECT {call} FROM {entity.name}{where(wheres)}"


_PER = "[per|for each|by|in each|for every|grouped by|per|broken down by]"


def _measure(random: Random, entity: Entity, alias: str = "") -> tuple[str, str]:
    """What is computed for a group: words that fit after `show the`, and the call."""
    numbers = entity.of("number")
    if not numbers or random.random() < 0.45:
        return "", "COUNT(*)"
    column = random.choice(numbers)
    function = random.choice(("AVG", "SUM", "SUM", "MAX", "MIN"))
    name = f"{alias}.{column.name}" if alias else column.name
    return f"{say(random, AGGREGATES[function])} {spoken(random, column)}", f"{function}({name})"


def grouped(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    groups = groupable(entity)
    if not groups:
        return None
    group = random.choice(groups)
    by = group.name
    words = spoken(random, group)
    some, wheres = rows(random, entity, most=1)
    measured, call = _measure(random, entity)
    if measured:
        text = say(
            random,
            "[What is the|Show the|List the|Give me the|Compute the|Find the|] {m} [of|for] [the |all |]{n} "
            + _PER
            + " {g}",
            m=measured,
            n=some,
            g=words,
        )
    else:
        text = say(
            random,
            "[How many {n} are there "
            + "~"
            + " {g}|Count the {n} ~ {g}|Number of {n} ~ {g}|Show the number of {n} ~ {g}|{n} ~ {g}: how many|How many {n} ~ {g}|Count {n} ~ {g}]",
            n=some,
            g=words,
        ).replace("~", say(random, _PER))
    tail, sql = "", f"SELECT {by}, {call} FROM {entity.name}{where(wheres)} GROUP BY {by}"
    draw = random.random()
    if draw < 0.25:
        limit = (
            str(random.choice((2, 3, 5, 10, 20, 50)))
            if call == "COUNT(*)"
            else number_value(random)
        )
        operator = random.choice((">", ">", ">=", "<"))
        what = "[{v} {n}|{v}]" if call == "COUNT(*)" else "{v}"
        word = {">": "[more than|over]", ">=": "at least", "<": "[fewer than|less than]"}[operator]
        tail = say(
            random,
            "[, only where it is|, only those with|, keeping groups with|, but only if there are]"
            + f" {word} "
            + what
            if call == "COUNT(*)"
            else "[, only where it is|, only if it is|, where that is] " + word + " {v}",
            v=number_words(random, limit),
            n=entity.many,
        )
        sql += f" HAVING {call} {operator} {limit}"
    if random.random() < 0.22:
        down = random.random() < 0.7
        tail += random.choice(
            (", highest first", ", largest first", ", most first", " in descending order")
            if down
            else (", lowest first", ", smallest first", " in ascending order")
        )
        sql += f" ORDER BY {call}{' DESC' if down else ''}"
    elif random.random() < 0.1:
        tail += say(random, "[, sorted by {g}| ordered by {g}]", g=words)
        sql += f" ORDER BY {by}"
    return text.strip() + tail, sql


def having(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    groups = groupable(entity)
    if not groups:
        return None
    group = random.choice(groups)
    some, wheres = rows(random, entity, most=1)
    limit = str(random.choice((1, 2, 3, 4, 5, 10, 15, 20, 50, 100)))
    operator = random.choice((">", ">", ">=", "<"))
    word = {">": "[more than|over]", ">=": "at least", "<": "[fewer than|less than]"}[operator]
    measured, call = _measure(random, entity)
    words = plural(spoken(random, group))
    if measured:
        limit = number_value(random)
        word = {
            ">": "[above|over|greater than|of more than]",
            ">=": "of at least",
            "<": "[below|under|of less than]",
        }[operator]
        text = say(
            random,
            "[Which|List the|Show the|Find the|] {g} [with|have|where the {n} have] [a|an] {m} "
            + word
            + " {v}[| for {n}]",
            g=words,
            m=measured,
            v=number_words(random, limit),
            n=some,
        )
        if text.startswith(("List", "Show", "Find")) or not text.startswith("Which"):
            text = text.replace(" have a", " with a", 1)
        if wheres and some not in text:
            text += f" for {some}"
    else:
        text = say(
            random,
            "[Which|List the|Show the|Find the|In which|] {g} [have|with|that have] "
            + word
            + " {v} {n}",
            g=words,
            v=number_words(random, limit),
            n=some,
        )
        if text.startswith("In which"):
            text = say(
                random, "In which {g} are there " + word + " {v} {n}", g=words, v=limit, n=some
            )
    return (
        text.strip(),
        f"SELECT {group.name} FROM {entity.name}{where(wheres)} GROUP BY {group.name} HAVING {call} {operator} {limit}",
    )
