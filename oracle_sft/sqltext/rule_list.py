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
from typing import Literal

from oracle_sft import sqltext
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
    for module in pkgutil.iter_modules(sqltext.__path__):
        kind = _kind(module.name)
        if kind is not None:
            for name, about in _in_module(f"{sqltext.__name__}.{module.name}"):
                found.setdefault(name, RuleLine(name, kind, about))
    for name, about in _in_docstring(inspect.getdoc(SQLGuardrail._ask) or ""):
        found[name] = RuleLine(name, "hook", about)
    order = ("safety", "validity", "hook")
    return tuple(sorted(found.values(), key=lambda rule: (order.index(rule.kind), rule.name)))


def _kind(module: str) -> Kind | None:
    if module.startswith("rules_"):
        return "safety"
    return "validity" if module.startswith("lint_") or module == "validity" else None


def _in_module(name: str) -> Iterator[tuple[str, str]]:
    for _, function in inspect.getmembers(importlib.import_module(name), inspect.isfunction):
        if function.__module__ == name:
            yield from _in_docstring(inspect.getdoc(function) or "")


def _in_docstring(doc: str) -> Iterator[tuple[str, str]]:
    for paragraph in doc.split("\n\n"):
        match = _PARAGRAPH.match(paragraph.strip())
        if match:
            for name in re.findall(r"`(\w+)`", match.group(1)):
                yield name, " ".join(match.group(2).split())
