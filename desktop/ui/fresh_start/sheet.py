"""The sheet of a fresh start: the ways there are, and what will be sent, which can be changed before it goes.

The user's words can be carried over and, apart from them and unticked, the model's. Beside the message stands what it
lacks, its files, and its size. The files of a question that is asked again can be left behind one by one; others go
along as they are. The sheet lies over the conversation, whose header stays in reach, and is told what it offers;
beginning the new conversation is the business of `presenter`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import partial
from itertools import compress

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShortcut,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.fresh_start import Brief, FreshStart, OutgoingDraft, has_request, lacks_source_of, said_by
from desktop.core.message import AttachmentPart, FilePart
from desktop.core.place import Place
from desktop.core.prompts.render import fence_for
from desktop.core.resources import QT_TRANSLATE_NOOP
from desktop.core.text.clean_text import clean_input
from desktop.core.text.tokens import estimate_tokens, whole_tokens
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.look.stylesheet import COLUMN_EM, FILL_OF_PLACE, GAP_PAGE, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.buttons import ChoiceRow, ChoiceRows, FoldButton, button
from desktop.ui.widgets.keys import FocusBefore, claim_escape, step
from desktop.ui.widgets.labels import Paragraph, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, scrolling, stack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import (
    about_tokens,
    amount_of_text,
    fill,
    listed,
    number,
    place_sentence,
    short,
    shown_name,
    translate,
)

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


_FILE_ROWS = 3  # that are shown at once


class FreshPreview(QWidget):
    """An editable preview of `said`; `window_tokens` are as many as the model reads at once, if that is known."""

    changed = Signal()  # by the user

    def __init__(self, theme: Theme, ways: QWidget) -> None:
        """Build the preview. `ways` are buttons for other words and stand beside its title."""
        super().__init__()
        self.said = OutgoingDraft()
        self.window_tokens: int | None = None
        self.takes_files = True
        self._offered: tuple[FilePart, ...] = ()  # to be ticked
        title = PlainLabel(self.tr("This will be sent"), "strong")
        self._text = PromptText(theme)
        self._text.keep_long_texts()
        self._text.describe(title.text(), self.tr("The exact words; you can change them before they go."), "")
        self.setFocusProxy(self._text)
        self._files = PlainLabel("", "small", wraps=True)
        self._ticks = TickList(theme, self.tr("Files that go along"), leads_on=False)
        self._examples = PlainLabel("", "small", wraps=True)
        self._lack = QuietLine(theme, PlainLabel("", "small warning", wraps=True))
        self._paste = self._lack.offer(self.tr("Paste it"), "filter")
        self._add = self._lack.offer(self.tr("Attach a file"), "filter")
        self.file_wanted: SignalInstance = self._add.clicked
        self._size = PlainLabel("", "small", wraps=True)
        head = FlowLayout(last_at_right=1)
        head.addWidget(title)
        head.addWidget(ways)
        parts = (self._lack, self._text, self._files, self._ticks, self._examples, self._size)
        stack(head, *parts, gap=GAP_TIGHT, on=self)
        self._paste.clicked.connect(self._paste_source)
        self._text.changed.connect(self._take_text)
        self._ticks.ticks_changed.connect(self._take_ticks)
        theme.changed.connect(self._fit)

    def show_said(self, said: OutgoingDraft, *, ticks_files: bool = False) -> None:
        """Replace all that the preview holds.

        `ticks_files`: its files can be unticked here; what the user has unticked stays so while they are the same.
        """
        files = said.attachments
        if ticks_files:
            if files != self._offered:
                self._offered = files
                template = self.tr("%1 goes along")
                self._ticks.show_texts([fill(template, short(each.name)) for each in files], [True] * len(files))
                self._fit()
            said = replace(said, attachments=self._ticked)
        self.said = said
        if said.text != self._text.text():
            self._text.set_text(said.text)
            self._text.box.moveCursor(QTextCursor.MoveOperation.Start)
        self._files.setText(fill(self.tr("With these files: %1"), listed(shown_name(each.name) for each in files)))
        self._files.setVisible(bool(files) and not ticks_files)
        self._ticks.setVisible(bool(files) and ticks_files)
        self._examples.setText(fill(self.tr("Example turns that go before it: %1"), number(len(said.earlier) // 2)))
        self._examples.setVisible(bool(said.earlier))
        self.explain()

    def _fit(self) -> None:
        self._ticks.fit(_FILE_ROWS)

    @property
    def _ticked(self) -> tuple[FilePart, ...]:
        return tuple(compress(self._offered, self._ticks.states))

    def _take_ticks(self) -> None:
        self._take(replace(self.said, attachments=self._ticked))

    def _take_text(self, text: str) -> None:
        self._take(replace(self.said, text=text))

    def _take(self, said: OutgoingDraft) -> None:
        self.said = said
        self.explain()
        self.changed.emit()

    def _paste_source(self) -> None:
        """Put the text of the clipboard, between fences, in front of the request."""
        text = clean_input(QGuiApplication.clipboard().text()).strip("\n")
        if text.strip():
            fence = fence_for(text)
            whole = f"{fence.opening}\n{text}\n{fence.closing}\n\n{self.said.text}"
            self._text.set_text(whole)
            self._take_text(whole)
        self._text.setFocus()

    def explain(self) -> None:
        """Say where nothing is asked for, or what it is asked about was never given; and how long it is."""
        is_request_missing = not (self.said.is_empty or has_request(self.said))
        is_source_missing = not is_request_missing and lacks_source_of(self.said)
        if is_request_missing:
            self._lack.say(self.tr("Nothing is asked for here yet. Write what you want done."))
        elif is_source_missing:
            self._lack.say(
                self.tr("The text that this is about was never given. Without it, the model can only invent.")
            )
        self._lack.setVisible(is_request_missing or is_source_missing)
        self._paste.setVisible(is_source_missing)
        self._add.setVisible(is_source_missing and self.takes_files)
        files = (each.text for each in self.said.attachments if isinstance(each, AttachmentPart))
        texts = (self.said.text, *files, *(each.text for each in self.said.earlier))
        tokens, room = whole_tokens(sum(map(estimate_tokens, texts))), self.window_tokens
        words = amount_of_text(tokens) if tokens else ""
        is_over = room is not None and tokens > room
        if is_over and room is not None:
            template = self.tr("That is %1, more than this model reads at once: %2. Take something out, or send it so.")
            words = fill(template, words, amount_of_text(room))
        self._size.setText(words)
        set_tooltip(self._size, about_tokens(tokens) if tokens else "")
        set_look(self._size, "small warning" if is_over else "small")


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
