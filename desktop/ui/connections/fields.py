"""Fields of the form for a connection: the key, a file, and the names of providers."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.connections.provider import ProviderPreset
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.inputs.picked_folder import users_documents
from desktop.ui.widgets.form_parts import labelled, line_field
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, translate


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
        stack((self.line, 1), self.button, across=True, on=self)
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


class KeyPart(QWidget):
    """The field for a key. It says of a saved key if that stays as it is."""

    def __init__(self) -> None:
        super().__init__()
        self._note = self.tr(
            "The key is kept in this computer's keyring. Where there is none, Candor keeps it until you close it."
        )
        self.line = line_field(self.tr("Key"))
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self._words = PlainLabel("", "small", wraps=True)
        self._page = PlainLabel("", "small", wraps=True)
        self._page.make_selectable()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(labelled(self.tr("&Key"), self.line, self._words, self._page))

    @property
    def key(self) -> str:
        """The key that was typed, without the blanks and line breaks that were copied along."""
        return "".join(self.line.text().split())

    def set_storage(self, storage: str) -> None:
        """Take note of where a key will be kept: `keyring` or `session`."""
        if storage == "session":
            self._note = self.tr("The key is not in a keyring: it is kept until you close Candor.")
        else:
            self._note = self.tr("The key is kept in this computer's keyring, not in Candor's files.")

    def show_note(self, preset: ProviderPreset | None, *, has_saved: bool, stays: bool) -> None:
        """Say what becomes of a key that is entered, and of the saved one: if it `stays`, it is for this address."""
        page = preset.keys_page if preset is not None else ""
        self._page.setVisible(bool(page))
        self._page.setText(fill(self.tr("You get a key at %1"), page.partition("://")[2]))
        self._words.setText(self._note)
        if not has_saved:
            needs_key = preset is not None and preset.needs_key
            self.line.setPlaceholderText("" if needs_key else self.tr("Only if the server asks for one"))
        elif stays:
            self.line.setPlaceholderText(self.tr("Empty: the saved key stays"))
        else:
            self.line.setPlaceholderText("")
            self._words.setText(
                self.tr("A saved key belongs to the address it was entered for. Enter a key for this address.")
            )


_NAMED_OTHERWISE = (
    QT_TRANSLATE_NOOP("providers", "DashScope"),
    QT_TRANSLATE_NOOP("providers", "SiliconFlow"),
    QT_TRANSLATE_NOOP("providers", "Volcengine Ark"),
)


def provider_name(preset: ProviderPreset) -> str:
    """Return the name of a provider."""
    return translate("providers", preset.name) if preset.name in _NAMED_OTHERWISE else preset.name
