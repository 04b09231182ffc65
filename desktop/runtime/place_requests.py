"""The places that the files of the current conversation have, and what a message asks for them.

Files of the message that is written count as well as those of earlier ones, which are read on the store's thread where
they are not in memory. What is asked is `core.documents.naming_places`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.naming_places import PlaceWord, asking_for_places, places_in
from desktop.core.message import FilePart, Role
from desktop.runtime.background import gui_task
from desktop.runtime.session import Session


class PlaceRequests(QObject):
    """The finder of the places that can be asked for in the current conversation."""

    changed = Signal()  # the places that can be asked for, or may be

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._known: dict[str, tuple[PlaceWord, ...]] = {}  # of messages, by their ids; empty while they are read
        for signal in (session.opened, session.path_changed, session.attachments.changed):
            signal.connect(lambda *_: self._look())

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
        path = self._session.path
        said = [message.text for entry in path.entries if (message := path.message(entry.id)) is not None]
        language_of = said[-1] if said else " ".join(each.name for each in files)  # for a message of files alone
        return asking_for_places(text, places, language_of=language_of)

    @gui_task
    async def _look(self) -> None:
        """Look through the messages of the path that were not looked through yet; tell what is known before, too."""
        path, store = self._session.path, self._session.services.store
        unread: list[str] = []
        for entry in path.entries:
            if entry.role is Role.USER and entry.id not in self._known:
                message = path.message(entry.id)
                self._known[entry.id] = places_in(message.files) if message is not None else ()
                if message is None:
                    unread.append(entry.id)
        self.changed.emit()
        if unread:
            self._known |= await self._session.services.work.run(
                lambda: {each.id: places_in(each.files) for each in store.messages(unread)}
            )
            self.changed.emit()
