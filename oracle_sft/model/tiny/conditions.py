# ruff: noqa: E501 - a phrase of the grammar stays on one line
"""Which rows are meant, in words and as conditions of SQL."""

import datetime
import re
from random import Random

from oracle_sft.model.tiny.phrases import (
    MONTHS,
    date_literal,
    date_value,
    date_words,
    listing,
    literal,
    noun,
    number_value,
    number_words,
    say,
    spoken,
    text_words,
)
from oracle_sft.model.tiny.schemas import Entity, Field, text_value


def period(random: Random, column: str) -> tuple[str, str]:
    """A year, a quarter or a month in words and as a half-open range of `column`."""
    year = random.randint(1998, 2027)
    draw = random.random()
    if draw < 0.6:
        first, last, words = 1, 12, str(year)
    elif draw < 0.9:
        first = last = random.randint(1, 12)
        words = f"{MONTHS[first - 1]} {year}"
    else:
        quarter = random.randint(1, 4)
        first, last = 3 * quarter - 2, 3 * quarter
        words = say(
            random,
            "[Q{q} {y}|the {nth} quarter of {y}]",
            q=quarter,
            y=year,
            nth=("first", "second", "third", "fourth")[quarter - 1],
        )
    start = datetime.date(year, first, 1)
    end = datetime.date(year + (last == 12), last % 12 + 1, 1)
    return words, f"{column} >= {date_literal(start)} AND {column} < {date_literal(end)}"


def condition(random: Random, column: Field, alias: str = "") -> tuple[str, str]:
    """A phrase that follows the rows it describes, and its SQL.

    The SQL holds AND only for ranges, so it can be joined by AND but not negated or joined by OR.
    """
    name = f"{alias}.{column.name}" if alias else column.name
    words = spoken(random, column)
    nullable = column.kind not in ("key", "label")
    if nullable and random.random() < 0.1:
        return _null_condition(random, column, words, name)
    match column.kind:
        case "number":
            return _number_condition(random, column, words, name)
        case "date":
            return _date_condition(random, column, words, name)
        case "key" | "reference":
            return _key_condition(random, column, words, name)
    return _text_condition(random, column, words, name)


def _null_condition(random: Random, column: Field, words: str, name: str) -> tuple[str, str]:
    if random.random() < 0.65:
        if "isnull" in column.phrases and random.random() < 0.6:
            return random.choice(column.phrases["isnull"]), f"{name} IS NULL"
        text = (
            "[without a|without any|with no|that have no|lacking a|that do not have a] {w}"
            if random.random() < 0.6
            else "[whose|where the] {w} is [missing|empty|unknown|not set|not known|null|not given]"
        )
        return say(random, text, w=words), f"{name} IS NULL"
    if "notnull" in column.phrases and random.random() < 0.6:
        return random.choice(column.phrases["notnull"]), f"{name} IS NOT NULL"
    text = "[that have a {w}|with a {w}|with a known {w}|whose {w} is known|whose {w} is set|where the {w} is not empty]"
    return say(random, text, w=words), f"{name} IS NOT NULL"


_COMPARED = {
    ">": (
        "with a {w} [above|over|greater than|of more than|higher than] {v}",
        "whose {w} [is above|exceeds|is more than|is greater than|is higher than|is over] {v}",
        "where {w} [is over|is above|is more than|>] {v}",
        "with [more than|over] {v} {w}",
    ),
    "<": (
        "with a {w} [below|under|less than|of less than|lower than|smaller than] {v}",
        "whose {w} [is below|is less than|is under|is lower than|is smaller than] {v}",
        "where {w} [is under|is below|is less than|<] {v}",
        "with [less than|under] {v} {w}",
    ),
    ">=": (
        "with a {w} of [at least {v}|{v} or more|no less than {v}]",
        "whose {w} is [at least {v}|{v} or more|not below {v}|greater than or equal to {v}]",
        "where {w} [is at least|>=] {v}",
        "with at least {v} {w}",
    ),
    "<=": (
        "with a {w} of [at most {v}|{v} or less|no more than {v}]",
        "whose {w} is [at most {v}|{v} or less|not above {v}|not more than {v}]",
        "where {w} [is at most|<=] {v}",
        "with at most {v} {w}",
    ),
    "=": (
        "with a {w} of [{v}|exactly {v}]",
        "whose {w} [is|equals|is exactly] {v}",
        "[where|whose] {w} [=|is|is equal to] {v}",
        "with {w} {v}",
    ),
    "<>": (
        "whose {w} [is not|differs from|is other than|is different from] {v}",
        "with a {w} other than {v}",
    ),
}


def _number_condition(random: Random, column: Field, words: str, name: str) -> tuple[str, str]:
    draw = random.random()
    if draw < 0.12:
        low, high = sorted((number_value(random), number_value(random)), key=float)
        text = say(
            random,
            "[with a {w} between {a} and {b}|whose {w} is between {a} and {b}|with {w} from {a} to {b}"
            "|whose {w} lies between {a} and {b}|with a {w} of {a} to {b}]",
            w=words,
            a=number_words(random, low),
            b=number_words(random, high),
        )
        return text, f"{name} BETWEEN {low} AND {high}"
    value = number_value(random)
    shown = number_words(random, value)
    operator = random.choice((">", ">", ">", "<", "<", "<", ">=", "<=", "=", "<>"))
    special = column.phrases.get({">": "gt", "<": "lt", "=": "eq"}.get(operator, ""))
    if special and random.random() < 0.6:
        return random.choice(special).replace("~", shown), f"{name} {operator} {value}"
    text = say(random, random.choice(_COMPARED[operator]), w=words, v=shown)
    return text, f"{name} {operator} {value}"


def _date_condition(random: Random, column: Field, words: str, name: str) -> tuple[str, str]:
    draw = random.random()
    day = date_value(random)
    if draw < 0.35:
        when, sql = period(random, name)
        special = column.phrases.get("during")
        if special and random.random() < 0.7:
            return random.choice(special).replace("~", when), sql
        text = "[with a {w} in {v}|whose {w} is in {v}|whose {w} was in {v}|with {w} in {v}|whose {w} falls in {v}]"
        return say(random, text, w=words, v=when), sql
    if draw < 0.5:
        other = date_value(random)
        day, other = min(day, other), max(day, other)
        text = say(
            random,
            "[with a {w} between {a} and {b}|whose {w} is between {a} and {b}|with {w} from {a} to {b}]",
            w=words,
            a=date_words(random, day),
            b=date_words(random, other),
        )
        return text, f"{name} BETWEEN {date_literal(day)} AND {date_literal(other)}"
    shown = date_words(random, day)
    operator = random.choice((">", ">", "<", "<", ">=", "<="))
    special = column.phrases.get({">": "after", "<": "before"}.get(operator, ""))
    if special and random.random() < 0.7:
        return random.choice(special).replace("~", shown), f"{name} {operator} {date_literal(day)}"
    text = {
        ">": "[with a {w} after {v}|whose {w} is after {v}|whose {w} is later than {v}|with {w} after {v}]",
        "<": "[with a {w} before {v}|whose {w} is before {v}|whose {w} is earlier than {v}|with {w} before {v}]",
        ">=": "[with a {w} on or after {v}|whose {w} is {v} or later|with {w} since {v}|whose {w} is not before {v}]",
        "<=": "[with a {w} on or before {v}|whose {w} is {v} or earlier|with {w} up to {v}|whose {w} is not after {v}]",
    }[operator]
    return say(random, text, w=words, v=shown), f"{name} {operator} {date_literal(day)}"


def _key_condition(random: Random, column: Field, words: str, name: str) -> tuple[str, str]:
    value = str(random.randint(1, 9999))
    if random.random() < 0.15:
        values = [str(random.randint(1, 9999)) for _ in range(random.choice((2, 3)))]
        text = say(
            random, "[with {w} in|whose {w} is one of|with {w} among|where the {w} is] ", w=words
        )
        return text + listing(
            values, random.choice(("and", "or"))
        ), f"{name} IN ({', '.join(values)})"
    if column.kind == "key":
        text = "[with {w} {v}|whose {w} is {v}|number {v}|with number {v}|with id {v}]"
    else:
        text = "[of|for|belonging to|from|with] {w} [{v}|number {v}|{v}|no. {v}]"
    return say(random, text, w=words, v=value), f"{name} = {value}"


def _text_condition(random: Random, column: Field, words: str, name: str) -> tuple[str, str]:
    if column.pool == "flag":
        sure = random.random() < 0.6
        special = column.phrases["yes" if sure else "no"]
        if random.random() < 0.8:
            return random.choice(special), f"{name} = '{'Y' if sure else 'N'}'"
    draw = random.random()
    if draw < 0.16 and column.pool not in ("flag", "grade", "size"):
        return _like_condition(random, column, words, name)
    if draw < 0.26 and column.pool != "flag":
        values = list(
            dict.fromkeys(text_value(random, column.pool) for _ in range(random.choice((2, 2, 3))))
        )
        shown = listing([text_words(random, value) for value in values], "or")
        if "eq" in column.phrases and random.random() < 0.5:
            text = random.choice(column.phrases["eq"]).replace("~", shown)
        else:
            text = say(
                random,
                "[whose {w} is|with {w}|whose {w} is either|with a {w} of] {v}",
                w=words,
                v=shown,
            )
        if len(values) == 1:
            return text, f"{name} = {literal(values[0])}"
        negated = random.random() < 0.15
        if negated:
            text = say(
                random,
                "[whose {w} is neither|whose {w} is not one of|whose {w} is not] {v}",
                w=words,
                v=shown,
            )
        return text, f"{name} {'NOT ' if negated else ''}IN ({', '.join(map(literal, values))})"
    value = text_value(random, column.pool)
    shown = text_words(random, value)
    if draw < 0.36:
        text = "[whose {w} is not {v}|with a {w} other than {v}|whose {w} is different from {v}|where {w} is not {v}]"
        return say(random, text, w=words, v=shown), f"{name} <> {literal(value)}"
    if draw < 0.38:
        function = random.choice(("UPPER", "LOWER"))
        text = say(
            random,
            "[whose {w} is {v}|with {w} {v}] [ignoring case|in any case|regardless of case]",
            w=words,
            v=shown,
        )
        value = value.upper() if function == "UPPER" else value.lower()
        return text, f"{function}({name}) = {literal(value)}"
    if "eq" in column.phrases and random.random() < 0.6:
        return random.choice(column.phrases["eq"]).replace("~", shown), f"{name} = {literal(value)}"
    text = say(random, random.choice(_COMPARED["="][1:]), w=words, v=shown)
    return text, f"{name} = {literal(value)}"


def _like_condition(random: Random, column: Field, words: str, name: str) -> tuple[str, str]:
    value = text_value(random, column.pool).split()[0].replace("_", "")
    cut = random.randint(1, min(5, len(value)))
    where = random.choice(("start", "start", "end", "in"))
    part = value[:cut] if where == "start" else value[-cut:]
    pattern = {"start": f"{part}%", "end": f"%{part}", "in": f"%{part}%"}[where]
    text = {
        "start": "whose {w} [starts with|begins with] {v}",
        "end": "whose {w} [ends with|ends in] {v}",
        "in": "[whose {w} contains|with|whose {w} includes] {v}[| in the {w}]",
    }[where]
    text = say(random, text, w=words, v=text_words(random, part))
    if where == "in" and text.startswith("with ") and "in the" not in text:
        text += f" in the {words}"
    if random.random() < 0.08:
        return text.replace("whose", "except those whose", 1), f"{name} NOT LIKE {literal(pattern)}"
    return text, f"{name} LIKE {literal(pattern)}"


def adjective(random: Random, entity: Entity, alias: str = "") -> tuple[str, str] | None:
    """A word before the rows (`shipped orders`) and its SQL, where a column gives one."""
    known = [c for c in entity.of("text") if "adj" in c.phrases or "adjyes" in c.phrases]
    if not known:
        return None
    column = random.choice(known)
    name = f"{alias}.{column.name}" if alias else column.name
    if "adjyes" in column.phrases:
        return column.phrases["adjyes"][0], f"{name} = 'Y'"
    value = text_value(random, column.pool)
    return value, f"{name} = {literal(value)}"


def rows(
    random: Random, entity: Entity, alias: str = "", *, most: int = 2, least: int = 0
) -> tuple[str, list[str]]:
    """Some rows of `entity` in words, and their conditions (to be joined by AND)."""
    wanted = random.randint(least, most)
    text = noun(random, entity)
    said: list[str] = []
    wheres: list[str] = []
    if wanted and random.random() < 0.3 and (found := adjective(random, entity, alias)):
        text = f"{found[0]} {text}"
        wheres.append(found[1])
    columns = [
        c
        for c in entity.fields
        if c.kind != "key" and not (c.kind == "reference" and random.random() < 0.7)
    ]
    columns = [c for c in columns if not any(re.search(rf"\b{c.name}\b", sql) for sql in wheres)]
    random.shuffle(columns)
    for column in columns[: wanted - len(wheres)]:
        phrase, sql = condition(random, column, alias)
        said.append(phrase)
        wheres.append(sql)
    if (
        len(said) == 2
        and random.random() < 0.25
        and len(wheres) == 2
        and not any(" AND " in sql for sql in wheres)
    ):
        return f"{text} {said[0]} or {said[1]}", [f"{wheres[0]} OR {wheres[1]}"]
    return " ".join([text, *([" and ".join(said)] if said else [])]), wheres


def where(wheres: list[str]) -> str:
    if not wheres:
        return ""
    if len(wheres) > 1:
        wheres = [f"({sql})" if " OR " in sql else sql for sql in wheres]
    return " WHERE " + " AND ".join(wheres)
