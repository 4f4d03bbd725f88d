# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""Query shapes with a query inside: EXISTS and IN, set operators, CTEs and window functions."""

from random import Random

from oracle_sft.model.tiny.conditions import rows, where
from oracle_sft.model.tiny.joins import aliases, edge_of, on
from oracle_sft.model.tiny.phrases import plural, say, spoken
from oracle_sft.model.tiny.schemas import Field, World
from oracle_sft.model.tiny.shapes import AGGREGATES, LIST, Asked, groupable, label, shown_columns


def exists(random: Random, world: World) -> Asked:
    """Rows that some other row refers to, or none does."""
    edge = edge_of(random, world)
    if edge is None:
        return None
    child, reference, parent = edge
    c, p = aliases(child, parent)
    negated = random.random() < 0.55
    form = random.choice(("exists", "in")) if not negated else "exists"
    inner, wheres = rows(random, child, c if form == "exists" else "", most=1)
    some, outer = rows(random, parent, p if form == "exists" else "", most=1)
    if negated:
        verb = "[without any|that have no|with no|who have no|without|that do not have any|that never had any]"
        if parent.sort != "person":
            verb = verb.replace("who", "which")
        elif child.sort == "event":
            verb = (
                verb[:-1]
                + "|who never made any|who did not make any|that never placed any|with no]"
            )
    else:
        verb = "[with at least one of the|that have|who have|that have at least one of the|with]"
        if parent.sort == "person" and child.sort == "event":
            verb = verb[:-1] + "|who made|who placed|that made any]"
    asks = "[" + LIST[1:-1] + "|Which|] [the |all |]{m} " + verb + " {n}"
    count = random.random() < 0.2
    if count:
        asks = (
            "[How many {m} "
            + ("have no" if negated else "have")
            + " {n}|Count the {m} "
            + verb
            + " {n}|Number of {m} "
            + verb
            + " {n}]"
        )
    text = say(random, asks, m=some, n=inner).strip().replace("Which are", "Which", 1)
    if form == "in":
        key = parent.key[0].name
        sub = f"{key} IN (SELECT {reference.name} FROM {child.name}{where(wheres)})"
        selected = "COUNT(*)" if count else shown_columns(parent)
        return text, f"SELECT {selected} FROM {parent.name}" + where([*outer, sub])
    inner_where = where([on(c, reference, p), *wheres])
    sub = f"{'NOT ' if negated else ''}EXISTS (SELECT 1 FROM {child.name} {c}{inner_where})"
    selected = "COUNT(*)" if count else shown_columns(parent, p)
    return text, f"SELECT {selected} FROM {parent.name} {p}" + where([*outer, sub])


_SET_WORDS = {
    "UNION": "[{a} of {m} and {n} together|{a} of {m} or {n}|{a} of {m} and of {n}, without repeats|{a} in either {m} or {n}|the combined {a} of {m} and {n}]",
    "UNION ALL": "[{a} of {m} and {n}, with repeats|{a} of {m} and of {n}, keeping duplicates|{a} of {m} and {n} including duplicates]",
    "INTERSECT": "[{a} that both {m} and {n} have|{a} common to {m} and {n}|{a} of {m} that are also {a} of {n}|{a} shared by {m} and {n}|{a} found in both {m} and {n}]",
}


def set_operation(random: Random, world: World) -> Asked:
    pairs = [
        (one, a, two, b)
        for one in world.entities
        for two in world.entities
        if one is not two
        for a in one.of("text", "label")
        for b in two.of("text", "label")
        if a.name == b.name
    ]
    if not pairs:
        return None
    one, a, two, b = random.choice(pairs)
    operator = random.choice(("UNION", "UNION", "UNION ALL", "INTERSECT", "INTERSECT"))
    some, wheres = rows(random, one, most=1)
    other, others = rows(random, two, most=1)
    text = say(random, LIST + " [the |]" + _SET_WORDS[operator], a=plural(a.words), m=some, n=other)
    return (
        text,
        f"SELECT {a.name} FROM {one.name}{where(wheres)} {operator} SELECT {b.name} FROM {two.name}{where(others)}",
    )


def with_query(random: Random, world: World) -> Asked:
    """A question about groups of groups, answered with a CTE."""
    entity = random.choice(world.entities)
    groups = groupable(entity)
    if not groups:
        return None
    group = random.choice(groups)
    some, wheres = rows(random, entity, most=1)
    numbers = entity.of("number")
    if numbers and random.random() < 0.4:
        column = random.choice(numbers)
        call, inner = f"SUM({column.name})", f"total {spoken(random, column)} of {some}"
    else:
        call, inner = "COUNT(*)", f"number of {some}"
    cte = f"WITH t AS (SELECT {group.name}, {call} AS n FROM {entity.name}{where(wheres)} GROUP BY {group.name})"
    words = spoken(random, group)
    draw = random.random()
    if draw < 0.45:
        function = random.choice(("AVG", "MAX", "MIN"))
        text = say(
            random,
            "[What is the|Show the|Compute the|Find the|] " + AGGREGATES[function] + " {i} per {g}",
            i=inner,
            g=words,
        ).strip()
        return text, f"{cte} SELECT {function}(n) FROM t"
    if draw < 0.75:
        top = random.random() < 0.7
        word = (
            "[the most|the highest|the largest]" if top else "[the fewest|the lowest|the smallest]"
        )
        text = say(random, "[Which|What] {g} has " + word + " {i}", g=words, i=inner)
        if call == "COUNT(*)":
            text = say(
                random,
                "[Which|What] {g} has "
                + ("[the most|most]" if top else "[the fewest|the least]")
                + " {n}",
                g=words,
                n=some,
            )
        return (
            text,
            f"{cte} SELECT {group.name} FROM t WHERE n = (SELECT {'MAX' if top else 'MIN'}(n) FROM t)",
        )
    text = say(
        random,
        "[Which|List the|Show the] {g} [with|have] [more than the average|an above average|a higher than average] {i}",
        g=plural(words),
        i=inner,
    )
    return text, f"{cte} SELECT {group.name} FROM t WHERE n > (SELECT AVG(n) FROM t)"


def ranked(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    named = label(entity) or (entity.key[0] if len(entity.key) == 1 else None)
    measures, groups = entity.of("number", "date"), groupable(entity)
    if named is None or not measures:
        return None
    column = random.choice(measures)
    some, wheres = rows(random, entity, most=1)
    down = random.random() < 0.7
    order = f"ORDER BY {column.name}{' DESC' if down else ''}"
    draw = random.random()
    if groups and draw < 0.35:
        group = random.choice(groups)
        text = say(
            random,
            "[Rank|Rank all|Rank the] {n} by {c} within [each|their] {g}[, {d} first|]",
            n=some,
            c=column.words,
            g=group.words,
            d=_direction(random, column, down),
        )
        if not down and " first" not in text:
            text += ", lowest first" if column.kind == "number" else ", oldest first"
        return (
            text,
            f"SELECT {named.name}, {group.name}, RANK() OVER (PARTITION BY {group.name} {order}) FROM {entity.name}{where(wheres)}",
        )
    if groups and draw < 0.7:
        group = random.choice(groups)
        word = {
            ("number", True): "[highest|largest|top]",
            ("number", False): "[lowest|smallest]",
            ("date", True): "[latest|most recent|newest]",
            ("date", False): "[earliest|oldest|first]",
        }[column.kind, down]
        text = say(
            random,
            "[For each {g}, [show|give|list] the {o} with the {w} {c}|Show the {o} with the {w} {c} [in|of|for|per] each {g}|Which {o} has the {w} {c} in each {g}|the {o} with the {w} {c} per {g}]".replace(
                "{w}", word
            ),
            g=group.words,
            o=entity.one,
            c=column.words,
        )
        inner = f"SELECT {group.name}, {named.name}, ROW_NUMBER() OVER (PARTITION BY {group.name} {order}) AS rn FROM {entity.name}"
        return text, f"SELECT {group.name}, {named.name} FROM ({inner}) t WHERE rn = 1"
    if draw < 0.85:
        text = say(
            random,
            "[Rank|Rank all|Number|Rank the] {n} by {c}[, {d} first|]",
            n=some,
            c=column.words,
            d=_direction(random, column, down),
        )
        if not down and " first" not in text:
            text += ", lowest first" if column.kind == "number" else ", oldest first"
        function = "ROW_NUMBER" if text.startswith("Number") else "RANK"
        return (
            text,
            f"SELECT {named.name}, {function}() OVER ({order}) FROM {entity.name}{where(wheres)}",
        )
    numbers, dates = entity.of("number"), entity.of("date")
    if not numbers or not dates:
        return None
    amount, day = random.choice(numbers), random.choice(dates)
    part, per = "", ""
    if groups and random.random() < 0.5:
        group = random.choice(groups)
        part, per = (
            f"PARTITION BY {group.name} ",
            say(random, " [per|for each|within each] {g}", g=group.words),
        )
    text = say(
        random,
        "[Show the|Compute the|Give me the|] [running total|cumulative sum|running sum] of {a} [of|for|over] {n} by {d}{p}",
        a=amount.words,
        n=some,
        d=day.words,
        p=per,
    ).strip()
    return (
        text,
        f"SELECT {day.name}, SUM({amount.name}) OVER ({part}ORDER BY {day.name}) FROM {entity.name}{where(wheres)}",
    )


def _direction(random: Random, column: Field, down: bool) -> str:
    if column.kind == "date":
        return random.choice(("newest", "latest") if down else ("oldest", "earliest"))
    return random.choice(("highest", "largest") if down else ("lowest", "smallest"))
