"""What really reached the model."""

import pytest
import torch

from oracle_sft.model.quantizers.shown import NotAsAsked, Shown
from tests import tiny

ROWS = [row.input_ids() for row in tiny.rows()]


def test_rows_that_the_model_saw_are_counted_once() -> None:
    model = tiny.model()
    shown = Shown(model)
    for row in [*ROWS, *ROWS]:
        model(torch.tensor([row]))
    assert shown.facts(ROWS) == {"rows_seen": 10, "tokens_seen": sum(map(len, ROWS))}


def test_a_dropped_and_a_cut_row_are_found() -> None:
    model = tiny.model()
    shown = Shown(model)
    for row in [*ROWS[:8], ROWS[8][:5]]:
        model(torch.tensor([row]))
    with pytest.raises(
        NotAsAsked, match="of 10 different calibration rows the model saw 8 whole, and 1 that"
    ):
        shown.facts(ROWS)
