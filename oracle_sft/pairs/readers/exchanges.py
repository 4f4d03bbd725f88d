"""From the turns of one session to pairs: a question, and the answer to it that counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from oracle_sft.config.data import FollowUps
from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Draft, Found, Unread
from oracle_sft.pairs.readers.marks import Mark
from oracle_sft.pairs.readers.turns import Turn
from oracle_sft.sqltext.extract import extract

_WHY_UNREADABLE = {
    "several": "the answer holds several statements, and which of them it is, is not known",
    "too_long": "the answer is too long to look for its SQL",
    "unfinished_reasoning": "the answer ends within its reasoning",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is said once for all turns of a session."""

    provenance: dict[str, Any]
    schema_id: str = ""
    ddl: str = ""
    evidence: str = ""
    mark: Mark = field(default_factory=Mark)
    """What is said about the session as a whole."""


@dataclass(slots=True, kw_only=True)
class _Answer:
    where: str
    turn: Turn
    sql: str
    """Empty: it cannot be read, and `unreadable` says why."""
    unreadable: str = ""
    is_call: bool = False
    call_id: str = ""
    failure: str = ""
    judged: Mark = field(default_factory=Mark)
    """The last mark that says something."""

    @property
    def against(self) -> str:
        return self.unreadable or self.failure or self.judged.against

    def judge(self, mark: Mark) -> None:
        if mark != Mark():
            self.judged = mark


@dataclass(slots=True, kw_only=True)
class _Question:
    where: str
    text: str
    turn: Turn
    is_answered: bool = False
    """Somebody has spoken since."""
    answers: list[_Answer] = field(default_factory=list)
    corrected_at: str = ""
    """Where the user corrects its answer, or asks it again."""


def pairs_of(
    turns: Iterable[Turn], session: Session, *, follow_ups: FollowUps, require_accepted: bool
) -> Iterator[Found]:
    """One pair for each question that has an answer to learn; the other answers as excluded pairs, with the reason.

    Questions without SQL, answers that cannot be read, and feedback on nothing are `Unread`, and no faults.
    """
    exchanges = _Exchanges()
    for turn in turns:
        exchanges.add(turn)
    asked = exchanges.questions
    _mark_repeated(asked, anywhere=follow_ups is FollowUps.alone)
    found: list[Found] = list(exchanges.unread)
    for number, question in enumerate(asked):
        if not question.answers:
            reason = (
                "no SQL in the answer" if question.is_answered else "the question has no answer"
            )
            found.append(_unread(question.where, reason, question.text))
            continue
        earlier = _distinct(asked[:number], question.text)
        must_say = require_accepted and not session.mark.accepted
        winner, why_none = _winner(question, require_accepted=must_say)
        if winner and session.mark.against:
            winner, why_none = None, f"of the whole session: {session.mark.against}"
        elif winner and earlier and follow_ups is FollowUps.first_only:
            winner, why_none = None, "a follow-up, which may depend on what was said before it"
        told = _context(earlier) if follow_ups is FollowUps.evidence else ""
        for answer in question.answers:
            if answer.unreadable:
                found.append(_unread(answer.where, answer.unreadable, question.text))
                continue
            reason = ""
            if answer is not winner:
                later = f"superseded by the answer at {winner.where}" if winner else why_none
                reason = answer.against or later
            found.append(_draft(question, answer, session, told, reason))
    yield from found


def _winner(question: _Question, *, require_accepted: bool) -> tuple[_Answer | None, str]:
    """The answer that counts: the last accepted one, or else the last one, if nothing speaks against it.

    An earlier one does not stand in for a last one that failed: it may have been a step on the way there.
    """
    if question.corrected_at:
        return (
            None,
            f"superseded: the question is corrected or asked again at {question.corrected_at}",
        )
    accepted = [each for each in question.answers if each.judged.accepted and not each.against]
    if accepted:
        return accepted[-1], ""
    if require_accepted:
        return None, "nothing marks it as accepted (data.require_accepted=true)"
    last = question.answers[-1]
    if last.against:
        return (
            None,
            f"the last answer to its question does not stand ({last.where}: {last.against})",
        )
    return last, ""


def _mark_repeated(asked: list[_Question], *, anywhere: bool) -> None:
    """The same words again right after it, or anywhere where questions stand alone, ask for a better answer."""
    for number, question in enumerate(asked):
        later = asked[number + 1 :] if anywhere else asked[number + 1 : number + 2]
        again = [each for each in later if _same(each.text, question.text) and each.answers]
        if again and not question.corrected_at:
            question.corrected_at = again[-1].where


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def _distinct(questions: list[_Question], text: str) -> list[str]:
    """The words of earlier questions, without this one's own."""
    texts: list[str] = []
    for question in questions:
        if not any(_same(question.text, each) for each in (text, *texts)):
            texts.append(question.text)
    return texts


def _context(earlier: list[str]) -> str:
    if not earlier:
        return ""
    return "asked before in the same conversation: " + "; ".join(
        f'"{" ".join(text.split())}"' for text in earlier
    )


def _draft(question: _Question, answer: _Answer, session: Session, told: str, reason: str) -> Draft:
    turn = answer.turn
    said = dict(session.provenance)
    if turn.model is not None:
        said["model"] = turn.model
    if turn.time is not None:
        said["timestamp"] = turn.time
    if reason:
        said |= {"approved": False, "excluded": True, "exclusion_reason": reason}
    else:
        said.setdefault("approved", True)
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


def _unread(where: str, reason: str, text: str) -> Unread:
    return Unread(where=where, reason=reason, text=text[:SHOWN_CHARS], is_fault=False)


class _Exchanges:
    """Questions with their answers, as the turns come."""

    def __init__(self) -> None:
        self.questions: list[_Question] = []
        self.unread: list[Unread] = []
        self._answers: list[_Answer] = []
        self._running: list[_Answer] = []
        """Calls whose results may come without their ids, in their order."""
        self._shown: _Answer | None = None
        """What the last turn shows as text; some logs run it and say only what came of it."""
        self._result_came = False

    def add(self, turn: Turn) -> None:
        for result in turn.results:
            self._result(result.call_id, result.failure)
        match turn.role:
            case "user":
                self._user(turn)
            case "assistant":
                self._assistant(turn)
            case "feedback":
                self._feedback(turn)

    def _user(self, turn: Turn) -> None:
        self._running, self._shown = [], None
        if self._answers:
            self._answers[-1].judge(turn.mark)
        if turn.corrects:
            self._correct(turn)
        if not turn.text:
            if turn.mark == Mark() and not turn.results:
                self.unread.append(_unread(turn.where, "the user's turn holds no text", ""))
            return
        if self.questions and not self.questions[-1].is_answered:
            if not _same(self.questions[-1].text, turn.text):
                self.questions[-1].text += f"\n{turn.text}"  # the answer speaks to both
            return
        self.questions.append(_Question(where=turn.where, text=turn.text, turn=turn))

    def _correct(self, turn: Turn) -> None:
        of = [
            question
            for question in self.questions
            if not turn.about
            or turn.about == question.turn.id
            or any(turn.about == answer.turn.id for answer in question.answers)
        ]
        if of:
            of[-1].corrected_at = turn.where
        else:
            reason = f"corrects is {turn.about!r}, and no such turn stands before it"
            self.unread.append(_unread(turn.where, reason, turn.text))

    def _assistant(self, turn: Turn) -> None:
        said = list(_candidates(turn))
        if not self.questions:
            for answer in said:
                reason = "an answer before any question"
                self.unread.append(_unread(answer.where, reason, answer.sql))
            return
        question = self.questions[-1]
        question.is_answered = True
        if self._result_came:
            self._running, self._result_came = [], False
        for answer in said:
            self._take(question, answer)
        self._running += [answer for answer in said if answer.is_call]
        self._shown = said[-1] if said and not turn.calls else None
        if not said and question.answers:
            question.answers[-1].judge(turn.mark)  # words about the rows of the query before them

    def _take(self, question: _Question, answer: _Answer) -> None:
        last = question.answers[-1] if question.answers else None
        if last and answer.sql and last.sql.split() == answer.sql.split():
            if not answer.is_call:  # it is shown, not run again
                answer.failure, answer.call_id = last.failure, last.call_id
                self._running = [answer if each is last else each for each in self._running]
            if answer.judged == Mark():
                answer.judged = last.judged
            question.answers[-1] = answer
            self._answers[-1] = answer
            return
        question.answers.append(answer)
        self._answers.append(answer)

    def _result(self, call_id: str, failure: str) -> None:
        """A result without an id, or of an id that no call has, is of the first call that has none yet."""
        self._result_came = True
        named = [each for each in self._answers if call_id and each.call_id == call_id]
        unnamed = [each for each in self._running if not (call_id and each.call_id)]
        if named or unnamed:
            answer = (named[-1:] or unnamed)[0]
            self._running = [each for each in self._running if each is not answer]
            answer.failure = failure
        elif failure and self._shown:
            self._shown.failure = failure

    def _feedback(self, turn: Turn) -> None:
        of = [each for each in self._answers if not turn.about or each.turn.id == turn.about]
        if of:
            of[-1].judge(turn.mark)
        elif turn.mark.against or self._answers:
            reason = "feedback on no answer that stands before it"
            self.unread.append(_unread(turn.where, reason, turn.about))


def _candidates(turn: Turn) -> Iterator[_Answer]:
    """What a turn has for SQL: what it says, then what it runs. Words without SQL are none."""
    shown = turn.sql or turn.text
    if shown:
        found = extract(shown)
        # A key for SQL says that all of it is SQL, and the guardrail shall see it as it is.
        sql = found.sql or turn.sql
        why = "" if sql else _WHY_UNREADABLE.get(found.reason, "")
        if sql or why:
            yield _Answer(where=turn.where, turn=turn, sql=sql, unreadable=why, judged=turn.mark)
    for number, call in enumerate(turn.calls, 1):
        found = extract(call.text)
        why = "" if found.sql else _WHY_UNREADABLE.get(found.reason, "")
        if found.sql or why:
            yield _Answer(
                where=f"{turn.where} call {number}",
                turn=turn,
                sql=found.sql or "",
                unreadable=why,
                call_id=call.id,
                is_call=True,
                judged=turn.mark,
            )
