"""The folders that the questions of a conversation are answered from, each a chip beside the paper-clip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.look.stylesheet import GAP, RADIUS, set_look
from desktop.ui.look.theme import IconButton
from desktop.ui.widgets.buttons import Chip
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.words import clauses, number, say, shown_name, translate

if TYPE_CHECKING:
    from desktop.core.folders import FolderState
    from desktop.ui.look.theme import Theme


_BAR_PX = 2


def how_much(folder: FolderState) -> str:
    """Return how much of a folder can be asked: "131 of 212 read", "203 of 212 files", "not there now"."""
    if not folder.is_there:
        return translate("folders", "not there now")
    if folder.is_reading or folder.is_paused:
        return say("folders.so_far", folder.files, read=number(folder.read))
    if folder.read < folder.files:
        return say("folders.ready", folder.files, read=number(folder.read))
    return say("folders.all", folder.files)


class FolderChips(QWidget):
    """A row of chips; where room is short their counts go first, then letters of their names."""

    opened = Signal(str)  # the id of a folder, whose sheet is wanted
    taken_out = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: dict[str, FolderChip] = {}
        self._row = stack(None, across=True, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_folders(self, folders: Sequence[FolderState], notes: Mapping[str, str]) -> None:
        """Show these; `notes` say by their ids how much would go with what is written, empty where nothing would."""
        before = self._chips
        self._chips = {each.id: before.get(each.id) or self._made(each.id) for each in folders}
        had_focus = any(each.hasFocus() for each in before.values())
        for key in before.keys() - self._chips.keys():
            before[key].hide()
            before[key].deleteLater()
        for at, folder in enumerate(folders):
            self._row.insertWidget(at, self._chips[folder.id])
            self._chips[folder.id].show_folder(folder, notes.get(folder.id))
            self._chips[folder.id].show()
        if had_focus and not any(each.hasFocus() for each in self._chips.values()):
            next(iter(self._chips.values()), self.parentWidget() or self).setFocus(Qt.FocusReason.OtherFocusReason)
        self.setVisible(bool(folders))
        self._fit()

    def _made(self, folder: str) -> FolderChip:
        chip = FolderChip(self._theme)
        chip.clicked.connect(partial(self.opened.emit, folder))
        chip.cross.clicked.connect(partial(self.taken_out.emit, folder))
        return chip

    def _fit(self) -> None:
        chips = self._chips.values()
        for chip in chips:
            chip.count.show()
        wanted = sum(each.sizeHint().width() + GAP for each in chips) - GAP
        for chip in chips:
            chip.count.setVisible(wanted <= self.width() or chip.warns)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class FolderChip(Chip):
    """The chip of one folder; while it is read, a bar at its foot shows how far."""

    widest_name_px, least_px, high_px = 200, 76, 32

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "file chip", "folder")
        self.count = PlainLabel("", "small")
        self.cross = IconButton(theme, "close", self.tr("Ask this folder no more"), token="muted")
        self.put(self.count, cross=self.cross)
        self._share = 0.0
        self.warns = False  # its count is no count, and stays
        self.setAccessibleDescription(self.tr("Enter shows what was read of it, Delete takes it out"))

    def show_folder(self, folder: FolderState, note: str | None) -> None:
        """Show a folder as it is now; `note`: what is said in place of how much of it was read."""
        words = how_much(folder) if note is None else note or self.tr("nothing on this")
        self.warns = note == "" or not folder.is_there
        self.name.show_text(shown_name(folder.name))
        self.count.setText(words)
        set_look(self.count, "small warning" if self.warns else "small")
        self.setAccessibleName(clauses((self.name.text(), words)))
        set_tooltip(self, f"{folder.path}\n{words}")
        self._share = folder.read / folder.files if folder.is_reading and folder.files else 0.0
        self.updateGeometry()
        self.update()

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cross.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._share:
            painter, shape = QPainter(self), QPainterPath()
            shape.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
            painter.setClipPath(shape)
            wide = round(self._share * self.width())
            painter.fillRect(0, self.height() - _BAR_PX, wide, _BAR_PX, self.theme.color("accent"))
