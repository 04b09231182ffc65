"""The result of testing a connection, below the form that asked for it."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.core.connections.check import ConnectionCheck
from desktop.core.message import Failure
from desktop.core.model import ModelInfo
from desktop.ui.connections.steps import CheckSteps
from desktop.ui.errors import describe, is_of_server
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.words import fill, listed, say

_NAMED = 5


class ConnectionTestResult(QFrame):
    """A frame hidden until there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "notice")
        self._title = PlainLabel("", "strong", wraps=True)
        self._sentence = Paragraph()
        self._detail = PlainLabel("", "small", wraps=True)
        self._detail.make_selectable()
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_WIDE, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        column.setSpacing(GAP_TIGHT)
        self._steps = CheckSteps()
        for label in (self._title, self._sentence, self._detail):
            column.addWidget(label)
        column.addWidget(self._steps)
        self.hide()

    def show_testing(self) -> None:
        """Show that the server has not answered yet."""
        self._show(self.tr("Asking the server which models it has…"), "", "", "")

    def show_models(self, models: list[ModelInfo]) -> None:
        """Show these models of the server, or that it has none to chat with."""
        talking = [" ".join(model.title.split()) for model in models if model.can_chat]
        if not talking:
            self._show(
                self.tr("Connected, but there is no model"),
                self.tr("The server answers but offers no model to talk to. Its administrator can add one."),
                "",
                "warning",
            )
            return
        title = say("connections.it_works_models", len(talking))
        names = listed(talking[:_NAMED])
        more = fill(self.tr("%1, …"), names) if len(talking) > _NAMED else names
        self._show(title, "", more, "here")

    def show_failure(self, failure: Failure) -> None:
        """Show why the test failed."""
        text = describe(failure)
        detail = "" if failure.reason == "refused" else text.detail  # no server spoke, and the address stands above
        if detail and is_of_server(failure):
            detail = fill(self.tr("The server's own words: %1"), detail)
        self._show(text.title, text.sentence, detail, "danger")

    def show_check(self, check: ConnectionCheck) -> None:
        """Show how each step went, below the result."""
        self._steps.show_check(check)

    def _show(self, title: str, sentence: str, detail: str, look: str) -> None:
        self._steps.hide()
        self._title.setText(title)
        set_look(self._title, look or "muted")
        for label, words in ((self._sentence, sentence), (self._detail, detail)):
            label.setText(words)
            label.setVisible(bool(words))
        self.setAccessibleName(f"{title}\n{sentence}".strip())
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))
