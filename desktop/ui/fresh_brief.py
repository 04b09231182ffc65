"""What can be carried over, to be ticked: what the person said, and apart from it, unticked, what the model said."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.core.brief import Brief, said_by
from desktop.core.fresh_start import Said
from desktop.ui.fold_button import FoldButton
from desktop.ui.fresh_ticks import TickList
from desktop.ui.labels import PlainLabel
from desktop.ui.stylesheet import set_look
from desktop.ui.theme import GAP_TIGHT, Theme
from desktop.ui.words import fill, number

_ROWS = 6  # that a list shows at once, so that what will be sent stays in sight below it


class FreshBrief(QWidget):
    """`said` is what the ticked entries come to."""

    changed = Signal()  # other words would be sent
    message_requested = Signal(str)  # the id of the message that a claim stands in

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._brief = Brief()
        self._sums_up = False
        self._state = PlainLabel(self.tr("Reading what you said…"), "small")
        self._mine = TickList(self.tr("What you said"), leads_on=False)
        self._fold = FoldButton(theme, self.tr("What the model said (unticked: may be made up)"))
        self._hint = PlainLabel("", "small", wraps=True)
        self._claims = TickList(self.tr("What the model said"), leads_on=True)
        self._sum_up = QPushButton(self.tr("Have it summed up from your words alone"))
        self._sum_up.setAutoDefault(False)
        set_look(self._sum_up, "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        for part in (self._state, self._mine, self._fold, self._hint, self._claims):
            column.addWidget(part)
        column.addWidget(self._sum_up, 0, Qt.AlignmentFlag.AlignLeft)
        self._fold.clicked.connect(lambda: self._unfold(self._claims.isHidden()))
        self._sum_up.clicked.connect(self._ask_for_summary)
        self._claims.wanted.connect(lambda row: self.message_requested.emit(self._brief.claims[row].message_id))
        for each in (self._mine, self._claims):
            each.ticks_changed.connect(self._on_ticked)
        theme.changed.connect(self._fit)
        self._fit()
        self.begin()

    @property
    def said(self) -> Said:
        items = [each for each, is_ticked in zip(self._brief.items, self._mine.ticked, strict=True) if is_ticked]
        quoted = [each for each, is_ticked in zip(self._brief.claims, self._claims.ticked, strict=True) if is_ticked]
        return said_by(items, [] if self._sums_up else quoted, sum_up=self._sums_up)

    def begin(self) -> None:
        """There is nothing yet; the conversation is being read."""
        self.show_brief(Brief())
        self._state.setText(self.tr("Reading what you said…"))
        self._state.show()

    def show_brief(self, brief: Brief) -> None:
        """Offer all of it: ticked what the person said and has not taken back."""
        self._brief, self._sums_up = brief, False
        items, claims = brief.items, brief.claims
        self._mine.show_texts([each.text for each in items], [not each.is_withdrawn for each in items])
        self._claims.show_texts([each.text for each in claims], [False] * len(claims))
        self._state.setText(self.tr("There is nothing to carry over."))
        self._state.setVisible(not brief.items)
        for part in (self._mine, self._sum_up):
            part.setVisible(bool(brief.items))
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

    def _unfold(self, shall: bool) -> None:
        self._fold.show_state(is_open=shall)
        self._hint.setVisible(shall)
        self._claims.setVisible(shall)

    def _ask_for_summary(self) -> None:
        """The request for it is put in front of the person's words, and can be read before it goes."""
        self._sums_up = True
        self.changed.emit()

    def _on_ticked(self) -> None:
        self._sums_up = False
        self.changed.emit()

    def _fit(self) -> None:
        for each in (self._mine, self._claims):
            each.ensurePolished()  # for the height of a row in the sheet's font
            rows = min(max(each.model().rowCount(), 1), _ROWS)
            each.setFixedHeight(rows * max(each.sizeHintForRow(0), self._theme.text_px) + 2 * (GAP_TIGHT + 1))
