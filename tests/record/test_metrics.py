from pathlib import Path

from oracle_sft.record.metrics import MetricsFollower, MetricsWriter


def test_follower_reads_each_whole_line_once(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    follower = MetricsFollower(path)
    assert list(follower) == []
    write = MetricsWriter(path, "train")
    write({"step": 1, "loss": 2.5})
    with path.open("a") as file:
        file.write('{"stage": "train", "st')
    (row,) = list(follower)
    assert (row["stage"], row["step"], row["loss"]) == ("train", 1, 2.5)
    assert list(follower) == []
    with path.open("a") as file:
        file.write('ep": 2}\n')
    assert [row["step"] for row in follower] == [2]
    assert [row["step"] for row in MetricsFollower(path, follower.offset)] == []
