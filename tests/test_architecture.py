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
import tomllib
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "desktop"

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {each["id"]: each["name"] for each in SETTINGS["tool"]["importlinter"]["contracts"]}
_END = "<end of a folder>\n"

# The floors that are divided into rooms, with a few of them to try the contracts with.
DIVIDED = {
    "ui": ("window", "chat", "signs", "text", "look"),
    "runtime": ("chat", "models", "background"),
    "rendering": ("page", "markdown", "code", "text"),
    "backends": ("openai", "wire"),
    "readers": ("mail", "office", "pdf", "text"),
    "core": ("signs", "claims", "text"),
}


# Import-linter's word on one folder after another: a process for each would take three times as long.
_LINT_EACH = f"""
import importlib, os, sys
from importlinter.cli import lint_imports_command
for folder in sys.argv[1:]:
    os.chdir(folder)
    # An editable install would put the real package before the one in the folder.
    sys.path[0] = folder
    importlib.invalidate_caches()
    try:
        lint_imports_command(["--no-cache"])
    except SystemExit:
        pass
    print({_END!r}, flush=True)
"""


def lint(*folders):
    """What import-linter says of the package `desktop` below each folder; a broken contract ends with BROKEN."""
    done = subprocess.run(
        [sys.executable, "-c", _LINT_EACH, *map(str, folders)],
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=6 * PATIENCE,
        check=False,
    )
    *said, rest = done.stdout.split(_END)
    assert len(said) == len(folders), rest + done.stderr
    return said


def test_the_program_keeps_its_contracts():
    [said] = lint(ROOT)
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in said, said


# Where a line stands that imports something, and the contracts that it breaks.
WRONG_IMPORTS: list[tuple[str, str, list[str]]] = [
    ("core/text/a.py", "import desktop.store", ["floors", "rooms"]),
    ("core/text/a.py", "import PySide6.QtCore", ["qt"]),
    ("core/text/a.py", "def f(): import httpcore", ["http"]),
    ("core/text/a.py", "import sqlite3", ["disk"]),
    ("core/text/a.py", "import desktop.core.signs.b", ["core-rooms"]),
    ("core/cellar/__init__.py", "", ["core-rooms"]),
    ("backends/wire/a.py", "import asyncssh", ["ssh"]),
    ("backends/wire/a.py", "import xllamacpp", ["engine"]),
    ("backends/wire/a.py", "import desktop.backends.openai.b", ["backends-rooms"]),
    ("readers/pdf/a.py", "import desktop.readers.office.b", ["readers-rooms"]),
    ("rendering/text/a.py", "import desktop.rendering.markdown.b", ["rendering-rooms"]),
    ("runtime/models/a.py", "import desktop.runtime.chat", ["runtime-rooms"]),
    ("runtime/models/a.py", "def f(): import chardet", ["files"]),
    ("ui/look/a.py", "from desktop.backends.wire import b", ["rooms"]),
    ("ui/look/a.py", "import keyring", ["disk"]),
    ("ui/text/a.py", "import desktop.ui.chat.b", ["ui-rooms"]),
    ("cellar/__init__.py", "", ["floors"]),
    ("runtime/models/a.py", "import desktop.readers.text.b", ["rooms"]),
    # What is allowed
    ("runtime/models/a.py", "import desktop.store.b", []),
    ("store/a.py", "import sqlite3, keyring, desktop.core.text.b", []),
    ("readers/mail/a.py", "import pypdfium2, olefile, desktop.readers.text.b, desktop.core.text.b", []),
    ("ui/look/a.py", "import PySide6, desktop.core.text.b, desktop.runtime.background", []),
    ("app.py", "import PySide6, desktop.store.b, desktop.backends.wire.b, desktop.engine.b, desktop.ui.look.b", []),
]


def lay_out(folder, file, line):
    """A program of rooms with nothing in them but this line."""
    folder.mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder)
    package = folder / "desktop"
    for room in ("core", "backends", "engine", "store", "readers", "rendering", "runtime", "ui"):
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").touch()
        if room not in DIVIDED:
            (package / room / "b.py").touch()
    for floor, rooms in DIVIDED.items():
        for room in rooms:
            (package / floor / room).mkdir()
            for name in ("__init__.py", "b.py"):
                (package / floor / room / name).touch()
    for name in ("__init__.py", "app.py", "__main__.py"):
        (package / name).touch()
    (package / file).parent.mkdir(exist_ok=True)
    (package / file).write_text(line + "\n")
    return folder


def test_a_wrong_import_breaks_the_contract(tmp_path):
    laid_out = [lay_out(tmp_path / str(n), file, line) for n, (file, line, _) in enumerate(WRONG_IMPORTS)]
    for (file, line, broken), said in zip(WRONG_IMPORTS, lint(*laid_out), strict=True):
        case = f"{file}: {line}\n{said}"
        assert f"Contracts: {len(CONTRACTS) - len(broken)} kept, {len(broken)} broken." in said, case
        for name in broken:
            assert f"{CONTRACTS[name]} BROKEN" in said, case


def imports_of(file):
    """Dotted names that a file imports, at its top or inside a function."""
    return imports_in(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def imports_in(nodes):
    """The same of nodes of a syntax tree."""
    for node in nodes:
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
def test_a_room_uses_only_its_part_of_qt(room, allowed):
    files = list((PACKAGE / room).rglob("*.py"))
    assert files
    for file in files:
        used = {name.split(".")[1] for name in imports_of(file) if name.startswith("PySide6.")}
        assert used <= allowed, f"{file.relative_to(ROOT)} imports {used - allowed}"


# What can open a socket, or ask for a name, by the modules and functions that do, and who may: with what for.
SOCKET_MODULES = {
    *("socket", "ssl", "_socket", "socketserver", "select", "selectors", "http.client", "http.server"),
    *("urllib.request", "ftplib", "smtplib", "imaplib", "poplib", "telnetlib", "xmlrpc.client", "xmlrpc.server"),
    *("httpx", "httpcore", "anyio", "asyncssh", "requests", "urllib3", "multiprocessing", "multiprocessing.connection"),
    *("PySide6.QtNetwork", "PySide6.QtWebSockets", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets"),
}
SOCKET_CALLS = {
    *("open_connection", "open_unix_connection", "start_server", "start_unix_server", "create_connection"),
    *("create_server", "create_unix_connection", "create_datagram_endpoint", "sock_connect", "getaddrinfo", "urlopen"),
    *("getnameinfo", "gethostbyname", "gethostbyaddr", "connect_tcp", "connect_ex"),
}
MAY_USE_SOCKETS = {
    "backends/wire/network.py": "the one way out, and the one place where names are looked up",
    "backends/wire/http.py": "the requests of the HTTP library; its connections are those of network.py",
    "backends/wire/exchange.py": "the types of the HTTP library",
    "backends/wire/tls.py": "what is trusted, and the types of the HTTP library",
    "backends/wire/way.py": "the connections of the HTTP library, those of network.py; and what is said to a proxy",
    "backends/ssh.py": "a login, inside a stream that network.py has opened, and HTTP in its channels",
    "ui/opening.py": "a local socket, for files that are opened while the program runs",
    "readers/confinement.py": "takes sockets away",
    "start.py": "a pair within the process, by which a signal wakes the window",
    "surroundings.py": "looks if a display answers, at a socket of this computer",
    "diagnosis.py": "the version of OpenSSL",
}


def test_no_other_module_opens_a_socket():
    """Every byte passes `backends/wire/network.py`, where it is held against its place, and counted."""
    using = set()
    for file in PACKAGE.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        if not any(name in source for name in SOCKET_MODULES | SOCKET_CALLS):
            continue
        nodes = list(ast.walk(ast.parse(source)))
        called = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        called |= {node.id for node in nodes if isinstance(node, ast.Name)}
        if SOCKET_MODULES & set(imports_in(nodes)) or SOCKET_CALLS & called:
            using.add(file.relative_to(PACKAGE).as_posix())
    assert using == set(MAY_USE_SOCKETS)


def test_core_needs_only_the_standard_library():
    files = list((PACKAGE / "core").rglob("*.py"))
    assert files
    for file in files:
        tops = {name.split(".")[0] for name in imports_of(file)} - {"desktop"}
        foreign = tops - sys.stdlib_module_names
        assert not foreign, f"{file.relative_to(ROOT)} imports {foreign}"


# Names with a stroke before them that are documented, so that a library promises them.
PROMISED = {
    "_exit": "os",
    "_MEIPASS": "sys, in a frozen program",
    "_replace": "a named tuple",
}
# Where a private name of Python, Qt or a library is still used. No module is to be added.
STILL_PRIVATE = {
    "readers/text/plain.py": {"_is_text_encoding"},
    "ui/look/theme.py": {"_Z14qt_getFreetypev"},  # without which Chinese looks bold
}


def private(name):
    return name.startswith("_") and not name.startswith("__") and name != "_"


def own_names(tree):
    """The private names that a module makes itself."""
    made = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                made.add(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                made.add(name)
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.Constant(value=str(name)):
                made.add(name)
    return {name for name in made if private(name)}


def foreign_names(tree, own, anywhere, asked):
    """The private names that a module sets, reads, overrides or imports of something that it does not make.

    What it asks of itself may be made by a class of another module of ours: `anywhere`. A method that nobody of ours
    asks for (`asked`) is called by the class above.
    """
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(bases=[_, *_], body=body):
                found |= {each.name for each in body if isinstance(each, ast.FunctionDef)} - asked
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                found |= {name} - anywhere
            case ast.Attribute(attr=name):
                found |= {name} - own
            case ast.ImportFrom(module=module, names=names):
                found |= {*(module or "").split("."), *(each.name for each in names)}
            case ast.Import(names=names):
                found |= {part for each in names for part in each.name.split(".")}
            case ast.Call(
                func=ast.Name(id="getattr" | "setattr" | "hasattr" | "delattr"), args=[_, ast.Constant(str(name)), *_]
            ):
                found.add(name)
    return {name for name in found if private(name)}


def private_names_of_others(package):
    trees = {file.relative_to(package).as_posix(): ast.parse(file.read_text("utf-8")) for file in package.rglob("*.py")}
    own = {file: own_names(tree) for file, tree in trees.items()}
    anywhere = set().union(*own.values())
    asked = {node.attr for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found = {file: foreign_names(tree, own[file], anywhere, asked) - PROMISED.keys() for file, tree in trees.items()}
    return {file: names for file, names in found.items() if names}


def test_no_private_name_of_python_qt_or_a_library_is_used(tmp_path):
    (tmp_path / "one.py").write_text(
        "import os, lib._inner\nfrom lib import _a\n\nclass A(lib.B):\n    def _over(self): ...\n"
        "    def f(self, other):\n"
        "        self._own = other._own\n        other._theirs = self._base\n        setattr(other, '_set', 1)\n"
        "        return other._pool, self._kept, os._exit\n"
    )
    (tmp_path / "two.py").write_text("class B:\n    def g(self):\n        self._kept = 1\n")
    assert private_names_of_others(tmp_path) == {
        "one.py": {"_inner", "_a", "_over", "_theirs", "_base", "_set", "_pool"}
    }
    assert private_names_of_others(PACKAGE) == STILL_PRIVATE
