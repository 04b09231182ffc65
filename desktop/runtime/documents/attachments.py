"""The files given to the next message, of each conversation: what the box for it shows below its words.

They are kept with the conversation's draft (`draft_lists`). How a file comes to its text is `intake`; what is said with
the files is `chat`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from desktop.core.conversation import edit_key, is_temporary
from desktop.core.documents.pictures import PicturePreparer
from desktop.core.documents.reading import FileReader, ReadingError, ReadingProblem
from desktop.core.documents.selection import Selection
from desktop.core.message import FilePart
from desktop.runtime.background import BackgroundTasks, DaemonExecutor
from desktop.runtime.documents.attachment import Attachment, AttachmentState, free_name, unnumbered
from desktop.runtime.documents.claims import Claims
from desktop.runtime.documents.draft_lists import DraftLists
from desktop.runtime.documents.draft_share import DraftShare
from desktop.runtime.documents.folders import GivenPaths, look_into
from desktop.runtime.documents.intake import Intake
from desktop.runtime.documents.page_drawing import PageDrawing
from desktop.runtime.documents.sent_parts import SentParts
from desktop.store.database import SqliteStore
from desktop.store.files import FileStore


class Attachments(QObject):
    """The files given to the current conversation's next message, or to the message that is edited."""

    changed = Signal()  # the list, or the state of a file in it
    # ReadingError with the name of a file that could not be kept; the file and its draft's key, where it was taken
    refused = Signal(object, object, str)
    not_reread = Signal(object)  # ReadingError with the name of a file of a message, which stays as it was sent
    failed = Signal(object)  # what the store failed with

    def __init__(
        self,
        work: BackgroundTasks,
        store: SqliteStore,
        reader: Callable[[], FileReader],
        prepare_picture: PicturePreparer,
        parent: QObject | None = None,
        *,
        of_prompts: bool = False,
    ) -> None:
        """Keep the dependencies. `of_prompts`: the files of the prompt builder, each of which belongs to a field."""
        super().__init__(parent)
        self.make_reader = reader
        self._work = work
        self._store = DraftShare(store, of_prompts=of_prompts)
        self._made_with = (work, store, reader, prepare_picture)
        self._prompts: Attachments | None = None
        self._lists = DraftLists(work, self._store, self.failed.emit)
        self._claims = Claims(work, self._store, self.failed.emit)
        self._sent = SentParts()
        self._removed: tuple[str, int, Attachment] | None = None  # what was taken out last, from where
        self._intake = Intake(work, store.files, reader, prepare_picture, self)
        self._intake.stepped.connect(self._on_stepped)
        self._intake.not_kept.connect(self._on_not_kept)
        self._intake.unused.connect(lambda digest: self._claims.discard([digest]))
        self._drawing = PageDrawing(work, store.files, prepare_picture, self)
        self._drawing.stepped.connect(self._on_stepped)
        self._drawing.drawn.connect(self._on_drawn)
        self.not_drawn: SignalInstance = self._drawing.failed  # ReadingError with the name of the file
        self._drawing.unused.connect(lambda digest: self._claims.discard([digest]))

    @property
    def of_prompts(self) -> Attachments:
        """The files given to the prompt builder instead; made at its first use."""
        if self._prompts is None:
            self._prompts = Attachments(*self._made_with, self, of_prompts=True)
        return self._prompts

    @property
    def items(self) -> list[Attachment]:
        """The files, in the order in which they are sent."""
        return list(self._lists.shown)

    @property
    def files(self) -> FileStore:
        """The store of the files themselves."""
        return self._store.files

    @property
    def is_reading(self) -> bool:
        """True while a file is on its way: what is sent is not known yet."""
        return not all(item.is_settled for item in self._lists.shown)

    def parts(self) -> tuple[FilePart, ...]:
        """Return what is sent of the files that are ready."""
        return tuple(part for item in self._lists.shown if (part := item.to_send) is not None)

    # What the user does with files

    def add_files(self, paths: Sequence[Path], field: str = "") -> None:
        """Give files to the next message, or to a field of the prompt builder."""
        if self._is_refused([path.name or str(path) for path in paths]):
            return
        items = []
        for path in paths:
            name = free_name(path.name or str(path), [each.name for each in self._lists.shown])
            items.append(Attachment(name, field=field))
            self._lists.shown.append(items[-1])
        self.changed.emit()
        for item, path in zip(items, paths, strict=True):
            self._intake.copy_file(item, path)

    @property
    def takes_files(self) -> bool:
        """False in a temporary conversation, since a file would be kept on the disk."""
        return not is_temporary(self._lists.draft)

    def _is_refused(self, names: Sequence[str]) -> bool:
        """Say for each file that a temporary conversation takes none, if this is one."""
        if self.takes_files:
            return False
        for name in names:
            self.refused.emit(ReadingError(ReadingProblem.TEMPORARY, name=name), None, "")
        return True

    def add_bytes(self, content: bytes, name: str, field: str = "", pasted: str = "") -> Attachment | None:
        """Give a file that is not on the disk to the next message, such as a picture that was pasted.

        Return it as it is at first, or None if it is refused. `pasted`: the text that it is, to be had back if so.
        """
        if self._is_refused([name]):
            return None
        item = Attachment(free_name(name, [each.name for each in self._lists.shown]), field=field, pasted=pasted)
        self._lists.shown.append(item)
        self.changed.emit()
        self._intake.copy_bytes(item, content)
        return item

    @property
    def removed(self) -> Attachment | None:
        """The file that was taken out last and can be brought back; None where there is none."""
        return self._removed[2] if self._removed is not None else None

    def remove(self, id: str) -> None:
        """Take a file out. It can be brought back until the next one is taken out, or the message is left or sent.

        Then it is deleted where nothing else has it.
        """
        key, item = self._lists.find(id)
        if item is None:
            return
        self._forget_removed()
        self._stop(id)
        at = self._lists[key].index(item)
        del self._lists[key][at]
        self._lists.save(key)
        if item.digest:
            self._removed = key, at, item
        self.changed.emit()

    def bring_back(self) -> None:
        """Put the file that was taken out last where it stood."""
        if self._removed is None:
            return
        (key, at, item), self._removed = self._removed, None
        self._lists[key].insert(at, item)
        self._lists.save(key)
        if not item.is_settled:
            self._intake.open_kept(item)
        self.changed.emit()

    def _forget_removed(self) -> None:
        if self._removed is not None:
            item, self._removed = self._removed[2], None
            self._claims.release_and_discard([item])

    def cancel(self, id: str) -> None:
        """Stop copying or reading a file, and take it out."""
        if any(item.id == id and not item.is_settled for item in self._lists.shown):
            self.remove(id)
            self._forget_removed()

    def move(self, id: str, step: int) -> None:
        """Move a file by so many places, as far as there are."""
        key, item = self._lists.find(id)
        if item is not None:
            items = self._lists[key]
            at = items.index(item)
            items.insert(max(0, min(len(items) - 1, at + step)), items.pop(at))
            self._lists.save(key)
            self.changed.emit()

    def select(self, id: str, selection: Selection) -> None:
        """Send another part of a document."""
        key, item = self._lists.find(id)
        if item is not None and item.document is not None and item.state is AttachmentState.READY:
            item = replace(item, selection=selection, part=None)
            self._lists.replace_item(key, item)
            self._lists.save(key)
            self._intake.make_part(item)

    def send_as_pictures(self, id: str, names: Mapping[int, str]) -> None:
        """Send pages of a document, by number, as pictures of these names; its text stays, if it has any."""
        _, item = self._lists.find(id)
        if item is not None and item.document is not None and item.state is AttachmentState.READY:
            self._drawing.start(self._intake.reader, item, names)

    def give_password(self, id: str, password: str) -> None:
        """Read a file again with a password, which is kept nowhere."""
        _, item = self._lists.find(id)
        if item is not None and item.digest:
            self._sent.note_before_reading(item)
            self._intake.open_kept(replace(item, password=password))

    def reread(self, id: str, encoding: str = "") -> None:
        """Read a file again; `encoding` is to be that of a plain text, empty to have it recognised.

        Thus also a file that came from a message, of which only what was sent is known.
        """
        key, item = self._lists.find(id)
        if item is not None and item.digest:
            self._sent.note_before_reading(item)
            item = replace(item, encoding=encoding)
            self._lists.replace_item(key, item)
            self._lists.save(key)
            self._intake.open_kept(item)

    def look_into(self, paths: Sequence[Path], on_found: Callable[[GivenPaths], None]) -> None:
        """Find out which of these paths are folders, and what is in them; a drive may take its time."""
        thread = DaemonExecutor("folders")
        self._work.run_on(thread, lambda: look_into(paths), on_found, lambda _: on_found(GivenPaths(tuple(paths))))
        thread.end()

    def read_kept(self, digest: str, make: Callable[[bytes], Any], on_made: Callable[[Any], None]) -> None:
        """Read a kept file and make something of it, off the GUI thread; nothing comes of one that is gone."""
        files = self._store.files
        self._work.run_slowly(lambda: make(files.read_bytes(digest)), on_made, lambda _: None)

    # What happens to the message

    def clear(self) -> None:
        """Empty the list of what has been sent; a file that gives no text stays."""
        self._forget_removed()
        shown = self._lists.shown
        sent = [item for item in shown if item.to_send is not None]
        self._sent.remember_last(sent)
        shown[:] = [item for item in shown if item.to_send is None]
        self._lists.save(self._lists.key)
        self._claims.release(sent)
        self.changed.emit()

    def give_back(self, parts: Sequence[FilePart], fields: Sequence[str] = ()) -> None:
        """Put files of a message in front of the list again: it could not be sent, or is to be changed first.

        `fields`: those of the prompt builder that they belong to.
        """
        if parts:
            self.give_back_to(self._lists.key, parts, fields)
            self.changed.emit()

    def give_back_to(self, key: str, parts: Sequence[FilePart], fields: Sequence[str] = ()) -> None:
        """Give files back to the draft of a conversation that need not be the current one."""
        items = self._sent.attachments(parts, fields)
        if self._lists.prepend(key, items):
            self._show_again(items)

    def show_message_files(self, parts: Sequence[FilePart], fields: Sequence[str] = ()) -> None:
        """Show the files of a message that is edited, in the place of the draft's, until `return_to_draft`.

        `fields`: those of the prompt builder that they belong to.
        """
        self._forget_removed()
        self._let_go(self._lists.drop_edited())
        items = self._sent.attachments(parts, fields)
        self._lists.edit(items)
        self._show_again(items)
        self.changed.emit()

    def keep_edited(self, conversation_id: str) -> None:
        """Keep the files of the message that is edited with its conversation, as those of its draft are."""
        self._lists.save_edited(edit_key(conversation_id))

    def put_edited_aside(self, conversation_id: str) -> None:
        """Show the draft's files again; those of the message wait for `take_up_edited` or `forget_edited`."""
        self._forget_removed()
        self._lists.put_edited_aside(edit_key(conversation_id))
        self.changed.emit()

    def take_up_edited(self, conversation_id: str) -> None:
        """Show the files of a message whose change goes on, which have been kept with its conversation."""

        def show(items: list[Attachment]) -> None:
            self._show_again(items)
            self.changed.emit()

        key = edit_key(conversation_id)
        self._let_go(self._lists.drop_edited())
        if not self._lists.take_up_edited(key):
            self._lists.read_edited(key, show)
        self.changed.emit()

    def forget_edited(self, conversation_id: str) -> None:
        """Give up the files that wait, or are kept; those that nothing else has are deleted."""
        items = self._lists.drop_aside(edit_key(conversation_id))
        for item in items:
            self._stop(item.id)
        self._claims.release_and_discard(items)

    def return_to_draft(self) -> None:
        """Show the draft's files again; those of the edited message stay with the message."""
        if self._lists.is_editing:
            self._forget_removed()
            self._let_go(self._lists.drop_edited())
            self.changed.emit()

    # The conversations

    def show_draft(self, key: str) -> None:
        """Show the files of a conversation's draft; `key` is that of its words."""
        self._forget_removed()
        self._let_go(self._lists.drop_edited())
        if not self._lists.show_draft(key):
            self.load(key)
        self._let_go(self._lists.drop_oldest())
        self.changed.emit()

    def load(self, key: str) -> None:
        """Read the files that are kept with a draft, and show them before those that were given meanwhile."""

        def show(items: list[Attachment]) -> None:
            self._show_again(items)
            self.changed.emit()

        self._lists.read(key, show)

    def sweep(self) -> None:
        """Delete what an earlier run of the program has left behind."""
        self._work.run_on_store(self._store.sweep_files, None, self.failed.emit)

    def load_picture(self, digest: str, show: Callable[[bytes], None]) -> None:
        """Read a picture of a message and call `show` with its bytes, later; never if it is gone."""
        self._intake.load_picture(digest, show)

    def rename_draft(self, key: str) -> None:
        """Keep the current draft's files under another key: its conversation has just been stored, or is no more."""
        if key != self._lists.draft:
            self._forget_removed()
            self._lists.rename_draft(key)

    # How they stand

    def _on_stepped(self, item: Attachment) -> None:
        key, before = self._lists.find(item.id)
        if before is None:
            return
        item, problem = self._sent.after_reading(item)
        if problem is not None:
            self.not_reread.emit(problem)
        self._lists.replace_item(key, item)
        if item.digest != before.digest:
            self._drop_double(key, item)
        if item.to_keep != before.to_keep:
            self._lists.save(key)
        if key == self._lists.key:
            self.changed.emit()

    def _drop_double(self, key: str, item: Attachment) -> None:
        """Leave only the first of what turns out to be the same file, given twice."""
        items = self._lists[key]
        same = [each for each in items if each.digest == item.digest and unnumbered(each.name) == unnumbered(item.name)]
        for each in same[1:]:
            self._stop(each.id)
            items.remove(each)
            self._claims.release_and_discard([each])

    def _on_not_kept(self, item: Attachment, error: ReadingError) -> None:
        key, found = self._lists.find(item.id)
        if found is not None:
            error.name = item.name
            self.refused.emit(error, found, key)  # first: what waits for all files is not to go without this one
            self._lists[key].remove(found)
            self.changed.emit()

    def _on_drawn(self, item: Attachment, pictures: list[Attachment]) -> None:
        """Put the pictures of pages behind their file, or in its place if it has no text."""
        key, found = self._lists.find(item.id)
        if found is None:
            self._claims.release_and_discard(pictures)
            return
        items = self._lists[key]
        at = items.index(found)
        items[at : at + 1] = [item, *(replace(each, field=item.field) for each in pictures)]
        self._lists.save(key)
        if item.document is not None and item.document.is_empty:
            self.remove(item.id)
            self._forget_removed()
        else:
            self.changed.emit()

    def _stop(self, id: str) -> None:
        """Stop all that is done with a file."""
        self._intake.stop(id)
        self._drawing.stop(id)

    def _show_again(self, items: Sequence[Attachment]) -> None:
        """Claim the files of attachments that come from elsewhere, and find out what is not known of them."""
        for item in items:
            self._claims.claim(item)
            if item.part is None:
                self._intake.open_kept(item)
            elif item.document is None and not item.thumbnail:
                self._intake.look_at(item)

    def _let_go(self, items: Sequence[Attachment]) -> None:
        """Do nothing more with files that are in memory no longer; they stay where they are kept."""
        for item in items:
            self._stop(item.id)
        self._claims.release(items)
