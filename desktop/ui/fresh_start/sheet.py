"""The sheet of a fresh start: the ways there are, and what will be sent, which can be changed before it goes.

It lies over the conversation, whose header stays in reach, and is told what it offers; beginning the new conversation
is the business of `presenter`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.core.fresh_start.brief import Brief
from desktop.core.fresh_start.ways import FreshStart, OutgoingDraft, usual_start
from desktop.core.place import Place
from desktop.ui.fresh_start.brief import FreshBrief
from desktop.ui.fresh_start.preview import FreshPreview
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import COLUMN_EM, FILL_OF_PLACE, GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import ChoiceRow, button
from desktop.ui.widgets.keys import step
from desktop.ui.widgets.labels import Paragraph, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import place_sentence, translate


@dataclass(frozen=True, slots=True)
class Choice:
    """The words of a row. Its place in the table is the key that chooses it."""

    start: FreshStart
    words: str
    explained: str


def choices() -> tuple[Choice, ...]:
    """Return all ways to start fresh, in their order on the sheet."""
    return (
        Choice(
            FreshStart.BLANK,
            translate("fresh_choice", "Blank"),
            translate("fresh_choice", "An empty conversation. Nothing is sent until you write."),
        ),
        Choice(
            FreshStart.ASK_AGAIN,
            translate("fresh_choice", "Ask my last question again"),
            translate("fresh_choice", "The same question, without anything that was said above it."),
        ),
        Choice(
            FreshStart.CARRY_OVER,
            translate("fresh_choice", "Carry over what I said"),
            translate("fresh_choice", "Your own questions, facts and files. What the model said stays behind."),
        ),
        Choice(
            FreshStart.COMPARE,
            translate("fresh_choice", "Compare with a fresh answer"),
            translate("fresh_choice", "The same question, both answers side by side, and what differs marked."),
        ),
    )


class _Row(ChoiceRow):
    """A row for one way."""

    def __init__(self, key: int, choice: Choice) -> None:
        super().__init__(key, choice.words, choice.explained)
        self.start = choice.start


class FreshChoices(QWidget):
    """The rows, one of which is chosen: by a click, by its number, or by the arrows. One tab stop."""

    chosen = Signal(object)  # the FreshStart that the user has gone to

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = stack(gap=GAP_TIGHT, on=self)
        self._rows = [_Row(key, choice) for key, choice in enumerate(choices(), start=1)]
        for row in self._rows:
            column.addWidget(row)
            row.toggled.connect(lambda _, start=row.start: self._go_to(start))
        self._is_compact = False
        self.setAccessibleName(self.tr("How to start fresh"))
        self.choose(FreshStart.BLANK)

    @property
    def start(self) -> FreshStart:
        """The chosen way."""
        return next(row.start for row in self._rows if row.isChecked())

    def offer(self, possible: Mapping[FreshStart, bool]) -> None:
        """Enable those that are possible now; one that is not named is."""
        for row in self._rows:
            row.setEnabled(possible.get(row.start, True))

    def choose(self, start: FreshStart) -> None:
        """Choose this one; emits nothing."""
        for row in self._rows:
            is_it = row.start is start
            with QSignalBlocker(row):
                row.setChecked(is_it)
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_it else Qt.FocusPolicy.ClickFocus)
        self._explain()

    def be_compact(self, shall: bool) -> None:
        """Explain only what is chosen, if the content below it would have no room else."""
        if shall is not self._is_compact:
            self._is_compact = shall
            self._explain()

    def focus(self) -> None:
        """Focus the chosen row."""
        next(row for row in self._rows if row.isChecked()).setFocus(Qt.FocusReason.OtherFocusReason)

    def _explain(self) -> None:
        for row in self._rows:
            row.show_explained(row.isChecked() or not self._is_compact, is_compact=self._is_compact)

    def _go_to(self, start: FreshStart) -> None:
        self.choose(start)
        self.focus()
        self.chosen.emit(start)

    def _step(self, by: int) -> None:
        possible = [row.start for row in self._rows if row.isEnabled()]
        at = possible.index(self.start) + by
        if 0 <= at < len(possible):
            self._go_to(possible[at])

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        at = key - Qt.Key.Key_1
        if 0 <= at < len(self._rows) and self._rows[at].isEnabled():
            self._go_to(self._rows[at].start)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


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


_LOW_EM = 48  # below that, what will be sent would be out of sight below the choices
_DIMMED = 0.72  # how much of the paper lies over the conversation, which can still be made out


class FreshSheet(QWidget):
    """A sheet hidden until `open`; Escape, its cross, and a press beside it close it and give the focus back."""

    begun = Signal(object, object)  # FreshStart, Said: this is wanted
    stop_requested = Signal()  # the reply that runs in the old conversation
    lesson_read = Signal()  # why it helps has been in sight
    brief_requested = Signal()  # what can be carried over
    file_wanted = Signal(object)  # the OutgoingDraft that a file is to go with
    closed = Signal()

    def __init__(self, theme: Theme, page: QWidget, above: QWidget) -> None:
        """Build the sheet, which covers `page` from below `above` on."""
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._above = above
        self._came_from: QWidget | None = None
        self.choices = FreshChoices(theme)
        self.lesson = FreshLesson(theme)
        self.brief = FreshBrief(theme)
        self.preview = FreshPreview(theme, self.brief.ways)
        self._about = ""
        self._question = OutgoingDraft()
        self._has_brief = False
        self._takes_files = True  # where the new conversation does
        # What the user has written over the words of a choice: over those of the list (True), or of the question.
        self._written: dict[bool, str] = {}
        self._takes_list = False  # the words of the list are wanted although others were written over them
        self._running = self._make_running()
        self._card = QFrame(self)
        set_look(self._card, "card")
        self._card.setAccessibleName(self.tr("Start fresh"))
        self._scroll = QScrollArea()
        self._inner = QWidget()
        self._column, self._rows = QVBoxLayout(self._card), QVBoxLayout(self._inner)
        self._go = QPushButton()
        self._fill_card()
        page.installEventFilter(self)
        self._inner.installEventFilter(self)
        self.choices.chosen.connect(self._on_chosen)
        self.preview.changed.connect(self._on_written)
        self.brief.changed.connect(self._show_said)
        self.brief.list_wanted.connect(lambda: self._take_list(True))
        self.brief.own_wanted.connect(lambda: self._take_list(False))
        self.message_requested: SignalInstance = self.brief.message_requested  # the id of a message that is to be seen
        self.preview.file_wanted.connect(lambda: self.file_wanted.emit(self.preview.said))
        self._go.clicked.connect(self._begin)
        send = QShortcut(QKeySequence("Ctrl+Return"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        send.activated.connect(self._begin)
        theme.changed.connect(self._place)
        self.hide()

    def open(
        self,
        *,
        has_question: bool,
        is_running: bool,
        is_taught: bool,
        has_answer: bool = False,
        takes_files: bool = True,
        start: FreshStart | None = None,
        about: str = "",
    ) -> None:
        """Show it with the usual choice, or `start`, focused; what it would send follows.

        Text written in it is kept while it is opened `about` the same.
        """
        if not self.isVisible():
            self._came_from = QApplication.focusWidget()
        is_compared = has_question and has_answer and not is_running
        possible = {FreshStart.ASK_AGAIN: has_question, FreshStart.CARRY_OVER: has_question}
        self.choices.offer({**possible, FreshStart.COMPARE: is_compared})
        self.choices.choose(start or usual_start(has_question=has_question))
        self._question, self._has_brief, self._takes_files = OutgoingDraft(), False, takes_files
        if about != self._about:
            self._forget_written()
        self._about = about
        self.lesson.show_or_offer(is_taught=is_taught)
        self.show_running(is_running)
        self.show()
        self.raise_()
        self._on_chosen(self.choices.start)
        self.choices.focus()
        if not is_taught:
            self.lesson_read.emit()

    def show_question(self, said: OutgoingDraft) -> None:
        """Show the question that is asked once more, with its files."""
        self._question = said
        if self.choices.start is not FreshStart.CARRY_OVER:
            self._show_said()
            self._ask_for_request()

    def show_brief(self, brief: Brief) -> None:
        """Show what can be carried over."""
        self.brief.show_brief(brief)
        self._hold_ticks()
        if self.choices.start is FreshStart.CARRY_OVER:
            self._show_said()
            self._ask_for_request()

    def show_place(self, place: Place | None, window: int | None) -> None:
        """Show where words would go, and how many tokens the model there reads at once; None: not known."""
        set_look(self._go, "filled", FILL_OF_PLACE[place.kind] if place is not None else "accent")
        set_tooltip(self._go, place_sentence(place) if place is not None else "")
        self.preview.show_room(window)

    def show_running(self, is_running: bool) -> None:
        """Show or hide that a reply runs in the old conversation."""
        self._running.setVisible(is_running)
        self._place()

    def close_sheet(self) -> None:
        """Hide it, and give the focus back to where it was."""
        if self.isHidden():
            return
        came_from, self._came_from = self._came_from, None
        if came_from is not None and shiboken6.isValid(came_from) and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.closed.emit()

    def _make_running(self) -> QWidget:
        line = QFrame()
        set_look(line, "notice")
        words = PlainLabel(
            self.tr("An answer is still running here. It goes on in this conversation; you can read it later."),
            "small",
            wraps=True,
        )
        stop = button(self.tr("Stop it"), "link")
        stop.clicked.connect(self.stop_requested)
        row = QHBoxLayout(line)
        row.setContentsMargins(GAP_WIDE, GAP, GAP, GAP)
        row.addWidget(words, 1)
        row.addWidget(stop)
        return line

    def _fill_card(self) -> None:
        title = PlainLabel(self.tr("Start fresh"), "heading")
        close = IconButton(self._theme, "close", self.tr("Close (Esc)"), token="muted")
        close.clicked.connect(self.close_sheet)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(close)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(GAP_WIDE)
        for part in (self.lesson, self._running, self.choices, self.brief, self.preview):
            self._rows.addWidget(part)
        self._rows.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inner)
        for ground in (self._scroll, self._inner):
            set_look(ground, "card ground")
        cancel = button(self.tr("Cancel"), "", self.close_sheet)
        self._go.setAutoDefault(False)
        foot = FlowLayout(last_at_right=2)
        foot.addWidget(self.lesson.question)
        foot.addWidget(cancel)
        foot.addWidget(self._go)
        self._column.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_SECTION)
        self._column.setSpacing(GAP_WIDE)
        self._column.addLayout(head)
        self._column.addWidget(self._scroll, 1)
        self._column.addLayout(foot)

    def _on_chosen(self, start: FreshStart) -> None:
        for part in (self.brief, self.brief.ways):
            part.setVisible(start is FreshStart.CARRY_OVER)
        self.preview.setVisible(start is not FreshStart.BLANK)
        self.preview.takes_files = self._takes_files and start is not FreshStart.COMPARE
        if start is FreshStart.CARRY_OVER and not self._has_brief:
            self._has_brief = True
            self.brief.show_reading()
            self.brief_requested.emit()
        self._show_said()
        self._place()

    @property
    def _is_carried(self) -> bool:
        return self.choices.start is FreshStart.CARRY_OVER

    def _show_said(self) -> None:
        is_carried = self._is_carried
        said = self.brief.said if is_carried else self._question
        own = None if is_carried and self._takes_list else self._written.get(is_carried)
        if own is not None:
            self.preview.show_said(replace(said, text=own), ticks_files=not is_carried)
        else:
            self.preview.show_said(said, self.brief.tokens if is_carried else None, ticks_files=not is_carried)
        self._show_go()

    def _ask_for_request(self) -> None:
        """Put the cursor where the request is to be written, if there is a file and no word on it."""
        if self.preview.said.attachments and not self.preview.said.text.strip() and self.preview.isVisible():
            self.preview.setFocus()

    def _on_written(self) -> None:
        """Keep what is written for the return from another choice."""
        self._written[self._is_carried] = self.preview.said.text
        if self._is_carried:
            self._takes_list = False
            self._hold_ticks()
        self._show_go()

    def _take_list(self, shall: bool) -> None:
        """Show the words of the list, or again those that the user has written over them."""
        self._takes_list = shall
        self._hold_ticks()
        self._show_said()
        self.choices.focus()  # the button under the keyboard has gone

    def _hold_ticks(self) -> None:
        has_own = True in self._written
        self.brief.set_held(has_own and not self._takes_list, has_own=has_own)

    def _forget_written(self) -> None:
        self._written.clear()
        self._takes_list = False

    def _show_go(self) -> None:
        is_blank = self.choices.start is FreshStart.BLANK
        words = {FreshStart.BLANK: self.tr("Start fresh"), FreshStart.COMPARE: self.tr("Ask and compare")}
        self._go.setText(words.get(self.choices.start, self.tr("Start fresh and send")))
        self._go.setEnabled(is_blank or bool(self.preview.said.text.strip()))

    def _begin(self) -> None:
        if self._go.isEnabled():
            start = self.choices.start
            self.begun.emit(start, OutgoingDraft() if start is FreshStart.BLANK else self.preview.said)
            if self.isHidden():  # it has been, and is not to be found here again
                self._forget_written()

    def _place(self) -> None:
        """Cover the page below the header; the card is as high as its content, as far as there is room."""
        page = self._page
        top = self._above.mapTo(page, QPoint(0, self._above.height())).y()
        self.setGeometry(0, top, page.width(), page.height() - top)
        width = min(self.width() - 2 * GAP_PAGE, COLUMN_EM * self._theme.text_px)
        is_low = self.height() < _LOW_EM * self._theme.text_px
        self.choices.be_compact(is_low)
        self.brief.be_low(is_low)
        margins = self._column.contentsMargins()
        within = width - margins.left() - margins.right() - 2
        self._rows.activate()
        around = self._column.totalHeightForWidth(width) - self._scroll.sizeHint().height()
        room = self.height() - 2 * GAP_WIDE
        wanted = self._rows.heightForWidth(within) + around
        # Decided here: a bar that is shown for a moment makes the text higher, and so would stay, over its edge.
        bar = Qt.ScrollBarPolicy
        self._scroll.setVerticalScrollBarPolicy(bar.ScrollBarAlwaysOn if wanted > room else bar.ScrollBarAlwaysOff)
        if wanted > room:
            within -= self._scroll.verticalScrollBar().sizeHint().width()
        self._inner.setMinimumHeight(self._rows.heightForWidth(within))  # it scrolls rather than being squeezed
        self._card.setGeometry((self.width() - width) // 2, GAP_WIDE, width, min(wanted, room))

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            # Here it closes the sheet; elsewhere in the window it stops a reply.
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
            return event.isAccepted()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_resized = watched is self._page and event.type() is QEvent.Type.Resize
        if (is_resized or event.type() is QEvent.Type.LayoutRequest) and not self.isHidden():
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._begin()
        else:
            event.accept()  # the conversation below does not hear it

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
