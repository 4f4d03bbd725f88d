"""Of the answers to a question the one that counts, and why the others do not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from oracle_sft.config.data import FollowUps
from oracle_sft.pairs.readers.draft import Draft, Found
from oracle_sft.pairs.readers.exchanges import Answer, Question, exchanges, without_pair
from oracle_sft.pairs.readers.marks import Mark
from oracle_sft.pairs.readers.turns import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is said once for all turns of a session."""

    provenance: dict[str, Any]
    schema_id: str = ""
    ddl: str = ""
    evidence: str = ""
    mark: Mark = field(default_factory=Mark)
    """What is said about the session as a whole."""


def pairs_of(
    turns: Iterable[Turn],
    session: Session,
    *,
    follow_ups: FollowUps,
    earlier_questions: int,
    require_accepted: bool,
) -> Iterator[Found]:
    """One pair for each question that has an answer to learn; the other answers as excluded pairs, with the reason.

    Questions without SQL and answers that cannot be read are `Unread`, and no faults; a correction or a bad mark
    that reaches no answer is one.
    """
    asked, unread = exchanges(turns)
    yield from unread
    _mark_repeated(asked, anywhere=follow_ups is FollowUps.alone)
    before: dict[str, str] = {}
    """The earlier questions, by their keys; a question that comes again is the latest."""
    for question in asked:
        others = (text for key, text in reversed(before.items()) if key != question.key)
        earlier = list(islice(others, earlier_questions))[::-1]
        told = _context(earlier) if follow_ups is FollowUps.evidence and earlier else ""
        before.pop(question.key, None)
        before[question.key] = question.text
        if not question.answers:
            reason = (
                "no SQL in the answer" if question.is_answered else "the question has no answer"
            )
            yield without_pair(question.where, reason, question.text)
            continue
        must_say = require_accepted and not session.mark.accepted
        winner, why_none = _winner(question, require_accepted=must_say)
        if winner and session.mark.against:
            winner, why_none = None, f"of the whole session: {session.mark.against}"
        elif winner and earlier and follow_ups is FollowUps.first_only:
            winner, why_none = None, "a follow-up, which may depend on what was said before it"
        for answer in question.answers:
            if answer.unreadable:
                yield without_pair(
                    answer.where, answer.unreadable, answer.turn.text or question.text
                )
                continue
            reason = ""
            if answer is not winner:
                later = (
                    f"superseded by the answer at {_place(winner.where)}" if winner else why_none
                )
                reason = answer.against or later
            yield _draft(question, answer, session, told, reason)


def _winner(question: Question, *, require_accepted: bool) -> tuple[Answer | None, str]:
    """The last accepted answer, or else the last one, if nothing speaks against it; or why there is none.

    An earlier one does not stand in for a last one that failed: it may have been a step on the way there.
    """
    if question.corrected_at:
        again = _place(question.corrected_at)
        return None, f"superseded: the question is corrected or asked again at {again}"
    accepted = [each for each in question.answers if each.judged.accepted and not each.against]
    if accepted:
        return accepted[-1], ""
    if require_accepted:
        return None, "nothing marks it as accepted (data.require_accepted=true)"
    last = question.answers[-1]
    if last.against:
        why = f"{_place(last.where)}: {last.against}"
        return None, f"the last answer to its question does not stand ({why})"
    return last, ""


def _mark_repeated(asked: list[Question], *, anywhere: bool) -> None:
    """The same words again right after it, or anywhere where questions stand alone, ask for a better answer."""
    later: dict[str, Question] = {}
    following = ""
    for question in reversed(asked):
        again = later.get(question.key)
        if again and not question.corrected_at and (anywhere or following == question.key):
            question.corrected_at = again.where
        if question.answers:
            later[question.key] = question
        following = question.key


def _place(where: str) -> str:
    """Without the folder, which says nothing about the pair."""
    return where.replace("\\", "/").rpartition("/")[2]


def _context(earlier: list[str]) -> str:
    asked = "; ".join(f'"{" ".join(text.split())}"' for text in earlier)
    return f"asked before in the same conversation: {asked}"


def _draft(question: Question, answer: Answer, session: Session, told: str, reason: str) -> Draft:
    turn = answer.turn
    said = dict(session.provenance)
    if turn.model is not None:
        said["model"] = turn.model
    if turn.time is not None:
        said["timestamp"] = turn.time
    if reason:
        said |= {"approved": False, "excluded": True, "exclusion_reason": reason}
    said.setdefault("approved", said.get("excluded") is not True)
    evidence = (session.evidence, question.turn.evidence, turn.evidence, told)
    return Draft(
        where=answer.where,
        question=question.text,
        sql=answer.sql,
        schema_id=turn.schema_id or question.turn.schema_id or session.schema_id,
        ddl=session.ddl,
        evidence="\n".join(dict.fromkeys(text for text in evidence if text)),
        provenance=said,
    )
