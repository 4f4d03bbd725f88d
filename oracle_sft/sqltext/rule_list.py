"""Every rule of the guardrail with one line about it, read from where the rules are.

A rule's function says in its docstring what it looks for, in a paragraph for each name:
"`row_lock`: no FOR UPDATE, at no level." `guard --rules` and docs/guardrail.md come from there.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from oracle_sft.sqltext import lint, validity
from oracle_sft.sqltext import rules as safety
from oracle_sft.sqltext.guardrail import SQLGuardrail

Kind = Literal["safety", "validity", "hook"]


@dataclass(frozen=True, slots=True)
class RuleLine:
    name: str
    kind: Kind
    about: str
    """One sentence without its full stop."""


_PARAGRAPH = re.compile(r"((?:`\w+`(?:, | and )?)+): (.+?)(?:\.(?=\s|$)|$)", re.DOTALL)


def rules() -> tuple[RuleLine, ...]:
    """All rules by kind and name."""
    found: dict[str, RuleLine] = {}
    rooms: tuple[tuple[Kind, list[ModuleType]], ...] = (
        ("safety", _modules(safety)),
        ("validity", [*_modules(lint), validity]),
    )
    for kind, modules in rooms:
        for module in modules:
            for name, about in _in_module(module):
                found.setdefault(name, RuleLine(name, kind, about))
    for name, about in _in_docstring(inspect.getdoc(SQLGuardrail._ask) or ""):
        found[name] = RuleLine(name, "hook", about)
    order = ("safety", "validity", "hook")
    return tuple(sorted(found.values(), key=lambda rule: (order.index(rule.kind), rule.name)))


def _modules(room: ModuleType) -> list[ModuleType]:
    return [
        importlib.import_module(f"{room.__name__}.{module.name}")
        for module in pkgutil.iter_modules(room.__path__)
    ]


def _in_module(module: ModuleType) -> Iterator[tuple[str, str]]:
    for _, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__:
            yield from _in_docstring(inspect.getdoc(function) or "")


def _in_docstring(doc: str) -> Iterator[tuple[str, str]]:
    for paragraph in doc.split("\n\n"):
        match = _PARAGRAPH.match(paragraph.strip())
        if match:
            for name in re.findall(r"`(\w+)`", match.group(1)):
                yield name, " ".join(match.group(2).split())
