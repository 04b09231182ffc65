"""Imports of conversations from files of other programs: one module a program. Reads values, touches no database.

A file is told by what is in it, not by its name. What cannot be read of it is named, and the rest is brought.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from desktop.core.exporting.imported import MOST_BYTES, ImportedFile, ImportFault, ImportFaultError
from desktop.importers import candor, chatgpt, open_webui

_READERS: tuple[Callable[[Any], ImportedFile | None], ...] = (candor.read, chatgpt.read, open_webui.read)
_IN_ARCHIVE = "conversations.json"


def read(content: bytes) -> ImportedFile:
    """Return what a file holds. Raises `ImportFaultError`."""
    if len(content) > MOST_BYTES:
        raise ImportFaultError(ImportFault.TOO_LARGE)
    if content.startswith(b"PK"):
        content = _unpacked(content)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise ImportFaultError(ImportFault.BROKEN) from None
    for reader in _READERS:
        if (made := reader(found)) is not None:
            return made
    raise ImportFaultError(ImportFault.UNKNOWN)


def _unpacked(archive: bytes) -> bytes:
    """Return the conversations in an archive, as some programs give them."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as package:
            name = next((each for each in package.namelist() if each.rpartition("/")[2] == _IN_ARCHIVE), None)
            if name is None:
                raise ImportFaultError(ImportFault.UNKNOWN)
            with package.open(name) as file:
                content = file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        raise ImportFaultError(ImportFault.BROKEN) from None
    if len(content) > MOST_BYTES:
        raise ImportFaultError(ImportFault.TOO_LARGE)
    return content
