"""A model in the words of transformers 4."""

import json
from pathlib import Path

import pytest

from oracle_sft.model.quantizers.older import older_config, older_model
from oracle_sft.model.quantizers.shown import Refused

LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}


def test_the_base_of_the_positions_is_said_where_the_older_one_looks() -> None:
    newer = {"dtype": "bfloat16", "rope_parameters": {"rope_theta": 1e6, "rope_type": "default"}}
    assert older_config(newer) == {
        "torch_dtype": "bfloat16",
        "rope_theta": 1e6,
        "rope_scaling": None,
    }


def test_the_scaling_of_the_positions_goes_over_whole() -> None:
    older = older_config({"rope_parameters": {**LLAMA3, "rope_theta": 5e5}})
    assert older == {"rope_theta": 5e5, "rope_scaling": LLAMA3}


def test_a_config_in_the_older_words_stays() -> None:
    said = {"rope_theta": 1e6, "rope_scaling": None, "torch_dtype": "float16"}
    assert older_config(said) == said


def test_positions_by_kind_of_layer_are_refused() -> None:
    with pytest.raises(Refused, match="rope_parameters for each kind of layer"):
        older_config({"rope_parameters": {"full_attention": {"rope_theta": 1e6}}})


def test_an_unknown_model_type_is_refused_and_a_known_one_is_linked(
    base: Path, tmp_path: Path
) -> None:
    job = {"model": str(base), "scratch": str(tmp_path)}
    with pytest.raises(Refused, match="AutoAWQ does not know the model type 'llama'"):
        older_model(job, known={"qwen"}, by="AutoAWQ")
    folder = older_model(job, known={"llama"}, by="AutoAWQ")
    assert json.loads((folder / "config.json").read_text())["torch_dtype"] == "bfloat16"
    assert (folder / "model.safetensors").samefile(base / "model.safetensors")


def test_a_model_that_its_transformers_does_not_know_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama99"}')
    job = {"model": str(tmp_path), "scratch": str(tmp_path)}
    with pytest.raises(Refused, match=r"transformers \S+, with which AutoAWQ works, does not know"):
        older_model(job, known={"llama99"}, by="AutoAWQ")
