"""The SHA-256 sum beside each file that is handed out, in the form that `sha256sum --check` reads."""

from __future__ import annotations

import hashlib
from pathlib import Path


def of(file: Path) -> str:
    """Return the sum of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write(file: Path) -> Path:
    """Write the sum of a file beside it; return the file with the sum."""
    beside = file.with_name(f"{file.name}.sha256")
    beside.write_text(f"{of(file)}  {file.name}\n", encoding="utf-8")
    return beside
