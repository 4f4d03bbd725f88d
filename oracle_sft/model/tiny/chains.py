# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""Query shapes over a table joined with itself, and over three tables."""

from random import Random

from oracle_sft.model.tiny.conditions import rows, where
from oracle_sft.model.tiny.joins import aliases, belonging, edges, name_is, on
from oracle_sft.model.tiny.phrases import literal, say, spoken, text_words
from oracle_sft.model.tiny.schemas import Entity, Field, World, text_value
from oracle_sft.model.tiny.shapes import AGGREGATES, LIST, Asked, column_name, label


def self_joined(random: Random, world: World) -> Asked:
    """Rows with the row of the same table that they refer to."""
    known = [(e, r) for e in world.entities for r in e.references if r.target is e and label(e)]
    if not known:
        return None
    entity, reference = random.choice(known)
    named = label(entity)
    assert named is not None
    first = aliases(entity)[0]
    second = reference.role[0]
    if second == first:
        second += "2"
    matched = on(first, reference, second)
    numbers = entity.of("number")
    draw = random.random()
    source = f"FROM {entity.name} {first} JOIN {entity.name} {second} ON {matched}"
    if draw < 0.25 and numbers:
        column = random.choice(numbers)
        over = random.random() < 0.6
        text = say(
            random,
            "[Which|List the|Show the|Find] {n} [have|with] a {w} {c} than their {r}",
            n=entity.many,
            w="[higher|larger|greater]" if over else "[lower|smaller]",
            c=column.words,
            r=reference.role,
        )
        text = say(random, text)
        return (
            text,
            f"SELECT {first}.{named.name} {source} WHERE {first}.{column.name} {'>' if over else '<'} {second}.{column.name}",
        )
    if draw < 0.45:
        text = say(
            random,
            "[How many {n} does each {r} have|Count the {n} per {r}|Number of {n} for each {r}]",
            n=entity.many,
            r=reference.role,
        )
        return (
            text,
            f"SELECT {second}.{named.name}, COUNT(*) {source} GROUP BY {second}.{named.name}",
        )
    if draw < 0.6:
        value = text_value(random, named.pool or ("person" if entity.sort == "person" else "word"))
        text = say(
            random,
            "[Who has|Which {n} have|List the {n} with|Show {n} with] {v} as [their |]{r}",
            n=entity.many,
            v=text_words(random, value),
            r=reference.role,
        )
        return (
            text,
            f"SELECT {first}.{named.name} {source} WHERE {second}.{named.name} = {literal(value)}",
        )
    some, wheres = rows(random, entity, first, most=1)
    outer = random.random() < 0.35
    text = say(
        random,
        "[List|Show|Give me|Display] [each of the|all|the|] {n} [and|with|together with] [their {r}|the name of their {r}|the {r} of each]",
        n=some,
        r=reference.role,
    )
    if outer:
        source = source.replace(" JOIN ", " LEFT JOIN ")
        text += say(
            random,
            "[, including those without one|, also those who have none|, even without {r}]",
            r=reference.role,
        )
    return text.replace(
        "  ", " "
    ), f"SELECT {first}.{named.name}, {second}.{named.name} {source}{where(wheres)}"


def three_tables(random: Random, world: World) -> Asked:
    """A row, what it refers to, and what that refers to; or two rows that share a third."""
    known = edges(world)
    chains = [(a, b) for a in known for b in known if a[2] is b[0] and b[2] is not a[0]]
    forks = [(a, b) for a in known for b in known if a[0] is b[0] and a[2] is not b[2]]
    if random.random() < 0.5 and chains:
        (low, up, middle), (_, upper, top) = random.choice(chains)
        x, y, z = aliases(low, middle, top)
        source = f"FROM {low.name} {x} JOIN {middle.name} {y} ON {on(x, up, y)} JOIN {top.name} {z} ON {on(y, upper, z)}"
        first, last, first_alias, last_alias = low, top, x, z
    elif forks:
        (hub, one, left), (_, two, right) = random.choice(forks)
        x, y, z = aliases(left, hub, right)
        source = f"FROM {left.name} {x} JOIN {hub.name} {y} ON {on(y, one, x)} JOIN {right.name} {z} ON {on(y, two, z)}"
        first, last, first_alias, last_alias = left, right, x, z
        if random.random() < 0.35:
            mine, theirs = label(left), label(right)
            if mine is None or theirs is None:
                return None
            some, wheres = rows(random, hub, y, most=1)
            own = random.choice(hub.fields)
            source = f"FROM {hub.name} {y} JOIN {left.name} {x} ON {on(y, one, x)} JOIN {right.name} {z} ON {on(y, two, z)}"
            text = say(
                random,
                "[List|Show|Give me|Display] [the |]{o} of [all |the |each of the |]{n} with [the |their |]{a} and [the |]{b}",
                o=column_name(random, own),
                n=some,
                a=_said_label(random, left, mine),
                b=_said_label(random, right, theirs),
            )
            return (
                text,
                f"SELECT {y}.{own.name}, {x}.{mine.name}, {z}.{theirs.name} {source}{where(wheres)}",
            )
    else:
        return None
    draw = random.random()
    numbers = first.of("number")
    if draw < 0.4:
        group = (
            label(last)
            if random.random() < 0.6
            else random.choice(last.of("text", "label") or [None])
        )
        if group is None:
            return None
        some, wheres = rows(random, first, first_alias, most=1)
        per = (
            last.one
            if group is label(last) and random.random() < 0.6
            else f"{last.one} {spoken(random, group)}"
        )
        if numbers and random.random() < 0.6:
            column, function = random.choice(numbers), random.choice(("SUM", "AVG", "MAX", "MIN"))
            text = say(
                random,
                "[What is the|Show the|Give me the|] "
                + AGGREGATES[function]
                + " {v} of {n} [per|by|for each|for every] {g}",
                v=spoken(random, column),
                n=some,
                g=per,
            ).strip()
            call = f"{function}({first_alias}.{column.name})"
        else:
            text = say(
                random,
                "[How many {n} are there [per|for each|by] {g}|Number of {n} [per|by|for each] {g}|Count the {n} [per|by|for each] {g}]",
                n=some,
                g=per,
            )
            call = "COUNT(*)"
        by = f"{last_alias}.{group.name}"
        return text, f"SELECT {by}, {call} {source}{where(wheres)} GROUP BY {by}"
    some, wheres = rows(random, first, first_alias, most=1)
    found = name_is(random, last, last_alias) if random.random() < 0.5 else None
    if found is None:
        phrase, conditions = rows(random, last, last_alias, least=1, most=1)
        if not conditions:
            return None
        found = phrase, conditions[0]
    wheres.append(f"({found[1]})" if " OR " in found[1] else found[1])
    whose = f"{some} {belonging(random, first, last)} {found[0]}"
    if draw < 0.6:
        text = say(
            random, "[How many {w} are there|Count the {w}|Number of {w}|How many {w}]", w=whose
        )
        return text, f"SELECT COUNT(*) {source}{where(wheres)}"
    if draw < 0.75 and numbers:
        column, function = random.choice(numbers), random.choice(list(AGGREGATES))
        text = say(
            random,
            "[What is the|Show the|Give me the|] "
            + AGGREGATES[function]
            + " {v} of [the |all |]{w}",
            v=spoken(random, column),
            w=whose,
        ).strip()
        return text, f"SELECT {function}({first_alias}.{column.name}) {source}{where(wheres)}"
    named = label(first)
    if named is None:
        return None
    word = "DISTINCT " if random.random() < 0.3 else ""
    text = say(
        random,
        "[" + LIST[1:-1] + "|Which|] [the |all |]{d}{w}",
        d="different " if word else "",
        w=whose,
    ).strip()
    return text.replace(
        "Which are", "Which", 1
    ), f"SELECT {word}{first_alias}.{named.name} {source}{where(wheres)}"


def _said_label(random: Random, entity: Entity, named: Field) -> str:
    return entity.one if random.random() < 0.6 else f"{entity.one} {named.words}"
