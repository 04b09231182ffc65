"""`--diagnose`: what this copy of the program finds on this computer, as JSON, for a report or an installer's test.

Part of the composition root, since it asks every room. It repairs nothing, and names no key, address or conversation.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTranslator, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication

from desktop import __version__
from desktop.core.resources import resource_path
from desktop.store.paths import data_dir, starter_model

Found = dict[str, Any]
# Loaded after the first paint, or at their first use: what a freezer most easily leaves out.
_LATE = (
    "httpx", "truststore", "keyring", "markdown_it", "pygments.lexers", "pygments.formatters",
    "ziamath", "ziafont", "latex2mathml.converter", "psutil", "platformdirs", "PySide6.QtSvg", "PySide6.QtNetwork",
)  # fmt: skip


def diagnose(target: str = "") -> int:
    """Print the findings, or write them to the file `target`. Return 1 if a check or the file failed, else 0.

    Needs an application.
    """
    found, problems = look(CHECKS)
    text = json.dumps({"ok": not problems, "problems": problems, **found}, indent=1, ensure_ascii=True) + "\n"
    if target:
        try:
            Path(target).write_text(text, encoding="utf-8")
        except OSError as error:
            if sys.stderr is not None:
                sys.stderr.write(f"candor: {target} could not be written: {error.strerror}\n")
            return 1
    elif sys.stdout is not None:  # a window program on Windows has none
        sys.stdout.write(text)
        sys.stdout.flush()
    return 1 if problems else 0


def look(checks: Mapping[str, Callable[[], Found]]) -> tuple[Found, dict[str, str]]:
    """Return what each check finds, and what is wrong with those that fail."""
    found: Found = {}
    problems: dict[str, str] = {}
    for name, check in checks.items():
        try:
            found[name] = check()
        except Exception as error:  # whatever it is, it is what was looked for
            problems[name] = "".join(traceback.format_exception_only(error)).strip()
    return found, problems


def _program() -> Found:
    return {
        "version": __version__,
        "frozen": bool(getattr(sys, "frozen", False)),
        "executable": sys.executable,
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def _qt() -> Found:
    screen = QGuiApplication.primaryScreen()
    families = QFontDatabase.families()
    if not families:
        raise RuntimeError("no font is installed")
    return {
        "version": qVersion(),
        "platform": QGuiApplication.platformName(),
        "fonts": len(families),
        "scale": screen.devicePixelRatio() if screen is not None else None,
    }


def _data() -> Found:
    folder = data_dir()
    with tempfile.NamedTemporaryFile(dir=folder):
        pass
    return {"folder": str(folder), "own_folder": "CANDOR_HOME" in os.environ}


def _database() -> Found:
    """Check that SQLite has what the store needs: a database is made and thrown away."""
    from desktop.store.database import open_store

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder, "candor.db"))
        store.close()
    return {"usable": True}


def _resources() -> Found:
    kinds = {"frameworks": "*.toml", "providers": "*.toml", "icons": "*.svg"}
    counts = {name: len(list(resource_path(name).glob(pattern))) for name, pattern in kinds.items()}
    if not all(counts.values()):
        raise FileNotFoundError(f"{resource_path()} is not whole: {counts}")
    return counts


def _exporters() -> Found:
    """Return the endings of the formats that are found, which are nowhere imported by name."""
    from desktop.exporters import formats

    endings = [each.ENDING for each in formats()]
    if not endings:
        raise ModuleNotFoundError("no format to export conversations in")
    return {"endings": endings}


def _translations() -> Found:
    files = sorted(resource_path("i18n").glob("*.qm"))
    readable = [file.stem.removeprefix("candor_") for file in files if QTranslator().load(str(file))]
    if "zh_CN" not in readable:
        raise FileNotFoundError(f"no Chinese in {resource_path('i18n')}")
    return {"languages": readable}


def _libraries() -> Found:
    for name in _LATE:
        importlib.import_module(name)
    from desktop.backends.wire.http import warm_up

    warm_up()
    import ssl

    return {"loaded": len(_LATE), "tls": ssl.OPENSSL_VERSION}


def _keyring() -> Found:
    """Return the keyring's name; None is no fault of the program's: keys then last until it is closed."""
    from desktop.store.keys import platform_backend

    backend = platform_backend()
    return {"backend": None if backend is None else f"{type(backend).__module__}.{type(backend).__name__}"}


def _engine() -> Found:
    """Return the findings about the built-in engine, which loads the starter model if there is one."""
    from desktop.backend_factory import engine_can_run, engine_is_installed

    model = starter_model()
    found: Found = {"installed": engine_is_installed(), "starter_model": str(model) if model else None, "loads": None}
    if found["installed"] and not engine_can_run():
        raise RuntimeError("the engine cannot run: this processor has no AVX2")
    if found["installed"] and model is not None:
        asyncio.run(_load(model))
        found["loads"] = True
    return found


async def _load(model: Path) -> None:
    from desktop.engine.process import EngineProcess

    engine = EngineProcess()
    try:
        await engine.ensure(model)
    finally:
        await engine.aclose()


CHECKS: Mapping[str, Callable[[], Found]] = {
    "program": _program,
    "qt": _qt,
    "data": _data,
    "database": _database,
    "resources": _resources,
    "exporters": _exporters,
    "translations": _translations,
    "libraries": _libraries,
    "keyring": _keyring,
    "engine": _engine,
}
