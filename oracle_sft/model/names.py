"""Where a base keeps each tensor of its model: transformers renames, stacks and joins what it reads."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from transformers.conversion_mapping import get_model_conversion_mapping
from transformers.core_model_loading import (
    Concatenate,
    MergeModulelist,
    WeightConverter,
    WeightRenaming,
    rename_source_key,
)

from oracle_sft.errors import UserError
from oracle_sft.model.shards import Checkpoint


@dataclass(frozen=True, slots=True)
class StoredAs:
    """How a tensor of the model is stored."""

    names: tuple[str, ...]
    """One, or all those that transformers joins to it."""
    joined_by: str = ""
    """The steps of that joining; empty where one tensor is stored as it is."""
    places: dict[str, tuple[int, int]] | None = None
    """Of tensors that hold one expert's matrix, or some rows of it: the expert and the first row, by stored name."""


def stored_names(model: Any, checkpoint: Checkpoint) -> dict[str, StoredAs]:
    """By name in the model, how the checkpoint stores each of its tensors; the model may be on torch's meta device.

    Raises:
        UserError: a tensor of the model is in no file.
    """
    steps = get_model_conversion_mapping(model)
    renamings = [step for step in steps if isinstance(step, WeightRenaming)]
    converters = [step for step in steps if isinstance(step, WeightConverter)]
    state = model.state_dict()
    found: dict[str, list[str]] = defaultdict(list)
    converted: dict[str, tuple[Any, dict[str, str]]] = {}
    for stored_name, _ in checkpoint.tensors():
        name, pattern = rename_source_key(
            stored_name, renamings, converters, model.base_model_prefix, state
        )
        found[name].append(stored_name)
        if pattern is not None:
            converter = next(step for step in converters if pattern in step.source_patterns)
            converted.setdefault(name, (converter, {}))[1][stored_name] = pattern
    known = {}
    for name, names in found.items():
        if name in converted:
            converter, patterns = converted[name]
            by = ", ".join(type(step).__name__ for step in converter.operations)
            places = _places(converter, patterns, checkpoint)
            known[name] = StoredAs(tuple(names), by, places)
        else:
            known[name] = StoredAs(tuple(names))
    missing = [name for name, _ in model.named_parameters() if name not in known]
    if missing:
        raise UserError(
            f"{checkpoint.folder} lacks {missing[0]}{' and others' if missing[1:] else ''}, which its config.json asks "
            "for; take both from the same model"
        )
    return known


def _places(
    converter: Any, patterns: dict[str, str], checkpoint: Checkpoint
) -> dict[str, tuple[int, int]] | None:
    """Expert and first row of each part where experts are stacked, and their matrices perhaps put one below the other.

    None where transformers joins them in another way.
    """
    match converter.operations:
        case [MergeModulelist(dim=0)]:
            order = list(converter.source_patterns)
            if len(order) != 1:
                return None
        case [MergeModulelist(dim=0), Concatenate(dim=1)]:
            order = list(converter.source_patterns)
        case _:
            return None
    shapes = {name: stored.shape for name, stored in checkpoint.tensors() if name in patterns}
    rows = {patterns[name]: shape[0] for name, shape in shapes.items()}
    first, begins = 0, {}
    for pattern in order:
        begins[pattern] = first
        first += rows.get(pattern, 0)
    return {name: (_expert(name), begins[pattern]) for name, pattern in patterns.items()}


def _expert(name: str) -> int:
    """The number of the expert that a tensor's name says: the last number in it, after the layer's."""
    return int(re.findall(r"\.(\d+)\.", name)[-1])
