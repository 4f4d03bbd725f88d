"""What the rules on weights read beside the config."""

import json
from pathlib import Path

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.errors import UserError


@pytest.mark.parametrize("target", ["embed_tokens", "lm_head"])
def test_an_adapter_of_a_tied_layer_is_refused_before_anything_is_loaded(
    target: str, tmp_path: Path
) -> None:
    asked = [f"model.path={tmp_path}", f"adapter.target_modules=[q_proj,{target}]"]
    (tmp_path / "config.json").write_text(json.dumps({"tie_word_embeddings": True}))
    with pytest.raises(
        UserError, match=f"adapter.target_modules has {target}, and .* are one weight"
    ):
        compose(["model=local", *asked])
    (tmp_path / "config.json").write_text(json.dumps({"tie_word_embeddings": False}))
    assert compose(["model=local", *asked]).model.path == str(tmp_path)
