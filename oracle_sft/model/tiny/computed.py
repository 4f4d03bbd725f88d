# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""Query shapes over one table that compare or compute: the highest, CASE, COALESCE, arithmetic, text."""

from random import Random

from oracle_sft.model.tiny.conditions import condition, rows, where
from oracle_sft.model.tiny.phrases import literal, noun, plural, say, spoken
from oracle_sft.model.tiny.schemas import World
from oracle_sft.model.tiny.shapes import AGGREGATES, LIST, Asked, column_name, label, shown_columns


def superlative(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    columns = entity.of("number", "date")
    if not columns:
        return None
    special = [c for c in columns if "most" in c.phrases]
    column = random.choice(special if special and random.random() < 0.7 else columns)
    top = random.random() < 0.6
    if "most" in column.phrases and (top or "least" in column.phrases) and random.random() < 0.7:
        which = f"{random.choice(column.phrases['most' if top else 'least'])} {{n}}"
    elif column.kind == "date":
        which = (
            "{n} with the "
            + say(random, "[latest|most recent|newest|last]" if top else "[earliest|oldest|first]")
            + f" {spoken(random, column)}"
        )
    else:
        which = (
            "{n} with the "
            + say(random, AGGREGATES["MAX" if top else "MIN"])
            + f" {spoken(random, column)}"
        )
    function = "MAX" if top else "MIN"
    wheres: list[str] = []
    extra = ""
    others = [c for c in entity.of("text", "number") if c is not column]
    if others and random.random() < 0.3:
        extra, sql = condition(random, random.choice(others))
        wheres.append(sql)
    named = label(entity)
    what = random.choice(entity.fields)
    one = random.random() < 0.6
    phrase = which.replace("{n}", entity.one if one else entity.many) + (
        f" {extra}" if extra else ""
    )
    inner = f"(SELECT {function}({column.name}) FROM {entity.name}{where(wheres)})"
    tail = where([*wheres, f"{column.name} = {inner}"])
    if what is not named and what.kind != "key" and random.random() < 0.35:
        text = say(
            random,
            "[What is the {c} of the {p}|Show the {c} of the {p}|{c} of the {p}|Give me the {c} of the {p}]",
            c=column_name(random, what),
            p=phrase,
        )
        return text, f"SELECT {what.name} FROM {entity.name}{tail}"
    verb = "is" if one else "are"
    who = "Who" if entity.sort == "person" else "What"
    text = say(
        random,
        "[{who} {is} the {p}|Which {is} the {p}|Show the {p}|Find the {p}|the {p}|Give me the {p}|List the {p}]",
        who=who,
        p=phrase,
        **{"is": verb},
    )
    if named and random.random() < 0.2 and column.kind == "number":
        text += say(random, "[ and the {c}| with {c}|, with the {c}]", c=spoken(random, column))
        return text, f"SELECT {named.name}, {column.name} FROM {entity.name}{tail}"
    return text, f"SELECT {shown_columns(entity)} FROM {entity.name}{tail}"


def versus_average(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    numbers = entity.of("number")
    if not numbers:
        return None
    column = random.choice(numbers)
    over = random.random() < 0.65
    word = (
        "[above|higher than|over|greater than|more than]"
        if over
        else "[below|lower than|under|less than]"
    )
    sign = ">" if over else "<"
    extra, wheres = "", []
    others = [c for c in entity.of("text") if c is not column]
    if others and random.random() < 0.2:
        extra, sql = condition(random, random.choice(others))
        wheres.append(sql)
        extra = " and " + extra
    named = noun(random, entity)
    special = [p for p in column.phrases.get("gt" if over else "lt", []) if p.endswith("~")]
    if special and random.random() < 0.5:
        phrase = random.choice(special).replace(
            "~", random.choice(("the average", "average", "the mean"))
        )
    else:
        with_a = random.random() < 0.5
        phrase = say(
            random,
            ("with a {c} " if with_a else "whose {c} is ") + word + " [the |]average",
            c=spoken(random, column),
        )
    some = f"{named} {phrase}"
    text = say(
        random, "[" + LIST[1:-1] + "|Which|] [the |]{some}{extra}", some=some, extra=extra
    ).strip()
    text = text.replace("Which are", "Which", 1)
    sql = f"SELECT {shown_columns(entity)} FROM {entity.name}" + where(
        [f"{column.name} {sign} (SELECT AVG({column.name}) FROM {entity.name})", *wheres]
    )
    return text, sql


def cased(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    numbers = entity.of("number")
    named = label(entity)
    if not numbers or named is None:
        return None
    column = random.choice(numbers)
    low, high = sorted((random.randint(1, 40) * 10, random.randint(41, 900) * 10))
    words = random.choice(
        (
            ("low", "medium", "high"),
            ("small", "medium", "large"),
            ("C", "B", "A"),
            ("cheap", "normal", "dear"),
            ("bad", "fair", "good"),
        )
    )
    some, wheres = rows(random, entity, most=1)
    if random.random() < 0.5:
        text = say(
            random,
            "[Label|Mark|Classify|Show the {nm} of] [the |]{n} [as|with] '{b}' [when|if|where] the {c} is [above|over|more than] {v}[, else| and otherwise|, otherwise] '{a}'",
            n=some,
            nm=named.words,
            a=words[0],
            b=words[2],
            c=spoken(random, column),
            v=low,
        )
        case = f"CASE WHEN {column.name} > {low} THEN '{words[2]}' ELSE '{words[0]}' END"
    else:
        text = say(
            random,
            "[Label|Mark|Classify|Group] [the |]{n} [as|into] {a} [if|when] [the |]{c} is [below|under] {v}, {b} [below|under] {u} and {d} [otherwise|above that|for the rest]",
            n=some,
            a=words[0],
            b=words[1],
            d=words[2],
            c=spoken(random, column),
            v=low,
            u=high,
        )
        case = f"CASE WHEN {column.name} < {low} THEN '{words[0]}' WHEN {column.name} < {high} THEN '{words[1]}' ELSE '{words[2]}' END"
    return text, f"SELECT {named.name}, {case} FROM {entity.name}{where(wheres)}"


def coalesced(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    named = label(entity) or (entity.key[0] if len(entity.key) == 1 else None)
    columns = entity.of("number", "text")
    if named is None or not columns:
        return None
    column = random.choice([c for c in columns if c is not named] or columns)
    if column is named:
        return None
    if column.kind == "number":
        value = shown = random.choice(("0", "0", "1", "100"))
        if value == "0" and random.random() < 0.4:
            shown = "zero"
    else:
        shown = random.choice(("none", "unknown", "n/a", "missing", "not given", "-"))
        value = literal(shown)
        shown = f"'{shown}'" if random.random() < 0.6 or shown == "-" else shown
    some, wheres = rows(random, entity, most=1)
    text = say(
        random,
        "[List|Show|Give me] [the |]{nm} and {c} of [all |the |]{n}[, {v} where the {c} is missing|, with {v} instead of a missing {c}|, using {v} if there is no {c}|, {v} when {c} is null|, counting a missing {c} as {v}]",
        n=some,
        nm=named.words,
        c=spoken(random, column),
        v=shown,
    )
    return (
        text,
        f"SELECT {named.name}, COALESCE({column.name}, {value}) FROM {entity.name}{where(wheres)}",
    )


def computed(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    numbers = entity.of("number")
    named = label(entity) or (entity.key[0] if len(entity.key) == 1 else None)
    if named is None or not numbers:
        return None
    some, wheres = rows(random, entity, most=1)
    if len(numbers) > 1 and random.random() < 0.75:
        one, two = random.sample(numbers, 2)
        sign, template = random.choice(
            (
                ("-", "[{a} minus {b}|the difference between {a} and {b}|{a} less {b}|{a} - {b}]"),
                ("*", "[{a} times {b}|the product of {a} and {b}|{a} multiplied by {b}|{a} * {b}]"),
                ("+", "[{a} plus {b}|the sum of {a} and {b}|{a} and {b} added up|{a} + {b}]"),
                ("/", "[{a} divided by {b}|the ratio of {a} to {b}|{a} per {b}]"),
            )
        )
        expression = f"{one.name} {sign} {two.name}"
        words = say(random, template, a=one.words, b=two.words)
    else:
        one = random.choice(numbers)
        percent = random.choice((5, 10, 15, 20, 25, 50))
        if random.random() < 0.5:
            expression, words = (
                f"{one.name} * 12",
                say(random, "[{a} per year|yearly {a}|{a} times 12]", a=one.words),
            )
        else:
            expression = f"{one.name} * {1 + percent / 100:g}"
            words = say(
                random,
                "[{a} raised by {p} percent|{a} plus {p}%|{a} increased by {p}%]",
                a=one.words,
                p=percent,
            )
    if random.random() < 0.3:
        total = random.choice(("SUM", "AVG"))
        text = say(
            random,
            "[What is the|Compute the|Show the|Give me the] {t} of {w} [for|over|across] [all |the |]{n}",
            t="sum" if total == "SUM" else "average",
            w=words,
            n=some,
        )
        return text, f"SELECT {total}({expression}) FROM {entity.name}{where(wheres)}"
    text = say(
        random,
        "[List|Show|Give me|Display] [the |]{nm} and {w} [for|of] [each of the |all |the |]{n}",
        nm=named.words,
        w=words,
        n=some,
    )
    return text, f"SELECT {named.name}, {expression} FROM {entity.name}{where(wheres)}"


def text_functions(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    columns = entity.of("text", "label")
    if not columns:
        return None
    column = random.choice(columns)
    some, wheres = rows(random, entity, most=1)
    both = entity.of("text", "label")
    draw = random.random()
    if draw < 0.35 and len(both) > 1:
        one, two = random.sample(both, 2)
        between = random.choice((" ", ", ", "-", "/"))
        text = say(
            random,
            "[Show|List|Give me] [the |]{a} and {b} of [all |the |]{n} [joined by|combined with|as one text separated by] {s}",
            a=one.words,
            b=two.words,
            n=some,
            s={" ": "a blank", ", ": "a comma", "-": "a dash", "/": "a slash"}[between],
        )
        return (
            text,
            f"SELECT {one.name} || '{between}' || {two.name} FROM {entity.name}{where(wheres)}",
        )
    function, words = random.choice(
        (
            ("UPPER", "[in upper case|in capitals|in uppercase|in capital letters]"),
            ("LOWER", "[in lower case|in small letters|in lowercase]"),
            ("LENGTH", ""),
        )
    )
    if function == "LENGTH":
        text = say(
            random,
            "[How long is the {c} of each of the {n}|Show the length of the {c} of [all|the] {n}|{c} length of {n}]",
            c=spoken(random, column),
            n=some,
        )
    else:
        text = say(
            random,
            "[List|Show|Give me|Display] [the |]{c} of [all |the |]{n} " + words,
            c=plural(spoken(random, column)),
            n=some,
        )
    return text, f"SELECT {function}({column.name}) FROM {entity.name}{where(wheres)}"


def by_year(random: Random, world: World) -> Asked:
    entity = random.choice(world.entities)
    dates = entity.of("date")
    if not dates:
        return None
    column = random.choice(dates)
    part = random.choice(("YEAR", "YEAR", "MONTH"))
    expression = f"EXTRACT({part} FROM {column.name})"
    some, wheres = rows(random, entity, most=1)
    numbers = entity.of("number")
    when = (
        f"{part.lower()}"
        if len(dates) == 1 and random.random() < 0.5
        else f"{part.lower()} of {spoken(random, column)}"
    )
    if numbers and random.random() < 0.4:
        measure, function = random.choice(numbers), random.choice(("SUM", "AVG", "MAX"))
        text = say(
            random,
            "[What is the|Show the|Give me the|] "
            + AGGREGATES[function]
            + " {m} of {n} [per|by|for each] {w}",
            m=spoken(random, measure),
            n=some,
            w=when,
        ).strip()
        call = f"{function}({measure.name})"
    else:
        text = say(
            random,
            "[How many {n} are there [per|by|in each] {w}|Number of {n} [per|by|for each] {w}|Count the {n} [per|by] {w}]",
            n=some,
            w=when,
        )
        call = "COUNT(*)"
    return (
        text,
        f"SELECT {expression}, {call} FROM {entity.name}{where(wheres)} GROUP BY {expression}",
    )
