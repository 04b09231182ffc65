"""The quiet line above the text of a message that names the task which is being written, and what it lacks.

It never takes the keyboard. Pressing it, or Tab in the box while it is there, opens the form for that task; its cross
silences it for this text.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.tasks.office import OfficeTask
from desktop.ui.composer.task_words import task_name
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.labels import ElidedLabel
from desktop.ui.words import fill


class TaskChip(QWidget):
    """A line that is hidden until a task is shown."""

    form_wanted = Signal(object)  # the OfficeTask
    silenced = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task: OfficeTask | None = None
        self._name = ElidedLabel()
        self._missing = ElidedLabel("", "small warning")
        self._open = QPushButton(self.tr("Form (Tab)"))
        self._open.setAutoDefault(False)
        set_look(self._open, "link")
        self._open.clicked.connect(self.press)
        close = IconButton(theme, "close", self.tr("Do not name the task of this text"), token="muted")
        close.clicked.connect(self._silence)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._missing)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_TIGHT, 0, 0, 0)
        row.setSpacing(GAP)
        row.addLayout(words, 1)
        row.addWidget(self._open)
        row.addWidget(close)
        self.setFocusProxy(self._open)
        self.hide()

    def show_task(self, task: OfficeTask | None, missing: str = "") -> None:
        """Name a task and the thing that it needs and does not have; None hides the line."""
        self.task = task
        if task is not None:
            self._name.show_text(fill(self.tr("Looks like: %1"), task_name(task)))
            self._missing.show_text(fill(self.tr("Still missing: the text itself (“%1”)"), missing))
            self._missing.setVisible(bool(missing))
            self.setAccessibleName(f"{self._name.text()}. {self._missing.text() if missing else ''}".strip())
            self._open.setAccessibleDescription(self.accessibleName())
        self.setVisible(task is not None)

    def press(self) -> bool:
        """Have the form opened, as a press on its button does; return False where no task is shown."""
        if self.task is None:
            return False
        self.form_wanted.emit(self.task)
        return True

    def _silence(self) -> None:
        self.show_task(None)
        self.silenced.emit()
