"""`data=trajectory`: logs of agents and assistants, a session an object or an event a line; see docs/pairs.md."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from oracle_sft.pairs.provenance.rules import is_instant
from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Found, Unread
from oracle_sft.pairs.readers.jsonl import object_of
from oracle_sft.pairs.readers.sessions import (
    WANTED,
    Rules,
    listed_turns,
    read_conversation,
    read_session,
    records,
    session_said,
    unreadable,
)
from oracle_sft.pairs.readers.shelf import Shelf
from oracle_sft.pairs.readers.times import instant
from oracle_sft.pairs.readers.turns import (
    Malformed,
    Turn,
    failed_step,
    is_turn,
    session_of,
    turns_of,
    unwrapped,
)

_OF_THE_SESSION = "schema_id ddl evidence provenance".split()
"""What an event that is no turn may say of its session."""
_JUDGES_THE_SESSION = "approved accepted excluded exclusion_reason rating feedback".split()
"""What only an event whose type names the session may say: others approve a step, as the use of a tool."""


@dataclass(slots=True)
class _Events:
    """The events of one session, which may stand between those of others."""

    turns: list[Turn] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    """By the keys above; the last word counts."""
    model: Any = None
    """Named by the last event that is no turn, for the turns behind it that name none."""
    is_broken: bool = False


def read(path: Path, rules: Rules) -> Iterator[Found]:
    """The pairs of each session, in the order in which the sessions begin.

    The events of sessions that come event by event stand on disk until the file's end, and are then read again,
    a session at a time.

    Raises:
        UserError: the file cannot be read.
        EnvironmentFault: the disk has no room for the events.
    """
    with closing(Shelf()) as shelf:
        for where, said, raw in records(path):
            if isinstance(said, Unread):
                yield said
                continue
            listed = listed_turns(said)
            if listed is not None:
                yield from read_conversation(said, listed, where, rules)
                continue
            session_id = session_of(unwrapped(said))
            if not session_id:
                reason = "neither a session with its turns nor an event with its session_id"
                yield Unread(where=where, reason=reason, text=str(said)[:SHOWN_CHARS])
                continue
            shelf.put(session_id, where, raw)
            yield from _event(said, where, _Events())
        for session_id, events in shelf.sessions():
            yield from _session(session_id, _events(events), rules)


def _events(listed: list[tuple[str, bytes]]) -> _Events:
    """What the events of a session say together; what is wrong with one of them has been said in the file's order."""
    events = _Events()
    for where, raw in listed:
        said = object_of(raw, where, WANTED)
        assert isinstance(said, dict)
        for _ in _event(said, where, events):
            pass
    return events


def _event(said: dict[str, Any], where: str, events: _Events) -> Iterator[Found]:
    if not is_turn(said):
        names_session = "session" in str(said.get("type")).lower()
        keys = [*_OF_THE_SESSION, *(_JUDGES_THE_SESSION if names_session else ())]
        events.said |= {key: said[key] for key in keys if said.get(key) is not None}
        events.model = said.get("model") or events.model
        if failed := failed_step(said, where):
            events.turns.append(failed)
            return
        reason = f"an event that is no turn ({str(said.get('type', 'without a type'))[:80]})"
        yield Unread(where=where, reason=reason, text=str(said)[:SHOWN_CHARS], is_fault=False)
        return
    try:
        for turn in turns_of(said, where):
            model = events.model if turn.model is None else turn.model
            events.turns.append(replace(turn, model=model))
    except Malformed as error:
        events.is_broken = True
        yield unreadable(where, error, said)


def _session(session_id: str, events: _Events, rules: Rules) -> Iterator[Found]:
    if not events.turns:
        return
    first = events.turns[0].where
    try:
        session = session_said(events.said, rules, session_id)
    except Malformed as error:
        yield unreadable(first, error, events.said)
        return
    if events.is_broken:
        reason = f"a turn of its session {session_id} cannot be read"
        for turn in events.turns:
            if turn.role == "user":
                yield Unread(
                    where=turn.where, reason=reason, text=turn.text[:SHOWN_CHARS], is_fault=False
                )
        return
    yield from read_session(_in_time(events.turns, rules), session, rules)


def _in_time(turns: list[Turn], rules: Rules) -> list[Turn]:
    """By their times, where all of them have one: what writes logs does not always keep the order."""
    times = [instant(turn.time, rules.zone) for turn in turns]
    if not all(isinstance(time, str) and is_instant(time) for time in times):
        return turns
    order = sorted(range(len(turns)), key=lambda place: datetime.fromisoformat(times[place]))
    return [turns[place] for place in order]
