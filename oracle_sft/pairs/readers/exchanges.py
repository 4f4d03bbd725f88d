"""From the turns of one session to its questions, each with the answers that it got."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Unread
from oracle_sft.pairs.readers.marks import Mark
from oracle_sft.pairs.readers.turns import Turn
from oracle_sft.sqltext.extract import extract

_WHY_UNREADABLE = {
    "several": "the answer holds several statements, and which of them it is, is not known",
    "too_long": "the answer is too long to look for its SQL",
    "unfinished_reasoning": "the answer ends within its reasoning",
}


@dataclass(slots=True, kw_only=True, eq=False)
class Answer:
    """SQL that answers a question, and what is said about it."""

    where: str
    turn: Turn
    sql: str
    """Empty: it cannot be read, and `unreadable` says why."""
    unreadable: str = ""
    is_call: bool = False
    call_id: str = ""
    failure: str = ""
    """Why its result is an error."""
    judged: Mark = field(default_factory=Mark)
    """The last mark that says something."""

    @property
    def against(self) -> str:
        """Why it must not be learned; empty where nothing is said against it."""
        return self.unreadable or self.failure or self.judged.against

    def judge(self, mark: Mark) -> None:
        """Let a later mark take the place of an earlier one."""
        if mark != Mark():
            self.judged = mark


@dataclass(slots=True, kw_only=True, eq=False)
class Question:
    """What a user asks, and what came of it."""

    where: str
    text: str
    turn: Turn
    is_answered: bool = False
    """Somebody has spoken since."""
    answers: list[Answer] = field(default_factory=list)
    corrected_at: str = ""
    """Where the user takes its answer back, or asks it again."""

    @property
    def key(self) -> str:
        """The same for the same words."""
        return " ".join(self.text.casefold().split())


def exchanges(turns: Iterable[Turn]) -> tuple[list[Question], list[Unread]]:
    """The questions in their order, and what belongs to none."""
    collected = _Exchanges()
    for turn in turns:
        collected.add(turn)
    return collected.questions, collected.unread


def without_pair(where: str, reason: str, text: str, *, is_fault: bool = False) -> Unread:
    """A place that may hold a pair and does not."""
    return Unread(where=where, reason=reason, text=text[:SHOWN_CHARS], is_fault=is_fault)


class _Exchanges:
    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.unread: list[Unread] = []
        self._question_of: dict[str, Question] = {}
        """By the ids of all turns that are about it."""
        self._answer_of: dict[str, Answer] = {}
        """By the ids of turns, also of those that only speak of its rows."""
        self._call: dict[str, Answer] = {}
        self._running: list[Answer] = []
        """Calls whose results may come without an id, in their order."""
        self._shown: Answer | None = None
        """What the last turn shows as text; some logs run that and say only what came of it."""
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
        if self.questions and self.questions[-1].answers:
            self.questions[-1].answers[-1].judge(turn.mark)
        if turn.corrects:
            self._correct(turn)
        if not turn.text:
            if turn.mark == Mark() and not turn.results:
                self.unread.append(without_pair(turn.where, "the user's turn holds no text", ""))
            return
        last = self.questions[-1] if self.questions else None
        if last is None or last.is_answered:
            last = Question(where=turn.where, text=turn.text, turn=turn)
            self.questions.append(last)
        elif last.text.casefold().split() != turn.text.casefold().split():
            last.text += f"\n{turn.text}"  # the answer speaks to both
        if turn.id:
            self._question_of[turn.id] = last

    def _correct(self, turn: Turn) -> None:
        last = next((each for each in reversed(self.questions) if each.answers), None)
        question = self._question_of.get(turn.about) if turn.about else last
        if question:
            question.corrected_at = turn.where
        else:
            of = repr(turn.about) if turn.about else "an answer"
            reason = f"it corrects {of}, and none such stands before it"
            self.unread.append(without_pair(turn.where, reason, turn.text, is_fault=True))

    def _assistant(self, turn: Turn) -> None:
        said = list(_answers(turn))
        if not self.questions:
            for answer in said:
                reason = "an answer before any question"
                self.unread.append(without_pair(answer.where, reason, answer.sql))
            return
        question = self.questions[-1]
        question.is_answered = True
        if self._result_came:
            self._running, self._result_came = [], False
        self._shown = None
        for answer in said:
            kept = _taken(question, answer)
            if answer.is_call:
                self._running.append(kept)
            elif not turn.calls:
                self._shown = kept
            if answer.call_id:
                self._call[answer.call_id] = kept
        if not said and question.answers:
            question.answers[-1].judge(turn.mark)  # words about the rows of the query before them
        if turn.id:
            self._question_of[turn.id] = question
            if question.answers:
                self._answer_of[turn.id] = question.answers[-1]

    def _result(self, call_id: str, failure: str) -> None:
        """A result without an id, or of an id that is no query's, is of the first call that has none either."""
        self._result_came = True
        answer = self._call.get(call_id)
        if answer is None:
            unnamed = (each for each in self._running if not (call_id and each.call_id))
            answer = next(unnamed, None)
        if answer is not None:
            self._running = [each for each in self._running if each is not answer]
            answer.failure = failure
        elif failure and self._shown:
            self._shown.failure = failure

    def _feedback(self, turn: Turn) -> None:
        answer = self._answer_of.get(turn.about)
        if turn.about in self._question_of and answer is None:
            answer = next(iter(self._question_of[turn.about].answers[-1:]), None)
            if answer is None:
                return  # of words: there is nothing to learn or to leave
        elif not turn.about and self.questions:
            answer = next(iter(self.questions[-1].answers[-1:]), None)
        if answer is not None:
            answer.judge(turn.mark)
            return
        if turn.about:
            reason = f"feedback on {turn.about!r}, and no such turn stands before it"
            # A thumb down that reaches nobody would let a bad answer pass.
            bad = bool(turn.mark.against)
            self.unread.append(without_pair(turn.where, reason, turn.text, is_fault=bad))
        elif not self.questions:
            self.unread.append(without_pair(turn.where, "feedback before any question", turn.text))


def _taken(question: Question, answer: Answer) -> Answer:
    """The answer as the question keeps it: the same SQL, shown or run again, is the same answer."""
    last = question.answers[-1] if question.answers else None
    if last is None or not answer.sql or last.sql.split() != answer.sql.split():
        question.answers.append(answer)
        return answer
    last.where, last.turn, last.sql = answer.where, answer.turn, answer.sql
    if answer.is_call:
        last.is_call, last.call_id, last.failure = True, answer.call_id, ""  # it runs again
    last.judge(answer.judged)
    return last


def _answers(turn: Turn) -> Iterator[Answer]:
    """What a turn has for SQL: what it says, then what it runs. Words without SQL are none."""
    # A key for SQL says that all of it is SQL, and the guardrail shall see it as it is.
    yield from _answer(turn, turn.sql or turn.text, turn.where, otherwise=turn.sql)
    for number, call in enumerate(turn.calls, 1):
        for answer in _answer(turn, call.text, f"{turn.where} call {number}"):
            answer.is_call, answer.call_id = True, call.id
            yield answer


def _answer(turn: Turn, text: str, where: str, otherwise: str = "") -> Iterator[Answer]:
    found = extract(text)
    sql = found.sql or otherwise
    why = "" if sql else _WHY_UNREADABLE.get(found.reason, "")
    if sql or why:
        yield Answer(where=where, turn=turn, sql=sql, unreadable=why, judged=turn.mark)
