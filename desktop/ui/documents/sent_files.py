"""The files of a message that was sent, as quiet chips above its words; pictures as thumbnails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import shiboken6
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.core.message import AttachmentPart, FilePart, ImagePart
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.file_chip import thumbnail
from desktop.ui.documents.words import passages_of, sent_extent
from desktop.ui.look.icons import pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP
from desktop.ui.message_actions import Ask, AskHere, LoadPicture, Reading
from desktop.ui.widgets.labels import ElidedLabel, NameLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import clauses, plain_action

_WIDEST_NAME_PX = 240
_THUMBNAIL_PX = 96
_CHIP_PX, _ICON_PX = 28, 16


class SentFiles(QWidget):
    """The chips of one message."""

    height_changed = Signal()  # or their width: the names of folders have come

    def __init__(
        self, theme: Theme, files: Sequence[FilePart], ask: AskHere, reading: Reading, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._ask = ask
        self._row = FlowLayout(self, at_right=True)
        self.chips: list[QPushButton] = []
        folders: dict[str, dict[int, AttachmentPart]] = {}  # with what was found in them, by its place
        self._folders: dict[str, _SentChip] = {}
        self._reading = reading
        for index, part in enumerate(files):
            if isinstance(part, AttachmentPart) and part.folder:
                folders.setdefault(part.folder, {})[index] = part
                continue
            chip = (
                _SentPicture(theme, part, reading.load_picture)
                if isinstance(part, ImagePart)
                else _SentFile(theme, part)
            )
            self._add(chip, partial(ask, Ask.OPEN_FILE, index))
        for folder, found in folders.items():
            passages = passages_of(sum(each.passages for each in found.values()), len(found))
            folder_chip = _SentChip(theme, self.tr("A folder"), passages, "folder")
            self._folders[folder] = folder_chip
            folder_chip.setAccessibleDescription(self.tr("Enter lists the files"))
            self._add(folder_chip, partial(self._list, folder_chip, found))
        self._name_folders()
        reading.changed.connect(self._name_folders)

    def _name_folders(self) -> None:
        """Show the names of folders: they are known a little after the start, and no more once one is forgotten."""
        before = self.natural_width()
        for folder, chip in self._folders.items():
            if (state := self._reading.folder_state(folder)) is not None:
                chip.show_name(state.name)
        if self.natural_width() != before:
            self.height_changed.emit()

    def _add(self, chip: QPushButton, press: Callable[[], object]) -> None:
        chip.clicked.connect(lambda: press())
        self.chips.append(chip)
        self._row.addWidget(chip)

    def _list(self, chip: QPushButton, found: Mapping[int, AttachmentPart]) -> None:
        """List the files of a folder that passages of went; each opens what went of it."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for index, part in found.items():
            words = clauses((show_invisible(part.path or part.name), part.extent))
            menu.addAction(plain_action(words)).triggered.connect(
                lambda _=False, index=index: self._ask(Ask.OPEN_FILE, index)
            )
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))

    def set_unsent(self, unsent: bool) -> None:
        """Show if they are not sent any more; they still open."""
        for chip in self.chips:
            if isinstance(chip, _SentChip):
                chip.set_unsent(unsent)

    def natural_width(self) -> int:
        """Return the width in pixels that the chips take in one row."""
        return sum(chip.sizeHint().width() + GAP for chip in self.chips) - GAP

    def height_for(self, width: int) -> int:
        """Return the height in pixels at a width in pixels."""
        return self._row.heightForWidth(width)


class _SentChip(QPushButton):
    """A chip with a name, and how much of that went, maybe behind a drawing."""

    def __init__(self, theme: Theme, name: str, extent: str, icon: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._extent = extent
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        set_look(self, "sent file")
        before = 2 * GAP + theme.px(_ICON_PX) if icon else GAP
        row = self._inside = stack(margins=(before, 0, GAP, 0), across=True, on=self)
        self._name = NameLabel("", "small ink")
        self.show_name(name)
        for label in (self._name, ElidedLabel(extent, "small")):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)

    def show_name(self, name: str) -> None:
        """Show this name, which a screen reader hears with how much of it went."""
        self._name.show_text(show_invisible(name))
        said = ", ".join(filter(None, (self._name.text(), self._extent)))
        self.setAccessibleName(said)
        set_tooltip(self, said)
        self.updateGeometry()

    def set_unsent(self, unsent: bool) -> None:
        """Show if it is not sent any more."""
        set_look(self._name, "small" if unsent else "small ink")

    def sizeHint(self) -> QSize:
        self._name.setMaximumWidth(self._theme.px(_WIDEST_NAME_PX))
        return QSize(self._inside.sizeHint().width() + 2, self._theme.px(_CHIP_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(90), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._icon:
            edge = self._theme.px(_ICON_PX)
            drawing = pixmap(self._icon, self._theme.tokens.ink, edge, self.devicePixelRatioF())
            QPainter(self).drawPixmap(GAP, (self.height() - edge) // 2, drawing)


class _SentFile(_SentChip):
    """The chip of a document."""

    def __init__(self, theme: Theme, part: FilePart) -> None:
        super().__init__(theme, part.name, sent_extent(part))
        self.setAccessibleDescription(self.tr("Enter shows what was sent of it"))
        if isinstance(part, AttachmentPart) and part.extent:
            set_tooltip(self, f"{show_invisible(part.name)} · {part.extent}")


class _SentPicture(QPushButton):
    """The thumbnail of a picture, which comes from the disk a moment later."""

    def __init__(self, theme: Theme, part: ImagePart, load: LoadPicture | None) -> None:
        super().__init__()
        self._theme = theme
        self.setAutoDefault(False)
        set_look(self, "sent file")
        self.setAccessibleName(show_invisible(part.name))
        self.setAccessibleDescription(self.tr("Enter shows the picture"))
        set_tooltip(self, show_invisible(part.name))
        self._picture = QLabel(self)
        self._picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setGeometry(1, 1, self._edge - 2, self._edge - 2)
        if load is not None:
            load(part.digest, self._show)

    @property
    def _edge(self) -> int:
        return self._theme.px(_THUMBNAIL_PX)

    def _show(self, image: QImage) -> None:
        if shiboken6.isValid(self._picture):  # the message may have been scrolled away meanwhile
            self._picture.setPixmap(thumbnail(image, self._edge - 2, self.devicePixelRatioF()))

    def sizeHint(self) -> QSize:
        return QSize(self._edge, self._edge)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
