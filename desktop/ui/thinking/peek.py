"""The last settled sentence of a trace that grows, in a box that keeps its height."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.ui.look import tokens as measures
from desktop.ui.look.page_look import PageLook

_LINES = 2
# It looks this far back for the last whole sentence; further back nothing would fit into it.
_REACH = 600
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")


class ThinkingPeek(QWidget):
    """The last complete sentence of a trace, told of every piece of it, so that it does not flicker."""

    def __init__(self, look: PageLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._recent = ""
        self._sentence = ""

    @property
    def sentence(self) -> str:
        """The sentence shown."""
        return self._sentence

    @property
    def wanted_height(self) -> int:
        return round(self._look.thinking.body_line * _LINES) + 2 * measures.GAP

    def append(self, text: str) -> None:
        """Add more of the trace."""
        self._settle((self._recent + text[-_REACH:])[-_REACH:])

    def show_end_of(self, trace: str) -> None:
        """Show the end of a trace as it stands."""
        self._settle(trace[-_REACH:])

    def _settle(self, recent: str) -> None:
        self._recent = recent
        sentences = _SENTENCE_END.split(recent)
        settled = next((each.strip() for each in reversed(sentences[:-1]) if each.strip()), "")
        if settled != self._sentence:
            self._sentence = settled
            self.update()

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        style, box = self._look.thinking, self.rect()
        painter = QPainter(self)
        painter.fillRect(box, self._look.theme.color("thinking"))
        painter.fillRect(QRect(0, 0, measures.RULE_WIDTH, box.height()), style.colours.line)
        painter.setFont(style.body)
        painter.setPen(style.colours.muted)
        left = measures.GAP_SECTION + measures.RULE_WIDTH
        inside = box.adjusted(left, measures.GAP, -measures.GAP_SECTION, -measures.GAP)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        # A little less than two lines, since words leave the ends of lines free.
        room = int(inside.width() * (_LINES - 0.1))
        painter.drawText(
            inside, int(flags), painter.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, room)
        )
