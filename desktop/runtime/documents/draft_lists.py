"""The lists of files given to the next messages: one for each draft, in memory and where the drafts are kept.

Beside them stands the list of a message that is edited. Where that was left for another conversation, it waits like the
list of a draft, under a key of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from desktop.core.conversation import is_edit_key
from desktop.runtime.documents.attachment import Attachment, files_to_keep, of_draft

if TYPE_CHECKING:
    from desktop.core.documents.keeping import DraftFile
    from desktop.runtime.background import BackgroundTasks
    from desktop.runtime.documents.draft_share import DraftShare

_MOST_IN_MEMORY = 4  # of conversations; those of others are read again when they are opened
_EDIT = "edit"  # the key of a message's files while it is edited; conversations have longer ones


class DraftLists:
    """The lists that are in memory, of which one is shown. A draft's key is that of its words."""

    def __init__(self, work: BackgroundTasks, store: DraftShare, on_failed: Callable[[Exception], None]) -> None:
        """Keep the dependencies, and show the empty draft. `on_failed` is called with what the store failed with."""
        self._work = work
        self._store = store
        self._on_failed = on_failed
        self._lists: dict[str, list[Attachment]] = {"": []}  # the current draft's last
        self.draft = ""  # the key of the current one
        self._saved: tuple[str, list[DraftFile]] = ("", [])  # what `save_edited` kept last
        self._awaited = ""  # the key of the edited message's list, while that is read
        self._is_last_time_read = False  # or asked for: the list that was kept for no conversation, at the start

    @property
    def key(self) -> str:
        """The key of the list that is shown: that of the edited message, or of the current draft."""
        return _EDIT if _EDIT in self._lists else self.draft

    @property
    def shown(self) -> list[Attachment]:
        """The list that is shown, itself."""
        return self._lists[self.key]

    def __contains__(self, key: str) -> bool:
        """Return True if this list is in memory."""
        return key in self._lists

    def __getitem__(self, key: str) -> list[Attachment]:
        """Return a list that is in memory, itself."""
        return self._lists[key]

    def find(self, id: str) -> tuple[str, Attachment | None]:
        """Return a file and the key of the list that it is in."""
        for key, items in self._lists.items():
            for item in items:
                if item.id == id:
                    return key, item
        return "", None

    def replace_item(self, key: str, item: Attachment) -> None:
        """Put a file in the place of the one with its id."""
        self._lists[key] = [item if each.id == item.id else each for each in self._lists[key]]

    def prepend(self, key: str, items: Sequence[Attachment]) -> bool:
        """Put files in front of a draft's. Return False if that is not in memory, but changed where it is kept."""
        if key in self._lists:
            self._lists[key][:0] = items
            self.save(key)
            return True
        if items:
            self._work.run_on_store(lambda: self._prepend_kept(key, items), None, self._on_failed)
        return False

    def edit(self, items: Sequence[Attachment]) -> None:
        """Show the files of a message that is edited, until that list is dropped."""
        self._lists[_EDIT], self._awaited = list(items), ""

    def drop_edited(self) -> list[Attachment]:
        """Show the current draft's list again, and return the edited message's."""
        self._awaited = ""
        return self._lists.pop(_EDIT, [])

    def put_edited_aside(self, key: str) -> None:
        """Show the current draft's list again; the edited message's waits under this key."""
        if self._awaited == key:
            self.drop_edited()  # what is kept is whole
        elif _EDIT in self._lists:
            self._lists[key] = self._lists.pop(_EDIT)
            self.save(key)

    def take_up_edited(self, key: str) -> bool:
        """Show the list that waits under this key, or an empty one. Return False if it is to be read."""
        is_known = key in self._lists
        self._lists[_EDIT], self._awaited = self._lists.pop(key, []), "" if is_known else key
        return is_known

    def drop_aside(self, key: str) -> list[Attachment]:
        """Return the files that wait under this key, which are neither in memory nor kept there any more."""
        items = self._lists.pop(key, [])
        self.save(key)
        return items

    def save_edited(self, key: str) -> None:
        """Keep the edited message's list under this key, while it is shown."""
        files = list(files_to_keep(self._lists.get(_EDIT, ())))
        if self._saved != (key, files) and self._awaited != key:
            self._saved = key, files
            self._work.run_on_store(lambda: self._store.save_draft_files(key, files), None, self._on_failed)

    @property
    def is_editing(self) -> bool:
        """True while a message's files are shown."""
        return _EDIT in self._lists

    def show_draft(self, key: str) -> bool:
        """Make a draft the current one. Return False if its list is to be read from where it is kept."""
        is_known = key in self._lists
        self.draft = key
        self._lists[key] = self._lists.pop(key, [])
        return is_known

    def drop_oldest(self) -> list[Attachment]:
        """Return the files of the lists that have not been shown for long, which are in memory no more."""
        drafts = [each for each in self._lists if each not in ("", _EDIT) and not is_edit_key(each)]
        others = [each for each in drafts if each != self.draft][: -_MOST_IN_MEMORY + 1]
        at_rest = [key for key in others if all(item.is_settled for item in self._lists[key])]
        return [item for key in at_rest for item in self._lists.pop(key)]

    def rename_draft(self, key: str) -> None:
        """Keep the current draft's files under another key."""
        before, self.draft = self.draft, key
        self._lists[key] = [*self._lists.get(key, ()), *self._lists.pop(before, ())]
        self._lists.setdefault("", [])
        self.save(before)
        self.save(key)

    # On the disk

    def save(self, key: str) -> None:
        """Keep a list with its draft."""
        if key == _EDIT:
            return  # `save_edited` does, when its words are kept
        self._saved = ("", [])
        files = list(files_to_keep(self._lists.get(key, ())))
        self._work.run_on_store(lambda: self._store.save_draft_files(key, files), None, self._on_failed)

    def read(self, key: str, on_read: Callable[[list[Attachment]], None]) -> None:
        """Read the files that are kept with a draft, and put them before those that were given meanwhile.

        `on_read` is called with those that came in so, if any did. Those of no conversation are read once: what is
        there later has been kept from here.
        """
        if not key and self._is_last_time_read:
            return
        self._is_last_time_read |= not key
        self._read(key, key, lambda: key in self._lists, on_read)

    def read_edited(self, key: str, on_read: Callable[[list[Attachment]], None]) -> None:
        """Read the files that are kept under this key, and put them into the edited message's list, in the same way."""

        def is_wanted() -> bool:
            was_awaited = self._awaited == key
            if was_awaited:
                self._awaited = ""
            return was_awaited

        self._read(key, _EDIT, is_wanted, on_read)

    def _read(
        self, key: str, into: str, is_wanted: Callable[[], bool], on_read: Callable[[list[Attachment]], None]
    ) -> None:
        def insert(files: list[DraftFile]) -> None:
            if is_wanted() and files:
                # What was given meanwhile may have been kept before this was read.
                given = {(item.name, item.digest) for item in self._lists[into]}
                items = [of_draft(file) for file in files if (file.name, file.digest) not in given]
                self._lists[into][:0] = items
                self.save(into)  # without them, if anything was given or taken out meanwhile
                on_read(items)

        def fail(error: Exception) -> None:
            if not key:
                self._is_last_time_read = False
            self._on_failed(error)

        self._work.run_on_store(lambda: self._store.draft_files(key), insert, fail)

    def _prepend_kept(self, key: str, items: Sequence[Attachment]) -> None:
        """Put files in front of a draft's that is not in memory. Runs on the store's thread."""
        self._store.save_draft_files(key, [*files_to_keep(items), *self._store.draft_files(key)])
