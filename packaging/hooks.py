"""The checks before a commit and a push, by the environment's own tools: called by `.pre-commit-config.yaml`.

Nothing is downloaded for them. What can be mended is mended, and the commit waits until that is looked at.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from environment import ROOT, VENV, clean_environment, python_of
from telling import SetupError, warn


def main(arguments: Sequence[str]) -> int:
    """Run one check on the files named; return 1 if it found or mended something. Raises SetupError."""
    name, *files = arguments or [""]
    if name not in CHECKS:
        raise SetupError(f"There is no check {name!r}; there are {', '.join(CHECKS)}.")
    return CHECKS[name]([Path(file) for file in files])


def _tool(*arguments: str) -> Callable[[Sequence[Path]], int]:
    """Return a check by a module of the environment."""

    def run(files: Sequence[Path]) -> int:
        python = python_of(VENV)
        if not python.exists():
            raise SetupError("The environment is not there yet: run `python3 packaging/dev.py check` once.")
        return _status([str(python), "-m", *arguments, *map(str, files)])

    return run


def ends(files: Sequence[Path]) -> int:
    """Have each file end with one line break, and none of its lines with a blank. Return 1 if one did not."""
    mended = 0
    for file in files:
        content = file.read_bytes()
        lines = [line.rstrip(b" \t\r") for line in content.split(b"\n")]
        proper = b"\n".join(lines).rstrip(b"\n") + b"\n" if content.strip() else b""
        if proper != content:
            file.write_bytes(proper)
            warn(f"{file}: mended its ends")
            mended = 1
    return mended


def data(files: Sequence[Path]) -> int:
    """Check that files of data can be read: TOML and JSON here, YAML by yamllint where that is installed."""
    found = 0
    for file in files:
        try:
            if file.suffix == ".toml":
                tomllib.loads(file.read_text(encoding="utf-8"))
            elif file.suffix == ".json":
                json.loads(file.read_text(encoding="utf-8"))
            elif shutil.which("yamllint") is not None:
                found |= _status(["yamllint", "--strict", "-c", ".github/yamllint.yml", str(file)])
        except ValueError as error:
            warn(f"{file}: {error}")
            found = 1
    return found


def _status(command: Sequence[str]) -> int:
    return int(subprocess.run(command, cwd=ROOT, env=clean_environment(), check=False).returncode != 0)


CHECKS: Mapping[str, Callable[[Sequence[Path]], int]] = {
    "lint": _tool("ruff", "check", "--force-exclude", "--fix", "--quiet"),
    "format": _tool("ruff", "format", "--force-exclude", "--quiet"),
    "types": _tool("mypy", "--no-error-summary"),
    "ends": ends,
    "data": data,
}
