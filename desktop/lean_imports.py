"""Keeps a start from doing and holding what nobody has need of, in places that only Python and PySide themselves reach.

Private names are replaced. Where another version has no such name, nothing is lost but time and memory.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.machinery
import linecache
import sys
import threading
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_ARENA_MAX = -8  # M_ARENA_MAX in glibc's malloc.h

# What PySide needs to explain a wrong argument and to write its stubs: 2,000 lines that it compiles at each start.
# Not its `mapping`, from which it takes names without asking the module.
_OF_SIGNATURES = frozenset(
    f"shibokensupport.signature.{name}"
    for name in ("errorhandler", "layout", "parser", "lib.enum_sig", "lib.pyi_generator", "lib.tool")
)


def begin() -> None:
    """Import Qt's core, and have the imports after it cost less. To be called before those."""
    # Whatever lives then will live on: nothing is found until the window collects for the first time.
    gc.disable()
    _share_one_heap()
    _import_core()
    _keep_no_source_text()
    # The HTTP library's own command line, which it loads with rich where click is installed: 5 MiB.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]


def _share_one_heap() -> None:
    """Have all threads use the heap of the first one, where that can be said (glibc).

    Each would have its own, of which parts stay free that no other uses. They seldom wait for each other: what they do
    in Python they do one at a time.
    """
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library; on Windows there is no such name at all
        return
    set_option(_ARENA_MAX, 1)


def _import_core() -> None:
    """Import Qt's core, and have PySide explain no mistakes before one is made."""
    importlib.machinery.ModuleSpec = _LateSpec  # type: ignore[misc]  # with which PySide imports what it brings along
    try:
        import PySide6.QtCore  # noqa: F401
    finally:
        importlib.machinery.ModuleSpec = ModuleSpec  # type: ignore[misc]


def _keep_no_source_text() -> None:
    """Have PySide read no source text.

    It replaces Python's import. After each import of any module it reads that module's source, to see if it speaks of
    PySide and could want other names for its functions (`__feature__`, which is not used here). Python keeps every text
    that was read so: of 300 files, 8 to 10 MiB, for nothing.
    """
    feature: Any = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda module: False
    linecache.clearcache()


class _LateSpec(ModuleSpec):
    """The spec of a module, which is run late if it is one of those for signatures."""

    def __init__(self, name: str, loader: Any, **more: Any) -> None:
        if name in _OF_SIGNATURES:
            loader = _LateLoader(loader)
        super().__init__(name, loader, **more)


class _LateLoader:
    """A loader that runs a module when one of its names is first asked for."""

    _lock = threading.RLock()  # of all of them, since they ask each other

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._has_run = False

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Return none, for Python to make it."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Leave the module empty until something is asked of it."""
        name = module.__name__

        def find(asked: str) -> Any:
            if not asked.startswith("__"):
                self._run(module, name)
                if asked in vars(module):
                    return vars(module)[asked]
            raise AttributeError(f"module {name!r} has no attribute {asked!r}")

        module.__getattr__ = find  # type: ignore[method-assign]

    def _run(self, module: ModuleType, name: str) -> None:
        with self._lock:
            if not self._has_run:
                self._has_run = True  # from now on: while it runs, others may ask what it has so far
                spec = module.__spec__
                assert spec is not None
                # PySide gives the spec another name later; the loader knows the module by its first one.
                renamed, spec.name = spec.name, name
                try:
                    self._loader.exec_module(module)
                except BaseException:
                    self._has_run = False  # whoever asks next may be luckier
                    raise
                finally:
                    spec.name = renamed
