"""What python-oracledb's errors say: whether the statement is at fault, the time, or something else."""

from typing import Any

# ORA-01013: cancelled; DPY-4024 and DPI-1067, DPI-1080: call_timeout, thin and thick.
TIMED_OUT = frozenset({"ORA-01013", "DPY-4024", "DPI-1067", "DPI-1080"})
# What Oracle says when not the statement is at fault: sessions, logins, start-up, resources, bugs.
_INFRASTRUCTURE = frozenset(
    [
        *(
            "ORA-00018",
            "ORA-00020",
            "ORA-00028",
            "ORA-00600",
            "ORA-01012",
            "ORA-01017",
            "ORA-01033",
        ),
        *(
            "ORA-01034",
            "ORA-01045",
            "ORA-01089",
            "ORA-01090",
            "ORA-01109",
            "ORA-02391",
            "ORA-02396",
        ),
        *(
            "ORA-03113",
            "ORA-03114",
            "ORA-03135",
            "ORA-03136",
            "ORA-04030",
            "ORA-04031",
            "ORA-07445",
        ),
        *("ORA-28000", "ORA-28001", "ORA-28002", "ORA-28040", "ORA-01005", "ORA-00604"),
    ]
)


def is_about_the_statement(code: str) -> bool:
    # ORA-12150 to ORA-12699 are the network's.
    network = code.startswith("ORA-12") and "ORA-12150" <= code <= "ORA-12699"
    return code.startswith("ORA-") and code not in _INFRASTRUCTURE and not network


def said(error: Any) -> tuple[str, str]:
    """Code and first line of a driver's error; the rest is a link to its help."""
    detail = error.args[0] if error.args else error
    code = str(getattr(detail, "full_code", "") or "")
    return code, str(getattr(detail, "message", "") or detail).splitlines()[0]
