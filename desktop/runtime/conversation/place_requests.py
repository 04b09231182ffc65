"""The places that the files of the current conversation have, and what a message asks for them.

Files of the message that is written count as well as those of earlier ones, which are read on the store's thread where
they are not in memory. What is asked is `core.documents.naming_places`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.naming_places import PlaceWord, asking_for_places, places_in
from desktop.core.message import FilePart, Message, Role
from desktop.runtime.conversation.path import ConversationPath
from desktop.runtime.conversation.session import Session


class PlaceRequests(QObject):
    """The finder of the places that can be asked for in the current conversation."""

    changed = Signal()  # the places that can be asked for, or may be

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._known: dict[str, tuple[PlaceWord, ...]] = {}  # of messages, by their ids
        self._wanted: frozenset[str] = frozenset()  # of those that are being read
        self._told: tuple[PlaceWord, ...] | None = None  # the places that were told last
        session.opened.connect(self._look_anew)
        for signal in (session.path_changed, session.attachments.changed):
            signal.connect(lambda *_: self.look())

    @property
    def places(self) -> tuple[PlaceWord, ...]:
        """The places of the files that the next message could speak of, as far as these are known."""
        found = set(places_in(self._session.attachments.parts()))
        for entry in self._session.path.entries:
            found.update(self._known.get(entry.id, ()))
        return tuple(word for word in PlaceWord if word in found)

    def words_for(self, text: str, files: Sequence[FilePart] = ()) -> str:
        """Return a message as it is sent: with the sentence that asks for places, if the user wants that here."""
        places = self.places
        if not (self._session.current.settings.asks_places and places and (text.strip() or files)):
            return text
        return asking_for_places(text, places, language_of=self._some_words(files))

    def _some_words(self, files: Sequence[FilePart]) -> str:
        """Return words in the language of the conversation, for a message of files alone."""
        path = self._session.path
        said = [message.text for entry in path.entries if (message := path.message(entry.id)) is not None]
        return said[-1] if said else " ".join(each.name for each in files)

    def _look_anew(self) -> None:
        """Look through another conversation, and tell of it in any case: it has settings of its own."""
        self._told = None
        self.look()

    def look(self) -> None:
        """Look through the messages of the path that were not looked through yet."""
        path = self._session.path
        unread: list[str] = []
        for entry in path.entries:
            if entry.role is Role.USER and entry.id not in self._known:
                message = path.message(entry.id)
                if message is None:
                    unread.append(entry.id)
                else:
                    self._known[entry.id] = places_in(message.files)
        if unread and frozenset(unread) != self._wanted:
            self._wanted = frozenset(unread)
            path.read(unread, _places_by_message, lambda found: self._take_found(path, found))
        self._tell()

    def _tell(self) -> None:
        """Emit `changed`, unless all is as it was: files tell of each page that is read."""
        if self.places != self._told:
            self._told = self.places
            self.changed.emit()

    def _take_found(self, path: ConversationPath, found: dict[str, tuple[PlaceWord, ...]]) -> None:
        self._known |= found
        if path is self._session.path:
            self._wanted = frozenset()
            self._tell()


def _places_by_message(messages: dict[str, Message]) -> dict[str, tuple[PlaceWord, ...]]:
    return {identity: places_in(message.files) for identity, message in messages.items()}
