"""Files, addresses and links that were handed over to be opened, told by their words alone: nothing waits for a disk.

The system hands over a path, a `file:` address or a link of ours; which of them depends on the desktop.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from urllib.parse import unquote_to_bytes

from desktop.core.recipes.link import LinkFault, RecipeLink, is_link, read_link


class GivenFile(StrEnum):
    """Use of a file that the system hands over."""

    MODEL = "model"
    RECIPE = "recipe"
    OTHER = "other"


# What each system is told that Candor opens: a test holds the installers to it.
ENDINGS = {".gguf": GivenFile.MODEL, ".toml": GivenFile.RECIPE}
RECIPE_ENDING = ".candor.toml"  # of a file that is a recipe and nothing else
# Of two letters at least, since Windows calls its disks by one.
_FAR = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_FILE = re.compile(r"file:(?P<host>//[^/]*)?(?P<path>/.*)", re.IGNORECASE | re.DOTALL)
_BAD_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_OTHER_HOST = re.compile(r"/[/\\]")  # how a Windows path begins that leads to another computer
_WINDOWS_DISK = re.compile(r"/[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class LocalPath:
    """File as the system names it, which may be a folder or nothing at all."""

    path: str


def given_file(path: str) -> GivenFile:
    """Return what a file's ending says that it is."""
    return ENDINGS.get(PurePath(path).suffix.lower(), GivenFile.OTHER)


def read_given(text: str) -> LocalPath | RecipeLink | LinkFault:
    """Return what a text leads to that the system, or a user at a command line, has handed over."""
    if is_link(text):
        return read_link(text)
    if _is_file_address(text):
        return _path_of(text)
    if _FAR.match(text):
        return LinkFault.ELSEWHERE
    return LinkFault.NO_FILE if "\0" in text else LocalPath(text)


def whole(text: str) -> str:
    """Return the text for another process, which may stand in another folder.

    A path is given from the root on, an address as it is.
    """
    if is_link(text) or _is_file_address(text) or _FAR.match(text):
        return text
    return str(Path(text).absolute())


def _is_file_address(text: str) -> bool:
    return text[:5].lower() == "file:"


def _path_of(address: str) -> LocalPath | LinkFault:
    """Return the path of a `file:` address (RFC 8089): any name that a disk can hold, in the bytes of the disk."""
    parts = _FILE.fullmatch(address)
    if parts is None or _BAD_PERCENT.search(address):
        return LinkFault.NO_FILE
    try:
        path = os.fsdecode(unquote_to_bytes(os.fsencode(parts["path"])))
    except UnicodeError:  # letters that no name on this computer's disks has
        return LinkFault.NO_FILE
    if (parts["host"] or "//").lower() not in ("//", "//localhost") or _OTHER_HOST.match(path):
        return LinkFault.ELSEWHERE
    if "\0" in path:
        return LinkFault.NO_FILE
    return LocalPath(path[1:] if sys.platform == "win32" and _WINDOWS_DISK.match(path) else path)
