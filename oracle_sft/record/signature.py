"""A signature over a folder, in the format of OpenSSF Model Signing: with a key, offline, by the package model-signing.

It runs in a process of its own: its imports are heavy, and only this command wants them.
"""

import subprocess
import sys
from pathlib import Path

from oracle_sft.errors import CheckFailed, EnvironmentFault, UserError

SIGNATURE = "model.sig"
"""The signature's file, in the folder that it is over; it is not over itself."""


def sign(folder: Path, private_key: Path) -> Path:
    """Sign every file in `folder` with a private key in a PEM file; returns the signature's file.

    Raises:
        UserError: there is no such key, or it cannot be signed with.
        EnvironmentFault: model-signing is not installed.
    """
    _check_key(private_key)
    path = folder / SIGNATURE
    path.unlink(missing_ok=True)
    said = _call("sign", folder, path, ("--private-key", "--private_key"), private_key)
    if said.returncode or not path.is_file():
        path.unlink(missing_ok=True)
        if "assword" in said.stderr + said.stdout:
            raise UserError(f"{private_key} needs a password; give a key without one")
        raise UserError(f"{folder} cannot be signed with {private_key}: {_last_line(said)}")
    return path


def check_signature(folder: Path, public_key: Path) -> None:
    """Pass when the signature in `folder` is that of a key over the files as they are.

    Raises:
        UserError: there is no such key.
        CheckFailed: there is no signature, it is another key's, or it is over other files.
        EnvironmentFault: model-signing is not installed.
    """
    _check_key(public_key)
    path = folder / SIGNATURE
    if not path.is_file():
        raise CheckFailed(f"{folder} is not signed (no {SIGNATURE})")
    said = _call("verify", folder, path, ("--public-key", "--public_key"), public_key)
    if said.returncode:
        raise CheckFailed(
            f"{path} is no signature of {public_key} over these files: {_last_line(said)}"
        )


def _check_key(path: Path) -> None:
    if not path.is_file():
        raise UserError(f"{path} is no file; give a key in PEM format")
    if b"-----BEGIN" not in path.read_bytes()[:4096]:
        raise UserError(f"{path} holds no key in PEM format")


def _call(
    verb: str, folder: Path, signature: Path, flags: tuple[str, str], key: Path
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "model_signing", verb, "key"]
    known = _run([*command, "--help"])
    if known.returncode:
        raise EnvironmentFault(
            f"model-signing does not start ({_last_line(known)}); run: "
            "pip install -c constraints.txt 'oracle-sft[sign]'"
        )
    flag = flags[0] if flags[0] in known.stdout else flags[1]  # it depends on the version
    return _run([*command, str(folder), "--signature", str(signature), flag, str(key)])


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _last_line(said: "subprocess.CompletedProcess[str]") -> str:
    lines = [line for line in (said.stdout + said.stderr).splitlines() if line.strip()]
    return lines[-1].strip() if lines else f"exit code {said.returncode}"
