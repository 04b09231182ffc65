"""The question if a rented computer is the right one, asked with its fingerprint below a test.

Of one that is known by another fingerprint it is refused first; that it is a new rental is a second step.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.message import Failure
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_WIDE
from desktop.ui.widgets.labels import Paragraph, PlainLabel


class HostQuestion(QFrame):
    """A frame that is hidden until there is something to ask."""

    confirmed = Signal(str)  # the fingerprint that the user was asked about
    renewed = Signal()  # the fingerprint of before, and the password, are to be forgotten

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_new = True
        self._is_sure = False
        set_look(self, "notice")
        self._words = Paragraph()
        self._fingerprint = PlainLabel("", "strong", wraps=True)
        self._fingerprint.make_selectable()
        self._fingerprint.setAccessibleName(self.tr("Fingerprint"))
        self._yes = QPushButton()
        self._no = QPushButton(self.tr("No"))
        for button in (self._yes, self._no):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_WIDE, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        column.setSpacing(GAP)
        column.addWidget(self._words)
        column.addWidget(self._fingerprint)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._yes)
        row.addWidget(self._no)
        row.addStretch(1)
        column.addLayout(row)
        self._yes.clicked.connect(self._step)
        self._no.clicked.connect(self.hide)
        self.hide()

    def ask(self, failure: Failure | None) -> None:
        """Ask about the computer that a failed test has met; hide where a failure is about something else."""
        reason = failure.reason if failure is not None else ""
        is_asked = reason in ("ssh_new", "ssh_changed")
        self.setVisible(is_asked)
        if failure is None or not is_asked:
            return
        self._is_new, self._is_sure = reason == "ssh_new", False
        self._fingerprint.setText(failure.detail)
        if self._is_new:
            self._words.setText(
                self.tr(
                    "Is this the computer that you rented? If your provider shows a fingerprint, compare it with this"
                    " one. Candor remembers it and refuses any other at this address."
                )
            )
            self._yes.setText(self.tr("Yes, go on"))
        else:
            self._words.setText(
                self.tr(
                    "Providers give an address to the next customer, so this may be a new rental of yours. If it is"
                    " not, somebody may be listening in. This is the fingerprint now:"
                )
            )
            self._yes.setText(self.tr("It is a new rental"))
        self._no.setText(self.tr("No"))
        self._no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self) -> None:
        if self._is_new:
            self.hide()
            self.confirmed.emit(self._fingerprint.text())
        elif not self._is_sure:
            self._is_sure = True
            self._words.setText(
                self.tr(
                    "Then the fingerprint of before and the password are forgotten. Enter the new password, press Test"
                    " and confirm the new fingerprint."
                )
            )
            self._yes.setText(self.tr("Forget both"))
            self._no.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.hide()
            self.renewed.emit()
