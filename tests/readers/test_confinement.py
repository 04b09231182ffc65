"""A reader's process has no network, writes nothing and starts no other program, and loads nothing of the window's."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.readers.launch import environment

LINUX = sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}


def confined(code: str, *arguments: str) -> str:
    """What code says in a process that has confined itself."""
    done = subprocess.run(
        [sys.executable, "-c", f"from desktop.readers.confinement import confine\nconfine()\n{code}", *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_there_is_no_network() -> None:
    assert "a reader has no network" in confined("import socket; socket.socket()")
    assert "a reader has no network" in confined("import socket; socket.create_connection(('127.0.0.1', 9))")


@pytest.mark.skipif(not LINUX, reason="by the kernel of Linux")
@pytest.mark.parametrize(
    "code",
    [
        "import _socket; _socket.socket()",
        "import os; os.fork()",
        "import subprocess; subprocess.run(['true'])",
        "import os, sys; os.open(sys.argv[1], os.O_WRONLY)",
        "import os, sys; os.open(sys.argv[1] + 'x', os.O_RDONLY | os.O_CREAT)",
        "import os, sys; os.truncate(sys.argv[1], 0)",
        "import os, sys; os.remove(sys.argv[1])",
        "import os, sys; os.rename(sys.argv[1], sys.argv[1] + 'x')",
        "import os, sys; os.chmod(sys.argv[1], 0)",
        "import os; os.kill(os.getppid(), 0)",
    ],
)
def test_the_kernel_refuses(tmp_path: Path, code: str) -> None:
    path = tmp_path / "a"
    path.write_text("kept")
    assert "PermissionError" in confined(code, str(path))
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    assert path.read_text() == "kept"


@pytest.mark.skipif(not LINUX, reason="by the kernel of Linux")
def test_reading_is_allowed_and_memory_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("words")
    assert confined("import sys; print(open(sys.argv[1]).read())", str(tmp_path / "a")) == "words\n"
    assert "MemoryError" in confined("bytearray(3 << 30)")


def test_a_reader_loads_nothing_of_the_window_and_the_network() -> None:
    """So that it starts quickly, and has little that could be turned against the user."""
    code = (
        "import sys, desktop.readers.child\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'PySide6', 'shiboken6', 'httpx', 'sqlite3', 'keyring', 'asyncio', 'ssl', 'pypdfium2', 'chardet'}))"
    )
    assert confined(code).strip() == "[]"


def test_the_window_loads_nothing_that_takes_files_apart() -> None:
    code = (
        "import sys, desktop.readers.process\n"
        "print(sorted({'pypdfium2', 'pypdfium2_raw', 'python_calamine', 'olefile', 'chardet', 'zipfile'} & "
        "set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert done.stdout.strip() == "[]"
