"""The files that reach the window: dropped on it, picked as a model, or found by searching. Each goes to who can do
something with it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.message import AttachmentPart
from desktop.core.recipes.given_file import RECIPE_ENDING, GivenFile, given_file
from desktop.core.search import SearchHit
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.ui.inputs.plain_paste import GivenFiles, files_in, has_files
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, HEADINGS, RADIUS_BUBBLE
from desktop.ui.widgets.file_drop import FilesPlace
from desktop.ui.window.parts import WindowParts
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


class Arrivals(QObject):
    """The place where files enter the window."""

    model_chosen = Signal(str)  # path of a .gguf

    def __init__(self, theme: Theme, window: QWidget, parts: WindowParts, chat: Chat) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self._chat = chat
        FileDrop(theme, window).dropped.connect(self._take_dropped)
        parts.search.file_chosen.connect(self._show_found_file)

    def open_file(self) -> None:
        """Let the user pick a model file."""
        names = self.tr("Model files (*.gguf);;All files (*)")
        begin = self._parts.folder.beginning()
        path, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open a model file"), begin, names)
        self._parts.folder.note([path] if path else [])
        if path:
            self.model_chosen.emit(path)

    def look_at_recipe(self, file: Path) -> None:
        """Show a recipe from any place, to be kept if the user likes it."""
        self._parts.recipes.look_at(file)

    def give_to_model(self, given: GivenFiles) -> None:
        """Give files to the model, with the next message of the conversation."""
        self._parts.pages.show_home()
        self._parts.files.take_given(given)

    def _take_dropped(self, given: GivenFiles) -> None:
        """Open what is a model or a recipe, and give all else to the model."""
        rest: list[Path] = []
        for path in given.paths:
            if given_file(path.name) is GivenFile.MODEL:
                self.model_chosen.emit(str(path))
            elif path.name.endswith(RECIPE_ENDING):
                self.look_at_recipe(path)
            else:
                rest.append(path)
        if rest or given.picture:
            self.give_to_model(GivenFiles(tuple(rest), given.picture))

    @gui_task
    async def _show_found_file(self, hit: SearchHit) -> None:
        """Show the text of a sent file in which something was found, as soon as it has been read."""
        message = (await self._chat.path.read([hit.message_id])).get(hit.message_id)
        for part in message.files if message is not None else ():
            is_it = isinstance(part, AttachmentPart) and part.name == hit.file and hit.found in part.text
            if isinstance(part, AttachmentPart) and is_it and self._parts.pages.is_home_in_front:
                self._parts.preview.open_sent(part, hit.found)
                return
