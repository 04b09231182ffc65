"""Versions of the program in folders of their own, and what keeps two of them from being compared."""

from __future__ import annotations

import compileall
import contextlib
import importlib.util
import os
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import ROOT

_QT = "libQt6Core"
_PACKAGES = ("httpcore", "h11", "anyio", "markdown_it", "shibokensupport")  # imported at a start


@contextlib.contextmanager
def earlier_tree(reference: str) -> Iterator[Path]:
    """Lay out the version that `reference` names, with byte code; raises CalledProcessError where there is none."""
    with tempfile.TemporaryDirectory(prefix="candor-earlier-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--quiet", "--detach", str(tree), reference)
        try:
            for root in (tree, ROOT):
                for part in ("desktop", "tests/bench", "tests/support"):
                    compileall.compile_dir(root / part, quiet=2)
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def why_not_comparable() -> str | None:
    """Return what would make every figure wrong: byte code that is not there, or another program of Qt's."""
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return "PYTHONDONTWRITEBYTECODE is set: each start would compile the program anew. Unset it."
    if lacking := [name for name in _PACKAGES if not _has_byte_code(name)]:
        return f"No byte code of {', '.join(lacking)}: run `python -m compileall {sysconfig.get_path('purelib')}`."
    if others := list(_other_programs()):
        return f"Another program uses Qt, and would share its memory: {', '.join(others)}. End it first."
    return None


def _has_byte_code(package: str) -> bool:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return True  # not there, or a package of another kind
    return Path(importlib.util.cache_from_source(spec.origin)).exists()


def _other_programs() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # ended, or of another user
            if int(process.name) != os.getpid() and _QT in (process / "maps").read_text():
                words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                yield f"{process.name} ({words.strip()[:60]})"


def _git(*words: str) -> None:
    subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
