"""Numbers in words, as the SP, TH and SPTH of a date format write them: DuckDB SQL."""

_UNITS = (
    "ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN "
    "SIXTEEN SEVENTEEN EIGHTEEN NINETEEN"
).split()
_TENS = "TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY".split()
_ORDINALS = {
    "ONE": "FIRST",
    "TWO": "SECOND",
    "THREE": "THIRD",
    "FIVE": "FIFTH",
    "EIGHT": "EIGHTH",
    "NINE": "NINTH",
    "TWELVE": "TWELFTH",
}
_BELOW_HUNDRED = _UNITS + [
    tens + (f"-{unit}" if unit != "ZERO" else "") for tens in _TENS for unit in _UNITS[:10]
]


def _ordinal(word: str) -> str:
    head, dash, last = word.rpartition("-")
    if last in _ORDINALS:
        return head + dash + _ORDINALS[last]
    return head + dash + (f"{last[:-1]}IETH" if last.endswith("Y") else f"{last}TH")


def _table(words: list[str]) -> str:
    return "[" + ",".join(f"'{word}'" for word in words) + "]"


_CARDINAL_TABLE = _table(_BELOW_HUNDRED)
_ORDINAL_TABLE = _table([_ordinal(word) for word in _BELOW_HUNDRED])


def words(number: str, most: int, *, ordinal: bool = False) -> str:
    """SQL of a whole number from 0 to `most` (below ten million) in upper-case words.

    `number` is SQL of an integer; it is written out several times.
    """
    last = _ORDINAL_TABLE if ordinal else _CARDINAL_TABLE
    if most < 100:
        return f"{last}[{number} + 1]"
    parts = []
    if most >= 1_000_000:
        parts.append(_group(f"({number} // 1000000)", "MILLION", f"{number} % 1000000", ordinal))
    if most >= 1_000:
        thousands = f"({number} // 1000 % 1000)"
        if most >= 100_000:
            hundreds = f"({thousands} // 100)"
            rest = f"{thousands} % 100"
            parts.append(
                f"CASE WHEN {hundreds} > 0 THEN {_CARDINAL_TABLE}[{hundreds} + 1] || ' HUNDRED'"
                f" || (CASE WHEN {rest} = 0 THEN {_end(' THOUSAND', f'{number} % 1000', ordinal)}"
                f" ELSE '' END) END"
            )
            parts.append(_group(f"({rest})", "THOUSAND", f"{number} % 1000", ordinal))
        else:
            parts.append(_group(thousands, "THOUSAND", f"{number} % 1000", ordinal))
    parts.append(_group(f"({number} // 100 % 10)", "HUNDRED", f"{number} % 100", ordinal))
    below = f"({number} % 100)"
    parts.append(f"CASE WHEN {below} > 0 OR {number} = 0 THEN {last}[{below} + 1] END")
    return f"concat_ws(' ', {', '.join(parts)})"


def _group(count: str, name: str, rest: str, ordinal: bool) -> str:
    return (
        f"CASE WHEN {count} > 0 THEN {_CARDINAL_TABLE}[{count} + 1] || "
        f"{_end(f' {name}', rest, ordinal)} END"
    )


def _end(name: str, rest: str, ordinal: bool) -> str:
    """The name of a power of ten, with TH where nothing follows it."""
    if not ordinal:
        return f"'{name}'"
    return f"(CASE WHEN {rest} = 0 THEN '{name}TH' ELSE '{name}' END)"


def year(number: str) -> str:
    """SQL of a year from 1100 to 2099 as YEAR writes it, NULL where that is not certain.

    Years are read in two pairs of digits, 2000 to 2009 as numbers.
    """
    century, rest = f"({number} // 100)", f"({number} % 100)"
    pairs = f"{_CARDINAL_TABLE}[{century} + 1] || ' ' || {_CARDINAL_TABLE}[{rest} + 1]"
    early = f"concat_ws(' ', 'TWO THOUSAND', CASE WHEN {rest} > 0 THEN {_CARDINAL_TABLE}[{rest} + 1] END)"
    return (
        f"CASE WHEN {number} BETWEEN 1110 AND 2099 AND {rest} >= 10 THEN {pairs} "
        f"WHEN {number} BETWEEN 2000 AND 2009 THEN {early} END"
    )


def ending(number: str) -> str:
    """SQL of TH, ST, ND or RD for a whole number."""
    return (
        f"(CASE WHEN {number} % 100 IN (11, 12, 13) THEN 'TH' WHEN {number} % 10 = 1 THEN 'ST' "
        f"WHEN {number} % 10 = 2 THEN 'ND' WHEN {number} % 10 = 3 THEN 'RD' ELSE 'TH' END)"
    )


def titled(text: str) -> str:
    """SQL of upper-case words with a capital only at the beginning of each."""
    parts = "list_transform(string_split({}, '{}'), lambda w: {})"
    one = "w[1] || lower(w[2:])"
    dashed = f"list_aggregate({parts.format('x', '-', one)}, 'string_agg', '-')"
    spaced = parts.format(text, " ", "").replace("lambda w: ", f"lambda x: {dashed}")
    return f"list_aggregate({spaced}, 'string_agg', ' ')"
