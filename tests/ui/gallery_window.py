"""Shows the scenes of the gallery one at a time, to be tried, in any theme, language and size. Not a test."""

from __future__ import annotations

from contextlib import ExitStack

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QWidget

from desktop.ui.look.theme import Theme
from tests.ui.languages import LANGUAGES, speaking

MODES = ("light", "dark")


class GalleryWindow(QWidget):
    """The choices; the scene itself stands in a window of its own, which is made anew with each choice."""

    def __init__(
        self,
        app,
        scenes,
        names,
        sizes,
    ):
        super().__init__()
        self._app = app
        self._scenes = scenes
        self._sizes = sizes
        self._language = ExitStack()
        self.scene: QWidget | None = None
        self.setWindowTitle("Gallery")
        self.name = _choice(names)
        self.mode = _choice(MODES)
        self.language = _choice(LANGUAGES)
        self.size_ = _choice([f"{width} × {height}" for width, height in sizes])
        self.following = QPushButton("Next")
        self.following.clicked.connect(self._go_on)
        row = QHBoxLayout(self)
        for part in (self.name, self.mode, self.language, self.size_):
            part.currentIndexChanged.connect(self.open_scene)
            row.addWidget(part)
        row.addWidget(self.following)

    def open_scene(self):
        """Put what is chosen into the place of what is shown."""
        self._close_scene()
        self._language.enter_context(speaking(self._app, self.language.currentText()))
        theme = Theme("dark" if self.mode.currentText() == "dark" else "light", parent=self)
        theme.apply_to(self._app)
        width, height = self._sizes[self.size_.currentIndex()]
        scene = self.scene = self._scenes[self.name.currentText()](theme, width)
        beside = self.mapToGlobal(QPoint(0, self.height() + 40))  # below a title bar
        if isinstance(scene, QMenu):
            scene.popup(beside)
        else:
            scene.setWindowTitle(self.name.currentText())
            scene.resize(width, height)
            scene.move(beside)
            scene.show()

    def _go_on(self):
        self.name.setCurrentIndex((self.name.currentIndex() + 1) % self.name.count())

    def _close_scene(self):
        if self.scene is not None:
            self.scene.close()
            self.scene.deleteLater()
            self.scene = None
        self._language.close()

    # Qt's own methods

    def closeEvent(self, event):
        self._close_scene()
        super().closeEvent(event)


def _choice(words):
    box = QComboBox()
    box.addItems(list(words))
    return box
