"""The presenter of the folders that a conversation asks: giving them, their chips and sheet, and taking them out.

What was read of a folder is told on its sheet above the composer, and in a line of the sidebar while much is left to
read. They are read and kept by `runtime.folders`; what of them goes with a question is found in `folder_asking`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QMenu, QWidget

from desktop.core.conversation import is_temporary
from desktop.core.documents.document import LOCKED, ReadingError, ReadingProblem
from desktop.core.folders import MOST_FOLDERS, FolderFile, FolderState
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.ui.chat.files_presenter import FilesPresenter
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.composer.above_text import Step
from desktop.ui.documents.file_chip import FileTrouble, Trouble
from desktop.ui.errors import describe_reading
from desktop.ui.folders import how_much
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, icon
from desktop.ui.models.words import about
from desktop.ui.widgets.boxes import PickedFolder, show_in_folder
from desktop.ui.widgets.buttons import ProgressRow, button
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel, ThinBar, name_entry
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.quiet_line import UndoBar
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import listed, number, say, shown_name, translate

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme


_LOW_PX = 640  # a window lower than that shows few unread files until all are wanted
_FEW, _MOST = 3, 6  # unread files in sight, or lines
_LISTED = 1_000  # of them that can be scrolled to
_LONG_S = 10.0  # reading that takes longer stands in the sidebar, too


class FolderSheet(QFrame):
    """The sheet of one folder: how much was read, where that is kept, and which files no answer comes from.

    `files` are told by their FolderFile; what they and the buttons do is the owner's.
    """

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shows_all = False
        self._unread: Sequence[FolderFile] = ()
        self.folder = ""  # the id of the one that it shows; empty while it is hidden
        set_look(self, "card")
        self._name = PlainLabel("", "heading")
        self._path = ElidedLabel("", "small")
        self.pause = button("")
        self._close = IconButton(theme, "close", self.tr("Close (Esc)"), token="muted")
        self._close.clicked.connect(self.close_sheet)
        self._how_far = PlainLabel("", "strong")
        self._left = PlainLabel("", "small")
        self._bar = ThinBar()
        self._kept = PlainLabel(self.tr("Read on this computer, and kept here."), "here small")
        self._more = PlainLabel("", "small", wraps=True)
        self._outside = PlainLabel("", "small", wraps=True)
        self.part = button(self.tr("Ask a subfolder instead…"), "link")
        self._title = PlainLabel("", "strong small")
        self.files = RowList(theme, self.tr("Files that cannot be read"))
        self.files.cut = Qt.TextElideMode.ElideMiddle
        self._all = button("", "link", self._show_all)
        line = QFrame()
        line.setFixedHeight(1)
        set_look(line, "hairline")
        none = PlainLabel(self.tr("No answer comes from them, and each answer says so."), "small")
        self._below = QWidget()
        stack(line, stack(self._title, (none, 1), across=True), self.files, on=self._below)
        self._forget = button(self.tr("Forget this folder"), "muted", lambda: self._ask(True))
        self._asked = PlainLabel("", "small", wraps=True)
        self.forget = button(self.tr("Forget it"), "danger")
        self._no = button(self.tr("Keep it"), do=lambda: self._ask(False))
        margins = (GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)
        stack(
            stack(self._name, (self._path, 1), self.pause, self._close, across=True),
            stack(self._how_far, None, self._left, across=True),
            self._bar, stack(self._kept, (self._more, 1), across=True),
            stack((self._outside, 1), self.part, across=True), self._below, self._asked,
            stack(self._all, None, self._forget, self._no, self.forget, across=True),
            margins=margins, on=self,
        )  # fmt: skip
        self.hide()

    def open_for(self, folder: FolderState) -> None:
        """Show what is known of a folder; its unread files follow."""
        self.folder, self._shows_all = folder.id, False
        self._ask(False)
        self.show_unread(())
        self.show_folder(folder)
        self.show()
        self.setFocusProxy(self.pause if not self.pause.isHidden() else self._close)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_folder(self, folder: FolderState, *, offers_part: bool = True) -> None:
        """Show how far it is now. `offers_part`: where it has too many files, one of its subfolders can be given."""
        is_read = not (folder.is_reading or folder.is_paused)
        self._name.setText(shown_name(folder.name))
        self._path.show_text(say("folders.with_subfolders", path=_in_words(folder.path)))
        self.pause.setText(self.tr("Go on") if folder.is_paused else self.tr("Pause"))
        self.pause.setHidden(is_read)
        self._how_far.setText(say("folders.files_read", folder.files, read=number(folder.read)))
        self._left.setText(self.tr("Paused") if folder.is_paused else time_left(folder))
        self._bar.show_share(share_read(folder))
        self._bar.setHidden(is_read)
        self._more.setText("" if is_read else self.tr("You can ask already: the answer says how much was read."))
        if not folder.is_there:
            day = datetime.fromtimestamp(folder.looked_at)
            date = QLocale().toString(QDate(day.year, day.month, day.day), say("errors.day_as_qt_writes_formats"))
            self._more.setText(say("folders.not_there", date=date))
        set_look(self._more, "small" if folder.is_there else "small warning")
        outside = [say("folders.outside", folder.outside)] if folder.outside else []
        if folder.beyond:
            outside.append(say("folders.beyond", folder.beyond, most=number(folder.files)))
        self._outside.setText("\n".join(outside))
        self._outside.setVisible(bool(outside))
        self.part.setVisible(folder.beyond > 0 and offers_part)
        self._asked.setText(say("folders.forget", folder=shown_name(folder.name)))
        self.setAccessibleName(f"{self._name.text()}. {self._how_far.text()}")

    def show_unread(self, files: Sequence[FolderFile]) -> None:
        """Show the files that no answer comes from, and why."""
        self._unread = files
        most = _FEW if self.window().height() < self._theme.px(_LOW_PX) and not self._shows_all else _LISTED
        self._title.setText(say("folders.cannot_be_read", len(files)))
        self.files.show_rows(_rows_of(files[:most]))
        self.files.fit(_FEW + 1 if most == _FEW else _MOST)
        self._all.setText(say("folders.show_all", len(files)))
        self._all.setVisible(most == _FEW < len(files))
        self._below.setVisible(bool(files))

    def close_sheet(self) -> bool:
        """Hide it. Return False if it is hidden already."""
        was_shown = not self.isHidden()
        self.hide()
        self.folder = ""
        if was_shown:
            self.closed.emit()
        return was_shown

    def _show_all(self) -> None:
        self._shows_all = True
        self.show_unread(self._unread)

    def _ask(self, shall: bool) -> None:
        """Ask if what was read is to be forgotten, or ask no more."""
        for each in (self._asked, self.forget, self._no):
            each.setVisible(shall)
        self._forget.setVisible(not shall)
        if shall:
            self._no.setFocus(Qt.FocusReason.OtherFocusReason)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_unread(self._unread)


def _rows_of(files: Sequence[FolderFile]) -> list[Row]:
    """Return files below the reasons why they cannot be read, first those that a password opens."""
    by_reason: dict[ReadingProblem, list[FolderFile]] = {}
    for each in files:
        by_reason.setdefault(each.problem or ReadingProblem.CRASHED, []).append(each)
    rows: list[Row] = []
    for problem in sorted(by_reason, key=lambda each: each not in LOCKED):
        reason = describe_reading(ReadingError(problem)).title
        rows.append(Row(problem, say("folders.for_reason", len(by_reason[problem]), reason=reason), is_heading=True))
        way = translate("folders", "Password…") if problem in LOCKED else translate("folders", "Show")
        for each in by_reason[problem]:
            within = each.path.rpartition("/")[0].rpartition("/")[2]
            title = " · ".join(filter(None, (shown_name(each.name), shown_name(within))))
            rows.append(Row(each, title, aside=way, aside_token="accent", tip=each.path))
    return rows


class FolderLine(ProgressRow):
    """The line in the sidebar of a folder of which much is left to read."""

    folder = ""

    def show_first(self, folders: Sequence[FolderState]) -> None:
        """Show the first such folder; nothing where there is none."""
        long = (each for each in folders if each.is_reading and (each.seconds_left or 0.0) > _LONG_S)
        folder = next(long, None)
        if folder is None:
            self.hide()
            return
        self.folder = folder.id
        how_far = say("folders.in_the_sidebar", folder.files, read=number(folder.read))
        self.show_progress(shown_name(folder.name), how_far, share_read(folder), time_left(folder))


def share_read(folder: FolderState) -> float:
    return folder.read / folder.files if folder.files else 0.0


def time_left(folder: FolderState) -> str:
    """Return how long reading takes from now on; empty while that is not known."""
    seconds = folder.seconds_left
    return say("folders.time_left", time=about(seconds)) if seconds is not None and folder.is_reading else ""


def _in_words(path: Path) -> str:
    """Return where a folder lies: "Documents › Purchasing" of the user's own, else its whole path."""
    home = Path.home()
    within = path.relative_to(home).parts if path.is_relative_to(home) else ()
    return " › ".join(map(shown_name, within)) or str(path)


_MOST_OFFERED = 6  # folders used before, in the menu


class FoldersPresenter(PagePresenter):
    """The presenter of the current conversation's folders."""

    def __init__(
        self,
        page: ChatPage,
        chat: Chat,
        files: FilesPresenter,
        picked: PickedFolder,
        show_coming: Callable[[QWidget], object],
        show_home: Callable[[], object],
    ) -> None:
        """Keep the dependencies. `show_coming` puts a line into the sidebar, `show_home` the page to the front."""
        super().__init__(page, chat)
        self._files, self._picked = files, picked
        self._folders = chat.services.folders
        self._show_coming, self._show_home = show_coming, show_home
        self._foreseen: Mapping[str, str] = {}
        self._known = 0  # how many folders are known
        self._unread = 0  # how many unread files the sheet shows
        composer = page.composer
        composer.attach_requested.connect(self._offer)
        composer.changed.connect(self._forget_misses)
        composer.folders.opened.connect(self.open_sheet)
        composer.folders.taken_out.connect(self._take_out)
        page.empty.folder_wanted.connect(self._offer_folders)
        chat.opened.connect(lambda: self.take_escape())
        chat.opened.connect(lambda: self.show_foreseen({}))
        chat.generation_started.connect(lambda _: self.take_escape())
        for changed in (chat.opened, chat.settings_changed, self._folders.changed, chat.services.models.changed):
            changed.connect(self._show)
        self._show()

    @property
    def _is_temporary(self) -> bool:
        return is_temporary(self._chat.current.id)

    @property
    def _ids(self) -> tuple[str, ...]:
        return self._chat.current.settings.folders

    # Giving

    def pick(self) -> None:
        """Let the user pick a folder to be asked, where one can be given."""
        if not self._folders.is_allowed or not self._has_room():
            return
        if path := self._picked_path(self.tr("Ask a folder"), self._picked.beginning()):
            self._picked.note([path])
            self.give(Path(path))

    def _picked_path(self, title: str, beginning: str) -> str:
        """Return the folder that the user picks, to be read and kept; none for what is to be kept nowhere."""
        if self._is_temporary:
            self._notice.show_text(self.tr("A temporary conversation can ask only folders that were read before."))
            return ""
        return QFileDialog.getExistingDirectory(self._page.window(), title, beginning)

    def give(self, path: Path) -> None:
        """Have this conversation ask a folder, which is read from now on."""
        if self._has_room():
            self._add(self._folders.give(path))

    def _has_room(self) -> bool:
        has_room = len(self._ids) < MOST_FOLDERS
        if not has_room:
            self._notice.show_text(say("folders.most", MOST_FOLDERS))
        return has_room

    def _add(self, folder: str) -> None:
        if folder not in self._ids:
            self._composer.note_step(self._put((*self._ids, folder)))
        self._composer.setFocus()

    def _put(self, ids: tuple[str, ...]) -> Step:
        """Have the conversation ask these, and return what has it ask those of before, as long as it is in front."""
        before, conversation = self._ids, self._chat.current.id
        self._chat.change_settings(lambda settings: replace(settings, folders=ids))

        def take_back() -> Step:
            return self._put(before) if self._chat.current.id == conversation else take_back

        return take_back

    def _offer(self) -> None:
        """Offer files, a folder, and the folders used before; where only files can be given, these are picked."""
        if not self._folders.is_allowed:
            self._files.pick()
            return
        menu = QMenu(self._page)
        if not self._is_temporary:
            self._entry(menu, "file", self.tr("Files…"), _keys("Ctrl+Shift+A"), self._files.pick)
            self._entry(menu, "folder", self.tr("A folder…"), _keys("Ctrl+Shift+F"), self.pick)
            menu.addSeparator()
        self._list_known(menu)
        menu.popup(self._composer.mapToGlobal(QPoint(0, -menu.sizeHint().height() - GAP)))

    def _offer_folders(self) -> None:
        """Offer the folders used before at the button of the start page; where there are none, one is picked."""
        if not self._folders.known():
            self.pick()
            return
        menu = QMenu(self._page)
        self._list_known(menu)
        menu.addSeparator()
        self._entry(menu, "folder", self.tr("Another folder…"), _keys("Ctrl+Shift+F"), self.pick)
        menu.popup(self._page.empty.below_folder())

    def _list_known(self, menu: QMenu) -> None:
        known = [each for each in self._folders.known() if each.id not in self._ids]
        if known:
            menu.addAction(self.tr("Folders used before")).setEnabled(False)
        for each in known[:_MOST_OFFERED]:
            self._entry(menu, "folder", shown_name(each.name), how_much(each), partial(self._add_known, each.id))
        menu.aboutToHide.connect(menu.deleteLater)

    def _entry(self, menu: QMenu, drawing: str, name: str, beside: str, do: Callable[[], object]) -> None:
        entry = menu.addAction(icon(drawing, self._theme.tokens.ink, self._theme.icon_px), "")
        name_entry(entry, self._theme, name, beside)
        entry.triggered.connect(lambda: do())

    def _add_known(self, folder: str) -> None:
        if self._has_room():
            self._add(folder)

    # Showing

    def _show(self) -> None:
        folders, composer, empty = self._folders, self._composer, self._page.empty
        known, reading = folders.known(), self._page.reading
        states = [state for each in self._ids if (state := folders.state(each)) is not None]
        whole = frozenset(each.id for each in states if each.is_whole)
        if (len(known), whole) != (self._known, reading.whole_folders):
            self._known = len(known)
            reading.read(whole_folders=whole)  # and which names those that passages went of
        names = listed(shown_name(each.name) for each in states)
        if folders.is_allowed:
            there = {each.id for each in states if each.is_there}
            composer.show_folders(states, {each: self._foreseen[each] for each in there & self._foreseen.keys()}, names)
        else:  # nothing is known of them then
            unknown = [FolderState(each, Path(self.tr("A folder")), is_there=False) for each in self._ids]
            composer.show_folders(unknown, dict.fromkeys(self._ids, self.tr("switched off here")), names)
        can_give = folders.is_allowed and not self._is_temporary
        composer.offer_folders(can_give or bool(known))
        empty.show_folders(names)
        empty.offer_folders(can_give)
        self._files.ask_folder = self.give if can_give else None
        if any(each.is_reading for each in known) or "_line" in vars(self):
            self._line.show_first(known)
        if "_sheet" in vars(self) and self._sheet.folder:
            self._show_in_sheet()

    def show_foreseen(self, words: Mapping[str, str]) -> None:
        """Show at the chips, by their ids, how much of each folder would go with what is written; empty for nothing."""
        if words != self._foreseen:
            self._foreseen = words
            self._show()

    def _forget_misses(self) -> None:
        self.show_foreseen({folder: words for folder, words in self._foreseen.items() if words})

    @cached_property
    def _line(self) -> FolderLine:
        line = FolderLine()
        line.pressed.connect(self._open_from_sidebar)
        self._show_coming(line)
        return line

    def _open_from_sidebar(self) -> None:
        self._show_home()
        self.open_sheet(self._line.folder)

    # The sheet

    @cached_property
    def _sheet(self) -> FolderSheet:
        sheet = FolderSheet(self._theme)
        sheet.pause.clicked.connect(self._pause_or_go_on)
        sheet.forget.clicked.connect(self._forget)
        sheet.files.chosen.connect(self._open_file)
        sheet.part.clicked.connect(self._ask_part)
        sheet.closed.connect(self._composer.setFocus)
        self._page.put_below(sheet)
        return sheet

    def open_sheet(self, folder: str) -> None:
        """Show what was read of a folder; a second press closes it."""
        state = self._folders.state(folder)
        if state is None or (self._sheet.folder == folder and self._sheet.close_sheet()):
            return
        self._unread = 0
        self._sheet.open_for(state)
        self._show_in_sheet()

    def take_escape(self) -> bool:
        """Close the sheet. Return False if there is none."""
        return "_sheet" in vars(self) and self._sheet.close_sheet()

    def _show_in_sheet(self) -> None:
        state = self._folders.state(self._sheet.folder)
        if state is None:
            self._sheet.close_sheet()
            return
        self._sheet.show_folder(state, offers_part=not self._is_temporary)
        if state.unread != self._unread:
            self._unread = state.unread
            self._list_unread(state)

    @gui_task
    async def _list_unread(self, state: FolderState) -> None:
        files = await self._folders.unread(state.id)
        if self._sheet.folder == state.id:
            self._sheet.show_unread(files)

    def _open_file(self, file: FolderFile) -> None:
        """Ask for the password of a locked file; show another one where it lies."""
        state = self._folders.state(self._sheet.folder)
        if state is None:
            return
        if file.problem not in LOCKED:
            show_in_folder(state.path / file.path, self)
            return
        said = describe_reading(ReadingError(file.problem))
        trouble = Trouble(f"{shown_name(file.name)}\n{said.title}", said.sentence, asks_password=True)

        def open_with(_: object, password: object) -> None:
            self._unread = -1  # it is listed anew, also with another reason
            self._folders.open_with(state.id, file, str(password))

        FileTrouble(self._theme, trouble, open_with, self._sheet)

    def _ask_part(self) -> None:
        """Have a subfolder asked in the place of a folder that has too many files."""
        state = self._folders.state(self._sheet.folder)
        if state is None:
            return
        if path := self._picked_path(self.tr("Ask a subfolder instead"), str(state.path)):
            part = self._folders.give(Path(path))
            ids = tuple(dict.fromkeys(part if each == state.id else each for each in self._ids))
            self._composer.note_step(self._put(ids))
            self._sheet.close_sheet()

    def _pause_or_go_on(self) -> None:
        if state := self._folders.state(self._sheet.folder):
            self._folders.set_paused(state.id, not state.is_paused)

    def _forget(self) -> None:
        folder, state = self._sheet.folder, self._folders.state(self._sheet.folder)
        self._sheet.close_sheet()
        self._put(tuple(each for each in self._ids if each != folder))
        self._folders.forget(folder)
        if state is not None:
            self._notice.show_text(say("folders.forgotten", folder=shown_name(state.name)), calmly=True)

    # Taking out

    @cached_property
    def _undo(self) -> UndoBar:
        bar = UndoBar(self._theme)
        bar.undone.connect(lambda: self._take_back())
        self._chat.opened.connect(bar.hide)
        self._page.put_below(bar)
        return bar

    def _take_out(self, folder: str) -> None:
        state = self._folders.state(folder)
        if self._sheet.folder == folder:
            self._sheet.close_sheet()
        self._take_back = self._put(tuple(each for each in self._ids if each != folder))
        self._composer.note_step(self._take_back)
        if state is not None:
            self._undo.announce(say("folders.taken_out", folder=shown_name(state.name)))


def _keys(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
