"""A line for the path of a file, with a button to choose one; the file stays where it is and is not read."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from desktop.ui.inputs.picked_folder import users_documents
from desktop.ui.look.tokens import GAP
from desktop.ui.widgets.form_parts import line_field


class FileField(QWidget):
    """A line for the path of a file, and a button to choose one with."""

    def __init__(self, name: str, hint: str = "") -> None:
        super().__init__()
        self.line = line_field(name)
        self.line.setPlaceholderText(hint)
        self._title = name
        self.button = QPushButton(self.tr("Choose…"))
        self.button.setAutoDefault(False)
        self.button.setAccessibleName(f"{name}: {self.button.text()}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)
        self.button.clicked.connect(self._choose)

    def path(self) -> str:
        """Return the path, without what stands around one that was copied."""
        return self.line.text().strip().strip("\"'")

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self.window(), self._title, str(users_documents()))
        if path:
            self.line.setText(path)
            self.line.textEdited.emit(path)
