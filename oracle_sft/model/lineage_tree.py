"""The lineage of a bundle as a tree for people."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.text import Text
from rich.tree import Tree

from oracle_sft.model.lineage import Link, State

_STYLES = {
    State.agrees: "green",
    State.differs: "bold red",
    State.gone: "yellow",
    State.unchecked: "dim",
}


def tree(folder: Path, manifest: Mapping[str, Any], links: Sequence[Link]) -> Tree:
    """A verified bundle, with a branch for each link behind it."""
    files, size = manifest["files"], sum(said["size"] for said in manifest["files"].values())
    root = Text.assemble(
        (_shown(manifest["name"]), "bold"),
        f"  {manifest['digest'][:12]}  {len(files)} files, {size / 1e6:,.1f} MB",
        f"\n{_shown(str(folder))}: {_stored(manifest)}, made {manifest['created']}",
    )
    made = Tree(root)
    for link in links:
        _add(made, link)
    return made


def _stored(manifest: Mapping[str, Any]) -> str:
    quantization, calibration = manifest["quantization"], manifest["calibration"]
    if quantization is None:
        return f"{manifest['merge']['dtype']} weights"
    said = f"{quantization['bits']}-bit {quantization['algorithm']} by {quantization['backend']} "
    said += f"{quantization['backend_version']}, stored as {quantization['format']}"
    if calibration is None:
        return said
    return f"{said}, calibrated on {len(calibration['pair_ids'])} pairs"


def _add(above: Tree, link: Link) -> None:
    said = Text.assemble(
        f"{link.kind}  ",
        (_shown(link.name), "bold"),
        f"  {link.digest[:12]}  " if link.digest else "  ",
        (link.state.value, _STYLES[link.state]),
    )
    if link.state is State.gone and link.path != link.name:
        said.append(f", it was {_shown(link.path)}")
    where = "" if link.found is None else _near(link.found)
    facts = ": ".join(fact for fact in (where if where != link.name else "", link.said) if fact)
    if facts:
        said.append(f"\n{_shown(facts)}", "dim")
    branch = above.add(said)
    for parent in link.parents:
        _add(branch, parent)


def _near(path: Path) -> str:
    """A path as short as it can be said from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _shown(text: str) -> str:
    """A text without what would move the cursor."""
    return text if text.isprintable() else ascii(text)
