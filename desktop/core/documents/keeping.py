"""The seam to the files that are kept: those of messages, and those given to a message that is not sent yet.

A kept file is named by its content (SHA-256, in hexadecimal digits), so that the same one is kept once. Implemented in
`store/`; which messages and drafts use a file is known to the store of conversations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop.core.documents.selection import WHOLE, Selection
from desktop.core.message import FilePart

LARGEST_FILE = 1 << 30  # bytes; more is no document, and would be twice on the disk


@dataclass(frozen=True, slots=True)
class KeptFile:
    """File that is kept, and its size in bytes."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class DraftFile:
    """File given to a message that is not sent yet, as it is kept with the draft.

    `part`: what is sent of it, where that can't be made anew from the file: of pictures, and of files that come from a
    message. Of all others, the file is read again. `field`: the part of the prompt builder that it was given to; empty
    for the message box.
    """

    name: str
    digest: str
    size: int = 0
    selection: Selection = WHOLE
    encoding: str = ""  # that the user chose
    part: FilePart | None = None
    field: str = ""


class CopyCancelled(Exception):
    """End of a copy that nobody wants any more."""


class FileStore(Protocol):
    """Store of files by their content. Its methods may be called on any thread, and wait for the disk.

    A claim keeps a file that no message and no draft has yet. Keeping one claims it.
    """

    def keep_file(self, source: Path, go_on: Callable[[int, int], bool]) -> KeptFile:
        """Copy a file, and return what is kept.

        `go_on` is given the bytes copied and how many there are; if it returns False, `CopyCancelled` is raised. Raises
        `ReadingError` for all that is no readable file, that changes while it is copied, and for a disk that is full.
        """
        ...

    def keep_bytes(self, content: bytes) -> KeptFile:
        """Keep bytes as a file. Raises `ReadingError`."""
        ...

    def path_of(self, digest: str) -> Path:
        """Return where a file is kept. It may be gone."""
        ...

    def read_bytes(self, digest: str) -> bytes:
        """Return the content of a kept file. Raises `ReadingError` if it is gone or not what it was."""
        ...

    def claim(self, digest: str) -> None:
        """Have a file kept until the claim is released, as often as it was claimed."""
        ...

    def release(self, digest: str) -> None:
        """Release a claim. The file stays until it is swept or discarded."""
        ...


class DraftFileStore(Protocol):
    """Store of which files the drafts have, and of the files.

    But for `files`, which may be used anywhere, its methods run on the store's thread, and raise `StoreError`.
    """

    @property
    def files(self) -> FileStore:
        """The store of files by their content."""
        ...

    def draft_files(self, conversation_id: str) -> list[DraftFile]:
        """Return the files given to the next message, in the box or in the prompt builder.

        No id for the conversation that is not there yet.
        """
        ...

    def save_draft_files(self, conversation_id: str, files: Sequence[DraftFile]) -> None:
        """Remember all files given to the next message, in the place of those before."""
        ...

    def discard_files(self, digests: Sequence[str]) -> None:
        """Delete those of these files that no message, no draft and no claim has."""
        ...

    def sweep_files(self) -> int:
        """Delete all files that no message, no draft and no claim has, and return how many.

        Not those from before this store: they may be another's.
        """
        ...
