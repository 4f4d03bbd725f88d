"""Oracle's lax JSON syntax in a literal: names without quotes, apostrophes, TRUE, .5 and 05."""

import json
import re

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<single>'(?:[^'\\]|\\.)*')
    | (?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_$][\w$]*)
    | (?P<op>[\[\]{},:])
    )""",
    re.VERBOSE,
)


def strict(text: str) -> str:
    """The same document in strict syntax; text that is no document even in lax syntax, as it is."""
    try:
        json.loads(text)
    except ValueError:
        return _rewritten(text) or text
    return text


def _rewritten(text: str) -> str:
    """'' for what is not understood."""
    pieces: list[str] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            return ""
        position = match.end()
        following = text[position:].lstrip()[:1]
        piece = _strict_token(match, is_name=following == ":")
        if not piece:
            return ""
        if piece in ("]", "}") and pieces and pieces[-1] == ",":
            pieces.pop()
        pieces.append(piece)
    made = "".join(pieces)
    try:
        json.loads(made)
    except ValueError:
        return ""
    return made


def _strict_token(match: re.Match[str], *, is_name: bool) -> str:
    kind = match.lastgroup
    assert kind is not None
    text = match[kind]
    if kind == "single":
        inner = text[1:-1]
        return "" if "\\" in inner else json.dumps(inner, ensure_ascii=False)
    if kind == "word":
        if is_name:
            return f'"{text}"'
        return text.lower() if text.lower() in ("true", "false", "null") else ""
    if kind == "number":
        return _strict_number(text)
    return text


def _strict_number(text: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if digits.startswith("."):
        digits = f"0{digits}"
    digits = re.sub(r"^0+(?=\d)", "", digits)
    return sign + re.sub(r"\.(?!\d)", "", digits)
