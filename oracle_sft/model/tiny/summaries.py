# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""Query shapes that summarise one table: counts, aggregates, groups."""

from random import Random

from oracle_sft.model.tiny.conditions import rows, where
from oracle_sft.model.tiny.phrases import listing, number_value, number_words, plural, say, spoken
from oracle_sft.model.tiny.schemas import Entity, World
from oracle_sft.model.tiny.shapes import AGGREGATES, LIST, Asked, groupable


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
