"""Small models, made once for the session."""

from pathlib import Path
from typing import Any

import pytest
import torch

from oracle_sft.config.schema import TrainConf
from oracle_sft.config.weights import AdapterConf, ComputeDtype, FullConf, LoraConf, QloraConf
from oracle_sft.model.quiet import quiet_libraries

quiet_libraries()
# Threads that share matrices this small mostly wait for each other, and on a busy machine for their turn.
torch.set_num_threads(1)

ADAPTERS: dict[str, AdapterConf] = {
    "lora": LoraConf(rank=4, alpha=8),
    "qlora": QloraConf(rank=4, alpha=8),
    "full": FullConf(),
}


def train_conf(**changes: Any) -> TrainConf:
    """Four steps of four rows in float32, which every machine computes alike."""
    values: dict[str, Any] = {
        "name": "test",
        "learning_rate": 1e-2,
        "max_steps": 4,
        "batch_rows": 4,
        "micro_batch_rows": 4,
        "max_length_tokens": 128,
        "log_every_steps": 1,
        "validate_every_steps": 2,
        "compute_dtype": ComputeDtype.float32,
    }
    return TrainConf(**{**values, **changes})


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tied two-layer base; read only."""
    from tests import tiny

    return tiny.base_folder(tmp_path_factory.mktemp("models") / "base")


@pytest.fixture(scope="session")
def other_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another base, twice as wide; read only."""
    from tests import tiny

    return tiny.base_folder(tmp_path_factory.mktemp("models") / "wide", hidden=128)


@pytest.fixture(scope="session")
def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What each kind of adapter left behind after a few steps, by its name; read only."""
    from oracle_sft.model import adapter, fit, load
    from tests import tiny

    folders = {}
    for name, conf in ADAPTERS.items():
        loaded = load.load_base(base, conf, compute_dtype=ComputeDtype.float32)
        model = adapter.attach(loaded, conf, seed=0)
        fit.fit(
            model,
            loaded.tokenizer,
            tiny.rows(),
            [],
            train_conf(max_steps=8),
            seed=0,
            out_dir=tmp_path_factory.mktemp("checkpoints"),
            on_metrics=lambda values: None,
            on_progress=lambda done, total, note: None,
        )
        folders[name] = tmp_path_factory.mktemp("trained") / name
        adapter.save(model, loaded.tokenizer, folders[name], conf)
    return folders
