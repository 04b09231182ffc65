"""The window as a place to drop files on, and what lies over it while they are above it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.ui.inputs.plain_paste import FilesPlace, files_in, has_files
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, HEADINGS, RADIUS_BUBBLE
from desktop.ui.words import fill


class _Overlay(QWidget):
    """What lies over the window while files are over it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self.setAcceptDrops(True)
        self.name_place("")
        self.hide()

    def name_place(self, name: str) -> None:
        """Say where the files would go: to a place of that name, or with the next message if it is empty."""
        said = fill(self.tr("Drop to give it to “%1”"), name) if name else self.tr("Drop to give it to the model")
        if said != self.accessibleName():
            self.setAccessibleName(said)
            self.update()

    def cover(self) -> None:
        """Show it over all of the window."""
        window = self.parentWidget()
        assert window is not None
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = self._theme.color("paper")
        ground.setAlphaF(0.88)
        painter.fillRect(self.rect(), ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 2, Qt.PenStyle.DashLine))
        inner = QRectF(self.rect()).adjusted(GAP_SECTION, GAP_SECTION, -GAP_SECTION, -GAP_SECTION)
        painter.drawRoundedRect(inner, RADIUS_BUBBLE, RADIUS_BUBBLE)
        painter.setPen(self._theme.color("ink"))
        painter.setFont(self._theme.ui_font(HEADINGS[1]))
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.accessibleName())


class FileDrop(QObject):
    """A drop target as large as the window; a part of it that takes its own files gets them first."""

    dropped = Signal(object)  # GivenFiles

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._overlay = _Overlay(theme, window)
        # The drag leaves the window for what lies over it, and a moment later it is known to have come there.
        self._left = QTimer(self, singleShot=True, interval=0)
        self._left.timeout.connect(self._overlay.hide)
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self._overlay.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragLeaveEvent):
            self._left.start()
            return True
        if not isinstance(event, QDropEvent) or not has_files(event.mimeData()):  # entering is a drop, too, for Qt
            return False
        self._left.stop()
        event.setDropAction(Qt.DropAction.CopyAction)  # a move might have the file deleted where it comes from
        event.accept()
        place = FilesPlace.at(self._window, event.position().toPoint())
        if event.type() is QEvent.Type.Drop:
            self._overlay.hide()
            (place.given if place is not None else self.dropped).emit(files_in(event.mimeData()))
        else:
            self._overlay.name_place(place.name if place is not None else "")
            if isinstance(event, QDragEnterEvent):
                self._overlay.cover()
        return True
