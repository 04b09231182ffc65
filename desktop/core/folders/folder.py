"""A folder that questions are answered from: its files as they were read, its passages, and what a question found.

Values only. The text is kept by `store.folders`, read and kept current by `runtime.folders`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.documents.document import Section
from desktop.core.documents.reading import ReadingProblem

MOST_FOLDERS = 3  # of a conversation
MOST_PASSAGES = 12  # that go with a question
LARGEST_FILE = 100 << 20  # bytes; a larger one stays outside
MOST_FILES = 20_000  # of a folder, the newest
MOST_LETTERS = 8_000_000  # of a file: some 3,000 pages
_LITTLE_SHARE = 0.5  # of a question, below which other words are looked for as well


def folder_id(path: Path) -> str:
    """Return the id of a folder, by its whole path."""
    return hashlib.sha256(str(path).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FolderFile:
    """File of a folder. `path` below the folder, with "/"; `size` in bytes, `modified` in nanoseconds.

    `problem`: why no answer comes from it; None for one that was read, or waits. `sections`: its pages, sheets or
    chapters, once it was read.
    """

    path: str
    size: int
    modified: int
    is_read: bool = False
    problem: ReadingProblem | None = None
    sections: int = 0
    media_type: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class FolderState:
    """Folder at one moment. `files` that it has, of which `read` give answers and `unread` cannot be read.

    `outside`: hidden files, links, files that are too large. `beyond`: older ones than the newest that a folder may
    have, which are read if their own folders are given. `is_there`: False while its drive is not. `seconds_left`: of
    reading; None where nothing is read, or that cannot be told yet. `looked_at`: when its files were last compared with
    the disk, in seconds since the epoch.
    """

    id: str
    path: Path
    files: int = 0
    read: int = 0
    unread: int = 0
    outside: int = 0
    beyond: int = 0
    is_there: bool = True
    is_reading: bool = False
    is_paused: bool = False
    seconds_left: float | None = None
    looked_at: float = 0.0

    @property
    def name(self) -> str:
        return self.path.name or str(self.path)

    @property
    def is_whole(self) -> bool:
        """True if each of its files was read, or cannot be."""
        return self.read + self.unread >= self.files


@dataclass(frozen=True, slots=True)
class Passage:
    """Passage of a file of a folder: a section with the blocks that belong to it, and how much it bears on a question.

    `number` counts the passages of the file, from 0; the blocks keep their places in the section of the file. `parts`:
    what it has of the question, by the terms of each, with what it tells.
    """

    folder: str
    file: FolderFile
    number: int
    section: Section
    score: float = 0.0
    parts: Mapping[tuple[str, ...], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question: the passages to send, the best file first; none where nothing bears on it.

    `files` were searched. `is_about_everything`: the question is on all files, which passages cannot answer.
    `languages`: "en" and "zh", as files of the folder are in.
    `share`: how much of the question its best passage has, of 1. `is_sure`: False where its own words find nothing, and
    those of a model only what may bear on it.
    """

    passages: tuple[Passage, ...] = ()
    files: int = 0
    is_about_everything: bool = False
    languages: frozenset[str] = frozenset()
    share: float = 0.0
    is_sure: bool = True

    @property
    def is_little(self) -> bool:
        """True if other words may find more, such as those of the other language that files are in."""
        is_few = len(self.passages) <= max(1, len(self.languages))
        return not self.is_about_everything and (is_few or self.share < _LITTLE_SHARE)
