"""What a quantiser really showed to the model, against what it was given."""

from typing import Any


class NotAsAsked(Exception):
    """The quantiser did other than it was told; the message says what."""


class Refused(Exception):
    """The quantiser cannot do this for this model; the message says why, and what can."""


class Shown:
    """Counts the token rows that reach the model's embedding: quantisers drop, cut, and join rows without a word."""

    def __init__(self, model: Any) -> None:
        self._rows: set[tuple[int, ...]] = set()
        model.get_input_embeddings().register_forward_pre_hook(self._take)

    def _take(self, module: Any, inputs: tuple[Any, ...]) -> None:
        for row in inputs[0].reshape(-1, inputs[0].shape[-1]).tolist():
            self._rows.add(tuple(row))

    def facts(self, rows: list[list[int]]) -> dict[str, int]:
        """`rows_seen` and `tokens_seen`.

        Raises:
            NotAsAsked: the model saw other rows than these.
        """
        wanted = {tuple(row) for row in rows}
        if self._rows != wanted:
            raise NotAsAsked(
                f"of {len(wanted)} different calibration rows the model saw {len(self._rows & wanted)} whole, "
                f"and {len(self._rows - wanted)} that it was not given"
            )
        return {"rows_seen": len(rows), "tokens_seen": sum(map(len, rows))}
