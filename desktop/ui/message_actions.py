"""What can be asked for at a message, and how the messages of a page are read.

The parts of a message ask their page's `Reading`; whoever does something about it registers there. What nobody does on
a page is not offered on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import Enum, StrEnum, auto
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.core.message import Message

if TYPE_CHECKING:
    from desktop.core.folders import FolderState


class PanelPreference(StrEnum):
    """The preference; AUTO shows a peek while the model thinks and closes for the answer."""

    AUTO = "auto"
    OPEN = "open"
    CLOSED = "closed"


class Ask(Enum):
    """Something that a button or a menu asks for at a message; beside each, the value that goes with it."""

    TRY_AGAIN = auto()
    EDIT = auto()
    CONTINUE = auto()
    ANSWER_NOW = auto()  # from what was thought so far
    WITHOUT_THINKING = auto()
    MORE_ROOM = auto()  # for thinking and answer
    STOP = auto()
    START_FRESH = auto()  # the kind of sign at which it is asked for, or None
    IN_LANGUAGE = auto()  # the two letters of the user's language
    SHOW_VERSION = auto()  # its number, from 1
    RESPLIT = auto()  # True: the answer was thinking; False: the thinking was the answer
    MAKE_ROOM = auto()  # for a question that was too long, or read in part
    RECOVER = auto()  # any other ErrorAction that the card of a failed reply offers
    OPEN_LINK = auto()  # its address
    OPEN_FILE = auto()  # its place among the files that went with the message
    SHOW_EVIDENCE = auto()  # the index of a thing in the answer's evidence
    SHOW_PASSAGES = auto()  # an AttachmentPart that was found in a folder
    FIND_AGAIN = auto()  # what answers it, in folders of which not all files had been read
    SEND_AGAIN = auto()  # a message that the user had left out to make room
    SAVE_ROWS = auto()  # what `ExportPresenter` saves of a table that is in no message
    TAKE_ALONG = auto()  # the ids of the messages for a file or for paper; none: this one
    KEEP_AS_EXAMPLE = auto()
    ASK_TWICE_MORE = auto()
    SAVE_TABLE = auto()  # a Table of the message
    HIDE_SIGN_KIND = auto()  # the kind of signs that is not wanted any more
    SET_PANELS = auto()  # the PanelPreference


AskHere = Callable[..., None]
"""Asks for something at one message: called with an `Ask`, and the value that goes with it."""

LoadPicture = Callable[[str, Callable[[QImage], None]], object]
"""Reads a kept picture by its digest, and hands a small one of it over when that is there."""


class Reading(QObject):
    """How all messages of a page are read, and what is done there for their reader."""

    changed = Signal()  # see `read`

    def __init__(self, preference: PanelPreference = PanelPreference.AUTO, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preference = preference  # in which thinking panels open
        self.signs_off: frozenset[str] = frozenset()  # kinds of signs of trouble that are not shown
        self.unsent: frozenset[str] = frozenset()  # ids of messages that are not sent any more
        self.edited = ""  # the id of the message of the user that is being edited
        self.names_models = True  # where an answer's differs from the one before
        self.can_ask_without = False  # the model in use can answer without thinking
        self.load_picture: LoadPicture | None = None  # where pictures of messages come from
        self.headings: Callable[[], Collection[str]] = frozenset  # the lines that are headings of prompts
        self.find_evidence: Callable[[Message], None] | None = None  # for an answer that is shown and has ended
        self.folder_state: Callable[[str], FolderState | None] = lambda _: None  # of a folder, by its id
        self.whole_folders: frozenset[str] = frozenset()  # ids of those asked here of which all files have been read
        self.of_no_use: Callable[[], frozenset[Ask]] = frozenset  # now, although it could be done
        self._doers: dict[Ask, Callable[[str, Any], object]] = {}

    def read(self, **how: object) -> None:
        """Have all messages, also those still to come, be read in this way from now on: values by their names here."""
        for name, value in how.items():
            setattr(self, name, value)
        self.changed.emit()

    def register(self, doers: Mapping[Ask, Callable[[str, Any], object]]) -> None:
        """Have these called with the id of the message and the value, when that is asked for."""
        self._doers |= doers

    def offers(self, what: Ask) -> bool:
        """Return True if somebody does this here."""
        return what in self._doers and what not in self.of_no_use()

    def ask(self, message_id: str, what: Ask, value: object = None) -> None:
        """Ask for something at a message."""
        if what is Ask.SET_PANELS:
            self.read(preference=value)
        if what in self._doers:
            self._doers[what](message_id, value)

    def at(self, message_id: str) -> AskHere:
        """Return `ask` for one message."""
        return partial(self.ask, message_id)
