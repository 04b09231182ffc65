"""The words of the set-up to the developer, and calls of programs, whose failures are told in their own last words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


class SetupError(Exception):
    """Lack of something that the set-up cannot provide; the text is a sentence that says what, and what to do."""


def say(text: str) -> None:
    """Tell of a step that takes time."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Tell of something that is missing, while going on without it."""
    print(text, file=sys.stderr, flush=True)


def missing(program: str) -> str:
    """Return the sentence for a program, or a file of ours, that is not there."""
    return f"{program} is missing." if "/" in program else f"The program {program} is missing."


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    given: str = "",
    named: str = "",
) -> str:
    """Run a program and return what it printed. Raises SetupError with its last words when it fails.

    `environment` is all that it gets (None: what we have), `given` what it reads, `named` what a failure is told of.
    """
    try:
        done = subprocess.run(
            [str(each) for each in command],
            env=environment,
            cwd=cwd,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise SetupError(missing(error.filename)) from error
    if done.returncode:
        raise SetupError(f"{named or Path(command[0]).name} failed: {done.stdout.strip()[-4000:]}")
    return done.stdout
