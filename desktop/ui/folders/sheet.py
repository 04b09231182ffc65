"""What was read of a folder: its sheet above the composer, and its line in the sidebar while much is left to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.documents.reading import LOCKED, ReadingError, ReadingProblem
from desktop.ui.errors import describe_reading
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_SECTION, GAP_WIDE
from desktop.ui.models.words import about
from desktop.ui.widgets.buttons import ProgressRow, button
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel, ThinBar
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import number, say, shown_name, translate

if TYPE_CHECKING:
    from desktop.core.folders import FolderFile, FolderState
    from desktop.ui.look.theme import Theme

_LOW_PX = 640  # a window lower than that shows few unread files until all are wanted
_FEW, _MOST = 3, 6  # unread files in sight, or lines
_LISTED = 1_000  # of them that can be scrolled to
_LONG_S = 10.0  # reading that takes longer stands in the sidebar, too


class FolderSheet(QFrame):
    """The sheet of one folder: how much was read, where that is kept, and which files no answer comes from."""

    paused = Signal(bool)  # True: it is to pause, False: to go on
    forgotten = Signal()
    file_wanted = Signal(object)  # the FolderFile to be opened with its password, or shown where it lies
    subfolder_wanted = Signal()  # to be asked instead
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_paused = self._shows_all = False
        self._unread: Sequence[FolderFile] = ()
        self.folder = ""  # the id of the one that it shows; empty while it is hidden
        set_look(self, "card")
        self._name = PlainLabel("", "heading")
        self._path = ElidedLabel("", "small")
        self._pause = button("", do=lambda: self.paused.emit(not self._is_paused))
        self._close = IconButton(theme, "close", self.tr("Close (Esc)"), token="muted")
        self._close.clicked.connect(self.close_sheet)
        self._how_far = PlainLabel("", "strong")
        self._left = PlainLabel("", "small")
        self._bar = ThinBar()
        self._kept = PlainLabel(self.tr("Read on this computer, and kept here."), "here small")
        self._more = PlainLabel("", "small", wraps=True)
        self._outside = PlainLabel("", "small", wraps=True)
        self._part = button(self.tr("Ask a subfolder instead…"), "link", self.subfolder_wanted.emit)
        self._title = PlainLabel("", "strong small")
        self._files = RowList(theme, self.tr("Files that cannot be read"))
        self._files.cut = Qt.TextElideMode.ElideMiddle
        self._files.chosen.connect(self.file_wanted)
        self._all = button("", "link", self._show_all)
        line = QFrame()
        line.setFixedHeight(1)
        set_look(line, "hairline")
        none = PlainLabel(self.tr("No answer comes from them, and each answer says so."), "small")
        self._below = QWidget()
        stack(line, stack(self._title, (none, 1), across=True), self._files, on=self._below)
        self._forget = button(self.tr("Forget this folder"), "muted", lambda: self._ask(True))
        self._asked = PlainLabel("", "small", wraps=True)
        self._yes = button(self.tr("Forget it"), "danger", self.forgotten.emit)
        self._no = button(self.tr("Keep it"), do=lambda: self._ask(False))
        margins = (GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)
        stack(
            stack(self._name, (self._path, 1), self._pause, self._close, across=True),
            stack(self._how_far, None, self._left, across=True),
            self._bar, stack(self._kept, (self._more, 1), across=True),
            stack((self._outside, 1), self._part, across=True), self._below, self._asked,
            stack(self._all, None, self._forget, self._no, self._yes, across=True),
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
        self.setFocusProxy(self._pause if not self._pause.isHidden() else self._close)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_folder(self, folder: FolderState, *, offers_part: bool = True) -> None:
        """Show how far it is now. `offers_part`: where it has too many files, one of its subfolders can be given."""
        is_read = not (folder.is_reading or folder.is_paused)
        self._is_paused = folder.is_paused
        self._name.setText(shown_name(folder.name))
        self._path.show_text(say("folders.with_subfolders", path=_in_words(folder.path)))
        self._pause.setText(self.tr("Go on") if folder.is_paused else self.tr("Pause"))
        self._pause.setHidden(is_read)
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
        self._part.setVisible(folder.beyond > 0 and offers_part)
        self._asked.setText(say("folders.forget", folder=shown_name(folder.name)))
        self.setAccessibleName(f"{self._name.text()}. {self._how_far.text()}")

    def show_unread(self, files: Sequence[FolderFile]) -> None:
        """Show the files that no answer comes from, and why."""
        self._unread = files
        most = _FEW if self.window().height() < self._theme.px(_LOW_PX) and not self._shows_all else _LISTED
        self._title.setText(say("folders.cannot_be_read", len(files)))
        self._files.show_rows(_rows_of(files[:most]))
        self._files.fit(_FEW + 1 if most == _FEW else _MOST)
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
        for each in (self._asked, self._yes, self._no):
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
