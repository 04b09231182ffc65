"""A file given to the next message, at one moment: what has become of it, and what is sent of it.

Of a picture it is the kind, told by the content and never by a name, and the form in which it is sent; decoding is the
business of `rendering`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum

from desktop.core.documents.document import LOCKED, Document, ReadingError
from desktop.core.documents.selection import WHOLE, Selection
from desktop.core.message import FilePart, ImagePart, new_id

HEAD_BYTES = 32  # of a file, enough to tell the kind
MOST_PAGES = 20  # of a file that are sent as pictures at once: each is some thousand tokens to most models
FIRST_PAGES = 10  # of a longer one that are offered without choosing

_SIGNATURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
_BITMAP_HEADERS = {12, 40, 52, 56, 64, 108, 124}  # sizes of the header that follows; "BM" alone may begin a text


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """Picture as it is sent: JPEG or PNG, upright, no larger than models look at, without metadata; sizes in pixels.

    `thumbnail` is a small one of it, for screens of double density.
    """

    content: bytes
    media_type: str
    width: int
    height: int
    thumbnail: bytes


# Returns the form of a picture that is sent, of the bytes of its file. Raises `ReadingError`. Runs on any thread.
PicturePreparer = Callable[[bytes], PreparedPicture]


def picture_kind(head: bytes) -> str:
    """Return the kind of picture that a file's first bytes begin: jpeg, png, webp, gif, bmp or tiff; else empty."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS:
        return "bmp"
    return ""


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


_NUMBER = re.compile(r" \(\d+\)(?=\.[^.]*$|$)")


class AttachmentState(StrEnum):
    """State of a file on its way into a message."""

    COPYING = "copying"  # into the program's own folder
    READING = "reading"
    READY = "ready"
    FAILED = "failed"  # it is kept, but gives no text: `problem` says why


@dataclass(frozen=True, slots=True)
class FileProgress:
    """Progress of a file: bytes copied, or sections read, of so many; None where that can't be told.

    `is_stuck`: the drive that it is copied from has not answered for a while.
    """

    done: int = 0
    of: int | None = None
    is_stuck: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """File given to the next message, at one moment.

    `document`: what has been read so far; None for pictures, and for a file that came from a message, which is read
    when it is asked for. `part`: what is sent; None until it is known, also for a moment after another selection.
    `size` in bytes. `thumbnail`: of a picture, JPEG or PNG. `encoding`: that the user chose. `orders`: passages that
    give orders to the model. `personal`: what personal data is in it, each an `advice.personal_data.PersonalKind`.
    `pasted`: the text that it is made of, until it is kept. `password`: what opened it, which is kept nowhere else.
    """

    name: str
    id: str = field(default_factory=new_id)
    state: AttachmentState = AttachmentState.COPYING
    progress: FileProgress = FileProgress()
    document: Document | None = None
    selection: Selection = WHOLE
    part: FilePart | None = None
    thumbnail: bytes = b""
    problem: ReadingError | None = None
    digest: str = ""
    size: int = 0
    encoding: str = ""
    orders: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    password: str = field(default="", repr=False)
    field: str = ""  # the part of the prompt builder that it was given to
    pasted: str = ""

    @property
    def is_settled(self) -> bool:
        """True if nothing is done with it at present."""
        match self.state:
            case AttachmentState.COPYING | AttachmentState.READING:
                return False
            case AttachmentState.READY:
                return self.part is not None
            case AttachmentState.FAILED:
                return True

    @property
    def is_locked(self) -> bool:
        """True if it can't be read without its password."""
        return self.problem is not None and self.problem.problem in LOCKED

    @property
    def to_send(self) -> FilePart | None:
        """What is sent of it; None for a file without a word, such as a scan, and for one that is not ready."""
        if self.document is not None and self.document.is_empty:
            return None
        return self.part if self.state is AttachmentState.READY else None

    @property
    def to_keep(self) -> DraftFile:
        """The file as it is kept with the draft."""
        part = self.part if self.document is None or isinstance(self.part, ImagePart) else None
        return DraftFile(self.name, self.digest, self.size, self.selection, self.encoding, part, self.field)

    def failed(self, problem: ReadingError) -> Attachment:
        """Return the file as one that gives no text."""
        return replace(self, state=AttachmentState.FAILED, problem=problem, document=None, part=None, password="")


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name by which a file is told from those that are there already: "plan (2).pdf"."""
    free, number = name, 2
    while free in taken:
        stem, dot, ending = name.rpartition(".")
        free = f"{stem} ({number}).{ending}" if dot and stem else f"{name} ({number})"
        number += 1
    return free


def unnumbered(name: str) -> str:
    """Return a name without the number that `free_name` gave it."""
    return _NUMBER.sub("", name)
