"""The part of the form that is about the server's address: what is wrong with it, and where words sent there go."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.place import Place
from desktop.ui.connections.address import (
    completed_address,
    is_unencrypted,
    place_of_address,
    problem_with,
    unencrypted_words,
)
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.form_parts import labelled, line_field
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.place_badge import PlaceBadge


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
