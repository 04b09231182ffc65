"""`--diagnose`: what this copy of the program finds on this computer, as JSON, for a report or an installer's test.

Part of the composition root, since it asks every room. It repairs nothing, and names no key and no conversation. The
window shows the same, with its connections.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import platform
import re
import ssl
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTranslator, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication

from desktop import __version__
from desktop.backend_factory import engine_can_run, engine_is_installed
from desktop.backends.wire.http import load_way
from desktop.backends.wire.redaction import without_likely_secrets
from desktop.core.resources import resource_path
from desktop.engine.process import EngineProcess
from desktop.exporters import formats
from desktop.logs import LOG_FILE
from desktop.store.database import open_store
from desktop.store.keys import platform_backend
from desktop.store.paths import data_dir, data_path, starter_model
from desktop.store.policy_file import find_policy

Found = dict[str, Any]
_LOG_LINES = 40
# Loaded after the first paint, or at their first use: what a freezer most easily leaves out.
_LATE = (
    "httpcore", "truststore", "keyring", "markdown_it", "pygments.lexers", "pygments.formatters",
    "ziamath", "ziafont", "latex2mathml.converter", "psutil", "platformdirs", "PySide6.QtSvg", "PySide6.QtNetwork",
)  # fmt: skip


def diagnose(target: str = "") -> int:
    """Print the findings, or write them to the file `target`. Return 1 if a check or the file failed, else 0.

    Needs an application.
    """
    text, problems = text_of(*(looked := look(CHECKS))), looked[1]
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


def text_of(found: Found, problems: Mapping[str, str]) -> str:
    """Return the findings as they are printed and shown, without what looks like a key."""
    said = json.dumps({"ok": not problems, "problems": problems, **found}, indent=1, ensure_ascii=True)
    return without_likely_secrets(said) + "\n"


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
    from desktop.backends.wire.tls import tls_context  # here, where it is told if it cannot be

    load_way()
    tls_context()
    return {"loaded": len(_LATE), "tls": ssl.OPENSSL_VERSION}


def _keyring() -> Found:
    """Return the keyring's name; None is no fault of the program's: keys then last until it is closed."""
    backend = platform_backend()
    return {"backend": None if backend is None else f"{type(backend).__module__}.{type(backend).__name__}"}


def _fonts() -> Found:
    """Return the fonts that the window is set in, and how many there are for Chinese."""
    general = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return {"general": general.family(), "fixed": fixed.family(), "chinese": len(chinese)}


def _proxies() -> Found:
    """Return the proxies of the system, without names and passwords."""
    from urllib.request import getproxies  # loads another HTTP library

    found = {name: re.sub(r"//[^/@]*@", "//", address) for name, address in getproxies().items()}
    return {"system": found}


def _certificates() -> Found:
    """Return where certificates are looked for."""
    paths, extra = ssl.get_default_verify_paths(), find_policy().extra_ca_file
    return {
        "file": paths.cafile,
        "folder": paths.capath,
        "SSL_CERT_FILE": os.environ.get("SSL_CERT_FILE"),
        "extra": extra or None,
        "extra_is_there": os.access(extra, os.R_OK) if extra else None,
    }


def _policy() -> Found:
    """Return the policy of this computer: where it is, what it names, and what is wrong with it."""
    policy = find_policy()
    wrong = [f"line {each.line}: {each.fault} {each.name} {each.detail}".strip() for each in policy.problems]
    names = [path for path, _ in policy.said]
    return {
        "source": policy.source or None,
        "limits_network": policy.reach.is_limited,
        "closes_network": policy.is_closed,
        "problems": wrong,
        "names": names,
    }


def _log() -> Found:
    """Return where the log is, and its last lines."""
    file = data_path() / LOG_FILE
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {"file": str(file), "last": []}
    return {"file": str(file), "last": text.splitlines()[-_LOG_LINES:]}


def _engine() -> Found:
    """Return the findings about the built-in engine without loading anything."""
    model = starter_model()
    return {
        "installed": engine_is_installed(),
        "can_run": engine_can_run(),
        "starter_model": str(model) if model else None,
    }


def _loading_engine() -> Found:
    """Return the findings about the built-in engine, which loads the starter model if there is one."""
    found, model = _engine(), starter_model()
    if found["installed"] and not found["can_run"]:
        raise RuntimeError("the engine cannot run: this processor has no AVX2")
    if not found["installed"] or model is None:
        return {**found, "loads": None}
    asyncio.run(_load(model))
    return {**found, "loads": True}


async def _load(model: Path) -> None:
    engine = EngineProcess()
    try:
        await engine.ensure(model)
    finally:
        await engine.aclose()


# What the window shows of itself while it runs: all but what it shows by running. The slow ones may wait.
WINDOW_CHECKS: Mapping[str, Callable[[], Found]] = {
    "program": _program,
    "qt": _qt,
    "data": _data,
    "fonts": _fonts,
    "policy": _policy,
    "log": _log,
    "resources": _resources,
}
WINDOW_SLOW_CHECKS: Mapping[str, Callable[[], Found]] = {
    "keyring": _keyring,
    "proxies": _proxies,
    "certificates": _certificates,
    "exporters": _exporters,
    "engine": _engine,
}
CHECKS: Mapping[str, Callable[[], Found]] = {
    **WINDOW_CHECKS,
    **WINDOW_SLOW_CHECKS,
    "database": _database,
    "translations": _translations,
    "libraries": _libraries,
    "engine": _loading_engine,
}
