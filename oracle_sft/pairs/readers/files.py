"""The files that `data.path` stands for."""

from pathlib import Path

from oracle_sft.errors import UserError


def files_of(path: Path, *suffixes: str) -> list[Path]:
    """The file itself, or the files below a folder whose names have one of the suffixes, in either case, sorted.

    Raises:
        UserError: the folder holds none.
    """
    if not path.is_dir():
        return [path]
    files = sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and any(suffix.lower() in suffixes for suffix in file.suffixes)
    )
    if not files:
        shown = ", ".join(f"*{suffix}" for suffix in suffixes)
        raise UserError(f"{path} holds no {shown}; give a file, or a folder of them")
    return files
