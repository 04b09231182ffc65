"""The virtual environment `.venv`: made with venv, filled with pip from pyproject.toml, quickly recognised as ready.

It is made again where it was left half-made or its Python does not run. System libraries are the business of
`system.py`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import subprocess
import tomllib
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import system
import telling
from telling import SetupError, say

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
TRANSLATIONS = ROOT / "resources" / "i18n"
STAMP = "candor-ready.json"  # what was installed, written last

# Retries are what makes pip tell of the network; a user without one shall not wait long for the sentence.
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", "--retries", "2")
_NO_NETWORK = re.compile(r"NewConnection|ConnectTimeout|ReadTimeout|NameResolution|ProxyError|Connection reset")


def python_of(folder: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would lead the environment's Python to foreign packages."""
    foreign = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__"}
    return {name: value for name, value in os.environ.items() if name not in foreign}


def prepare(extras: Sequence[str]) -> Path:
    """Have `.venv` with Candor installed editable, with these extras; return its Python. Raises SetupError."""
    with _alone():
        python = python_of(VENV)
        version, stamp = _version_of(python), _read_stamp()
        if not version or not stamp:
            say(f"Making {VENV}")
            make_bare(VENV, clear=True)
            version, stamp = _version_of(python), {}
        # Extras that are there already stay: `run` after `test` shall not make the next `test` slow.
        wanted = {"key": _key(version), "extras": sorted({*extras, *stamp.get("extras", ())})}
        if stamp != wanted:
            say("Bringing Candor's packages up to date" if stamp else "Installing Candor's packages (150 MB, once)")
            _fill(python, wanted)
        return python


def make_bare(folder: Path, *, clear: bool = False) -> Path:
    """Make an environment with nothing but pip; return its Python. Raises SetupError."""
    system.ensure(system.PIP)
    try:
        venv.create(folder, with_pip=True, clear=clear)
    except (subprocess.CalledProcessError, ValueError) as error:
        raise SetupError(f"{folder} could not be made: {error}") from error
    return python_of(folder)


def ask(python: Path, code: str) -> str:
    """Return what a line of Python prints in the environment. Raises SetupError."""
    return telling.run([python, "-I", "-c", code], environment=clean_environment()).strip()


def pip(python: Path, *arguments: str) -> None:
    """Run pip in the environment. Raises SetupError with the reason, in a sentence."""
    done = subprocess.run(
        [str(python), *PIP, *arguments],
        env=clean_environment(),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise SetupError(why_pip_failed(done.stdout))


def why_pip_failed(said: str) -> str:
    """Return why pip failed, in a sentence, from what it printed."""
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return "The package index's certificate is not trusted here; if your network has its own, set PIP_CERT to it."
    if _NO_NETWORK.search(said):
        return "The package index cannot be reached: this computer has no network, or a proxy is needed (HTTPS_PROXY)."
    if "No space left on device" in said:
        return "The disk is full."
    errors = [line for line in said.splitlines() if line.startswith("ERROR")] or said.splitlines()[-3:]
    return "pip failed: " + " ".join(errors)[-500:]


def compile_translations(python: Path) -> None:
    """Compile each .ts of `resources/i18n` that is newer than its .qm. Raises SetupError."""
    for source in sorted(TRANSLATIONS.glob("*.ts")):
        compiled = source.with_suffix(".qm")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            say(f"Compiling {source.name}")
            compile_one(python, source, compiled)


def compile_one(python: Path, source: Path, compiled: Path) -> None:
    """Compile a translation with the `lrelease` of the environment that `python` belongs to. Raises SetupError."""
    telling.run(
        [python.with_name("pyside6-lrelease"), "-silent", source, "-qm", compiled],
        environment=clean_environment(),
        named=f"Compiling {source.name}",
    )


def _fill(python: Path, wanted: dict[str, Any]) -> None:
    build_system = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    project = f"{ROOT}[{','.join(wanted['extras'])}]" if wanted["extras"] else str(ROOT)
    # Without isolation, a second run asks the network for nothing, so that it works offline.
    pip(python, "install", *build_system["requires"])
    pip(python, "install", "--no-build-isolation", "--editable", project)
    part = VENV / f"{STAMP}.part"
    part.write_text(json.dumps(wanted), encoding="utf-8")
    part.replace(VENV / STAMP)


def _key(version: str) -> str:
    """Return a hash of all that decides what is installed: tables of pyproject.toml, the Python, and the folder."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    relevant = [tables.get("build-system"), tables.get("project"), tables.get("tool", {}).get("setuptools")]
    return hashlib.sha256(json.dumps([*relevant, version, str(ROOT)], sort_keys=True).encode()).hexdigest()


def _read_stamp() -> dict[str, Any]:
    try:
        stamp = json.loads((VENV / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _version_of(python: Path) -> str:
    """Return the full version of an environment's Python, empty when it does not run or has no pip."""
    code = "import sys, pip; assert sys.version_info >= (3, 11); print(sys.version)"
    try:
        done = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Allow only one set-up at a time: a second one waits for the first."""
    if os.name == "nt":
        yield
        return
    import fcntl

    folder = os.open(Path(__file__).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
