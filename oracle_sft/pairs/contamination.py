"""Decontamination: what stands in an evaluation file is not trained on, nor scored a second time here."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import Pair, normal_question
from oracle_sft.pairs.readers import jsonl
from oracle_sft.pairs.readers.draft import Unread
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.schema import Schema

_MAX_SHOWN = 10
_TEXTS = ("question", "sql", "schema_id")


def judge_contamination(
    pairs: Sequence[Pair],
    canonicals: Mapping[int, str],
    files: Sequence[str],
    schemas: Mapping[str, Schema],
) -> Iterator[tuple[Pair, str]]:
    """Each pair, and where its question or its SQL stands in one of the files, where it does.

    A line of a schema that the pairs know is held against the pairs of that schema, any other line against all:
    schemas may go by other names there. `canonicals` has the canonical SQL by `id(pair)`.

    Raises:
        UserError: a file cannot be read, or a line of it has neither a question nor an sql.
    """
    questions: dict[tuple[str, str], str] = {}
    queries: dict[tuple[str, str], str] = {}
    used = sorted({pair.schema_id for pair in pairs})
    for where, said in _lines(files):
        own = said.get("schema_id", "")
        held = [own] if own in schemas else used
        # One text reads differently where another schema says which table has a column.
        for schema_id in held:
            if question := normal_question(said.get("question", "")):
                questions.setdefault((schema_id, question), where)
            if sql := said.get("sql", ""):
                queries.setdefault((schema_id, canonical(sql, schemas[schema_id])), where)
    for pair in pairs:
        asked = questions.get((pair.schema_id, normal_question(pair.question)))
        answered = queries.get((pair.schema_id, canonicals[id(pair)]))
        found = [("question", asked), ("SQL", answered)]
        yield pair, "; ".join(f"its {what} stands in {where}" for what, where in found if where)


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
