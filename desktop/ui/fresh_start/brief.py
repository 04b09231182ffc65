"""The content that can be carried over, to be ticked: the user's words, and apart from them, unticked, the model's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import compress

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.fresh_start.brief import AnswerSentence, Brief, BriefItem, said_by
from desktop.core.fresh_start.ways import OutgoingDraft
from desktop.core.text.tokens import estimate_tokens
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.buttons import FoldButton, button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, number

# Rows that a list shows at once, so that what will be sent stays in sight below it.
_ROWS = 6
_ROWS_IF_LOW = 3
_SHOWN = 200  # letters of a sentence


class TickList(RowList):
    """A list where space and a press on the box tick; Enter and a double press emit the line, to show its origin."""

    ticks_changed = Signal()  # by the user
    row_px = 24
    chooses_on_press = False

    def __init__(self, theme: Theme, name: str, *, leads_on: bool) -> None:
        """Build the list. `leads_on`: its sentences have an origin to show; else Enter means nothing here."""
        super().__init__(theme, name, "framed")
        self._leads_on = leads_on
        self.is_held = False  # nothing can be ticked; the sentences can still be walked through
        self.ticked.connect(self._toggle)

    @property
    def states(self) -> list[bool]:
        """The state of each sentence: True if it is ticked."""
        return [bool(each.tick) for each in self.rows]

    def show_texts(self, texts: Sequence[str], ticked: Sequence[bool]) -> None:
        lines = (" ".join(each[:_SHOWN].split()) for each in texts)
        self.show_rows([Row(at, line, tick=tick) for at, (line, tick) in enumerate(zip(lines, ticked, strict=True))])

    def fit(self, most: int) -> None:
        """Set the height to so many rows, or to as many as there are."""
        shown = min(max(len(self.rows), 1), most)
        self.setFixedHeight(self.painter.theme.px(self.row_px) * shown + 2 * (GAP_TIGHT + 1))

    def _toggle(self, at: int) -> None:
        if not self.is_held:
            rows = list(self.rows)
            rows[at] = replace(rows[at], tick=not rows[at].tick)
            self.show_rows(rows)
            self.ticks_changed.emit()

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._leads_on and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # it is for the sheet, which begins
        else:
            super().keyPressEvent(event)


class FreshBrief(QWidget):
    """A list to tick. `said` is the text of the ticked entries, and `tokens` an estimate of its tokens.

    `ways` are buttons for other words; they stand where the words do.

    After the user has changed those words, nothing can be ticked (`hold`): that would be to lose what was written.
    """

    changed = Signal()  # other words would be sent
    message_requested = Signal(str)  # the id of the message that a claim stands in

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._brief = Brief()
        self._sums_up = False
        self._rows = _ROWS
        self._state = PlainLabel(self.tr("Reading what you said…"), "small")
        self._mine = TickList(theme, self.tr("What you said"), leads_on=False)
        self._fold = FoldButton(theme, self.tr("What the model said (unticked: may be made up)"))
        self._hint = PlainLabel("", "small", wraps=True)
        self._claims = TickList(theme, self.tr("What the model said"), leads_on=True)
        self._sum_up = self._button(self.tr("Have it summed up from your words alone"))
        self._own = PlainLabel(self.tr("You have changed the text, so ticking is off."), "small", wraps=True)
        self._list_again = self._button(self.tr("Take the list again"))
        self._own_again = self._button(self.tr("Back to your own text"))
        stack(self._state, self._mine, self._fold, self._hint, self._claims, gap=GAP_TIGHT, on=self)
        self.ways = QWidget()
        stack(None, (self._own, 100), self._sum_up, self._list_again, self._own_again, across=True, on=self.ways)
        self._fold.clicked.connect(lambda: self._unfold(self._claims.isHidden()))
        self._sum_up.clicked.connect(self._ask_for_summary)
        self._claims.chosen.connect(lambda row: self.message_requested.emit(self._brief.claims[row].message_id))
        self.list_wanted: SignalInstance = self._list_again.clicked  # in the place of the user's own words
        self.own_wanted: SignalInstance = self._own_again.clicked  # those that the user had written, once more
        for ticks in (self._mine, self._claims):
            ticks.ticks_changed.connect(self._on_ticked)
        theme.changed.connect(self._fit)
        self._fit()
        self.show_reading()

    @property
    def said(self) -> OutgoingDraft:
        quoted = [] if self._sums_up else self._quoted
        return said_by(list(self._carried), quoted, sum_up=self._sums_up)

    @property
    def tokens(self) -> float:
        """The estimated tokens, without those of files."""
        quoted = sum(estimate_tokens(each.text) for each in self._quoted)
        return quoted + sum(each.tokens for each in self._carried)

    @property
    def _carried(self) -> Iterator[BriefItem]:
        return compress(self._brief.items, self._mine.states)

    @property
    def _quoted(self) -> list[AnswerSentence]:
        return list(compress(self._brief.claims, self._claims.states))

    def set_held(self, shall: bool, *, has_own: bool = False) -> None:
        """Disable ticking, since the user's own text is what will be sent; or keep that text for later."""
        for each in (self._mine, self._claims):
            each.is_held = shall
        self._sum_up.setVisible(not shall and bool(self._brief.items))
        for part in (self._own, self._list_again):
            part.setVisible(shall)
        self._own_again.setVisible(has_own and not shall)

    def show_reading(self) -> None:
        """Show that the conversation is being read."""
        self.show_brief(Brief())
        self._state.setText(self.tr("Reading what you said…"))
        self._state.show()

    def show_brief(self, brief: Brief) -> None:
        """Offer all of it; what the user said and has not taken back is ticked."""
        self._brief, self._sums_up = brief, False
        items, claims = brief.items, brief.claims
        self._mine.show_texts([each.text for each in items], [not each.is_withdrawn for each in items])
        self._claims.show_texts([each.text for each in claims], [False] * len(claims))
        self._state.setText(self.tr("There is nothing to carry over."))
        self._state.setVisible(not brief.items)
        self._mine.setVisible(bool(brief.items))
        self._fold.setVisible(bool(brief.claims))
        words = self.tr("What you tick is sent as a quotation to be checked. Enter shows where it was said.")
        if brief.claims_left_out:
            words = fill(
                self.tr(
                    "What you tick is sent as a quotation to be checked. Enter shows where it was said. %1 older"
                    " sentences are not listed."
                ),
                number(brief.claims_left_out),
            )
        self._hint.setText(words)
        self._fit()
        self._unfold(False)
        self.set_held(False)

    def _unfold(self, shall: bool) -> None:
        self._fold.show_state(is_open=shall)
        self._hint.setVisible(shall)
        self._claims.setVisible(shall)

    def _ask_for_summary(self) -> None:
        """Put the request for a summary in front of the user's words, where it can be read before it goes."""
        self._sums_up = True
        self.changed.emit()

    def _button(self, words: str) -> QPushButton:
        made = button(words, "line")
        return made

    def _on_ticked(self) -> None:
        self._sums_up = False
        self.changed.emit()

    def be_low(self, shall: bool) -> None:
        """Show few rows at once."""
        self._rows = _ROWS_IF_LOW if shall else _ROWS
        self._fit()

    def _fit(self) -> None:
        for each in (self._mine, self._claims):
            each.fit(self._rows)
