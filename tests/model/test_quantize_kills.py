"""A quantisation that is killed: the folder is what it was or what it shall be, and nothing lives on or is left."""

from pathlib import Path

import pytest

from benchmarks.kills_quantize import Campaign


@pytest.mark.slow
def test_three_kills_leave_the_old_or_the_new_and_no_process(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path)
    for share in (0.2, 0.6, 0.9):
        state, _, living = campaign.kill(share * campaign.seconds)
        assert state in ("old", "new")
        assert living == 0
    assert campaign.restart() == ("new", 0)
