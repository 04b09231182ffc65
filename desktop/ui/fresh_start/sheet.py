"""The sheet of a fresh start: the ways there are, and what will be sent, which can be changed before it goes.

It lies over the conversation, whose header stays in reach, and is told what it offers; beginning the new conversation
is the business of `presenter`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.fresh_start import Brief, FreshStart, OutgoingDraft
from desktop.core.place import Place
from desktop.core.resources import QT_TRANSLATE_NOOP
from desktop.ui.fresh_start.preview import FreshBrief, FreshPreview, TickList
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import COLUMN_EM, FILL_OF_PLACE, GAP_PAGE, GAP_SECTION, GAP_WIDE
from desktop.ui.widgets.buttons import ChoiceRow, ChoiceRows, button
from desktop.ui.widgets.keys import FocusBefore, claim_escape, step
from desktop.ui.widgets.labels import Paragraph, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, scrolling, stack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import place_sentence, translate

# The ways in their order on the sheet, which is the number that chooses each: its words, and what it is.
WAYS = {
    FreshStart.BLANK: (
        QT_TRANSLATE_NOOP("fresh_choice", "Blank"),
        QT_TRANSLATE_NOOP("fresh_choice", "An empty conversation. Nothing is sent until you write."),
    ),
    FreshStart.ASK_AGAIN: (
        QT_TRANSLATE_NOOP("fresh_choice", "Ask my last question again"),
        QT_TRANSLATE_NOOP("fresh_choice", "The same question, without anything that was said above it."),
    ),
    FreshStart.CARRY_OVER: (
        QT_TRANSLATE_NOOP("fresh_choice", "Carry over what I said"),
        QT_TRANSLATE_NOOP("fresh_choice", "Your own questions, facts and files. What the model said stays behind."),
    ),
    FreshStart.COMPARE: (
        QT_TRANSLATE_NOOP("fresh_choice", "Compare with a fresh answer"),
        QT_TRANSLATE_NOOP("fresh_choice", "The same question, both answers side by side, and what differs marked."),
    ),
}

_LOW_EM = 48  # below that, what will be sent would be out of sight below the choices
_DIMMED = 0.72  # how much of the paper lies over the conversation, which can still be made out


class FreshSheet(QWidget):
    """A sheet hidden until `open`; Escape, its cross, and a press beside it close it and give the focus back."""

    begun = Signal(object, object)  # a FreshStart and an OutgoingDraft: this is wanted
    brief_wanted = Signal()  # what can be carried over
    file_wanted = Signal(object)  # the OutgoingDraft that a file is to go with

    def __init__(self, theme: Theme, page: QWidget, above: QWidget) -> None:
        """Build the sheet, which covers `page` from below `above` on."""
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._above = above
        self._before = FocusBefore()
        self._question = OutgoingDraft()
        self._own: str | None = None  # what the user has written over the question
        self._about = ""  # the question for which something may have been written
        self._is_brief_wanted = False
        self._takes_files = True  # where the new conversation does
        self._ways = ChoiceRows(self.tr("How to start fresh"))
        self._ways.show_rows(
            ChoiceRow(at, *(translate("fresh_choice", words) for words in said))
            for at, said in enumerate(WAYS.values(), start=1)
        )
        self.brief = FreshBrief(theme)
        self.preview = FreshPreview(theme, self.brief.ways)
        self._lesson = QuietLine(
            theme,
            Paragraph(
                self.tr(
                    "A model goes on from everything that stands in the conversation, its own words included. Once it"
                    " has made something up, it takes that for given and builds on it. In a fresh conversation nothing"
                    " of that is there, so it looks at your question anew."
                )
            ),
        )
        running = self.tr("An answer is still running here. It goes on in this conversation; you can read it later.")
        self._running = QuietLine(theme)
        self._running.say(running)
        self.stop = self._running.offer(self.tr("Stop it"))
        self._lay_out()
        self._ways.chosen.connect(self._on_chosen)
        self.brief.changed.connect(self._take_words)
        for ticks in self.brief.lists:
            ticks.reached.connect(partial(self._keep_in_sight, ticks))
        self.preview.changed.connect(self._keep_written)
        self.preview.file_wanted.connect(lambda: self.file_wanted.emit(self.preview.said))
        send = QShortcut(QKeySequence("Ctrl+Return"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        send.activated.connect(self._begin)
        page.installEventFilter(self)
        self._inner.installEventFilter(self)
        theme.changed.connect(self._place)
        self.hide()

    def _lay_out(self) -> None:
        self._card = QFrame(self)
        set_look(self._card, "card")
        self._card.setAccessibleName(self.tr("Start fresh"))
        close = IconButton(self._theme, "close", self.tr("Close (Esc)"), token="muted", do=self.close_sheet)
        head = stack((PlainLabel(self.tr("Start fresh"), "heading"), 1), close, across=True)
        self._inner = QWidget()
        parts = (self._lesson, self._running, self._ways, self.brief, self.preview)
        self._content = stack(*parts, None, gap=GAP_WIDE, on=self._inner)
        self._scroll = scrolling(self._inner, "card ground")
        self._why = button(
            self.tr("Why does this help?"), "line", lambda: self._lesson.setVisible(self._lesson.isHidden())
        )
        self._go = button("", "filled", self._begin, fill="accent")
        foot = FlowLayout(last_at_right=2)
        for each in (self._why, button(self.tr("Cancel"), do=self.close_sheet), self._go):
            foot.addWidget(each)
        margins = (GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_SECTION)
        self._column = stack(head, (self._scroll, 1), foot, gap=GAP_WIDE, margins=margins, on=self._card)

    @property
    def start(self) -> FreshStart:
        """The way that is chosen."""
        return list(WAYS)[self._ways.at]

    def open(
        self,
        start: FreshStart,
        possible: Collection[FreshStart],
        *,
        about: str = "",
        is_taught: bool = True,
        takes_files: bool = True,
    ) -> None:
        """Show it with the usual way chosen and focused; what it would send follows.

        Text written in it is kept while it is opened `about` the same question.
        """
        if not self.isVisible():
            self._before.note()
        self.show_possible(possible)
        self._question, self._is_brief_wanted, self._takes_files = OutgoingDraft(), False, takes_files
        if about != self._about:
            self._forget_written()
        self._about = about
        self._why.setVisible(is_taught)
        self._lesson.setVisible(not is_taught)
        self.show()
        self.raise_()
        self._ways.choose(list(WAYS).index(start))

    def show_possible(self, possible: Collection[FreshStart]) -> None:
        """Have these ways to choose from."""
        for each, row in zip(WAYS, self._ways.rows, strict=True):
            row.setEnabled(each in possible)

    def _on_chosen(self) -> None:
        is_carried = self.start is FreshStart.CARRY_OVER
        for part in (self.brief, self.brief.ways):
            part.setVisible(is_carried)
        self.preview.setVisible(self.start is not FreshStart.BLANK)
        self.preview.takes_files = self._takes_files and self.start is not FreshStart.COMPARE
        if is_carried and not self._is_brief_wanted:
            self._is_brief_wanted = True
            self.brief.show_brief(None)
            self.brief_wanted.emit()
        self._show_said()
        self._place()

    def show_question(self, said: OutgoingDraft) -> None:
        """Show the question that is asked once more, with its files."""
        self._question = said
        self._show_said()
        self._ask_for_request()

    def show_brief(self, brief: Brief) -> None:
        """Show what can be carried over."""
        self.brief.show_brief(brief)
        self._show_said()
        self._ask_for_request()

    def show_place(self, place: Place | None, window: int | None) -> None:
        """Show where words would go, and how many tokens the model there reads at once; None: not known."""
        set_look(self._go, "filled", FILL_OF_PLACE[place.kind] if place is not None else "accent")
        set_tooltip(self._go, place_sentence(place) if place is not None else "")
        self.preview.window_tokens = window
        self.preview.explain()

    def show_running(self, is_running: bool) -> None:
        """Show or hide that a reply runs in the old conversation."""
        self._running.setVisible(is_running)
        self._place()

    def close_sheet(self) -> None:
        """Hide it, and give the focus back to where it was."""
        if not self.isHidden():
            self._before.give_back()
            self.hide()

    # The words that would be sent

    def _show_said(self) -> None:
        if self.start is FreshStart.CARRY_OVER:
            self.preview.show_said(self.brief.said)
        else:
            said = self._question if self._own is None else replace(self._question, text=self._own)
            self.preview.show_said(said, ticks_files=True)
        self._show_go()

    def _ask_for_request(self) -> None:
        """Put the cursor where the request is to be written, if there is a file and no word on it."""
        if self.preview.said.attachments and not self.preview.said.text.strip() and self.preview.isVisible():
            self.preview.setFocus()

    def _keep_written(self) -> None:
        """Keep what is written for the return from another way."""
        if self.start is FreshStart.CARRY_OVER:
            self.brief.write(self.preview.said.text)
        else:
            self._own = self.preview.said.text
        self._show_go()

    def _take_words(self, is_button_gone: bool) -> None:
        self._show_said()
        if is_button_gone:
            self._ways.rows[self._ways.at].setFocus()

    def _keep_in_sight(self, ticks: TickList, _: object) -> None:
        """Scroll to the line of a list that the user has gone to."""
        line = ticks.visualRect(ticks.currentIndex())
        at = ticks.viewport().mapTo(self._inner, line.center())
        self._scroll.ensureVisible(0, at.y(), 0, line.height())

    def _forget_written(self) -> None:
        self._own = None
        self.brief.write(None)

    def _show_go(self) -> None:
        is_blank = self.start is FreshStart.BLANK
        words = {FreshStart.BLANK: self.tr("Start fresh"), FreshStart.COMPARE: self.tr("Ask and compare")}
        self._go.setText(words.get(self.start, self.tr("Start fresh and send")))
        self._go.setEnabled(is_blank or bool(self.preview.said.text.strip()))

    def _begin(self) -> None:
        if self._go.isEnabled():
            is_blank = self.start is FreshStart.BLANK
            self.begun.emit(self.start, OutgoingDraft() if is_blank else self.preview.said)
            if self.isHidden():  # it has been, and is not to be found here again
                self._forget_written()

    def _place(self) -> None:
        """Cover the page below the header; the card is as high as its content, as far as there is room."""
        page = self._page
        top = self._above.mapTo(page, QPoint(0, self._above.height())).y()
        self.setGeometry(0, top, page.width(), page.height() - top)
        width = min(self.width() - 2 * GAP_PAGE, COLUMN_EM * self._theme.text_px)
        is_low = self.height() < _LOW_EM * self._theme.text_px
        for at, row in enumerate(self._ways.rows):
            row.show_explained(at == self._ways.at or not is_low, is_compact=is_low)
        self.brief.be_low(is_low)
        margins = self._column.contentsMargins()
        within = width - margins.left() - margins.right() - 2
        self._content.activate()
        around = self._column.totalHeightForWidth(width) - self._scroll.sizeHint().height()
        room = self.height() - 2 * GAP_WIDE
        wanted = self._content.heightForWidth(within) + around
        # Decided here: a bar that is shown for a moment makes the text higher, and so would stay, over its edge.
        bar = Qt.ScrollBarPolicy
        self._scroll.setVerticalScrollBarPolicy(bar.ScrollBarAlwaysOn if wanted > room else bar.ScrollBarAlwaysOff)
        if wanted > room:
            within -= self._scroll.verticalScrollBar().sizeHint().width()
        self._inner.setMinimumHeight(self._content.heightForWidth(within))  # it scrolls rather than being squeezed
        self._card.setGeometry((self.width() - width) // 2, GAP_WIDE, width, min(wanted, room))

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        return claim_escape(event) or super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_resized = watched is self._page and event.type() is QEvent.Type.Resize
        if (is_resized or event.type() is QEvent.Type.LayoutRequest) and not self.isHidden():
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()  # the conversation below does not hear it
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_sheet()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.isAutoRepeat():
                self._begin()
            case _:
                self._ways.take_key(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return step(self, forward=next)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close_sheet()

    def paintEvent(self, event: QPaintEvent) -> None:
        veil = self._theme.color("paper")
        veil.setAlphaF(_DIMMED)
        QPainter(self).fillRect(self.rect(), veil)
