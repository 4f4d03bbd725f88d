"""What bytes are there: SHA-256 of files and folders."""

import hashlib
import json
from pathlib import Path
from typing import Any


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_folder(folder: Path) -> dict[str, dict[str, Any]]:
    """`{relative name: {"sha256": hex, "size": bytes}}` of every file below `folder`, sorted by name."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {
        file.relative_to(folder).as_posix(): {
            "sha256": sha256_file(file),
            "size": file.stat().st_size,
        }
        for file in files
    }


def sha256_json(value: Any) -> str:
    """SHA-256 (hex) of a JSON value, the same for any key order."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
