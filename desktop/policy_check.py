"""`--check-policy FILE`: a policy explained line by line, for whoever writes one. Obeys nothing of it.

Part of the composition root, since it reads a file and speaks as the window does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.store.policy.file import policy_in
from desktop.ui.policy.words import explained


def check_policy(file: Path) -> int:
    """Print the lines of a file, each with what it does. Return 0 if all can be used, 1 if not, 2 if it is no file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        _say(sys.stderr, f"candor: {file}: {error.strerror}")
        return 2
    policy = policy_in(content, str(file))
    text = content.decode("utf-8-sig", "replace")
    for line in explained(text, policy):
        _say(sys.stdout, line)
    return 1 if policy.problems else 0


def _say(stream: object, line: str) -> None:
    """Write a line, also where the terminal has not all letters; a window program on Windows has no terminal."""
    if stream is None:
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")  # type: ignore[attr-defined]
