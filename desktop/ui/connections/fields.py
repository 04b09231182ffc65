"""Controls of the form for a connection: a secret, a file, a port, and a line that may be pasted with a password."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QIntValidator, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from desktop.core.connections.provider import ProviderPreset
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.inputs.picked_folder import users_documents
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, LineControl, Say
from desktop.ui.widgets.form_parts import line_field
from desktop.ui.widgets.layout import stack
from desktop.ui.words import translate

_NAMED_OTHERWISE = (
    QT_TRANSLATE_NOOP("providers", "DashScope"),
    QT_TRANSLATE_NOOP("providers", "SiliconFlow"),
    QT_TRANSLATE_NOOP("providers", "Volcengine Ark"),
)


class FileControl(QWidget):
    """A line for the path of a file, and a button to choose one with."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self._title = name
        self.line = line_field(name)
        self.line.setPlaceholderText(hint)
        self.changed: SignalInstance = self.line.textChanged
        self.begin_with = self.line.setText
        choose = button(self.tr("Choose…"), do=self._choose)
        choose.setAccessibleName(f"{name}: {choose.text()}")
        stack((self.line, 1), choose, across=True, on=self)
        self.setFocusProxy(self.line)

    def value(self) -> str:
        """Return the path, without what stands around one that was copied."""
        return self.line.text().strip().strip("\"'")

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self.window(), self._title, str(users_documents()))
        if path:
            self.line.setText(path)
            self.line.textEdited.emit(path)


class PortControl(QLineEdit):
    """A line that takes the number of a port."""

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setValidator(QIntValidator(1, 65535, self))
        self.changed: SignalInstance = self.textChanged
        self.value = self.text
        self.begin_with = self.setText


class PastedLine(LineControl):
    """A line for that of a provider; a password that was copied along, in a second line, goes to its own field."""

    lines_pasted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = QApplication.clipboard().text() if event.matches(QKeySequence.StandardKey.Paste) else ""
        if "\n" in text.strip():
            self.lines_pasted.emit(text)
        else:
            super().keyPressEvent(event)


def secret(theme: Theme, field: Field, say: Say) -> QWidget:
    """Return a control for a key or a password."""
    made = LineControl(theme, field, say)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def file(theme: Theme, field: Field, say: Say) -> QWidget:
    """Return a control for the path of a file."""
    return FileControl(field.name, field.hint)


def port(theme: Theme, field: Field, say: Say) -> QWidget:
    """Return a control for a port."""
    return PortControl(field.hint)


def pasted_line(theme: Theme, field: Field, say: Say) -> QWidget:
    """Return a control for the line of a provider."""
    return PastedLine(theme, field, say)


def provider_name(preset: ProviderPreset) -> str:
    """Return the name of a provider."""
    return translate("providers", preset.name) if preset.name in _NAMED_OTHERWISE else preset.name
