"""How a statement opens, and how prose with the same first words does not."""

import re
from collections.abc import Sequence

_OBJECT = (
    r"(?:TABLE|VIEW|INDEX|USER|ROLE|SEQUENCE|SYNONYM|TRIGGER|PROCEDURE|FUNCTION|PACKAGE|TYPE"
    r"|MATERIALIZED|DATABASE|DIRECTORY|PROFILE|TABLESPACE)"
)
# What a statement looks like, and prose with the same first word does not.
STATEMENT = re.compile(
    rf"""
    (?: SELECT\b
      | WITH \s{{1,200}} (?: "[^"]{{1,128}}" | \w[\w$\#]{{0,128}} ) \s{{0,200}}
        (?: \([\w$\#",\s]{{0,2000}}\) \s{{0,200}} )? AS \s{{0,200}} \(
      | WITH \s+ (?:FUNCTION|PROCEDURE) \s+ \w
      | \( [\s(]{{0,200}} (?:SELECT|WITH)\b
      | DELETE \s+ FROM \s+ (?!(?:the|your|this|that|our|a|an|any|all)\b) [\w"(]
      | DELETE \s+ \w+ \s+ WHERE \s
      | UPDATE \s+ [\w$\#."]{{1,300}} (?: \s+ \w{{1,128}} )? \s+ SET \s
      | INSERT \s+ (?:INTO|ALL|FIRST) \s
      | MERGE \s+ INTO \s
      | TRUNCATE \s+ (?:TABLE|CLUSTER) \s
      | DROP \s+ {_OBJECT} \s
      | ALTER \s+ (?: SESSION | SYSTEM | {_OBJECT} ) \s
      | CREATE \s+ (?: OR \s+ REPLACE | GLOBAL | PRIVATE | UNIQUE | BITMAP | PUBLIC | {_OBJECT} ) \s
      | (?: GRANT | REVOKE ) \s+ [\w\s,]{{1,300}}? \s (?: ON | TO | FROM ) \s
      | DECLARE \s+ \w (?= [^;]{{0,5000}}; ) | BEGIN \s+ [\w<:"] (?= [^;]{{0,5000}}; )
      | CALL \s+ [\w.]{{1,300}} \s{{0,20}} \(
      | EXEC(?:UTE)? \s+ (?: IMMEDIATE \s | [\w.]{{1,300}} [ \t]{{0,20}} (?: [(;] | \s{{0,20}} \Z ) )
      | (?: COMMIT | ROLLBACK ) \s{{0,20}} (?: ; | \Z )
      | LOCK \s+ TABLE \s | EXPLAIN \s+ PLAN \s | PURGE \s+ (?:TABLE|INDEX|RECYCLEBIN|DBA_)
      | RENAME \s+ \S{{1,128}} \s+ TO \s | COMMENT \s+ ON \s+ (?:TABLE|COLUMN) \s
      | FLASHBACK \s+ (?:TABLE|DATABASE) \s | ANALYZE \s+ (?:TABLE|INDEX) \s
      | SET \s+ (?:ROLE|TRANSACTION|CONSTRAINTS?) \s | (?:NO)?AUDIT \s+ (?:POLICY|ALL|{_OBJECT}) \s
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIRST_WORDS = (
    "SELECT WITH DELETE UPDATE INSERT MERGE TRUNCATE DROP ALTER CREATE GRANT REVOKE DECLARE BEGIN"
    " CALL EXEC EXECUTE COMMIT ROLLBACK LOCK EXPLAIN PURGE RENAME COMMENT FLASHBACK ANALYZE AUDIT"
    " NOAUDIT SET".split()
)


def _word_pattern(words: Sequence[str]) -> str:
    """Any of the words; begins with a set of characters, by which `re` skips most of a text."""
    ends: dict[str, list[str]] = {}
    for word in words:
        ends.setdefault(word[0], []).append(word[1:])
    letters = "".join(ends)
    tails = "|".join(f"(?<={first})(?:{'|'.join(rest)})" for first, rest in ends.items())
    return (
        rf"[{letters}{letters.lower()}](?=[A-Za-z]{{2}})(?<![A-Za-z0-9_$#.`].)"
        rf"(?i:{tails})(?![A-Za-z0-9_$#])"
    )


START = re.compile(_word_pattern(_FIRST_WORDS))
# What SQL*Plus would run beside the statement; talk does not look like it.
COMMAND = re.compile(
    r"(?:SHUTDOWN|STARTUP|HOST\s+\S|CONNECT\s+\S+[/@]|DESC(?:RIBE)?\s+\w+\s*(?:;|\n|\Z)|@\S|!\w)",
    re.IGNORECASE,
)
PROGRAM = re.compile(
    r"(?:BEGIN|DECLARE|WITH\s+(?:FUNCTION|PROCEDURE)"
    r"|CREATE\s+(?:OR\s+REPLACE\s+)?(?:\w+\s+)?(?:FUNCTION|PROCEDURE|PACKAGE|TRIGGER|TYPE))\b",
    re.IGNORECASE,
)

_LEADING = re.compile(r"(?:\s|--[^\n]*+(?:\n|\Z)|(?>/\*.*?\*/))++", re.DOTALL)


def statement_start(text: str) -> int:
    """Where the text begins behind blanks and comments."""
    leading = _LEADING.match(text)
    return leading.end() if leading else 0


def begins_statement(text: str) -> bool:
    """Whether the text begins like a statement, behind its comments."""
    return STATEMENT.match(text, statement_start(text)) is not None
