"""The import contracts of pyproject.toml: that the program keeps them, and that they bite when it would not.

What import-linter cannot see is checked here from the syntax tree: which of Qt's modules a room may use, and that
core needs nothing but the standard library.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "desktop"

FLOORS = "Imports only point down, and rooms of one floor do not know each other"
ROOMS = "A room knows core; only the composition root knows the rooms that do I/O"
HTTP = "Only backends speak HTTP"
DISK = "Only the store opens the database and the keyring"
ENGINE = "Only the engine loads llama.cpp"
QT = "Qt is for what is drawn, and for the bridge to it"


def lint(folder: Path) -> str:
    """What import-linter says of the package `desktop` below `folder`; a broken contract ends with BROKEN."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=folder,
        # An editable install would put the real package before the one in `folder`.
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


def test_the_program_keeps_its_contracts() -> None:
    said = lint(ROOT)
    assert "Contracts: 6 kept, 0 broken." in said, said


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("core/a.py", "import desktop.store", [FLOORS, ROOMS]),
        ("core/a.py", "import PySide6.QtCore", [QT]),
        ("core/a.py", "def f(): import httpx", [HTTP]),
        ("core/a.py", "import sqlite3", [DISK]),
        ("backends/a.py", "from desktop.store import paths", [FLOORS, ROOMS]),
        ("backends/a.py", "from PySide6.QtCore import QObject", [QT]),
        ("store/a.py", "import desktop.runtime", [FLOORS, ROOMS]),
        ("runtime/a.py", "import desktop.engine", [ROOMS]),
        ("ui/a.py", "from desktop.backends import b", [ROOMS]),
        ("ui/a.py", "import desktop.store", [ROOMS]),
        ("ui/a.py", "import keyring", [DISK]),
        ("ui/a.py", "from sqlite3 import connect", [DISK]),
        ("ui/a.py", "import httpx", [HTTP]),
        ("ui/a.py", "import desktop.app", [FLOORS, ROOMS]),
        ("app.py", "import truststore", [HTTP]),
        ("backends/a.py", "import xllamacpp", [ENGINE]),
        ("cellar/__init__.py", "", [FLOORS]),
        # What is allowed
        ("backends/a.py", "import httpx, truststore, desktop.core.b", []),
        ("store/a.py", "import sqlite3, keyring, desktop.core.b", []),
        ("ui/a.py", "import PySide6.QtWidgets, desktop.core.b, desktop.runtime.b, desktop.rendering.b", []),
        ("runtime/a.py", "import PySide6.QtCore, desktop.core.b", []),
        ("rendering/a.py", "import PySide6.QtGui, desktop.core.b", []),
        ("app.py", "import PySide6.QtWidgets, desktop.store.b, desktop.backends.b, desktop.engine.b, desktop.ui.b", []),
        ("__main__.py", "import desktop.app", []),
    ],
)
def test_a_wrong_import_breaks_the_contract(tmp_path: Path, file: str, line: str, broken: list[str]) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "desktop"
    for room in ("core", "backends", "engine", "store", "rendering", "runtime", "ui"):
        (package / room).mkdir(parents=True)
        for name in ("__init__.py", "b.py"):
            (package / room / name).touch()
    for name in ("__init__.py", "app.py", "__main__.py"):
        (package / name).touch()
    (package / file).parent.mkdir(exist_ok=True)
    (package / file).write_text(line + "\n")

    said = lint(tmp_path)

    assert f"Contracts: {6 - len(broken)} kept, {len(broken)} broken." in said, said
    for name in broken:
        assert f"{name} BROKEN" in said, said


def imports_of(file: Path) -> Iterator[str]:
    """Dotted names that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom("PySide6", names):
                yield from (f"PySide6.{alias.name}" for alias in names)
            case ast.ImportFrom(str(module), _, 0):
                yield module


@pytest.mark.parametrize(
    ("room", "allowed"),
    [
        ("runtime", {"QtCore"}),
        ("rendering", {"QtCore", "QtGui", "QtSvg"}),
    ],
)
def test_a_room_uses_only_its_part_of_qt(room: str, allowed: set[str]) -> None:
    for file in (PACKAGE / room).rglob("*.py"):
        used = {name.split(".")[1] for name in imports_of(file) if name.startswith("PySide6.")}
        assert used <= allowed, f"{file.relative_to(ROOT)} imports {used - allowed}"


def test_core_needs_only_the_standard_library() -> None:
    files = list((PACKAGE / "core").rglob("*.py"))
    assert files
    for file in files:
        tops = {name.split(".")[0] for name in imports_of(file)} - {"desktop"}
        foreign = tops - sys.stdlib_module_names
        assert not foreign, f"{file.relative_to(ROOT)} imports {foreign}"
