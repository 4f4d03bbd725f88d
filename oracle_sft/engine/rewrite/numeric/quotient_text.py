"""The text of a quotient: all the digits that Oracle keeps of it, 20 to the base 100.

Long division in 128 bits, 18 decimals at a time; for the few rows that are shown, not for millions.
"""

import re

from oracle_sft.engine.rewrite.terms import MAX_PRECISION, VARCHAR2, Term, failing, quoted

_CHUNK = 18
_CHUNKS = 3
_STEP = 10**_CHUNK
_DECIMALS = _CHUNK * _CHUNKS
_MOST_SHOWN = 40
_TOO_LONG = "unsupported: the text of a number with more than 40 places"


def is_possible(left: Term, right: Term) -> bool:
    """Whether the digits of both fit into 128 bits, with 18 zeros behind those of the divisor."""
    if left.type.binary or right.type.binary or not (left.type.exact and right.type.exact):
        return False
    scale = max(left.type.scale, right.type.scale)
    missing = [scale - term.type.scale for term in (left, right)]
    return (
        left.type.precision + missing[0] <= MAX_PRECISION
        and right.type.precision + missing[1] <= _CHUNK
    )


def written(left: Term, right: Term, zero: str) -> Term:
    """TO_CHAR(left / right); `zero` is the message for a divisor of zero."""
    scale = max(left.type.scale, right.type.scale)
    numerator, divisor = (_unscaled(term, scale) for term in (left, right))
    message = failing(zero, "DOUBLE")
    steps = [
        {"n": numerator, "d": divisor},
        {"s": "($n < 0) <> ($d < 0)", "m": "abs($n)", "e": "nullif(abs($d), 0)"},
        {"q": "$m // $e", "r": "$m % $e"},
        {"a": f"$r * {_STEP}::HUGEINT // $e", "x": f"$r * {_STEP}::HUGEINT % $e"},
        {"b": f"$x * {_STEP}::HUGEINT // $e", "y": f"$x * {_STEP}::HUGEINT % $e"},
        {"g": f"$y * {_STEP}::HUGEINT // $e"},
        {"f": f"{_digits('$a')} || {_digits('$b')} || {_digits('$g')}"},
        {"p": _NUM_KEPT},
        {
            "h": "left($f, least($p, 20))",
            "l": "substring($f, 21, greatest($p - 20, 0))",
            "u": "(CASE WHEN substring($f, $p + 1, 1) >= '5' THEN 1 ELSE 0 END)",
        },
        {"i": "CAST(concat('0', $l) AS HUGEINT) + $u"},
        {"c": _carry("$i", "$l", "$u")},
        {"j": "CAST(concat('0', $h) AS HUGEINT) + $c"},
        {"w": f"$q + {_carry('$j', '$h', '$c')}", "t": _SHOWN_DECIMALS},
    ]
    body = (
        f"(CASE WHEN $n IS NULL OR $d IS NULL THEN NULL "
        f"WHEN $d = 0 THEN CAST({message} AS VARCHAR) ELSE {_TEXT} END)"
    )
    return Term(_in_turn(steps, body), VARCHAR2)


def _in_turn(steps: list[dict[str, str]], body: str) -> str:
    """The body over the fields of all steps, each of which may use those of the ones before it.

    One list_transform over the other: inside of one another they take DuckDB exponential time.
    """
    known: list[str] = []
    sql = ""
    for step in steps:
        fields = [f"'{name}': ${name}" for name in known]
        fields += [f"'{name}': {value}" for name, value in step.items()]
        row = f"{{{', '.join(fields)}}}"
        sql = f"list_transform({sql}, lambda v: {_read(row)})" if sql else f"[{row}]"
        known += step
    return f"list_transform({sql}, lambda v: {_read(body)})[1]"


def _read(sql: str) -> str:
    return re.sub(r"\$([a-z]\b)", r"v.\1", sql)


def _unscaled(term: Term, scale: int) -> str:
    """The whole number that the term is, with the point moved behind so many decimals."""
    digits = f"CAST({term.sql} AS DECIMAL(38,{term.type.scale}))"
    if term.type.scale:
        digits = f"replace(CAST({digits} AS VARCHAR), '.', '')"
    missing = 10 ** (scale - term.type.scale)
    return f"(CAST({digits} AS HUGEINT) * {missing}::HUGEINT)"


def _digits(number: str) -> str:
    return f"lpad(CAST({number} AS VARCHAR), {_CHUNK}, '0')"


# Pairs of digits begin at the point, in both directions: 20 pairs from the first one that is not 00.
_NUM_KEPT = (
    "(CASE WHEN $q > 0 THEN 40 - 2 * ((length(CAST($q AS VARCHAR)) + 1) // 2) "
    f"ELSE 40 + 2 * (({_DECIMALS} - length(ltrim($f, '0'))) // 2) END)"
)


def _carry(total: str, digits: str, without: str) -> str:
    """1 where adding to the digits made one more of them."""
    longer = f"length(CAST({total} AS VARCHAR)) > length({digits})"
    return f"(CASE WHEN {digits} = '' THEN {without} WHEN {longer} THEN 1 ELSE 0 END)"


def _filled(total: str, digits: str) -> str:
    """The digits after the addition, as many as before; the carried one is left out."""
    return f"right(lpad(CAST({total} AS VARCHAR), CAST(length({digits}) + 1 AS INTEGER), '0'), length({digits}))"


_SHOWN_DECIMALS = f"rtrim(concat({_filled('$j', '$h')}, {_filled('$i', '$l')}), '0')"
_TEXT = (
    f"(CASE WHEN length($t) + (CASE WHEN $w = 0 THEN 0 ELSE length(CAST($w AS VARCHAR)) END) > {_MOST_SHOWN} "
    f"THEN error({quoted(_TOO_LONG)}) WHEN $w = 0 AND $t = '' THEN '0' "
    "ELSE concat(CASE WHEN $s THEN '-' END, CASE WHEN $w > 0 THEN CAST($w AS VARCHAR) END, "
    "CASE WHEN $t <> '' THEN '.' END, $t) END)"
)
