"""One place that tells the libraries below to keep to themselves what their user cannot act on."""

import logging
import os
from typing import Any


def quiet_libraries() -> None:
    """Switch off progress bars, banners and telemetry of the training libraries; errors still show.

    To be called before the first of them is imported: some read their environment at import.
    """
    # Reports architecture and device to the hub, and waits for the network on machines that have none.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # bitsandbytes announces at import that an optional kernel of the hub is missing.
    for name in ("bitsandbytes", "accelerate", "trl", "peft"):
        logging.getLogger(name).setLevel(logging.ERROR)

    import datasets
    import torch
    import transformers

    if not torch.cuda.is_available():
        # accelerate imports deepspeed when it unwraps a model, and deepspeed then prints that it found no GPU.
        os.environ.setdefault("DS_ACCELERATOR", "cpu")
    talk: Any = transformers.utils.logging
    talk.set_verbosity_error()
    talk.disable_progress_bar()
    datasets.disable_progress_bars()
