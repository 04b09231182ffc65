"""A look at a folder that questions are answered from: which files it has, and which of them are to be read.

Nothing of it is opened, and no link is followed. Waits for the disk, which may be a drive that does not answer.
"""

from __future__ import annotations

import heapq
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.documents.reading import ReadingProblem
from desktop.core.folders import LARGEST_FILE, MOST_FILES, FolderFile

if TYPE_CHECKING:
    from desktop.store.folders import FolderStore

_OF_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information"})
_HIDDEN_IN_WINDOWS = 0x2 | 0x4  # hidden, system
_ONLINE_IN_WINDOWS = 0x1000 | 0x40000 | 0x400000  # offline, recall on open, recall on data access
_JUNCTION = 0xA0000003
_HIDDEN_ON_MAC, _ONLINE_ON_MAC = 0x8000, 0x40000000
_LATEST = (1 << 63) - 1  # moment that the store can keep: in 2262
_TYPES = MimeTypes()  # without the system's own files
_NO_TEXT = ("image/", "audio/", "video/", "font/")
_NO_TEXT_ENDINGS = (
    ".exe", ".dll", ".so", ".dylib", ".bin", ".iso", ".img", ".dmg", ".msi", ".deb", ".jar", ".pyc", ".7z", ".rar",
    ".gz", ".xz", ".zip", ".webp", ".psd", ".flac", ".ttf", ".otf", ".woff2", ".db", ".sqlite", ".gguf",
)  # fmt: skip
# What may be otherwise although the file is the same.
_MAY_PASS = {ReadingProblem.FORBIDDEN, ReadingProblem.CRASHED, ReadingProblem.GONE}


@dataclass(frozen=True, slots=True)
class Look:
    """Files of a folder by their paths, how many stay outside, and how many beyond the most that are read.

    `failed`: beginnings of the paths at which the drive failed, so that nothing is known of what stands there.
    """

    files: Mapping[str, FolderFile]
    outside: int = 0
    beyond: int = 0
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Files that are to be read, the newest last, and how many of the others were read.

    `unread`: paths of those that cannot be. `gone`: paths of files that were read and are there no longer.
    """

    waiting: list[FolderFile]
    read: int
    unread: list[str]
    gone: list[str]


def look_at(root: Path) -> Look:
    """Return the files of a folder. Raises OSError where it is not there, or no longer. Waits for the disk."""
    files: list[FolderFile] = []
    failed: list[str] = []
    outside = seen = 0
    folders = [""]

    def note(path: str, error: OSError) -> None:
        nonlocal outside
        outside += not isinstance(error, FileNotFoundError)  # which has gone meanwhile
        if not isinstance(error, FileNotFoundError | NotADirectoryError | PermissionError):
            failed.append(path)

    while folders:
        above = folders.pop()
        try:
            with os.scandir(root / above) as entries:
                found = list(entries)
        except OSError as error:
            if not above:
                raise
            note(above, error)
            continue
        for entry in found:
            name = entry.name
            try:
                told = entry.stat(follow_symlinks=False)
            except OSError as error:
                note(above + name, error)
                continue
            if _is_outside(name, told):
                outside += 1
            elif stat.S_ISDIR(told.st_mode):
                folders.append(f"{above}{name}/")
            else:
                seen += 1
                problem = _problem_of(name, told)
                files.append(FolderFile(above + name, told.st_size, min(told.st_mtime_ns, _LATEST), problem=problem))
        if len(files) > 2 * MOST_FILES:
            files = _newest(files)
    root.stat()  # a drive that was taken away meanwhile has fewer files than there are
    kept = _newest(files)
    return Look({each.path: each for each in kept}, outside, seen - len(kept), tuple(failed))


def _newest(files: list[FolderFile]) -> list[FolderFile]:
    return heapq.nlargest(MOST_FILES, files, key=lambda each: each.modified) if len(files) > MOST_FILES else files


def _is_outside(name: str, told: os.stat_result) -> bool:
    """Return True for what is hidden or the system's, links, pipes and devices, and files that are too large."""
    attributes, flags = getattr(told, "st_file_attributes", 0), getattr(told, "st_flags", 0)
    is_hidden = name.startswith((".", "~$")) or name.lower() in _OF_SYSTEM
    if is_hidden or attributes & _HIDDEN_IN_WINDOWS or flags & _HIDDEN_ON_MAC:
        return True
    if stat.S_ISDIR(told.st_mode):
        return getattr(told, "st_reparse_tag", 0) == _JUNCTION
    return not stat.S_ISREG(told.st_mode) or told.st_size > LARGEST_FILE


def _problem_of(name: str, told: os.stat_result) -> ReadingProblem | None:
    """Return why a file is not even opened: it would be fetched from elsewhere, or is of a kind that has no text."""
    attributes, flags = getattr(told, "st_file_attributes", 0), getattr(told, "st_flags", 0)
    if attributes & _ONLINE_IN_WINDOWS or flags & _ONLINE_ON_MAC:
        return ReadingProblem.ONLINE_ONLY
    if name.lower().endswith(_NO_TEXT_ENDINGS) or (_TYPES.guess_type(name)[0] or "").startswith(_NO_TEXT):
        return ReadingProblem.UNKNOWN_KIND
    return None


def compared(look: Look, store: FolderStore, *, is_first: bool) -> Compared:
    """Compare the files of a folder with its store. `is_first`: since the start.

    Raises FileNotFoundError where nothing is left of what was there, as in the empty place of a drive that is gone.
    """
    known = store.files()
    if known and not look.files:
        raise FileNotFoundError
    gone = {path for path in known.keys() - look.files.keys() if not path.startswith(look.failed)}
    waiting = [each for path, each in look.files.items() if _is_to_be_read(each, known.get(path), is_first=is_first)]
    to_read = {each.path for each in waiting}
    rest = [each for path, each in known.items() if path not in gone and path not in to_read]
    unread = [each.path for each in rest if not each.is_read]
    return Compared(sorted(waiting, key=lambda each: each.modified), len(rest) - len(unread), unread, sorted(gone))


def _is_to_be_read(file: FolderFile, known: FolderFile | None, *, is_first: bool) -> bool:
    if known is None or (known.size, known.modified) != (file.size, file.modified):
        return True
    if known.problem is ReadingProblem.ONLINE_ONLY:
        return file.problem is None
    return is_first and known.problem in _MAY_PASS
