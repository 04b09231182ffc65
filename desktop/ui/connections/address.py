"""The address of a server as it is typed: its completed form, what may be wrong with it, and its part of the form."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.connection import origin_of
from desktop.core.connections.addresses import MOST_LETTERS, is_host, plain_form, strange_letter
from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.form_parts import labelled, line_field
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.place_badge import PlaceBadge
from desktop.ui.words import fill, translate


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


def same_origin(one: str, other: str) -> bool:
    """Return True if a key for one address may be used for the other."""
    try:
        return origin_of(one) == origin_of(other)
    except ValueError:
        return False


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


class AddressPart(QWidget):
    """The field for an address, which is judged as it is typed; nothing is contacted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.line = line_field(self.tr("Address"))
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.changed: SignalInstance = self.line.textChanged
        self._problem = PlainLabel("", "danger", wraps=True)
        self._badge = PlaceBadge(theme)
        self._unencrypted = Paragraph("", "internet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(labelled(self.tr("&Address"), self.line, self._problem, self._badge, self._unencrypted))
        self.line.editingFinished.connect(self.complete)

    @property
    def address(self) -> str:
        """The address as it was typed, completed."""
        return completed_address(self.line.text())

    @property
    def is_complete(self) -> bool:
        return not problem_with(self.address)

    @property
    def is_encrypted(self) -> bool:
        return self.address.lower().startswith("https:")

    @property
    def place(self) -> Place | None:
        """The place that words sent to the address go to; None while it is no address."""
        return place_of_address(self.address)

    def complete(self) -> None:
        """Write what was left out into the field as well, unless nothing may be typed there."""
        completed = self.address
        if completed and completed != self.line.text() and not self.line.isReadOnly():
            self.line.setText(completed)

    def show_problem(self) -> None:
        """Say what is missing or wrong, and go there."""
        self._tell(problem_with(self.address))
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_place(self, beyond: Place | None) -> None:
        """Show where words go: `beyond` where the server sends them on, else to the address itself."""
        address, place = self.address, self.place
        is_whole = ("://" in address or " " in address) and len(address) > len("https://")
        self._tell(problem_with(address) if is_whole else "")
        self._badge.setVisible(place is not None)
        if place is not None:
            self._badge.show_place(beyond or place)
        self._unencrypted.setVisible(is_unencrypted(address))
        self._unencrypted.setText(unencrypted_words(place))

    def _tell(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
