"""The evidence of one reply: what was found is kept here, and shown as lines below the answer.

Where the lines stand in the message is its owner's matter; the marks in the text are `transcript/evidence.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from desktop.core.evidence.checked import NO_EVIDENCE, Evidence
from desktop.ui.evidence.summary import EvidenceSummary
from desktop.ui.evidence.words import EvidenceLine, failure_line, lines, thing_words
from desktop.ui.look.page_look import PageLook
from desktop.ui.message_actions import Ask


class ReplyEvidence(QObject):
    """The evidence of one reply; the lines, a child of the reply's view, are made when there is something to say."""

    changed = Signal()  # other lines

    def __init__(self, look: PageLook, ask: Ask, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._look = look
        self._ask = ask
        self._summary: EvidenceSummary | None = None
        self.evidence: Evidence = NO_EVIDENCE

    @property
    def summary(self) -> EvidenceSummary | None:
        """The widget of the lines, or None while there is nothing to show."""
        return self._summary if self._summary is not None and self._summary.lines else None

    def show(self, evidence: Evidence, *, is_news: bool = False) -> None:
        """Show what was found; as news, it is announced to a screen reader."""
        if evidence is self.evidence:
            return
        self.evidence = evidence
        self._show_lines(lines(evidence), is_news=is_news)

    def show_failure(self, *, is_news: bool = False) -> None:
        """Say that the reply could not be looked up."""
        self.evidence = NO_EVIDENCE
        self._show_lines((failure_line(),), is_news=is_news)

    def _show_lines(self, said: Sequence[EvidenceLine], *, is_news: bool) -> None:
        if self._summary is None and not said:
            return
        if self._summary is None:
            self._summary = EvidenceSummary(self._look, self._view)
        notes = [[thing_words(self.evidence, each.thing) for each in line.linked] for line in said]
        self._summary.show_lines(said, notes, self._ask)
        self._summary.setVisible(bool(said))
        self.changed.emit()
        if is_news and said and QAccessible.isActive():
            words = self._summary.accessibleName()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._summary, words))
