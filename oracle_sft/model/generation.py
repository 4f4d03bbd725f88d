"""One answer of a model, wherever that runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Generation:
    """One answer."""

    text: str
    """Without the end token and other special tokens."""
    num_tokens: int | None
    """Tokens that the model wrote, the end token included; None where an endpoint does not say."""
    finish_reason: str
    """`stop`: the model ended its answer; `length`: it was cut at max_new_tokens; an endpoint may say others."""
    prompt_tokens: int | None = None
    seconds: float | None = None
    """From the start of its batch, or of its request, to its end."""
    failure: str = ""
    """Why an endpoint gave no answer at all; `text` is empty then."""
