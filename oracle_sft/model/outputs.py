"""The files of a merged model: the base's own, tensor by tensor, each with what is changed in it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from oracle_sft.errors import UserError
from oracle_sft.model.merge_plan import Plan
from oracle_sft.model.shards import Checkpoint, Stored
from oracle_sft.model.streams import Output
from oracle_sft.model.updates import (
    Dora,
    Experts,
    LowRank,
    Sums,
    ThroughNf4,
    TransposedLowRank,
    Update,
)


def outputs_of(
    checkpoint: Checkpoint,
    plan: Plan,
    *,
    base_quant: dict[str, Any] | None,
    is_dequantized: bool,
    sums: dict[str, Sums],
) -> dict[str, dict[str, Output]]:
    """By file and tensor, what is written. `sums` gets an entry for each adapted layer of a base that was in 4 bits.

    Raises:
        UserError: the adapter changes a tensor that this base stores in a way that cannot be merged exactly.
    """
    model_name = {name: model for model, each in plan.stored.items() for name in each.names}
    written: dict[str, dict[str, Output]] = {}
    for file, held in checkpoint.files.items():
        written[file] = {}
        for name, stored in held.items():
            place = model_name[name]
            if place == plan.head and plan.was_tied:
                continue  # loaded from the embedding, whatever stands here
            updates = list(_for_stored(name, place, plan))
            if base_quant is not None and place in plan.quantizable:
                updates = _seen_in_4_bits(name, updates, base_quant, is_dequantized, sums)
            written[file][name] = Output(stored, _shape(stored, place, plan), tuple(updates))
    if plan.untied:
        (embedding_name,) = plan.stored[plan.embedding].names
        file = next(name for name, held in checkpoint.files.items() if embedding_name in held)
        stored = checkpoint.files[file][embedding_name]
        updates = plan.updates.get(plan.head, [])
        written[file][plan.head] = Output(stored, plan.shapes[plan.head], tuple(updates))
    return written


def _for_stored(name: str, place: str, plan: Plan) -> Iterator[Update]:
    """The updates of the model's tensor `place` as they concern what is stored as `name`."""
    how = plan.stored[place]
    for update in plan.updates.get(place, ()):
        if not how.joined_by:
            yield update
        elif isinstance(update, Experts) and update.is_swapped and how.places is not None:
            expert, first = how.places[name]
            yield replace(update, part=(expert, first))
        else:
            raise UserError(
                f"the adapter changes {place}, which this base keeps as {len(how.names)} tensors that transformers "
                f"joins ({how.joined_by}), as {name}; that cannot be merged exactly: save the base again with "
                "a version of transformers that stores it as one, or train other layers"
            )


def _seen_in_4_bits(
    name: str,
    updates: list[Update],
    base_quant: Mapping[str, Any],
    is_dequantized: bool,
    sums: dict[str, Sums],
) -> list[Update]:
    is_adapted = any(isinstance(update, LowRank | TransposedLowRank | Dora) for update in updates)
    if not is_adapted and not is_dequantized:
        return updates
    counted = Sums()
    if is_adapted:
        sums[name] = counted
    seen = ThroughNf4(
        double_quant=bool(base_quant["double_quant"]),
        block_size=int(base_quant["block_size"]),
        keeps=is_dequantized,
        sums=counted,
    )
    adapted = [
        replace(update, sums=counted)
        if isinstance(update, LowRank | TransposedLowRank | Dora)
        else update
        for update in updates
    ]
    return [seen, *adapted]


def _shape(stored: Stored, place: str, plan: Plan) -> tuple[int, ...]:
    """As stored, or with the rows that the adapter brings."""
    if plan.stored[place].joined_by or place not in plan.shapes:
        return stored.shape
    return plan.shapes[place]
