# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""Query shapes over several tables: joins, subqueries, set operators, CTEs and window functions."""

from random import Random

from oracle_sft.model.tiny.phrases import (
    condition,
    literal,
    noun,
    number_value,
    number_words,
    rows,
    say,
    spoken,
    text_words,
    where,
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


def _of(random: Random, child: Entity, parent: Entity) -> str:
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


def _name_is(random: Random, parent: Entity, alias: str) -> tuple[str, str] | None:
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
    if random.random() < 0.55 and (found := _name_is(random, parent, p)):
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
    whose = f"{some} {_of(random, child, parent)} {phrase}"
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
    found = _name_is(random, last, last_alias) if random.random() < 0.5 else None
    if found is None:
        phrase, conditions = rows(random, last, last_alias, least=1, most=1)
        if not conditions:
            return None
        found = phrase, conditions[0]
    wheres.append(f"({found[1]})" if " OR " in found[1] else found[1])
    whose = f"{some} {_of(random, first, last)} {found[0]}"
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
