"""Training: TRL's SFTTrainer on rows that are tokens already, with the loss on the answer and nothing else."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import PrinterCallback, TrainerCallback
from trl.trainer.sft_config import SFTConfig
from trl.trainer.sft_trainer import SFTTrainer

from oracle_sft.config.schema import TrainConf
from oracle_sft.config.weights import ComputeDtype
from oracle_sft.errors import CheckFailed, UserError
from oracle_sft.model.batch import Collator, takes_trees
from oracle_sft.model.load import choose_compute_dtype
from oracle_sft.pairs.tokens import TokenRow, check_rows

_WINDOW_BATCHES = 16
_NAMED_PAIRS = 16


@dataclass(frozen=True, slots=True)
class FitResult:
    """What a training came to."""

    steps: int
    seconds: float
    """Wall time of the training itself, looks at the validation loss included."""
    train_loss: float
    """Mean over the answer tokens of the last logged steps."""
    validation_loss: float | None
    """After the last step; None without validation rows."""
    tokens: int
    """Tokens that went through the model in training: padding left out, shared ones counted once."""
    tokens_per_second: float
    reached: frozenset[str]
    """Ids of the pairs that a step came to: a training may end within its first epoch."""


def result_facts(result: FitResult) -> dict[str, Any]:
    """The figures as JSON values."""
    return {name: value for name, value in asdict(result).items() if name != "reached"}


def result_line(result: FitResult) -> str:
    """The figures in one line."""
    validation = (
        "" if result.validation_loss is None else f", validation loss {result.validation_loss:.3f}"
    )
    return (
        f"{result.steps:,} steps, loss {result.train_loss:.3f}{validation}, "
        f"{result.tokens_per_second:,.0f} tokens/s"
    )


def fit(
    model: Any,
    tokenizer: Any,
    train_rows: Sequence[TokenRow],
    validation_rows: Sequence[TokenRow],
    conf: TrainConf,
    *,
    seed: int,
    out_dir: Path,
    on_metrics: Callable[[dict[str, Any]], None],
    on_progress: Callable[[int, int, str], None],
) -> FitResult:
    """Train what `adapter.attach` left trainable, in place.

    `on_metrics` takes one JSON object at a time, each with `step`; `on_progress` takes steps done, steps in all, and a
    note. The same rows, config and seed on the same machine give the same weights.

    Raises:
        UserError: there are no rows, or one is too long or has nothing to train on; the pairs are named.
        CheckFailed: the loss or its gradient became NaN or infinite; the pairs of the step are named.
    """
    if not train_rows:
        raise UserError("there are no training pairs; see rejected.jsonl in the dataset's folder")
    check_rows([*train_rows, *validation_rows], max_length_tokens=conf.max_length_tokens)
    steps = num_steps(conf, len(train_rows))
    dataset = _dataset(train_rows)
    trees = conf.share_prefix and takes_trees(model, dataset.to_list())
    trainer = _Trainer(
        rows=train_rows,
        batch_rows=conf.batch_rows,
        model=model,
        args=_arguments(
            conf, steps=steps, seed=seed, out_dir=out_dir, validate=bool(validation_rows)
        ),
        train_dataset=dataset,
        eval_dataset=_dataset(validation_rows) if validation_rows else None,
        processing_class=tokenizer,
        data_collator=Collator(tokenizer.pad_token_id, trees=trees),
        callbacks=[_Progress(on_progress)],
    )
    trainer.on_metrics = on_metrics
    trainer.remove_callback(PrinterCallback)
    started = time.monotonic()
    trainer.train()
    if validation_rows and trainer.validated_step != steps:
        trainer.evaluate()
    seconds = time.monotonic() - started
    return FitResult(
        steps=trainer.state.global_step,
        seconds=round(seconds, 3),
        train_loss=trainer.last["loss"],
        validation_loss=trainer.last.get("validation_loss"),
        tokens=trainer.num_tokens,
        tokens_per_second=round(trainer.num_tokens / seconds, 1),
        reached=frozenset(train_rows[at].pair_id for at in trainer.reached),
    )


def num_steps(conf: TrainConf, num_rows: int) -> int:
    """Optimizer steps of a training over `num_rows` rows; the last batch of an epoch may be smaller."""
    if conf.max_steps is not None:
        return conf.max_steps
    return math.ceil(conf.epochs * math.ceil(num_rows / conf.batch_rows))


class LengthGroupedOrder(torch.utils.data.Sampler[int]):
    """Every row once an epoch, in an order that follows from the seed and the epoch, batches of like length.

    Rows are shuffled, sorted by length within windows of 16 batches, and the batches shuffled: of the demo's batches
    of 16 rows 1% is padding, of random ones 10%.
    """

    def __init__(self, lengths: Sequence[int], *, batch_rows: int, seed: int) -> None:
        """`lengths` are the rows' token counts."""
        self._lengths = lengths
        self._batch_rows = batch_rows
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Called by the trainer before each epoch, also when it goes on in the middle of a training."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + self._epoch)
        order = torch.randperm(len(self._lengths), generator=generator).tolist()
        window = self._batch_rows * _WINDOW_BATCHES
        batches = []
        for start in range(0, len(order), window):
            rows = sorted(order[start : start + window], key=self._lengths.__getitem__)
            batches += [
                rows[at : at + self._batch_rows] for at in range(0, len(rows), self._batch_rows)
            ]
        # A smaller batch in the middle would shift the borders of all that follow.
        whole = [batch for batch in batches if len(batch) == self._batch_rows]
        rest = [row for batch in batches if len(batch) < self._batch_rows for row in batch]
        for at in torch.randperm(len(whole), generator=generator).tolist():
            yield from whole[at]
        yield from rest


def _dataset(rows: Sequence[TokenRow]) -> Dataset:
    """The rows as the collator takes them; SFTTrainer accepts nothing but a Dataset."""
    return Dataset.from_dict(
        {
            "input_ids": [row.input_ids() for row in rows],
            "labels": [row.labels() for row in rows],
            "prompt_tokens": [len(row.prompt_ids) for row in rows],
            "row": list(range(len(rows))),
        }
    )


def _arguments(
    conf: TrainConf, *, steps: int, seed: int, out_dir: Path, validate: bool
) -> SFTConfig:
    dtype, _ = choose_compute_dtype(conf.compute_dtype)
    cpu = not torch.cuda.is_available()
    return SFTConfig(
        output_dir=str(out_dir),
        max_steps=steps,
        per_device_train_batch_size=conf.micro_batch_rows,
        per_device_eval_batch_size=conf.micro_batch_rows,
        gradient_accumulation_steps=conf.batch_rows // conf.micro_batch_rows,
        learning_rate=conf.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=math.ceil(conf.warmup_fraction * steps),
        weight_decay=conf.weight_decay,
        max_grad_norm=conf.clip_norm,
        optim="adamw_torch",
        bf16=dtype is ComputeDtype.bfloat16,
        gradient_checkpointing=False,
        use_cpu=cpu,
        dataloader_pin_memory=not cpu,
        # The rows carry labels: there is nothing to prepare, nothing to cut, and no second idea of what carries loss.
        max_length=None,
        dataset_kwargs={"skip_prepare_dataset": True},
        remove_unused_columns=False,
        eval_strategy="steps" if validate else "no",
        eval_steps=conf.validate_every_steps,
        prediction_loss_only=True,
        logging_steps=conf.log_every_steps,
        logging_first_step=True,
        logging_nan_inf_filter=False,  # it would log the mean of earlier losses in place of NaN
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        seed=seed,
    )


class _Progress(TrainerCallback):
    """Tells the steps to whoever shows them."""

    def __init__(self, on_progress: Callable[[int, int, str], None]) -> None:
        self._on_progress = on_progress
        self._note = ""

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        if "loss" in (logs or {}):
            self._note = f"loss {logs['loss']:.3f}"

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._on_progress(state.global_step, state.max_steps, self._note)


class _Trainer(SFTTrainer):
    """SFTTrainer that orders its rows by seed and epoch, counts tokens, and stops at the first NaN."""

    def __init__(self, *, rows: Sequence[TokenRow], batch_rows: int, **options: Any) -> None:
        self._rows = rows
        self._batch_rows = batch_rows
        self._step_rows: list[int] = []
        self.reached: set[int] = set()
        self._log_started = time.monotonic()
        self._log_tokens = 0
        self.num_tokens = 0
        self.validated_step = -1
        self.last: dict[str, float] = {}
        self.on_metrics: Callable[[dict[str, Any]], None] = lambda values: None
        trained = [part for part in options["model"].parameters() if part.requires_grad]
        kept = [part.data for part in trained]
        super().__init__(**options)
        # TRL rounds the adapter of a quantised base to bfloat16, where an update below 1/256 of a weight is lost.
        for part, data in zip(trained, kept, strict=True):
            part.data = data.to(part.device)

    def _send_telemetry(self) -> None:
        """Nothing is reported to anybody."""

    def _get_train_sampler(self, train_dataset: Any = None) -> LengthGroupedOrder:
        return LengthGroupedOrder(
            [row.num_tokens for row in self._rows],
            batch_rows=self._batch_rows,
            seed=self.args.seed,
        )

    def training_step(self, model: Any, inputs: dict[str, Any], *rest: Any, **named: Any) -> Any:
        rows = inputs.pop("row").tolist()
        self._step_rows += rows
        self.reached.update(rows)
        num_tokens = int(inputs.pop("num_tokens"))
        step: Any = super().training_step
        loss = step(model, inputs, *rest, **named)
        self.num_tokens += num_tokens
        self._check_finite("loss", loss)
        return loss

    def _clip_grad_norm(self, model: Any) -> Any:
        clip: Any = super()._clip_grad_norm
        norm = clip(model)
        self._check_finite("gradient", norm)
        self._step_rows = []
        return norm

    def prediction_step(self, model: Any, inputs: dict[str, Any], *rest: Any, **named: Any) -> Any:
        for name in ("row", "num_tokens"):
            inputs.pop(name)
        return super().prediction_step(model, inputs, *rest, **named)

    def log(self, logs: dict[str, float], *rest: Any, **named: Any) -> None:
        super().log(logs, *rest, **named)
        said = self.state.log_history[-1]
        if "eval_loss" in said:
            self.validated_step = self.state.global_step
            self.last["validation_loss"] = said["eval_loss"]
            self.on_metrics(
                {
                    "step": self.state.global_step,
                    "validation_loss": said["eval_loss"],
                    "validation_token_accuracy": said["eval_mean_token_accuracy"],
                }
            )
        elif "loss" in said:
            self.last["loss"] = said["loss"]
            seconds = time.monotonic() - self._log_started
            self.on_metrics(
                {
                    "step": self.state.global_step,
                    "epoch": said["epoch"],
                    "loss": said["loss"],
                    "gradient_norm": said["grad_norm"],
                    "learning_rate": said["learning_rate"],
                    "token_accuracy": said["mean_token_accuracy"],
                    "tokens": self.num_tokens,
                    "tokens_per_second": round((self.num_tokens - self._log_tokens) / seconds, 1),
                }
            )
            self._log_started, self._log_tokens = time.monotonic(), self.num_tokens

    def _check_finite(self, what: str, value: Any) -> None:
        if math.isfinite(float(value)):
            return
        pairs = [self._rows[row].pair_id for row in self._step_rows]
        more = f" and {len(pairs) - _NAMED_PAIRS} more" if len(pairs) > _NAMED_PAIRS else ""
        raise CheckFailed(
            f"the {what} of step {self.state.global_step + 1} is {float(value)}; pairs of that step: "
            f"{', '.join(pairs[:_NAMED_PAIRS])}{more}; lower train.learning_rate or look at these pairs"
        )
