"""Files of quantisers, put where they belong."""

import json
from pathlib import Path

from oracle_sft.model.quantizers.folder import move_up, name_as_models_are


def test_a_folder_in_a_folder_moves_up(tmp_path: Path) -> None:
    inner = tmp_path / "base-w4g32"
    inner.mkdir()
    (inner / "config.json").write_text("{}")
    move_up(inner, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]
    move_up(tmp_path, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]


def test_one_file_gets_the_name_of_models(tmp_path: Path) -> None:
    (tmp_path / "gptq_model-4bit-32g.safetensors").write_bytes(b"x")
    name_as_models_are(tmp_path, "gptq_model-4bit-32g")
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]


def test_shards_and_their_index_get_the_names_of_models(tmp_path: Path) -> None:
    stem = "gptq_model-4bit-32g"
    shards = [f"{stem}-0000{n}-of-00002.safetensors" for n in (1, 2)]
    for shard in shards:
        (tmp_path / shard).write_bytes(b"x")
    index = {"metadata": {}, "weight_map": {"a": shards[0], "b": shards[1], "c": shards[1]}}
    (tmp_path / f"{stem}.safetensors.index.json").write_text(json.dumps(index))
    name_as_models_are(tmp_path, stem)
    said = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    renamed = {
        name: f"model-0000{n}-of-00002.safetensors"
        for name, n in zip("abc", (1, 2, 2), strict=True)
    }
    assert said["weight_map"] == renamed
    assert {path.name for path in tmp_path.iterdir()} == {
        *renamed.values(),
        "model.safetensors.index.json",
    }
