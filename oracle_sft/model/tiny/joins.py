# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""Query shapes over a row and the row that it refers to."""

from random import Random

from oracle_sft.model.tiny.conditions import condition, rows, where
from oracle_sft.model.tiny.phrases import (
    literal,
    noun,
    number_value,
    number_words,
    say,
    spoken,
    text_words,
)
from oracle_sft.model.tiny.schemas import Entity, Field, World, text_value
from oracle_sft.model.tiny.shapes import (
    AGGREGATES,
    LIST,
    SHOW,
    Asked,
    column_name,
    label,
    shown_columns,
)


def belonging(random: Random, child: Entity, parent: Entity) -> str:
    """How rows of `child` belong to those of `parent`: `placed by`, `in`, `of`."""
    words = ["of", "for", "belonging to", "from", "with", "of"]
    if parent.sort == "person":
        words += ["by", "by"]
        if child.sort == "event":
            words += ["made by", "placed by", "done by", "handled by"]
    if parent.sort == "place":
        words += ["in", "at", "in", "at"]
        if child.sort == "person":
            words += ["working in", "working at"]
    return random.choice(words)


def aliases(*entities: Entity) -> list[str]:
    """The initials of each table's name, longer where two tables share them."""
    found: list[str] = []
    for entity in entities:
        parts = entity.name.split("_")
        short = "".join(part[0] for part in parts)
        if short in found or short in ("as", "is", "in", "on", "or", "by", "to", "of"):
            short = parts[0][:2] + "".join(part[0] for part in parts[1:])
        while short in found or short in ("as", "is", "in", "on", "or", "by", "to", "of"):
            short += "2"
        found.append(short)
    return found


def edges(world: World) -> list[tuple[Entity, Field, Entity]]:
    """Every reference from a row to a row of another table."""
    return [
        (child, reference, reference.target)
        for child in world.entities
        for reference in child.references
        if reference.target is not None and reference.target is not child
    ]


def edge_of(random: Random, world: World) -> tuple[Entity, Field, Entity] | None:
    known = edges(world)
    return random.choice(known) if known else None


def on(child: str, reference: Field, parent: str) -> str:
    assert reference.target is not None
    return f"{child}.{reference.name} = {parent}.{reference.target.key[0].name}"


def _parent_words(random: Random, reference: Field, parent: Entity) -> str:
    return reference.role.replace("_", " ") if reference.role else parent.one


def name_is(random: Random, parent: Entity, alias: str) -> tuple[str, str] | None:
    """`the customer Ann Lee` and its SQL."""
    named = label(parent)
    if named is None:
        return None
    value = text_value(random, named.pool or ("person" if parent.sort == "person" else "word"))
    words = say(random, "[the {one}|{one}|the {one} named|the {one} called||]", one=parent.one)
    return (
        f"{words} {text_words(random, value)}".strip(),
        f"{alias}.{named.name} = {literal(value)}",
    )


def joined(random: Random, world: World) -> Asked:
    """Rows with something of the row that they refer to."""
    edge = edge_of(random, world)
    if edge is None:
        return None
    child, reference, parent = edge
    c, p = aliases(child, parent)
    named = label(parent)
    other = named if named and random.random() < 0.7 else random.choice(parent.fields)
    if other.kind == "key":
        return None
    mine = random.choice([label(child), *child.fields, *child.fields]) or child.fields[0]
    some, wheres = rows(random, child, c, most=1)
    if random.random() < 0.15:
        extra, sql = condition(random, random.choice(parent.fields), p)
        some += f" of {parent.many} {extra}"
        wheres.append(sql)
    outer = random.random() < 0.2
    theirs = _parent_words(random, reference, parent)
    other_words = (
        theirs if other is named and random.random() < 0.5 else f"{theirs} {spoken(random, other)}"
    )
    text = say(
        random,
        "[List|Show|Give me|Display|Get|Find] [the |]{m} of [each of the |all |the |]{n} [and|with|together with|along with] [the {o}|the {o}|their {o}|its {o}|{o}]",
        m=column_name(random, mine),
        n=some,
        o=other_words,
    )
    if mine is label(child) and random.random() < 0.4:
        text = say(
            random,
            SHOW
            + " [each of the |all |the |]{n} [and|with|together with|along with] [the {o}|their {o}|{o}]",
            n=some,
            o=other_words,
        )
    join = "JOIN"
    if outer:
        join = "LEFT JOIN"
        text += say(
            random,
            "[, including those without {a}|, even if there is no {a}|, also those that have no {a}|, with or without {a}]",
            a=theirs,
        )
    order = ""
    if random.random() < 0.12:
        text += say(random, "[, sorted by {o}| ordered by {o}]", o=other_words)
        order = f" ORDER BY {p}.{other.name}"
    return (
        text,
        f"SELECT {c}.{mine.name}, {p}.{other.name} FROM {child.name} {c} {join} {parent.name} {p} ON {on(c, reference, p)}{where(wheres)}{order}",
    )


def joined_filter(random: Random, world: World) -> Asked:
    """Rows (or their count or sum) whose parent fits a condition."""
    edge = edge_of(random, world)
    if edge is None:
        return None
    child, reference, parent = edge
    c, p = aliases(child, parent)
    if random.random() < 0.55 and (found := name_is(random, parent, p)):
        phrase, sql = found
        if reference.role:
            phrase = f"{reference.role} {phrase}"
    else:
        phrase, conditions = rows(random, parent, p, least=1, most=1)
        if not conditions:
            return None
        sql = conditions[0]
    some, wheres = rows(random, child, c, most=1)
    wheres.append(f"({sql})" if " OR " in sql else sql)
    whose = f"{some} {belonging(random, child, parent)} {phrase}"
    source = f"FROM {child.name} {c} JOIN {parent.name} {p} ON {on(c, reference, p)}{where(wheres)}"
    draw = random.random()
    numbers = child.of("number")
    if draw < 0.3:
        text = say(
            random,
            "[How many {w} are there|Count the {w}|Number of {w}|How many {w} do we have|How many {w}|Count {w}]",
            w=whose,
        )
        if draw < 0.1:
            text = say(random, "How many {n} [does|do] {p} have", n=some, p=phrase)
        return text, f"SELECT COUNT(*) {source}"
    if draw < 0.5 and numbers:
        column = random.choice(numbers)
        function = random.choice(list(AGGREGATES))
        text = say(
            random,
            "[What is the|Show the|Give me the|Compute the|] "
            + AGGREGATES[function]
            + " {v} of [the |all |]{w}",
            v=spoken(random, column),
            w=whose,
        ).strip()
        return text, f"SELECT {function}({c}.{column.name}) {source}"
    if draw < 0.7:
        column = random.choice(child.fields)
        text = say(
            random, LIST + " [the |]{v} of [the |all |]{w}", v=column_name(random, column), w=whose
        )
        return text, f"SELECT {c}.{column.name} {source}"
    text = say(random, "[" + LIST[1:-1] + "|Which|] [the |all |]{w}", w=whose).strip()
    return text.replace("Which are", "Which", 1), f"SELECT {shown_columns(child, c)} {source}"


def per_parent(random: Random, world: World) -> Asked:
    """A count or an aggregate of the rows that refer to each row."""
    edge = edge_of(random, world)
    if edge is None:
        return None
    child, reference, parent = edge
    c, p = aliases(child, parent)
    named = label(parent)
    groups = (
        [named]
        if named and random.random() < 0.7
        else parent.of("text") or ([named] if named else [])
    )
    if not groups:
        return None
    group = random.choice(groups)
    assert group is not None
    by = f"{p}.{group.name}"
    some, wheres = rows(random, child, c, most=1)
    numbers = child.of("number")
    left = not wheres and group is named and random.random() < 0.2
    if numbers and random.random() < 0.5:
        column = random.choice(numbers)
        function = random.choice(("SUM", "SUM", "AVG", "MAX", "MIN"))
        call, words = (
            f"{function}({c}.{column.name})",
            f"{say(random, AGGREGATES[function])} {spoken(random, column)} of {some}",
        )
        left = False
    else:
        call, words = "COUNT(*)", ""
    per = (
        parent.one
        if group is named and random.random() < 0.6
        else f"{parent.one} {spoken(random, group)}"
    )
    if words:
        text = say(
            random,
            "[What is the|Show the|List the|Give me the|Find the|Compute the|] {m} [for each|per|by|for every] {g}",
            m=words,
            g=per,
        ).strip()
    else:
        text = say(
            random,
            "[How many {n} are there [for each|per|by] {g}|Number of {n} [per|by|for each] {g}|Count the {n} [per|of each|for each|by] {g}|Show the number of {n} [per|for each|by] {g}|How many {n} does each {g} have|{n} per {g}]",
            n=some,
            g=per,
        )
    join = "JOIN"
    source_first, source_second = f"{child.name} {c}", f"{parent.name} {p}"
    tail = ""
    if left:
        text += say(
            random,
            "[, including those without any|, also those with none|, zero where there are none|, including {m} that have none]",
            m=parent.many,
        )
        join, source_first, source_second = "LEFT JOIN", source_second, source_first
        call = f"COUNT({c}.{child.key[0].name})"
    sql = f"SELECT {by}, {call} FROM {source_first} {join} {source_second} ON {on(c, reference, p)}{where(wheres)} GROUP BY {by}"
    draw = random.random()
    if draw < 0.25:
        limit = str(random.choice((1, 2, 3, 5, 10, 20))) if not words else number_value(random)
        sign = random.choice((">", ">", ">=", "<"))
        word = {">": "[more than|over]", ">=": "at least", "<": "[fewer than|less than]"}[sign]
        tail = say(
            random,
            "[, only those with|, but only with|, keeping those with|, only where it is] "
            + word
            + " {v}",
            v=number_words(random, limit),
        )
        sql += f" HAVING {call} {sign} {limit}"
    if random.random() < 0.2:
        down = random.random() < 0.75
        tail += random.choice(
            (", highest first", ", most first", ", largest first", " in descending order")
            if down
            else (", lowest first", ", fewest first")
        )
        sql += f" ORDER BY {call}{' DESC' if down else ''}"
    return text + tail, sql


def parents_having(random: Random, world: World) -> Asked:
    """Rows that more than so many others refer to."""
    edge = edge_of(random, world)
    if edge is None:
        return None
    child, reference, parent = edge
    named = label(parent)
    if named is None:
        return None
    c, p = aliases(child, parent)
    some, wheres = rows(random, child, c, most=1)
    sign = random.choice((">", ">", ">=", "<"))
    word = {">": "[more than|over]", ">=": "at least", "<": "[fewer than|less than]"}[sign]
    numbers = child.of("number")
    if numbers and random.random() < 0.35:
        column = random.choice(numbers)
        function = random.choice(("SUM", "AVG"))
        call, limit = f"{function}({c}.{column.name})", number_value(random)
        text = say(
            random,
            "[Which|List the|Show the|Find the] {m} [with|whose {n} have] a[n|] "
            + AGGREGATES[function]
            + " {v} of "
            + word
            + " {l}",
            m=noun(random, parent),
            n=some,
            v=spoken(random, column),
            l=number_words(random, limit),
        )
        if some not in text:
            text += f" over {some}"
    else:
        call, limit = "COUNT(*)", str(random.choice((1, 2, 3, 4, 5, 10, 20)))
        text = say(
            random,
            "[Which|List the|Show the|Find the|List|Show] {m} [have|with|that have] "
            + word
            + " {l} {n}",
            m=noun(random, parent),
            n=some,
            l=number_words(random, limit),
        )
    return (
        text,
        f"SELECT {p}.{named.name} FROM {child.name} {c} JOIN {parent.name} {p} ON {on(c, reference, p)}{where(wheres)} GROUP BY {p}.{named.name} HAVING {call} {sign} {limit}",
    )
