"""Controls of the form for a connection: an address, a secret, a file, a port, and a line that may be pasted with a
password."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QIntValidator, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from desktop.core.connections.addresses import MOST_LETTERS, is_host, plain_form, strange_letter
from desktop.core.connections.provider import ProviderPreset
from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.core.resources import QT_TRANSLATE_NOOP
from desktop.ui.inputs.picked_folder import users_documents
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, LineControl, Say
from desktop.ui.widgets.form_parts import line_field
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, translate

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


def completed_address(typed: str) -> str:
    """Return the address with the usual scheme, which is mostly left out, and without a slash at the end.

    That is https to the internet, else http. Full-width letters and signs take their usual form.
    """
    address = " ".join(plain_form(typed).split())
    if not address or "://" in address or " " in address:
        return address if address.endswith("://") else address.rstrip("/")
    address = address.rstrip("/")
    place = place_of_address(f"//{address}")
    scheme = "https" if place is not None and place.kind is PlaceKind.INTERNET else "http"
    return f"{scheme}://{address}"


def place_of_address(address: str) -> Place | None:
    """Return where words sent to this address go; None while it is no address."""
    host = _host(address)
    return place_of_host(host) if host else None


def is_unencrypted(address: str) -> bool:
    """Return True if words and key would travel through a network where others can read them."""
    place = place_of_address(address)
    return address.lower().startswith("http://") and place is not None and not place.is_local


def unencrypted_words(place: Place | None) -> str:
    """Return who could read what is sent to this place by http."""
    if place is not None and place.kind is PlaceKind.INTERNET:
        return translate(
            "address", "http is not encrypted: anyone on the way can read your words and your key. Use https."
        )
    return translate(
        "address", "http is not encrypted: others in this network may be able to read your words and your key."
    )


def problem_with(address: str) -> str:
    """Return what is wrong with a completed address, in words; empty if nothing is."""
    if not address:
        return translate("address", "Enter the address of the server.")
    if " " in address:
        return translate("address", "This is not an address. It looks like https://server.example.com/v1.")
    scheme = address.partition("://")[0].lower()
    if scheme not in ("http", "https"):
        return translate("address", "The address must begin with http:// or https://.")
    try:
        parts = urlsplit(address)
        port_is_right = parts.port is None or parts.port > 0
        strange = strange_letter(parts.hostname or "")
    except ValueError:
        port_is_right, strange = False, ""
    strange = next((letter for letter in address if not letter.isprintable()), strange)
    if strange:
        shown = strange if strange.isprintable() else f"U+{ord(strange):04X}"
        return fill(translate("address", "There is a “%1” in this address, which no address has."), shown)
    if not port_is_right or not _host(address) or len(address) > MOST_LETTERS:
        return translate("address", "This is not an address. It looks like https://server.example.com/v1.")
    if "@" in parts.netloc:
        return translate("address", "Leave out what stands before the @. The key has a field of its own.")
    if parts.query or parts.fragment:
        return translate("address", "Leave out everything from the ? or # on.")
    return ""


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host if is_host(host) else ""
