"""Pairs from objects with the keys of docs/pairs.md, whatever the file that they come from."""

from collections.abc import Iterator, Mapping
from typing import Any

from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Draft, Found, Unread

TEXT_KEYS = ("id", "schema_id", "evidence", "difficulty", "template")


def drafts(said: Mapping[str, Any], where: str) -> Iterator[Found]:
    """The pair of an object, or a sentence for each thing that is wrong with it."""
    wrong = list(_problems(said))
    if wrong:
        for reason in wrong:
            yield Unread(where=where, reason=reason, text=str(dict(said))[:SHOWN_CHARS])
        return
    yield Draft(
        where=where,
        question=said["question"].strip(),
        sql=said["sql"].strip(),
        ddl=said.get("ddl") or "",
        tags=tuple(said.get("tags") or ()),
        provenance=dict(said.get("provenance") or {}),
        **{key: said.get(key) or "" for key in TEXT_KEYS},
    )


def _problems(said: Mapping[str, Any]) -> Iterator[str]:
    for name in ("question", "sql"):
        if name not in said:
            yield f"the pair has no {name!r}; every pair wants a question and the sql that answers it"
        elif not isinstance(said[name], str) or not said[name].strip():
            yield f"{name} is {said[name]!r}; it must be text that is not empty"
    for name in TEXT_KEYS:
        if said.get(name) is not None and not isinstance(said[name], str):
            yield f"{name} is {said[name]!r}; it must be text"
    ddl = said.get("ddl")
    if ddl is not None and not (isinstance(ddl, str) and ddl.strip()):
        yield f"ddl is {ddl!r}; it must be CREATE TABLE statements"
    if not isinstance(said.get("provenance") or {}, dict):
        yield f"provenance is {said['provenance']!r}; it must be an object"
    tags = said.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield f"tags is {tags!r}; it must be a list of texts"
