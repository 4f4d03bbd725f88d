"""Words of questions and of names in one form, so that the one can be found in the other."""

import re
import unicodedata

_PART = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_VOWELS = frozenset("aeiou")
_SHORTEST_STEM = 3
_SHORTEST_PREFIX = 3
_SHARED_LETTERS, _SHARED_PART = 5, 0.6

SAYS_NOTHING = frozenset(
    """a about above all also am an and any are as ask at be been below best between but by can could count
    did do does each every few fewer find first for from get give given had has have having he her his how i
    if in into is it its just last least less list many may me more most much my need no not of on one only or
    our out over per please return shall she should show so some such take tell than that the their them then
    there these they this those to too under up us want was we were what when where which while who whom whose
    why will with within without would you your""".split()
)
"""Words of a question that name nothing, as they stand."""


def words(text: str) -> list[str]:
    """The words of a question, or the parts of a name (`ORDER_ITEMS`, `orderItems`), lower case and in order.

    Digits and signs part words and are no words.
    """
    text = unicodedata.normalize("NFKC", text)
    if not text.isupper():
        text = _CAMEL.sub(" ", text)
    return _PART.findall(text.casefold())


def stems(text: str) -> list[str]:
    """The same, each word as its stem."""
    return [stem(word) for word in words(text)]


def stem(word: str) -> str:
    """What forms of an English word have in common: `deliveries` and `delivery`, `shipped` and `shipment`.

    A few endings are cut off, and no dictionary is asked; other languages lose little by it.
    """
    if len(word) <= _SHORTEST_STEM or not word.isascii():
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    for ending in ("ment", "ing", "ed", "er"):
        rest = word.removesuffix(ending)
        shortest = _SHORTEST_STEM + (ending == "er")
        if rest != word and len(rest) >= shortest and not _VOWELS.isdisjoint(rest):
            word = rest[:-1] if _is_doubled(rest) else rest
            break
    return word[:-1] if len(word) > _SHORTEST_STEM and word.endswith("e") else word


def likeness(word: str, term: str) -> float:
    """How surely two different stems, which begin with the same letter, mean the same word: 0 to 1.

    One may be the other's abbreviation (`qty`, `dept`, `cust`), or they share most of their letters from the start.
    """
    short, long = sorted((word, term), key=len)
    shared = _shared_prefix(short, long)
    if shared == len(short) and shared >= _SHORTEST_PREFIX + (short == word):
        return 0.6
    if len(long) - len(short) >= 2 and len(short) >= _SHORTEST_PREFIX and shared < len(short):
        rest = short[shared:]
        if _VOWELS.isdisjoint(rest) and _is_within(rest, long[shared:]):
            return 0.6
    if shared >= _SHARED_LETTERS and shared >= _SHARED_PART * len(long):
        return 0.4
    return 0.0


def _is_doubled(word: str) -> bool:
    return len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "ls"


def _shared_prefix(one: str, other: str) -> int:
    shared = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        shared += 1
    return shared


def _is_within(letters: str, word: str) -> bool:
    """Whether all letters stand in the word, in their order."""
    rest = iter(word)
    return all(letter in rest for letter in letters)
