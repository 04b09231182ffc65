"""The files given to the next messages: one list for each draft, in memory and where the drafts are kept.

Beside them stand the lists of messages that are edited, each under the key of its conversation's edit. How a file comes
to its text is `intake`; what is said with the files is `chat`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from desktop.core.conversation import edit_key, is_edit_key, is_temporary
from desktop.core.documents.attachment import (
    Attachment,
    AttachmentState,
    DraftFile,
    PicturePreparer,
    free_name,
    unnumbered,
)
from desktop.core.documents.document import FileReader, ReadingError, ReadingProblem
from desktop.core.documents.selection import Selection
from desktop.core.errors import StoreError
from desktop.core.message import AttachmentPart, FilePart, new_id
from desktop.runtime.background import BackgroundTasks, gui_task
from desktop.runtime.intake import GivenPaths, Intake, look_into
from desktop.store.database import SqliteStore
from desktop.store.files import FileStore

_MOST_IN_MEMORY = 4  # drafts; those of other conversations are read again when they are opened


class Attachments(QObject):
    """The files given to the current conversation's next message, or to the message that is edited."""

    changed = Signal()  # the list, or the state of a file in it
    # ReadingError with the name of a file that could not be kept; the file and its draft's key, where it was taken
    refused = Signal(object, object, str)

    def __init__(
        self,
        work: BackgroundTasks,
        store: SqliteStore,
        reader: Callable[[], FileReader],
        prepare_picture: PicturePreparer,
        *,
        of_prompts: bool = False,
    ) -> None:
        """Keep the dependencies. `of_prompts`: the files of the prompt builder, each of which belongs to a field.

        Both are kept with the same drafts; each sees its own, and leaves the other's as they are.
        """
        super().__init__(work)
        self.make_reader = reader
        self._work = work
        self._store = store
        self._is_of_prompts = of_prompts
        self._made_with = (work, store, reader, prepare_picture)
        self._lists: dict[str, list[Attachment]] = {"": []}  # by their keys, the current draft's last
        self._draft = ""  # the key of the current draft
        self._edited = ""  # the key of the message's list that is shown in its place
        self._unread: set[str] = set()  # keys of edited messages' lists that are being read from the disk
        self._is_last_time_read = False  # or asked for: the list that was kept for no conversation, at the start
        self._removed: tuple[str, int, Attachment] | None = None  # its list's key, its place
        self._last_sent: list[Attachment] = []  # in case they come back
        self._intake = Intake(work, store.files, reader, prepare_picture)
        # ReadingErrors with the name of the file; one that was not read again stays as it was sent
        self.not_drawn: SignalInstance = self._intake.not_drawn
        self.not_reread: SignalInstance = self._intake.not_reread
        self._intake.stepped.connect(self._on_stepped)
        self._intake.not_kept.connect(self._on_not_kept)
        self._intake.drawn.connect(self._on_drawn)
        self._intake.unused.connect(self._discard)

    @cached_property
    def of_prompts(self) -> Attachments:
        """The files given to the prompt builder instead; made at its first use."""
        return Attachments(*self._made_with, of_prompts=True)

    @property
    def items(self) -> list[Attachment]:
        """The files, in the order in which they are sent."""
        return list(self._shown)

    def find(self, id: str) -> Attachment | None:
        """Return the one of this id."""
        return next((each for each in self._shown if each.id == id), None)

    @property
    def files(self) -> FileStore:
        """The store of the files themselves."""
        return self._store.files

    @property
    def is_reading(self) -> bool:
        """True while a file is on its way: what is sent is not known yet."""
        return not all(item.is_settled for item in self._shown)

    @property
    def takes_files(self) -> bool:
        """False in a temporary conversation, since a file would be kept on the disk."""
        return not is_temporary(self._draft)

    @property
    def removed(self) -> Attachment | None:
        """The file that was taken out last and can be brought back; None where there is none."""
        return self._removed[2] if self._removed is not None else None

    def parts(self) -> tuple[FilePart, ...]:
        """Return what is sent of the files that are ready."""
        return tuple(part for item in self._shown if (part := item.to_send) is not None)

    # What the user does with files

    def add_files(self, paths: Sequence[Path], field: str = "") -> None:
        """Give files to the next message, or to a field of the prompt builder."""
        items = self._add([path.name or str(path) for path in paths], field)
        for item, path in zip(items, paths, strict=False):
            self._intake.copy_file(item, path)

    def add_bytes(self, content: bytes, name: str, field: str = "", pasted: str = "") -> Attachment | None:
        """Give a file that is not on the disk to the next message, such as a picture that was pasted.

        Return it as it is at first, or None if it is refused. `pasted`: the text that it is, to be had back if so.
        """
        for item in self._add([name], field, pasted):
            self._intake.copy_bytes(item, content)
            return item
        return None

    def _add(self, names: Sequence[str], field: str, pasted: str = "") -> list[Attachment]:
        """Put files on the list that is shown, and return them; a temporary conversation takes none."""
        items: list[Attachment] = []
        for name in names:
            if self.takes_files:
                free = free_name(name, [each.name for each in self._shown])
                items.append(Attachment(free, field=field, pasted=pasted))
                self._shown.append(items[-1])
            else:
                self.refused.emit(ReadingError(ReadingProblem.TEMPORARY, name=name), None, "")
        if items:
            self.changed.emit()
        return items

    def remove(self, id: str) -> None:
        """Take a file out. It can be brought back until the next one is taken out, or the message is left or sent.

        Then it is deleted where nothing else has it.
        """
        key, item = self._find(id)
        if item is None:
            return
        self._forget_removed()
        self._intake.stop(id)
        at = self._lists[key].index(item)
        del self._lists[key][at]
        self._save(key)
        if item.digest:
            self._removed = key, at, item
        self.changed.emit()

    def bring_back(self) -> None:
        """Put the file that was taken out last where it stood."""
        if self._removed is None:
            return
        (key, at, item), self._removed = self._removed, None
        self._lists[key].insert(at, item)
        self._save(key)
        if not item.is_settled:
            self._intake.open_kept(item)
        self.changed.emit()

    def cancel(self, id: str) -> None:
        """Stop copying or reading a file, and take it out."""
        if any(item.id == id and not item.is_settled for item in self._shown):
            self.remove(id)
            self._forget_removed()

    def move(self, id: str, step: int) -> None:
        """Move a file by so many places, as far as there are."""
        key, item = self._find(id)
        if item is not None:
            items = self._lists[key]
            at = items.index(item)
            items.insert(max(0, min(len(items) - 1, at + step)), items.pop(at))
            self._save(key)
            self.changed.emit()

    def select(self, id: str, selection: Selection) -> None:
        """Send another part of a document."""
        key, item = self._find(id)
        if item is not None and item.document is not None and item.state is AttachmentState.READY:
            self._intake.make_part(self._replace(key, replace(item, selection=selection, part=None)))

    def send_as_pictures(self, id: str, names: Mapping[int, str]) -> None:
        """Send pages of a document, by number, as pictures of these names; its text stays, if it has any."""
        _, item = self._find(id)
        if item is not None and item.document is not None and item.state is AttachmentState.READY:
            self._intake.draw(item, names)

    def give_password(self, id: str, password: str) -> None:
        """Read a file again with a password, which is kept nowhere."""
        _, item = self._find(id)
        if item is not None and item.digest:
            self._intake.open_kept(replace(item, password=password))

    def reread(self, id: str, encoding: str = "") -> None:
        """Read a file again; `encoding` is to be that of a plain text, empty to have it recognised.

        Thus also a file that came from a message, of which only what was sent is known.
        """
        key, item = self._find(id)
        if item is not None and item.digest:
            self._intake.open_kept(self._replace(key, replace(item, encoding=encoding)))

    @gui_task
    async def look_into(self, paths: Sequence[Path], on_found: Callable[[GivenPaths], None]) -> None:
        """Find out which of these paths are folders, and what is in them; a drive may take its time."""
        try:
            found = await self._work.aside(lambda: look_into(paths))
        except OSError:
            found = GivenPaths(tuple(paths))
        on_found(found)

    @gui_task
    async def read_kept(self, digest: str, make: Callable[[bytes], Any], on_made: Callable[[Any], None]) -> None:
        """Read a kept file and make something of it, off the GUI thread; nothing comes of one that is gone."""
        try:
            made = await self._work.slowly(lambda: make(self.files.read_bytes(digest)))
        except ReadingError:
            return
        on_made(made)

    # What happens to the message

    def clear(self) -> None:
        """Empty the list of what has been sent; a file that gives no text stays."""
        self._forget_removed()
        self._last_sent = [item for item in self._shown if item.to_send is not None]
        self._shown[:] = [item for item in self._shown if item.to_send is None]
        self._save(self._key)
        self._release(self._last_sent)
        self.changed.emit()

    def give_back(self, parts: Sequence[FilePart], fields: Sequence[str] = (), draft: str | None = None) -> None:
        """Put files of a message in front of the list again: it could not be sent, or is to be changed first.

        `fields`: those of the prompt builder that they belong to. `draft`: the key of that of another conversation.
        """
        if not (items := self._as_sent(parts, fields)):
            return
        key = self._key if draft is None else draft
        if key in self._lists:
            self._lists[key][:0] = items
            self._save(key)
            self._show_again(items)
            self.changed.emit()
        else:
            self._on_disk(lambda: self._write(key, [*_to_keep(items), *self._kept(key)]))

    def show_message_files(self, parts: Sequence[FilePart], fields: Sequence[str] = ()) -> None:
        """Show the files of a message that is edited, in the place of the draft's, until `return_to_draft`.

        `fields`: those of the prompt builder that they belong to.
        """
        self._drop_edited()
        self._edited = edit_key(self._draft)
        items = self._lists[self._edited] = self._as_sent(parts, fields)
        self._show_again(items)
        self.changed.emit()

    def keep_edited(self, conversation_id: str) -> None:
        """Keep the files of the message that is edited with its conversation, as those of its draft are."""
        key = edit_key(conversation_id)
        if key not in self._unread:
            self._on_disk(self._write, key, _to_keep(self._lists.get(key, ())))

    def put_edited_aside(self, conversation_id: str) -> None:
        """Show the draft's files again; those of the message wait for `take_up_edited` or `forget_edited`."""
        self._forget_removed()
        self._edited = ""
        key = edit_key(conversation_id)
        if key in self._unread:
            self._let_go(self._lists.pop(key))  # what is kept is whole
        else:
            self._save(key)
        self.changed.emit()

    def take_up_edited(self, conversation_id: str) -> None:
        """Show the files of a message whose change goes on, which have been kept with its conversation."""
        self._edited = edit_key(conversation_id)
        if self._edited not in self._lists:
            self._lists[self._edited] = []
            self._read(self._edited)
        self.changed.emit()

    def forget_edited(self, conversation_id: str) -> None:
        """Give up the files that wait, or are kept; those that nothing else has are deleted."""
        key = edit_key(conversation_id)
        items = self._lists.pop(key, []) if key != self._edited else []
        self._on_disk(self._write, key, [])
        for item in items:
            self._intake.stop(item.id)
        self._release_and_discard(items)

    def return_to_draft(self) -> None:
        """Show the draft's files again; those of the edited message stay with the message."""
        if self._edited:
            self._drop_edited()
            self.changed.emit()

    # The conversations

    def show_draft(self, key: str) -> None:
        """Show the files of a conversation's draft; `key` is that of its words."""
        self._drop_edited()
        self._draft = key
        is_known = key in self._lists
        self._lists[key] = self._lists.pop(key, [])
        if not is_known:
            self.load(key)
        drafts = [each for each in self._lists if each != key and each and not is_edit_key(each)]
        for old in drafts[: -_MOST_IN_MEMORY + 1]:
            if all(item.is_settled for item in self._lists[old]):
                self._let_go(self._lists.pop(old))
        self.changed.emit()

    def load(self, key: str) -> None:
        """Read the files that are kept with a draft, and show them before those that were given meanwhile.

        Those of no conversation are read once: what is there later has been kept from here.
        """
        if key or not self._is_last_time_read:
            self._is_last_time_read |= not key
            self._read(key)

    def rename_draft(self, key: str) -> None:
        """Keep the current draft's files under another key: its conversation has just been stored, or is no more."""
        before, self._draft = self._draft, key
        if key == before:
            return
        self._forget_removed()
        self._lists[key] = [*self._lists.get(key, ()), *self._lists.pop(before, ())]
        self._lists.setdefault("", [])
        self._save(before)
        self._save(key)

    def sweep(self) -> None:
        """Delete what an earlier run of the program has left behind."""
        self._on_disk(self._store.sweep_files)

    # The lists

    @property
    def _key(self) -> str:
        return self._edited or self._draft

    @property
    def _shown(self) -> list[Attachment]:
        return self._lists[self._key]

    def _find(self, id: str) -> tuple[str, Attachment | None]:
        """Return a file and the key of the list that it is in."""
        found = ((key, item) for key, items in self._lists.items() for item in items if item.id == id)
        return next(found, ("", None))

    def _replace(self, key: str, item: Attachment) -> Attachment:
        """Put a file in the place of the one with its id, and return it."""
        items = self._lists[key]
        at = next(at for at, each in enumerate(items) if each.id == item.id)
        before, items[at] = items[at], item
        if item.to_keep != before.to_keep:
            self._save(key)
        return item

    def _drop_edited(self) -> None:
        """Show the draft's list; the edited message's is in memory no longer."""
        self._forget_removed()
        self._let_go(self._lists.pop(self._edited, []) if self._edited else [])
        self._edited = ""

    def _as_sent(self, parts: Sequence[FilePart], fields: Sequence[str]) -> list[Attachment]:
        """Return parts of a message as files: as they were, if they were sent a moment ago.

        Passages of folders are left out: they are found anew for what is asked then.
        """
        items = []
        for part, field in zip(parts, fields or [""] * len(parts), strict=True):
            if isinstance(part, AttachmentPart) and part.folder:
                continue
            known = next((item for item in self._last_sent if item.part == part), None)
            item = known or Attachment(part.name, state=AttachmentState.READY, part=part, digest=part.digest)
            items.append(replace(item, id=new_id(), field=field))
        return items

    def _show_again(self, items: Iterable[Attachment]) -> None:
        """Claim the files of a list that come from elsewhere, and find out what is not known of them."""
        for item in items:
            if item.digest:
                self.files.claim(item.digest)
            if item.part is None:
                self._intake.open_kept(item)
            elif item.document is None and not item.thumbnail:
                self._intake.look_at(item)

    # The disk

    def _save(self, key: str) -> None:
        """Keep a list with its draft; an edited message's is kept with its words."""
        if not key or key != self._edited:
            self._on_disk(self._write, key, _to_keep(self._lists.get(key, ())))

    @gui_task
    async def _read(self, key: str) -> None:
        """Read the files that are kept under a key, and put them before those that were given meanwhile."""
        if is_edit_key(key):
            self._unread.add(key)
        try:
            files = await self._work.run(self._kept, key)
        except StoreError:
            if not key:
                self._is_last_time_read = False
            raise
        finally:
            self._unread.discard(key)
        if key not in self._lists or not files:
            return
        # What was given meanwhile may have been kept before this was read.
        given = {(item.name, item.digest) for item in self._lists[key]}
        items = [_of_draft(file) for file in files if (file.name, file.digest) not in given]
        self._lists[key][:0] = items
        self._save(key)  # without them, if anything was given or taken out meanwhile
        self._show_again(items)
        self.changed.emit()

    def _kept(self, key: str) -> list[DraftFile]:
        """Return what is kept with a draft in this place. Runs on the store's thread, as the next one."""
        return [each for each in self._store.draft_files(key) if bool(each.field) is self._is_of_prompts]

    def _write(self, key: str, files: Sequence[DraftFile]) -> None:
        others = [each for each in self._store.draft_files(key) if bool(each.field) is not self._is_of_prompts]
        self._store.save_draft_files(key, [*files, *others])

    @gui_task
    async def _on_disk(self, function: Callable[..., object], *args: object) -> None:
        await self._work.run(function, *args)

    def _release(self, items: Iterable[Attachment]) -> None:
        """Release files once the disk has what was asked of it before, such as the message that has them now."""
        for item in items:
            if item.digest:
                self._on_disk(self.files.release, item.digest)

    def _release_and_discard(self, items: Iterable[Attachment]) -> None:
        """Release files, and delete those that nothing else has."""
        for item in items:
            if item.digest:
                self.files.release(item.digest)
                self._discard(item.digest)

    def _discard(self, digest: str) -> None:
        self._on_disk(self._store.discard_files, [digest])

    def _let_go(self, items: Sequence[Attachment]) -> None:
        """Do nothing more with files that are in memory no longer; they stay where they are kept."""
        for item in items:
            self._intake.stop(item.id)
        self._release(items)

    def _forget_removed(self) -> None:
        if self._removed is not None:
            item, self._removed = self._removed[2], None
            self._release_and_discard([item])

    # How they stand

    def _on_stepped(self, item: Attachment) -> None:
        key, before = self._find(item.id)
        if before is None:
            return
        self._replace(key, item)
        if item.digest != before.digest:
            self._drop_double(key, item)
        if key == self._key:
            self.changed.emit()

    def _drop_double(self, key: str, item: Attachment) -> None:
        """Leave only the first of what turns out to be the same file, given twice."""
        items = self._lists[key]
        same = [each for each in items if each.digest == item.digest and unnumbered(each.name) == unnumbered(item.name)]
        for each in same[1:]:
            self._intake.stop(each.id)
            items.remove(each)
            self._release_and_discard([each])
            self._save(key)

    def _on_not_kept(self, item: Attachment, error: ReadingError) -> None:
        key, found = self._find(item.id)
        if found is not None:
            self.refused.emit(error, found, key)  # first: what waits for all files is not to go without this one
            self._lists[key].remove(found)
            self.changed.emit()

    def _on_drawn(self, item: Attachment, pictures: list[Attachment]) -> None:
        """Put the pictures of pages behind their file, or in its place if it has no text."""
        key, found = self._find(item.id)
        if found is None:
            self._release_and_discard(pictures)
            return
        items = self._lists[key]
        at = items.index(found)
        items[at : at + 1] = [item, *(replace(each, field=item.field) for each in pictures)]
        self._save(key)
        if item.document is not None and item.document.is_empty:
            self.remove(item.id)
            self._forget_removed()
        else:
            self.changed.emit()


def _to_keep(items: Iterable[Attachment]) -> list[DraftFile]:
    """Return those of which something is kept, as they are kept with the draft."""
    return [item.to_keep for item in items if item.digest or item.part is not None]


def _of_draft(file: DraftFile) -> Attachment:
    """Return a file of a draft as it is before anything has been done with it."""
    return Attachment(
        file.name,
        state=AttachmentState.READING if file.part is None else AttachmentState.READY,
        part=file.part,
        selection=file.selection,
        digest=file.digest,
        size=file.size,
        encoding=file.encoding,
        field=file.field,
    )
