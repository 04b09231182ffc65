"""The map of the code, `docs/map.md`: every module with the first line of its docstring, room by room.

Written by `dev.py map`, compared by a test. What a room is for stands in `docs/architecture.md`.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from environment import ROOT

PAGE = ROOT / "docs" / "map.md"
FOLDERS = ("desktop", "packaging")
_HEAD = """# Map

Every module with the first line of its docstring, room by room. [architecture.md](architecture.md) says what rooms are
for. Not written by hand: `python3 packaging/dev.py map` makes it anew after a change.
"""


def page(root: Path = ROOT, folders: Sequence[str] = FOLDERS) -> str:
    """Return the page for the modules that are there now."""
    rooms: dict[Path, list[Path]] = {}
    for folder in folders:
        for file in sorted((root / folder).rglob("*.py")):
            rooms.setdefault(file.parent, []).append(file)
    sections = (_section(root, room, files) for room, files in sorted(rooms.items()))
    return "\n".join([_HEAD, *filter(None, sections)])


def _section(root: Path, room: Path, files: Sequence[Path]) -> str:
    """Return what is told of one room; nothing of one that has but an empty package file."""
    lines = [f"- `{file.name}`: {first_line(file)}" for file in files if file.name != "__init__.py"]
    package = room / "__init__.py"
    about = first_line(package) if package.exists() else ""
    if not lines and not about:
        return ""
    head = [f"## {room.relative_to(root).as_posix()}", ""]
    return "\n".join([*head, *([about, ""] if about else []), *lines, ""])


def first_line(file: Path) -> str:
    """Return the first line of a module's docstring; empty where it has none."""
    told = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return told.partition("\n")[0].strip()
