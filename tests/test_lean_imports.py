"""Tests for what a start keeps in memory."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from desktop.core.resources import resource_path
from desktop.lean_imports import _LateSpec

_ROOT = Path(resource_path("icons")).parents[1]
# What a window needs later, if at all: each costs memory or time before the first paint.
_LATER = {"keyring", "httpx", "asyncio", "markdown_it", "pygments", "ziamath", "truststore", "asyncssh", "email"}
_LATER |= {"argparse", "html", "rich"}

_MOST_IN_A_STEP = 14  # modules of the program; typing goes on between the steps


def test_a_start_keeps_no_source_text_and_loads_nothing_that_can_wait() -> None:
    code = (
        "import dataclasses, gc, json, linecache, sys\n"
        "from desktop import lean_dataclasses, lean_imports\n"
        "lean_dataclasses.make_lean(dataclasses)\n"
        "lean_imports.begin()\n"
        "import desktop.start\n"
        "from desktop import loading\n"
        "packages = sorted({name.partition('.')[0] for name, kept in sys.modules.items() if kept})\n"
        "texts = len(linecache.cache)\n"
        "count = lambda: sum(name.startswith('desktop.') for name in sys.modules)\n"
        "steps = [(count(), load(), count()) for load in loading.parts_of_program()]\n"
        "from desktop.core.place import THIS_COMPUTER as place\n"
        "try:\n"
        "    place.kind = place.kind\n"
        "    refuses = False\n"
        "except dataclasses.FrozenInstanceError:\n"
        "    refuses = True\n"
        "gc.unfreeze()\n"
        "gc.collect()\n"
        "classes = [each for each in gc.get_objects() if isinstance(each, type) and dataclasses.is_dataclass(each)]\n"
        "kept = [each for each in classes if each.__name__ == 'Place']\n"
        "late = type(vars(type(place))['__repr__']) is lean_dataclasses.LateMethod\n"
        "most = max(after - before for before, _, after in steps)\n"
        "from PySide6.QtCore import QTimer\n"
        "signatures = vars(sys.modules['shibokensupport.signature.parser'])\n"
        "said = 'pyside_type_init' in signatures\n"
        "try:\n"
        "    QTimer().setInterval('a')\n"
        "except TypeError as error:\n"
        "    explained = str(error)\n"
        "print(json.dumps([texts, packages, refuses, len(kept), late, said, explained, most]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    texts, packages, refuses, kept, late, said, explained, most = json.loads(done.stdout)
    assert texts == 0
    assert _LATER.isdisjoint(packages)
    assert refuses, "a frozen dataclass can be changed"
    assert kept == 1, "a dataclass with slots is kept beside the one without"
    assert most <= _MOST_IN_A_STEP, "a step after the first paint loads too much at once: `loading._AFTER_PAINT`"
    assert late or sys.version_info >= (3, 14), "methods are compiled that nobody has asked for"
    assert not said, "PySide has made ready to explain mistakes before one is made"
    assert "Supported signatures" in explained
    assert "msec: int" in explained


class _LoaderOfOnceMissing:
    """A loader of a module that needs something which is there the second time."""

    def __init__(self) -> None:
        self._times = 0

    def exec_module(self, module: ModuleType) -> None:
        """Fail, or give the module a name."""
        self._times += 1
        if self._times == 1:
            raise MemoryError
        vars(module)["said"] = self._times


def test_a_late_module_that_failed_is_run_again() -> None:
    spec = _LateSpec("shibokensupport.signature.layout", _LoaderOfOnceMissing())
    module = importlib.util.module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    with pytest.raises(MemoryError):
        getattr(module, "said")  # noqa: B009 - asks it as PySide does
    assert [module.said, module.said] == [2, 2]
    with pytest.raises(AttributeError):
        getattr(module, "more")  # noqa: B009
