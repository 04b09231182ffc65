"""The presenter between what the user gives to the message and `runtime.files.Attachments`.

Attaching, pasting, dropping, removing and moving files. They are sent by `conversation_presenter`, and what of them is
sent is chosen on the page of `documents`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from desktop.core.documents.attachment import Attachment
from desktop.core.documents.document import ReadingError, ReadingProblem
from desktop.core.message import AttachmentPart, ImagePart
from desktop.core.model import Sight
from desktop.runtime.chat import Chat
from desktop.runtime.files import Attachments
from desktop.runtime.intake import FilesOfFolder, GivenPaths
from desktop.runtime.models.directory import sight_of
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.composer.above_text import Step
from desktop.ui.documents.file_chip import FileAction, FileAsk, PictureDialog, small_image
from desktop.ui.documents.preview import PreviewPresenter
from desktop.ui.errors import describe_reading
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.message_actions import Ask
from desktop.ui.widgets.boxes import PickedFolder, QuestionBox
from desktop.ui.widgets.quiet_line import UndoBar
from desktop.ui.words import fill, number, say, shown_name

_KINDS = (
    "*.pdf *.docx *.doc *.odt *.rtf *.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.pptx *.odp *.eml *.msg *.html *.htm *.mhtml"
    " *.epub *.md *.txt *.log *.json *.xml *.yaml *.toml *.tex *.py *.js *.sql"
)
_LOOKING_MS = 300  # in which a disk of this computer has told what is a folder
_PICTURES = "*.png *.jpg *.jpeg *.gif *.webp *.bmp *.tif *.tiff *.heic"


class FilesPresenter(PagePresenter):
    """The presenter of the files that go with the next message, and of whether it asks for the places in them."""

    model_wanted = Signal(object)  # the ModelChoice of one that can look at a file

    def __init__(
        self,
        page: ChatPage,
        chat: Chat,
        preview: PreviewPresenter,
        folder: PickedFolder,
    ) -> None:
        """Keep the dependencies. `folder` is the one in which the dialog that picks files begins."""
        super().__init__(page, chat)
        self._attachments = attachments = chat.attachments
        self._preview = preview
        self._folder = folder
        self.ask_folder: Callable[[Path], object] | None = None  # has the conversation ask one, where it can
        composer = page.composer
        self._removed_from = attachments  # the last that was taken out
        composer.files_pasted.connect(lambda given: self.take_given(given))
        composer.files.asked.connect(lambda file_id, action: self.act(file_id, action))
        attachments.changed.connect(self._show)
        self.speak_for(attachments)
        preview.sight = self.sight
        preview.pictures_wanted.connect(self._send_pages)
        for signal in (self._models.changed, chat.settings_changed, chat.opened):
            signal.connect(self._show_sight)
        page.reading.register({Ask.OPEN_FILE: self._open_sent})
        page.reading.load_picture = lambda digest, show: attachments.read_kept(digest, small_image, show)
        page.header.place.places_asked.connect(self._ask_for_places)
        for signal in (chat.place_requests.changed, chat.settings_changed):
            signal.connect(self._show_places)
        self._show()
        self._show_sight()
        self._show_places()

    def sight(self) -> Sight:
        """Return what the chosen model can look at, and which others could."""
        return sight_of(self._models.listings, self._chat.choice)

    def _ask_for_places(self, shall: bool) -> None:
        """Have the messages of this conversation ask for places from now on, or not."""
        self._chat.change_settings(lambda settings: replace(settings, asks_places=shall))

    def _show_places(self) -> None:
        is_asked = self._chat.current.settings.asks_places
        self._page.header.place.show_places(self._chat.place_requests.places, is_asked=is_asked)

    def speak_for(self, attachments: Attachments) -> None:
        """Say from now on what could not be done with these files."""
        attachments.refused.connect(self._say_refused)
        attachments.not_reread.connect(self._say_not_reread)
        attachments.not_drawn.connect(self._say_not_drawn)

    def pick(self, field: str = "", begin: Path | None = None) -> None:
        """Let the user pick files, for the message box or for a field of the prompt builder.

        `begin`: another folder to begin in than the last one. Where none are taken, that is said before anything is
        picked.
        """
        if not self._attachments.takes_files:
            self._notice.show_text(describe_reading(ReadingError(ReadingProblem.TEMPORARY)).sentence)
            return
        documents = self.tr("Documents and texts")
        pictures = self.tr("Pictures")
        everything = self.tr("All files")
        names = f"{everything} (*);;{documents} ({_KINDS});;{pictures} ({_PICTURES})"
        beginning = str(begin) if begin is not None else self._folder.beginning()
        paths, _ = QFileDialog.getOpenFileNames(self._page.window(), self.tr("Attach files"), beginning, names)
        self._folder.note(paths)
        if paths:
            self.attach([Path(path) for path in paths], field)

    def attach(self, paths: Sequence[Path], field: str = "") -> None:
        """Attach files to the message that is being written; what is in a folder only after the user has agreed.

        `field`: that of the prompt builder which they are given to.
        """
        attachments = self._given_to(field)
        is_known = are_shown = False

        def take(found: GivenPaths) -> None:
            nonlocal is_known
            is_known = True
            if not are_shown:
                attachments.add_files(found.files, field)
            for each in found.folders if are_shown else ():
                self._take_out(attachments, each.folder.name)
            self._ask_about(found.folders, attachments, field)

        def show() -> None:
            nonlocal are_shown
            if not is_known:
                are_shown = True
                attachments.add_files(paths, field)

        attachments.look_into(paths, take)
        # A drive that does not answer is waited for where the user sees it, and can give it up.
        QTimer.singleShot(_LOOKING_MS, self, show)

    def _take_out(self, attachments: Attachments, name: str) -> None:
        """Take a folder out that was shown as if it were a file while its drive did not answer."""
        for each in [item for item in attachments.items if item.name == name]:
            attachments.remove(each.id)

    def _ask_about(self, folders: Sequence[FilesOfFolder], attachments: Attachments, field: str) -> None:
        """Give the files of folders, or have the conversation ask them, as the user says of one after the other."""
        if not folders:
            return
        content, go_on = folders[0], partial(self._ask_about, folders[1:], attachments, field)
        name = shown_name(content.folder.name)
        if not content.files:
            self._notice.show_text(fill(self.tr("There are no files in the folder “%1”."), name))
            go_on()
            return
        count, is_cut = len(content.files), content.is_cut
        window, attach = self._page.window(), partial(attachments.add_files, content.files, field)
        if self.ask_folder is not None and not field:
            explained = say("folders.dropped_explained", count)
            if is_cut:
                explained = say("folders.dropped_explained_cut", count)
            box = QuestionBox(window, say("folders.dropped", folder=name), explained)
            box.offer(self.tr("Ask the folder"), partial(self.ask_folder, content.folder))
        else:
            asked = say("documents.attach_all_of_a_folder", count, folder=name)
            if is_cut:
                asked = say("documents.attach_the_first_of_a_folder", count, folder=name)
            box = QuestionBox(window, asked, "")
        box.offer(self.tr("Attach its files"), attach)
        box.finished.connect(lambda _: go_on())
        box.ask(self.tr("Cancel"))

    def take_given(self, given: GivenFiles, field: str = "") -> None:
        """Attach what was pasted or dropped."""
        if given.paths:
            self.attach(given.paths, field)
        if given.picture:
            self._given_to(field).add_bytes(given.picture, self.tr("Picture"), field)
        for text in given.texts:
            self._take_text(text)

    def _take_text(self, text: str) -> None:
        """Attach a pasted text to the message, as a file; undo takes it out."""
        name = fill("%1.txt", self.tr("Pasted text"))
        file = self._given_to("").add_bytes(text.encode("utf-8"), name, pasted=text)
        if file is None:
            self._composer.pasted.append(text)
        else:
            self._composer.note_step(partial(self._take_back, file.id))

    def _given_to(self, field: str) -> Attachments:
        """Return the files of the place that is given more, and focus the message box if it is that."""
        if field:
            return self._chat.attachments.of_prompts
        self._composer.setFocus()
        return self._attachments

    def _show(self) -> None:
        self._composer.show_files(self._attachments.items)
        is_gone = self._attachments.removed is None and self._removed_from is self._attachments
        if is_gone and "_undo" in vars(self):
            self._undo.hide()

    def _say_refused(self, error: ReadingError, file: Attachment | None, key: str) -> None:
        """Say that a file could not be had; a pasted text stands where it was pasted, as a text again."""
        said = describe_reading(error)
        words = fill(self.tr("“%1” was not attached. %2"), shown_name(error.name), said.sentence)
        self._notice.show_text(words)
        if file is None or not file.pasted:
            return
        if file in self._attachments.items:
            self._composer.pasted.append(file.pasted)
        elif file not in self._chat.attachments.of_prompts.items:  # whose owner has the text back
            self._chat.unsent.give_back(key, file.pasted)

    def _say_not_reread(self, error: ReadingError) -> None:
        words = self.tr("“%1” can't be opened now: %2 What was sent of it goes along as before.")
        self._notice.show_text(fill(words, shown_name(error.name), describe_reading(error).sentence))

    def _show_sight(self) -> None:
        self._composer.files.show_sight(self.sight())

    def _say_not_drawn(self, error: ReadingError) -> None:
        said = describe_reading(error)
        words = self.tr("The pages of “%1” could not be made into pictures. %2")
        self._notice.show_text(fill(words, shown_name(error.name), said.sentence))

    def _send_pages(self, attachments: Attachments, file_id: str, numbers: Sequence[int]) -> None:
        file = attachments.find(file_id)
        if file is not None:
            template = self.tr("%1, page %2", "name of the picture of a page")
            names = {each: fill(template, file.name, number(each)) for each in numbers}
            attachments.send_as_pictures(file_id, names)

    def _open_sent(self, message_id: str, index: int) -> None:
        """Show what was sent of a file of an earlier message."""
        message = self._chat.path.message(message_id)
        if message is not None:
            part = message.files[index]
            if isinstance(part, AttachmentPart):
                self._preview.open_sent(part)
            else:
                self._show_picture(part)

    def _show_picture(self, part: ImagePart) -> None:
        def show(picture: QImage) -> None:
            if not picture.isNull():
                PictureDialog(part.name, picture, self._page.window()).open()

        self._attachments.read_kept(part.digest, QImage.fromData, show)

    def _remove(self, file_id: str, attachments: Attachments) -> None:
        attachments.remove(file_id)
        self._removed_from, removed = attachments, attachments.removed
        if removed is not None:
            if attachments is self._attachments:
                self._composer.note_step(partial(self._give_back, file_id, to_focus=True))
            self._undo.announce(fill(self.tr("Removed “%1”."), shown_name(removed.name)))

    @cached_property
    def _undo(self) -> UndoBar:
        bar = UndoBar(self._theme)
        bar.undone.connect(self._bring_back)
        self._page.put_below(bar)
        return bar

    def _take_back(self, file_id: str) -> Step | None:
        """Take out a text that was pasted and became a file, and return what brings it back."""
        if self._attachments.find(file_id) is None:
            return None
        self._attachments.remove(file_id)
        return partial(self._give_back, file_id)

    def _give_back(self, file_id: str, *, to_focus: bool = False) -> Step | None:
        """Put a file where it stood, if it is the one that was taken out last, and return what takes it out again."""
        removed = self._attachments.removed
        if removed is None or removed.id != file_id:
            return None
        self._attachments.bring_back()
        if to_focus:
            self._composer.files.focus_file(file_id)
        return partial(self._take_back, file_id)

    def _bring_back(self) -> None:
        """Put the file that was taken out last where it stood, with the focus on it."""
        removed = self._removed_from.removed
        if removed is not None:
            self._removed_from.bring_back()
            self._composer.files.focus_file(removed.id)

    def act(self, file_id: str, action: FileAction, attachments: Attachments | None = None) -> None:
        """Do what is asked for at a file; `attachments` are those that it belongs to, if not the message box's."""
        attachments = attachments or self._attachments
        ask, value = action
        match ask:
            case FileAsk.OPEN:
                file = attachments.find(file_id)
                if file is not None and isinstance(file.part, ImagePart):
                    self._show_picture(file.part)
                else:
                    self._preview.open(file_id, attachments)
            case FileAsk.REMOVE:
                self._remove(file_id, attachments)
            case FileAsk.BRING_BACK:
                self._bring_back()
            case FileAsk.MOVE:
                attachments.move(file_id, value)
            case FileAsk.OPEN_WITH:
                attachments.give_password(file_id, value)
            case FileAsk.SEND_PAGES:
                self._send_pages(attachments, file_id, value)
            case FileAsk.SWITCH_MODEL:
                self.model_wanted.emit(value)
            case _:
                assert_never(ask)
