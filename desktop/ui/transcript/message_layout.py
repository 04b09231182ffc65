"""The layout of one message at a width: the user's bubble, or a reply from its thinking to its actions.

Measures the parts and moves them; what they show, and which of them there are, is `message_view.py`.
"""

from __future__ import annotations

from collections.abc import Set

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.ui.documents.sent_files import SentFiles
from desktop.ui.documents.words import tokens_of_text
from desktop.ui.look import tokens as measures
from desktop.ui.look.stylesheet import set_look
from desktop.ui.text.surface import TextSurface
from desktop.ui.thinking.panel import LoopNotice, ThinkingPanel
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.transcript.remarks import Remarks
from desktop.ui.widgets.quiet_line import ErrorCard
from desktop.ui.words import amount_of_text, fill

_LINES = 12  # that are shown
_WORTH_IT = 8  # more lines than that are worth a press
_LETTERS = 600  # of a text that may be so long; a shorter one is not looked at


class TextFold(QPushButton):
    """The button below a long text of the user's."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_folded = True
        self._size = amount_of_text(round(tokens_of_text(text)))
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        set_look(self, "muted")
        self._say()
        self.hide()

    def set_folded(self, folded: bool) -> None:
        """Fold the text, or show all of it."""
        self.is_folded = folded
        self._say()

    def shown_height(self, tall: int, line: float, padding: float) -> int:
        """Return the height in pixels that a text of `tall` pixels gets; shows the button if that is less."""
        most = round(_LINES * line + padding / 2)  # without the padding below, in which half a line would show
        is_long = tall > most + _WORTH_IT * line
        self.setVisible(is_long)
        return most if is_long and self.is_folded else tall

    def _say(self) -> None:
        self.setText(fill(self.tr("Show all (%1)"), self._size) if self.is_folded else self.tr("Show less"))
        self.setAccessibleName(self.text())

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + 2, hint.height())


def may_be_long(text: str) -> bool:
    """Return True if a text may take so many lines that it is folded."""
    return len(text) > _LETTERS or text.count("\n") > _LINES


_NOWHERE = QRect()
_BUBBLE_SHARE = 0.8  # of the column, the widest that the user's words may be


class MessageLayout:
    """The geometry of one message; nothing moves before `lay_out`.

    The page can so be scrolled first: Qt moves what is painted only while nothing waits to be painted.
    """

    def __init__(self) -> None:
        self._places: dict[QWidget, QRect] = {}
        self._measured = (0, 0)  # the width that was measured last, and the height that came of it
        self._moved: set[QWidget] = set()  # parts whose place has changed since `lay_out`
        self._has_grown = False  # the text of a reply, and nothing else
        self._bubble = (0, 0)  # the widest it might have been, and how wide it is

    def height_of_mine(
        self,
        width: int,
        text: TextSurface,
        footer: MessageFooter,
        files: SentFiles | None,
        fold: TextFold | None,
        wrapping: QPushButton | None,
    ) -> int:
        """Compute the layout of the user's words and files at a width in pixels and return the height in pixels."""
        if self._measured[0] != width:
            self._begin()
            self._measured = width, self._place_mine(width, text, footer, files, fold, wrapping)
        return self._measured[1]

    def height_of_reply(
        self,
        width: int,
        text: TextSurface,
        footer: MessageFooter,
        *,
        panel: ThinkingPanel | None,
        loop: LoopNotice | None,
        remarks: Remarks | None,
        card: ErrorCard | None,
    ) -> int:
        """Compute the layout of a reply's parts at a width in pixels and return the height in pixels."""
        if self._measured[0] != width:
            self._begin()
            y = 0
            if panel is not None:
                y = self._put(panel, y, width, panel.height_for(width)) + measures.GAP
            y = self._put(text, y, width, text.height_for(width))
            if loop is not None:
                y = self._put(loop, y, width, loop.height_for(width))
            if remarks is not None:
                y = self._put(remarks, y + measures.GAP_TIGHT, width, remarks.height_for(width))
            if card is not None:
                y = self._put(card, y + (measures.GAP if y else 0), width, card.heightForWidth(width))
            self._measured = width, self._put_footer(footer, y, width)
        elif self._has_grown:
            self._grow(text)
        return self._measured[1]

    @property
    def is_settled(self) -> bool:
        """True if nothing has changed since it was last measured."""
        return self._measured[0] > 0 and not self._has_grown

    def top_of(self, part: QWidget) -> int:
        """Return the top of a part as last computed, even before it has been moved there."""
        return self._places.get(part, _NOWHERE).top()

    def lay_out(self) -> Set[QWidget]:
        """Move what has another place as last computed, and return it."""
        moved, self._moved = self._moved, set()
        for part in moved:
            part.setGeometry(self._places[part])
        return moved

    def drop(self, part: QWidget) -> None:
        """Forget a part that is removed."""
        self._places.pop(part, None)
        self._moved.discard(part)

    def forget_text(self, text: TextSurface) -> None:
        """Measure the text of a reply again, which has grown: what stands below it only moves."""
        if self._measured[0] and self._places[text].height():
            self._has_grown = True
        else:
            self.forget_height()

    def forget_height(self) -> None:
        """Measure again, but keep the width of the user's words."""
        self._measured, self._has_grown = (0, 0), False

    def forget(self) -> None:
        """Measure everything again."""
        self.forget_height()
        self._bubble = (0, 0)

    def _begin(self) -> None:
        self._places.clear()
        self._moved.clear()
        self._has_grown = False

    def _place_mine(
        self,
        width: int,
        text: TextSurface,
        footer: MessageFooter,
        files: SentFiles | None,
        fold: TextFold | None,
        wrapping: QPushButton | None,
    ) -> int:
        most = int(width * _BUBBLE_SHARE)
        y = measures.GAP_WIDE  # apart from the answer above
        if files is not None:
            row = min(most, files.natural_width() + 2)
            tall = files.height_for(row)
            self._stand(files, QRect(width - row, y, row, tall))
            y += tall + (measures.GAP if text.source else 0)
        if not text.source:
            self._stand(text, QRect(width, y, 0, 0))
            return self._put_footer(footer, y, width)
        if self._bubble[0] != most:  # asked for at each move of the page, and dear for a long text
            text.height_for(most)
            self._bubble = most, min(most, int(text.natural_width()) + 2)
        bubble, tall = self._bubble[1], text.height_for(self._bubble[1])
        if fold is not None:
            tall = fold.shown_height(tall, *text.line_and_padding)
        self._stand(text, QRect(width - bubble, y, bubble, tall))
        y += tall
        right, lowest = width, y
        for button in (fold, wrapping):
            if button is not None and (button is wrapping or not button.isHidden()):
                hint = button.sizeHint()
                right -= hint.width()
                self._stand(button, QRect(right, y + measures.GAP_TIGHT, hint.width(), hint.height()))
                lowest = y + measures.GAP_TIGHT + hint.height()
        y = lowest
        return self._put_footer(footer, y, width)

    def _put_footer(self, footer: MessageFooter, y: int, width: int) -> int:
        return self._put(footer, y + measures.GAP_TIGHT, width, footer.height_for(width))

    def _put(self, part: QWidget, y: int, width: int, height: int) -> int:
        """Place a part and return its lower edge."""
        self._stand(part, QRect(0, y, width, height))
        return y + height

    def _stand(self, part: QWidget, place: QRect) -> None:
        self._places[part] = place
        self._moved.add(part)

    def _grow(self, text: TextSurface) -> None:
        """Measure the text alone, and move what stands below it."""
        self._has_grown = False
        width, height = self._measured
        place = self._places[text]
        by = text.height_for(width) - place.height()
        parts = list(self._places)
        for part in parts[parts.index(text) + 1 :]:
            self._stand(part, self._places[part].translated(0, by))
        self._stand(text, place.adjusted(0, 0, 0, by))
        self._measured = width, height + by
