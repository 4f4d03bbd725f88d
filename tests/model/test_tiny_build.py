import hashlib
import json
from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from oracle_sft.errors import EnvironmentFault
from oracle_sft.model.tiny import build, pretrain
from oracle_sft.model.tiny.build import build_tiny, tiny_fingerprint, tiny_model_dir
from oracle_sft.pairs.prompt import render
from oracle_sft.sqltext.ddl import read_ddl


def test_shipped_files_are_small_and_match_the_recipe() -> None:
    files = list(tiny_model_dir().iterdir())
    assert sum(path.stat().st_size for path in files) <= 8_000_000
    recipe = json.loads((tiny_model_dir() / "RECIPE.json").read_text(encoding="utf-8"))
    for name, key in [
        ("model.safetensors", "weights_sha256"),
        ("tokenizer.json", "tokenizer_sha256"),
    ]:
        digest = hashlib.sha256((tiny_model_dir() / name).read_bytes()).hexdigest()
        assert digest == recipe[key], f"{name} is not what RECIPE.json describes"
    assert recipe["steps_done"] == recipe["steps"]


def test_shape_suits_quantisation_and_serving() -> None:
    config = AutoConfig.from_pretrained(tiny_model_dir())
    assert config.model_type == "llama"
    assert config.hidden_size % 128 == config.intermediate_size % 128 == 0
    assert config.tie_word_embeddings
    assert config.max_position_embeddings == 2048
    assert config.vocab_size == len(AutoTokenizer.from_pretrained(tiny_model_dir()))


def test_build_copies_once_and_repairs(tmp_path: Path) -> None:
    target = tmp_path / "models" / f"tiny-{tiny_fingerprint()}"
    assert build_tiny(target) == target
    names = {path.name for path in target.iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json", "RECIPE.json"} <= names
    before = (target / "model.safetensors").stat().st_mtime_ns, target.stat().st_ino
    build_tiny(target)
    assert before == ((target / "model.safetensors").stat().st_mtime_ns, target.stat().st_ino)
    (target / "config.json").write_text("{", encoding="utf-8")
    build_tiny(target)
    assert AutoConfig.from_pretrained(target).hidden_size == 256
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_missing_weights_are_said(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(build, "tiny_model_dir", lambda: tmp_path)
    tiny_fingerprint.cache_clear()
    try:
        with pytest.raises(
            EnvironmentFault, match=r"has no weights in .* install the package again"
        ):
            tiny_fingerprint()
    finally:
        tiny_fingerprint.cache_clear()


def test_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="cannot write the tiny base model"):
        build_tiny(tmp_path / "file" / "tiny")


def test_model_reads_names_and_values_from_the_prompt() -> None:
    """Plain questions, greedy. The words are everyday ones: names cut into many pieces are beyond it."""
    ddl = """
    CREATE TABLE curators (curator_id NUMBER PRIMARY KEY, name VARCHAR2(40), city VARCHAR2(40),
      salary NUMBER, hire_date DATE);
    CREATE TABLE paintings (painting_id NUMBER PRIMARY KEY, curator_id NUMBER REFERENCES curators,
      name VARCHAR2(40), height NUMBER, kind VARCHAR2(40), event_date DATE);
    CREATE TABLE repairs (repair_id NUMBER PRIMARY KEY, painting_id NUMBER REFERENCES paintings,
      amount NUMBER, repair_date DATE, status VARCHAR2(20));
    """
    gold = {
        "How many paintings are there?": "SELECT COUNT(*) FROM paintings",
        "List the names of all curators": "SELECT name FROM curators",
        "What is the average amount of the repairs?": "SELECT AVG(amount) FROM repairs",
        "Count the curators with a salary above 4175": (
            "SELECT COUNT(*) FROM curators WHERE salary > 4175"
        ),
        "Number of paintings per kind": "SELECT kind, COUNT(*) FROM paintings GROUP BY kind",
        "Show the names of curators whose city is Tromso": (
            "SELECT name FROM curators WHERE city = 'Tromso'"
        ),
    }
    schema = read_ddl(ddl, schema_id="museum")
    tokenizer = AutoTokenizer.from_pretrained(tiny_model_dir())
    model = AutoModelForCausalLM.from_pretrained(tiny_model_dir(), dtype=torch.float32)
    asked = [render(question, schema, style="compact") for question in gold]
    answers = pretrain.greedy_answers(model, tokenizer, asked)
    assert dict(zip(gold, answers, strict=True)) == gold
