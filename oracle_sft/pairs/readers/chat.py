"""`data=chat`: conversations as chat exports and fine-tuning sets have them; docs/pairs.md lists the layouts."""

from collections.abc import Iterator
from pathlib import Path

from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Found, Unread
from oracle_sft.pairs.readers.sessions import Rules, listed_turns, read_conversation, records


def read(path: Path, rules: Rules) -> Iterator[Found]:
    """The pairs of each conversation, in the order of their questions.

    Raises:
        UserError: the file cannot be read.
    """
    for where, said, _ in records(path):
        if isinstance(said, Unread):
            yield said
            continue
        listed = listed_turns(said)
        if listed is None:
            reason = "no list of messages or conversations; events, one a line, are read by data=trajectory"
            yield Unread(where=where, reason=reason, text=str(said)[:SHOWN_CHARS])
            continue
        yield from read_conversation(said, listed, where, rules)
