"""What can be carried over, to be ticked: the user's words, and apart from them, unticked, the model's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto
from itertools import compress

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.core.fresh_start import Brief, OutgoingDraft, said_by
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.buttons import FoldButton, button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, number

_ROWS = 6  # that a list shows at once, so that what will be sent stays in sight below it
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


class _Words(Enum):
    """Where the words come from that would be sent."""

    TICKED = auto()
    SUMMARY = auto()  # of the user's ticked words, asked for in front of them
    OWN = auto()  # written over them; ticking would lose these


class FreshBrief(QWidget):
    """A list to tick. `ways` are buttons for other words, which stand where the words do."""

    changed = Signal(bool)  # other words would be sent; True: a button was pressed for it, which may have gone
    message_wanted = Signal(str)  # the id of the message that a claim stands in

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._brief = Brief()
        self._words = _Words.TICKED
        self._own: str | None = None
        self._is_low = False
        self._state = PlainLabel("", "small")
        self._mine = TickList(theme, self.tr("What you said"), leads_on=False)
        self._fold = FoldButton(theme, self.tr("What the model said (unticked: may be made up)"))
        self._hint = PlainLabel("", "small", wraps=True)
        self._claims = TickList(theme, self.tr("What the model said"), leads_on=True)
        stack(self._state, self._mine, self._fold, self._hint, self._claims, gap=GAP_TIGHT, on=self)
        self._held = PlainLabel(self.tr("You have changed the text, so ticking is off."), "small", wraps=True)
        self._sum_up = button(
            self.tr("Have it summed up from your words alone"), "line", lambda: self._take(_Words.SUMMARY)
        )
        self._list_again = button(self.tr("Take the list again"), "line", lambda: self._take(_Words.TICKED))
        self._own_again = button(self.tr("Back to your own text"), "line", lambda: self._take(_Words.OWN))
        self.ways = QWidget()
        stack(None, (self._held, 100), self._sum_up, self._list_again, self._own_again, across=True, on=self.ways)
        self._fold.clicked.connect(lambda: self._unfold(self._claims.isHidden()))
        self._claims.chosen.connect(lambda row: self.message_wanted.emit(self._brief.claims[row].message_id))
        self.lists = (self._mine, self._claims)
        for ticks in self.lists:
            ticks.ticks_changed.connect(self._on_ticked)
        theme.changed.connect(self._fit)
        self.show_brief(None)

    @property
    def said(self) -> OutgoingDraft:
        """What would be sent."""
        is_summary = self._words is _Words.SUMMARY
        quoted = [] if is_summary else list(compress(self._brief.claims, self._claims.states))
        listed = said_by(list(compress(self._brief.items, self._mine.states)), quoted, sum_up=is_summary)
        return replace(listed, text=self._own or "") if self._words is _Words.OWN else listed

    def write(self, text: str | None) -> None:
        """Have the user's own text sent in the place of what is ticked; None forgets it."""
        self._own = text
        self._words = _Words.TICKED if text is None else _Words.OWN
        self._offer()

    def show_brief(self, brief: Brief | None) -> None:
        """Offer all of it, ticked what the user said and has not taken back; None: it is still being read."""
        self._brief = brief or Brief()
        items, claims, left_out = self._brief.items, self._brief.claims, self._brief.claims_left_out
        if self._words is _Words.SUMMARY:
            self._words = _Words.TICKED
        self._mine.show_texts([each.text for each in items], [not each.is_withdrawn for each in items])
        self._claims.show_texts([each.text for each in claims], [False] * len(claims))
        nothing = self.tr("There is nothing to carry over.")
        self._state.setText(self.tr("Reading what you said…") if brief is None else nothing)
        self._state.setVisible(not items)
        self._mine.setVisible(bool(items))
        self._fold.setVisible(bool(claims))
        words = self.tr("What you tick is sent as a quotation to be checked. Enter shows where it was said.")
        if left_out:
            words = fill(
                self.tr(
                    "What you tick is sent as a quotation to be checked. Enter shows where it was said. %1 older"
                    " sentences are not listed."
                ),
                number(left_out),
            )
        self._hint.setText(words)
        self._fit()
        self._unfold(False)
        self._offer()

    def be_low(self, shall: bool) -> None:
        """Show all rows, where what holds the lists is scrolled: no bar stands within another."""
        self._is_low = shall
        self._fit()

    def _take(self, words: _Words) -> None:
        self._words = words
        self._offer()
        self.changed.emit(True)

    def _on_ticked(self) -> None:
        self._words = _Words.TICKED
        self.changed.emit(False)

    def _offer(self) -> None:
        """Offer the other words that there are."""
        is_own = self._words is _Words.OWN
        self._mine.is_held = self._claims.is_held = is_own
        self._sum_up.setVisible(not is_own and bool(self._brief.items))
        self._held.setVisible(is_own)
        self._list_again.setVisible(is_own)
        self._own_again.setVisible(self._own is not None and not is_own)

    def _unfold(self, shall: bool) -> None:
        self._fold.show_state(is_open=shall)
        self._hint.setVisible(shall)
        self._claims.setVisible(shall)

    def _fit(self) -> None:
        for each in self.lists:
            each.fit(len(each.rows) if self._is_low else _ROWS)
