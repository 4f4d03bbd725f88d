"""How people name rows, columns and values, and how they type a question."""

import datetime
import re
from random import Random

from oracle_sft.model.tiny.schemas import Entity, Field

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
MONTHS = (
    "January February March April May June July August September October November December".split()
)
_SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()


def say(random: Random, template: str, **slots: object) -> str:
    """`template` with one of `[a|b]` chosen for each bracket (they may nest) and `{slot}` filled in."""
    text = template
    while "[" in text:  # the inner brackets first
        text = _CHOICE.sub(lambda match: random.choice(match[1].split("|")), text)
    for name, value in slots.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def plural(words: str) -> str:
    if words.endswith("y") and words[-2] not in "aeiou":
        return words[:-1] + "ies"
    if words.endswith(("s", "x", "ch", "sh")):
        return words + "es"
    return words + "s"


def noun(random: Random, entity: Entity) -> str:
    """The rows of `entity`, in the plural."""
    if entity.synonyms and random.random() < 0.2:
        return random.choice(entity.synonyms)
    return entity.many


def spoken(random: Random, column: Field) -> str:
    if column.aliases and random.random() < 0.25:
        return random.choice(column.aliases)
    return column.words


def listing(parts: list[str], last: str = "and") -> str:
    if len(parts) == 1:
        return parts[0]
    return ", ".join(parts[:-1]) + f" {last} {parts[-1]}"


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def number_value(random: Random) -> str:
    draw = random.random()
    if draw < 0.35:
        return str(random.randint(1, 99))
    if draw < 0.6:
        return str(random.randint(1, 60) * random.choice((5, 10, 50, 100, 500, 1000)))
    if draw < 0.85:
        return str(random.randint(100, 9999))
    if draw < 0.95:
        return f"{random.randint(0, 99)}.{random.randint(1, 99):02d}".rstrip("0")
    return str(random.randint(10000, 999999))


def number_words(random: Random, value: str) -> str:
    if value.isdigit() and int(value) <= 12 and random.random() < 0.4:
        return _SMALL[int(value)]
    if value.isdigit() and int(value) >= 1000 and random.random() < 0.15:
        return f"{int(value):,}"
    return value


def text_words(random: Random, value: str) -> str:
    draw = random.random()
    return value if draw < 0.75 else f"'{value}'" if draw < 0.9 else f'"{value}"'


def date_value(random: Random) -> datetime.date:
    return datetime.date(random.randint(1998, 2027), random.randint(1, 12), random.randint(1, 28))


def date_words(random: Random, day: datetime.date) -> str:
    month = MONTHS[day.month - 1]
    if day.day == day.month == 1 and random.random() < 0.3:
        return f"the start of {day.year}"
    draw = random.random()
    if draw < 0.4:
        return day.isoformat()
    if draw < 0.6:
        return f"{day.day} {month} {day.year}"
    if draw < 0.8:
        return f"{month} {day.day}, {day.year}"
    if draw < 0.9:
        return f"{day.day} {month[:3]} {day.year}"
    return f"{day.year}/{day.month:02d}/{day.day:02d}"


def date_literal(day: datetime.date) -> str:
    return f"DATE '{day.isoformat()}'"


def finished(random: Random, question: str) -> str:
    """The question as somebody types it: with or without capitals, courtesy and a mark at its end."""
    asks = question.split(" ", 1)[0].lower() in _ASKING
    draw = random.random()
    if question.lower().startswith(_COMMANDS) and draw < 0.06:
        question = random.choice(
            ("please ", "Please ", "could you ", "Could you ", "can you ", "I want you to ")
        ) + (question[0].lower() + question[1:])
    elif draw < 0.03:
        question = random.choice(("Tell me: ", "Question: ", "hi, ")) + question
    if random.random() < 0.8:
        question = question[0].upper() + question[1:]
    draw = random.random()
    if asks:
        return question + ("?" if draw < 0.8 else "")
    return question + ("." if draw < 0.35 else "?" if draw < 0.38 else "")


_COMMANDS = ("list ", "show ", "give ", "display ", "find ", "get ", "count ", "compute ", "rank ")
_ASKING = frozenset("what which who how where when are is does do whose in for".split())
