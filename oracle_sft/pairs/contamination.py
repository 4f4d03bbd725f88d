"""Decontamination: what stands in an evaluation file is not trained on, nor scored a second time here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import normal_question
from oracle_sft.pairs.readers import jsonl
from oracle_sft.pairs.readers.draft import Unread
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.schema import Schema

_MAX_SHOWN = 10
_TEXTS = ("question", "sql", "schema_id")


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What evaluations ask and answer: `(schema id, normal question or canonical SQL)` -> where it stands."""

    questions: Mapping[tuple[str, str], str]
    queries: Mapping[tuple[str, str], str]

    def reason(self, schema_id: str, question: str, query: str) -> str:
        """Where a pair's normal question or canonical SQL stands; empty where neither does."""
        asked = self.questions.get((schema_id, question))
        answered = self.queries.get((schema_id, query))
        found = [("question", asked), ("SQL", answered)]
        return "; ".join(f"its {what} stands in {where}" for what, where in found if where)


def read_held_out(files: Sequence[str], schemas: Mapping[str, Schema]) -> HeldOut:
    """The questions and queries of evaluation files, as the pairs of `schemas` are held against them.

    A line of a schema that the pairs know is held against the pairs of that schema, any other line against all:
    schemas may go by other names there.

    Raises:
        UserError: a file cannot be read, or a line of it has neither a question nor an sql.
    """
    questions, queries = dict[tuple[str, str], str](), dict[tuple[str, str], str]()
    for where, said in _lines(files):
        own = said.get("schema_id", "")
        # One text reads differently where another schema says which table has a column.
        for schema_id in [own] if own in schemas else sorted(schemas):
            if question := normal_question(said.get("question", "")):
                questions.setdefault((schema_id, question), where)
            if sql := said.get("sql", ""):
                queries.setdefault((schema_id, canonical(sql, schemas[schema_id])), where)
    return HeldOut(questions, queries)


def _lines(files: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each line of the files stands, and the texts that it has."""
    for file in files:
        wrong: list[str] = []
        count = 0
        for where, said in jsonl.objects(Path(file)):
            count += 1
            if isinstance(said, Unread):
                wrong.append(f"{said.where}: {said.reason}")
                continue
            texts = {key: said[key] for key in _TEXTS if said.get(key) is not None}
            if mistyped := [key for key, text in texts.items() if not isinstance(text, str)]:
                key = mistyped[0]
                wrong.append(f"{where}: {key} is {texts[key]!r}; it must be text")
            elif not any(texts.get(key, "").strip() for key in ("question", "sql")):
                wrong.append(
                    f"{where}: neither question nor sql; a line of data.decontaminate has one"
                )
            else:
                yield where, texts
        if wrong:
            more = [f"... and {len(wrong) - _MAX_SHOWN} more"] if len(wrong) > _MAX_SHOWN else []
            raise UserError("\n".join([*wrong[:_MAX_SHOWN], *more]))
        if not count:
            raise UserError(
                f"data.decontaminate: {file} is empty; give a JSONL file, or leave it out"
            )
