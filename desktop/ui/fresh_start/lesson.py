"""The reasons for a fresh conversation, in three sentences: visible the first time, behind a question from then on."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_WIDE
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import Paragraph
from desktop.ui.widgets.layout import stack


class FreshLesson(QFrame):
    """A short text, told if the user has seen it before; `question` stands wherever its owner puts it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "notice")
        text = Paragraph(
            self.tr(
                "A model goes on from everything that stands in the conversation, its own words included. Once it has"
                " made something up, it takes that for given and builds on it. In a fresh conversation nothing of that"
                " is there, so it looks at your question anew."
            )
        )
        stack(text, gap=0, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), on=self)
        self.question = button(self.tr("Why does this help?"), "line", lambda: self.setVisible(self.isHidden()))

    def show_or_offer(self, *, is_taught: bool) -> None:
        """Show it, or only offer to."""
        self.question.setVisible(is_taught)
        self.setVisible(not is_taught)
