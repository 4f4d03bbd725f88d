"""Rules about the characters of a text, before anyone reads it as SQL."""

import re
import unicodedata
from collections.abc import Iterator

from oracle_sft.sqltext.findings import Finding, GuardrailPolicy
from oracle_sft.sqltext.lexer import Token

# Half of a surrogate pair is no character: it cannot be sent anywhere.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r(?!\n)")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LETTERS_OF_OTHER_SCRIPTS = re.compile("[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff]")
_ASCII_LETTER = re.compile("[A-Za-z]")
_WIDE_OR_MATHEMATICAL = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff]")
_MODIFIER_LETTERS = re.compile("[\u02b0-\u02ff]")  # apostrophes among them


def size(text: str, policy: GuardrailPolicy) -> Iterator[Finding]:
    """`length`: no more characters than the policy allows."""
    if len(text) > policy.max_chars:
        yield Finding(
            "length",
            "unsafe",
            f"{len(text)} characters; the policy allows {policy.max_chars}",
            (policy.max_chars, len(text)),
        )


def control_characters(text: str) -> Iterator[Finding]:
    """`control_character`: no NUL, no lone CR and no other control character, not even in literals.

    Layers disagree on them: some stop reading at NUL, and CR ends a line for some only.
    """
    for match in _CONTROL.finditer(text):
        yield Finding(
            "control_character",
            "unsafe",
            f"control character U+{ord(match.group()[0]):04X}; remove it",
            match.span(),
        )
        return


def bidi_controls(text: str) -> Iterator[Finding]:
    """`bidi_control`: nothing that shows a reviewer another order than Oracle reads."""
    match = _BIDI.search(text)
    if match:
        yield Finding(
            "bidi_control",
            "unsafe",
            f"direction control U+{ord(match.group()):04X}; remove it",
            match.span(),
        )


def odd_characters(tokens: list[Token]) -> Iterator[Finding]:
    """`odd_character`: outside of literals only characters that Oracle reads as they look.

    Refused are invisible characters, blanks and quotes that are none to Oracle, compatibility
    letters (full-width, mathematical) and words that mix Latin with Greek or Cyrillic letters.
    """
    for token in tokens:
        text = token.text
        if text.isascii() or token.kind == "string":
            continue
        what = ""
        if token.kind == "comment":
            if "\u2028" in text or "\u2029" in text or "\x85" in text:
                what = "a line end that is none to Oracle"
        elif token.kind == "op":
            what = f"{unicodedata.name(text[0], 'a character')} where Oracle knows no such sign"
        elif any(unicodedata.category(character) in ("Cf", "Zl", "Zp") for character in text):
            what = "an invisible character in a name"
        elif token.kind == "quoted":
            if _WIDE_OR_MATHEMATICAL.search(text):
                what = "compatibility characters in a name"
        elif token.kind == "number":
            what = "digits that are none to Oracle"
        else:
            what = _odd_word(text)
        if what:
            yield Finding(
                "odd_character", "unsafe", f"{what}: {text[:30]!r}", (token.start, token.end)
            )
            return


def _odd_word(word: str) -> str:
    if unicodedata.normalize("NFKC", word) != unicodedata.normalize("NFC", word):
        return "compatibility characters, which may become other letters"
    if _ASCII_LETTER.search(word) and _LETTERS_OF_OTHER_SCRIPTS.search(word):
        return "letters of two scripts in one word"
    if any(not character.isascii() and _other(character).isascii() for character in word):
        return "a letter that may become an ASCII one"
    if _MODIFIER_LETTERS.search(word):
        return "a sign that looks like an apostrophe"
    return ""


def _other(character: str) -> str:
    """What case or normalisation may make of a character: K of the Kelvin sign, I of dotless i."""
    upper = character.upper()
    return unicodedata.normalize("NFKC", upper) if len(upper) == 1 else character
