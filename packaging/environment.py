"""The virtual environment `.venv`: made, filled, repaired when it was left half-made, and quickly recognised as ready.

What is installed is said by pyproject.toml. System libraries are the business of `system.py`.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import system
from telling import SetupError, say

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = "candor-ready.json"  # what was installed, written last
UNFINISHED = "candor-unfinished"  # there while the environment is being made or filled

# Retries are what makes pip tell of the network; a user without one shall not wait long for the sentence.
_PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "2")
_NETWORK_SIGNS = (
    "NewConnectionError",
    "Failed to establish a new connection",
    "ConnectTimeoutError",
    "NameResolutionError",
    "Name or service not known",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "Network is unreachable",
    "Connection refused",
    "Connection reset",
    "Read timed out",
    "ProxyError",
    "Cannot connect to proxy",
)


class HalfDone(SetupError):
    """Failure of pip when it had begun to change the environment, which is of no use now."""


def python_of(venv: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would lead the environment's Python to foreign packages."""
    foreign = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__"}
    return {name: value for name, value in os.environ.items() if name not in foreign}


def prepare(extras: Sequence[str]) -> Path:
    """Have `.venv` with Candor installed editable, with these extras; return its Python. Raises SetupError."""
    with _alone():
        python = python_of(VENV)
        version = _version_of(python)
        if version and not (VENV / UNFINISHED).exists() and not is_damaged(VENV):
            if is_ready(VENV, project_key(ROOT / "pyproject.toml", version), extras):
                return python
        else:
            _make()
            version = _version_of(python)
        _fill(python, version, extras)
        return python


def make_bare(folder: Path, *, clear: bool = False) -> Path:
    """Make an environment with nothing but pip, for tools; return its Python. Raises SetupError."""
    _ensure_venv_module()
    try:
        venv.create(folder, with_pip=True, clear=clear)
    except subprocess.CalledProcessError as error:
        raise SetupError(f"{folder} could not be made: {error}") from error
    return python_of(folder)


def site_packages(python: Path) -> Path:
    """Return the folder of installed packages. Raises SetupError when the environment does not answer."""
    return Path(ask(python, "import sysconfig; print(sysconfig.get_path('purelib'))"))


def ask(python: Path, code: str) -> str:
    """Return what a line of Python prints in the environment. Raises SetupError."""
    done = subprocess.run(
        [str(python), "-I", "-c", code], env=clean_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetupError(
            f"{python} does not work: {done.stderr.strip()[-500:]}. Delete {VENV} and run the command again."
        )
    return done.stdout.strip()


def requirement(project: Path, extras: Sequence[str]) -> str:
    """Return what pip is told to install: empty brackets would be a name to it."""
    return f"{project}[{','.join(extras)}]" if extras else str(project)


def project_key(pyproject: Path, version: str) -> str:
    """Return a hash of all that decides what is installed: the packaging tables of pyproject.toml and the Python."""
    tables = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    relevant = [tables.get("build-system"), tables.get("project"), tables.get("tool", {}).get("setuptools"), version]
    return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()


def is_ready(venv: Path, key: str, extras: Iterable[str]) -> bool:
    """Return True if the stamp tells of this key and these extras, and every package it lists is still there."""
    stamp = _read_stamp(venv)
    if stamp.get("key") != key or not set(extras) <= set(stamp.get("extras", ())):
        return False
    vanished = _vanished(stamp)
    return vanished is not None and not vanished


def is_damaged(venv: Path) -> bool:
    """Return True if installed code has vanished, which pip does not notice: it looks at its own records alone."""
    # A record that has vanished alone is an upgrade made by the developer.
    return any(not name.endswith(".dist-info") for name in _vanished(_read_stamp(venv)) or ())


def _vanished(stamp: dict[str, Any]) -> set[str] | None:
    """Return the listed packages that are gone; None when their folder is, as after moving the project."""
    try:
        present = os.listdir(stamp.get("packages_folder", ""))
    except OSError:
        return None
    return set(stamp.get("packages", ())) - set(present)


def write_stamp(venv: Path, key: str, extras: Iterable[str], packages_folder: Path) -> None:
    """Remember what has been installed."""
    stamp = {
        "key": key,
        "extras": sorted(extras),
        "packages_folder": str(packages_folder),
        "packages": sorted(name for name in os.listdir(packages_folder) if name != "__pycache__"),
    }
    part = venv / (STAMP + ".part")
    part.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    part.replace(venv / STAMP)


def _read_stamp(venv: Path) -> dict[str, Any]:
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def pip_sentence(said: str, python_version: str = "") -> str:
    """Return why pip failed, in a sentence, from what it printed."""
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return "The package index's certificate is not trusted here; if your network has its own, set PIP_CERT to it."
    if any(sign in said for sign in _NETWORK_SIGNS):
        return "The package index cannot be reached: this computer has no network, or a proxy is needed (HTTPS_PROXY)."
    if "No space left on device" in said:
        return "The disk is full."
    if absent := re.search(r"No matching distribution found for (\S+)", said):
        return f"There is no package {absent[1]} for this system and Python {python_version or 'version'}."
    errors = [line for line in said.splitlines() if line.startswith("ERROR")] or said.splitlines()[-3:]
    return "pip failed: " + " ".join(errors)[-500:]


def run_pip(python: Path, *arguments: str) -> None:
    """Run pip in the environment, naming each large download. Raises SetupError with the reason."""
    process = subprocess.Popen(
        [str(python), *_PIP, *arguments],
        env=clean_environment(),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    said: deque[str] = deque(maxlen=400)
    has_begun = False
    with process:
        for line in process.stdout:
            said.append(line)
            if large := re.match(r"\s*Downloading (?:\S*/)?(\S+) \((\d+(?:\.\d+)? [MG]B)\)", line):
                say(f"  {large[1]} ({large[2]})")
            has_begun = has_begun or line.startswith("Installing collected packages")
    if process.returncode:
        raise (HalfDone if has_begun else SetupError)(
            pip_sentence("".join(said), _version_of(python).partition(" ")[0])
        )


def _version_of(python: Path) -> str:
    """Return the full version of an environment's Python, empty when it does not run or has no pip."""
    code = (
        "import sys, importlib.util as u; assert u.find_spec('pip') and sys.version_info >= (3, 11); print(sys.version)"
    )
    try:
        done = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _make() -> None:
    _ensure_venv_module()
    say(f"{'Making again' if VENV.exists() else 'Making'} {VENV}")
    VENV.mkdir(exist_ok=True)
    (VENV / UNFINISHED).touch()
    for left_over in VENV.iterdir():
        if left_over.is_dir() and not left_over.is_symlink():
            shutil.rmtree(left_over)
        elif left_over.name != UNFINISHED:
            left_over.unlink()
    # Not this process's Python when that is an environment's own, perhaps the one that is made again.
    base = getattr(sys, "_base_executable", "") or sys.executable
    done = subprocess.run(
        [base, "-m", "venv", str(VENV)], env=clean_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode or not _version_of(python_of(VENV)):
        raise SetupError(f"{VENV} could not be made: {(done.stderr or done.stdout).strip()[-500:]}")


def _ensure_venv_module() -> None:
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    from_debian = sys.base_prefix == "/usr"
    if from_debian and system.can_install():
        system.install([package])
    elif from_debian:
        raise SetupError(f"This Python has no module venv. On Debian or Ubuntu: sudo apt install {package}")
    else:
        raise SetupError(f"The Python in {sys.base_prefix} has no module venv with ensurepip; use another Python.")


def _fill(python: Path, version: str, extras: Sequence[str]) -> None:
    stamp = _read_stamp(VENV)
    # Extras that are there already stay: `run` after `test` shall not make the next `test` slow.
    extras = sorted({*extras, *stamp.get("extras", ())})
    say("Bringing Candor's packages up to date" if stamp else "Installing Candor's packages (some 150 MB, once)")
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mark = VENV / UNFINISHED
    mark.touch()
    try:
        # Without isolation, a second run asks the network for nothing, so that it works offline.
        run_pip(python, "install", *tables["build-system"]["requires"])
        run_pip(python, "install", "--no-build-isolation", "--editable", requirement(ROOT, extras))
        write_stamp(VENV, project_key(ROOT / "pyproject.toml", version), extras, site_packages(python))
    except HalfDone:
        raise  # the mark stays, and the next run begins anew
    except SetupError:
        mark.unlink()
        raise
    mark.unlink()


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
