"""What the guardrail finds, asks for and answers."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["unsafe", "invalid", "unparsed", "unverified"]
Validity = Literal["valid", "invalid", "unparsed"]
Level = Literal["strict", "standard", "lenient"]
Unanswered = Literal["refuse", "allow"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule has to say about one place."""

    rule: str
    severity: Severity
    """`unsafe` is refused at every level; `invalid` and `unparsed` are about validity; `unverified`
    says that a hook gave no answer.
    """
    message: str
    """What was found and what to do instead."""
    span: tuple[int, int]
    """Character offsets into the checked text, end exclusive."""


@dataclass(frozen=True, slots=True)
class HookResult:
    """What a database said about a statement that passed the rules."""

    ok: bool
    code: str
    """Its error code (`ORA-00942`), '' when it has none; HOOK_TIMEOUT and HOOK_FAILED for no answer."""
    message: str
    elapsed_seconds: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one check."""

    allowed: bool
    sql: str | None
    """The statement's own text without its terminator, never regenerated; None if refused."""
    findings: tuple[Finding, ...]
    validity: Validity
    """`unparsed`: safe as far as its tokens tell, and of a syntax that the parser does not know."""
    hook: HookResult | None = None

    @property
    def reason(self) -> str:
        """The first finding that decided, '' for an allowed text without findings."""
        return self.findings[0].message if self.findings else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailPolicy:
    """What may pass."""

    level: Level = "standard"
    """strict: only what is known to be valid; standard: also safe text that the parser does not
    know; lenient: everything safe.
    """
    allowed_functions: tuple[str, ...] = ()
    """Functions that may be called beside Oracle's own, as they are called: `HR.TAX`, `NET_PRICE`.
    Empty means none.
    """
    oracle_version: str | None = None
    """`19c` or `23ai`; unset, what any supported version accepts is valid."""
    allow_binds: bool = True
    """Bind variables (`:name`) may stand in the text."""
    max_chars: int = 50_000
    max_nesting: int = 100
    """Bracket levels."""
    max_generated_rows: int = 1_000_000
    """The largest literal bound of a row generator (CONNECT BY LEVEL <= n)."""
    max_parallel: int = 16
    """The largest degree that a PARALLEL hint may ask for."""
    hook_timeout_seconds: float = 5.0
    """How long a hook may take; then it is abandoned."""
    hook_unanswered: Unanswered = "refuse"
    """What becomes of a statement when the hook gives no answer in time, or raises."""
