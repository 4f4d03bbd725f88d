"""The conversations of a file: JSONL, or one JSON list, as chat exports are; and what each says of itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from oracle_sft.config.data import ConversationsDataConf, FollowUps
from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Found, Unread
from oracle_sft.pairs.readers.files import files_of
from oracle_sft.pairs.readers.jsonl import object_lines
from oracle_sft.pairs.readers.lists import is_list, items
from oracle_sft.pairs.readers.marks import mark_of
from oracle_sft.pairs.readers.pairing import Session, pairs_of
from oracle_sft.pairs.readers.times import instant
from oracle_sft.pairs.readers.turns import (
    LISTS,
    Malformed,
    Turn,
    session_of,
    text_key,
    time_of,
    turns_of,
    unwrapped,
)

WANTED = "messages or turns"
"""What an object of these files should have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a session becomes pairs."""

    follow_ups: FollowUps
    earlier_questions: int
    require_accepted: bool
    zone: tzinfo | None
    """Of times that name none."""
    source: str = ""
    """Provenance of what does not name its own; empty: the config's."""

    @classmethod
    def of(cls, conf: ConversationsDataConf, *, source: str = "") -> "Rules":
        """What a config says."""
        return cls(
            follow_ups=conf.follow_ups,
            earlier_questions=conf.earlier_questions,
            require_accepted=conf.require_accepted,
            zone=ZoneInfo(conf.zone) if conf.zone else None,
            source=source,
        )


def records(path: Path) -> Iterator[tuple[str, dict[str, Any] | Unread, bytes]]:
    """The objects of a file, or of the files of a folder in the order of their names, each with its place and text.

    Raises:
        UserError: a file cannot be read, is a JSON list that is cut or damaged, or the folder holds none.
    """
    for file in files_of(path, ".json", ".jsonl", ".ndjson"):
        yield from (items if is_list(file) else object_lines)(file, wanted=WANTED)


def listed_turns(said: Mapping[str, Any]) -> list[Any] | None:
    """The list of turns in an object; None where it has none."""
    return next((said[key] for key in LISTS if isinstance(said.get(key), list)), None)


def read_conversation(
    said: Mapping[str, Any], listed: list[Any], where: str, rules: Rules
) -> Iterator[Found]:
    """The pairs of an object that holds a whole session."""
    turns: list[Turn] = []
    place = where
    try:
        session = session_said(said, rules)
        for number, entry in enumerate(listed, 1):
            place = f"{where} turn {number}"
            turns += turns_of(entry, place)
    except Malformed as error:
        yield unreadable(place, error, said)
        return
    if not turns:
        yield Unread(where=where, reason="a conversation without turns", is_fault=False)
        return
    yield from read_session(turns, session, rules)


def unreadable(where: str, error: Malformed, said: object) -> Unread:
    """A turn that cannot be read, and with it its session: what is not understood may take an answer back."""
    reason = f"{error}; nothing of its session is taken"
    return Unread(where=where, reason=reason, text=str(said)[:SHOWN_CHARS])


def session_said(said: Mapping[str, Any], rules: Rules, session_id: str = "") -> Session:
    """What a session says of itself.

    Raises:
        Malformed: a value has another type than it must have.
    """
    provenance = said.get("provenance") or {}
    if not isinstance(provenance, dict):
        raise Malformed(f"provenance is {str(provenance)[:80]!r}; it must be an object")
    said = unwrapped(said)
    known = {
        "source_session_id": session_id or session_of(said, "id"),
        "source": rules.source,
        "model": said.get("model"),
        "timestamp": instant(time_of(said), rules.zone),
    }
    return Session(
        provenance={key: value for key, value in known.items() if value} | provenance,
        schema_id=text_key(said, "schema_id"),
        ddl=text_key(said, "ddl"),
        evidence=text_key(said, "evidence"),
        mark=mark_of(said),
    )


def read_session(turns: list[Turn], session: Session, rules: Rules) -> Iterator[Found]:
    """The pairs of a session's turns, in their order."""
    timed = [replace(turn, time=instant(turn.time, rules.zone)) for turn in turns]
    yield from pairs_of(
        timed,
        session,
        follow_ups=rules.follow_ups,
        earlier_questions=rules.earlier_questions,
        require_accepted=rules.require_accepted,
    )
