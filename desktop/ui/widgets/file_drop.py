"""Recipe files that are dragged onto a part of the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


def recipe_files(source: QMimeData) -> list[Path]:
    """Return the files of a drag; none if anything else is among them."""
    urls = source.urls()
    files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return files if urls and len(files) == len(urls) and all(_may_be_recipe(each) for each in files) else []


def _may_be_recipe(file: Path) -> bool:
    return file.suffix.lower() == ".toml"


class FilesPlace(QObject):
    """A place in the window that takes files for itself when they are dropped there; the window asks which."""

    given = Signal(object)  # GivenFiles

    def __init__(self, place: QWidget, name: str) -> None:
        """Mark `place`; `name` is how the user knows it."""
        super().__init__(place)
        self.name = name

    @staticmethod
    def at(window: QWidget, point: QPoint) -> FilesPlace | None:
        """Return the place that is seen at a point of the window, the smallest where one lies in another."""
        found = [each for each in window.findChildren(FilesPlace) if each._is_at(window, point)]
        return min(found, key=lambda each: each._widget.width() * each._widget.height(), default=None)

    @property
    def _widget(self) -> QWidget:
        widget = self.parent()
        assert isinstance(widget, QWidget)
        return widget

    def _is_at(self, window: QWidget, point: QPoint) -> bool:
        """Return True if the point is on the place, and not where something that it lies in has cut it off."""
        widget: QWidget | None = self._widget
        if not self._widget.isVisible():
            return False
        while widget is not None and widget is not window:
            if not widget.rect().contains(widget.mapFrom(window, point)):
                return False
            widget = widget.parentWidget()
        return True


class RecipeDrop(QObject):
    """A drop target for recipe files on `target`, wherever a widget on it does not take them."""

    dropped = Signal(list)  # of paths

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):  # entering and moving are drops, too, for Qt
            return False
        files = recipe_files(event.mimeData())
        if not files:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)  # a move might have the file deleted where it comes from
        event.accept()
        if event.type() is QEvent.Type.Drop:
            self.dropped.emit(files)
        return True
