"""The page on which everything that was said is searched: a field, what narrows it down, the results, and the keys.

The page shows what it is told and emits what the user wants; asking is the business of `presenter`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QDateTime, QEvent, QLocale, QObject, QRect, QSize, Qt, QTime, QTimer, Signal, SignalInstance
from PySide6.QtGui import QFontMetrics, QHideEvent, QIcon, QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QMenu, QPushButton, QSizePolicy, QStackedLayout, QWidget

from desktop.core.documents.document import SectionKind
from desktop.core.models.place import shown_name
from desktop.core.search import ELLIPSIS, Choices, ConversationCard, HitKind, Marks, Narrowing, SearchBatch, SearchHit
from desktop.rendering.text.letters import show_invisible
from desktop.ui.look.stylesheet import (
    FILL_OF_PLACE,
    GAP,
    GAP_PAGE,
    GAP_SECTION,
    GAP_WIDE,
    RADIUS,
    SMALL,
    TINY,
    set_look,
)
from desktop.ui.look.theme import IconButton, Theme, icon, pixmap
from desktop.ui.widgets.labels import Paragraph, PlainLabel, key_hint, speak
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.widgets.rows import Row, RowList, RowPainter, draw_line, draw_marked, ground_of
from desktop.ui.words import (
    fill,
    number,
    percent,
    place_name,
    place_word,
    plain_action,
    say,
    say_each,
    translate,
)

_PARTS = {  # how the parts of a file are called, by its ending, where they have a name that a reader knows
    "pdf": SectionKind.PAGE,
    **dict.fromkeys(("pptx", "ppt", "odp"), SectionKind.SLIDE),
    **dict.fromkeys(("xlsx", "xls", "xlsb", "ods"), SectionKind.SHEET),
}


def moment(at: float, now: float) -> str:
    """Return when something was: "Today, 10:42", "Yesterday, 16:05", "23 November", "12 October 2025"."""
    then, today = (QDateTime.fromSecsSinceEpoch(int(each)) for each in (at, now))
    days = then.date().daysTo(today.date())
    locale = QLocale()
    if days <= 1:
        time = locale.toString(QTime(then.time().hour(), then.time().minute()), QLocale.FormatType.ShortFormat)
        return say("search.today", time=time) if days <= 0 else say("search.yesterday", time=time)
    if then.date().year() == today.date().year():
        return locale.toString(then.date(), say("search.d_mmmm"))
    return locale.toString(then.date(), say("search.d_mmmm_yyyy"))


def speaker(hit: SearchHit) -> str:
    """Return who or what says what was found."""
    match hit.kind:
        case HitKind.TITLE:
            return say("search.title")
        case HitKind.QUESTION:
            return say("search.you")
        case HitKind.ANSWER:
            return say("search.answer")
        case HitKind.THINKING:
            return say("search.thinking")
        case HitKind.FILE:
            kind = _PARTS.get(hit.file.rpartition(".")[2].lower()) if hit.section else None
            return say_each("search.part", kind, part=number(hit.section)) if kind else say("search.file")
        case HitKind.RECIPE:
            return say("search.recipe")


COLUMN_PX = 740
_FIRST_TITLES = 5  # that are shown above what was said
_ROW_PX = 36
_WHO_PX = 96
_NARROW_PX = 560  # of the column: below it, a head names no model


@dataclass(frozen=True, slots=True)
class More:
    """Key of the line that shows further titles."""

    count: int


class Results:
    """What was found: titles first, then what was said by conversation, then recipes."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.clear()

    def clear(self) -> None:
        """Remove all."""
        self._titles: list[Row] = []
        self._shows_all_titles = False
        self._groups: dict[str, list[Row]] = {}  # each with its head
        self._cards: dict[str, ConversationCard] = {}
        self._recipes: list[Row] = []

    def add(self, batch: SearchBatch) -> None:
        """Put further results into their groups."""
        self._cards |= {card.id: card for card in batch.cards}
        for hit in batch.hits:
            if hit.kind is HitKind.TITLE:
                self._titles.append(_row(hit))
                continue
            if hit.owner not in self._groups:
                self._groups[hit.owner] = [self._head(hit.owner)]
            self._groups[hit.owner].append(_row(hit))

    def add_recipes(self, hits: Iterable[SearchHit]) -> None:
        """Put recipes below all else."""
        self._recipes += map(_row, hits)

    def show_all_titles(self) -> None:
        """Show all titles, in place of the first ones and a line for the others."""
        self._shows_all_titles = True

    def rows(self) -> list[Row]:
        """Return the lines from top to bottom."""
        return [
            *self._rows_of_titles(),
            *(row for group in self._groups.values() for row in group),
            *_under(translate("search", "Recipes"), self._recipes),
        ]

    def _rows_of_titles(self) -> Iterator[Row]:
        shown = self._titles if self._shows_all_titles else self._titles[:_FIRST_TITLES]
        yield from _under(translate("search", "Titles"), shown)
        if more := len(self._titles) - len(shown):
            yield Row(More(more), fill(translate("search", "Show %1 more"), str(more)))

    def _head(self, owner: str) -> Row:
        card = self._cards.get(owner)
        title = show_invisible(" ".join(card.title.split())) if card is not None else ""
        title = title or translate("conversation_list", "New conversation")
        if card is None:
            return Row(None, title, is_heading=True)
        at = moment(card.at, self._clock())
        model = show_invisible(shown_name(card.model)) if card.model else ""
        place = (place_name(card.place), FILL_OF_PLACE[card.place.kind]) if card.place is not None else None
        spoken = fill(translate("search", "%1, %2"), title, at)
        return Row(None, title, model, aside=at, dot=place, is_heading=True, spoken=spoken)


def _under(title: str, rows: list[Row]) -> list[Row]:
    return [Row(None, title, is_heading=True), *rows] if rows else []


def _row(hit: SearchHit) -> Row:
    who = speaker(hit)
    spoken = fill(translate("search", "%1: %2", "who said it, and the sentence"), who, hit.sentence)
    return Row(hit, hit.sentence, beside=who, tip=hit.file, spoken=spoken)


class ResultPainter(RowPainter):
    """The painter, in a column as wide as the field above it."""

    def height(self, row: Row) -> int:
        return self.theme.px(_ROW_PX)

    def paint_row(self, painter: QPainter, box: QRect, row: Row, *, is_at: bool, is_under_pointer: bool) -> None:
        theme = self.theme
        wide = min(theme.px(COLUMN_PX), box.width() - 2 * GAP_WIDE)
        column = QRect(box.left() + (box.width() - wide) // 2, box.top(), wide, box.height())
        inner = column.adjusted(GAP_WIDE, 0, -GAP_WIDE, 0)
        if row.is_heading:
            self._paint_head(painter, inner.adjusted(0, theme.px(8), 0, 0), row)
            return
        if is_at or is_under_pointer:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if is_at else "hover"))
            painter.drawRoundedRect(column, RADIUS, RADIUS)
        words = inner.adjusted(theme.px(_WHO_PX) + GAP_WIDE, 0, 0, 0)
        if isinstance(row.key, More):
            painter.setPen(theme.color("accent"))
            painter.setFont(theme.ui_font(SMALL))
            draw_line(painter, words, row.title)
            return
        painter.setPen(theme.color("muted"))
        painter.setFont(theme.ui_font(TINY))
        draw_line(painter, QRect(inner.left(), inner.top(), theme.px(_WHO_PX), inner.height()), row.beside)
        painter.setPen(theme.color("ink"))
        painter.setFont(theme.ui_font())
        metrics, seen, marks = painter.fontMetrics(), show_invisible(row.title), row.key.marks
        if len(seen) != len(row.title):  # they are of other letters
            marks = ()
        shown, marks = fitted(seen, marks, metrics, words.width())
        words.setTop(words.top() + (words.height() - metrics.height()) // 2)
        words.setWidth(2 * words.width())  # it is one line, whatever its marks add to it
        found = ground_of(theme.color("found"))
        draw_marked(painter, words, shown, [(*each, found) for each in marks])

    def _paint_head(self, painter: QPainter, box: QRect, row: Row) -> None:
        """Paint a title, and at the right when that was, by which model, and where."""
        theme = self.theme
        room = QRect(box)
        if row.dot is not None:
            painter.setFont(theme.ui_font(TINY))
            words, token = row.dot
            wide = painter.fontMetrics().horizontalAdvance(words) + theme.px(14)
            room.setLeft(max(box.center().x(), box.right() - wide))
            self.paint_dot(painter, room, words, token)
            room = QRect(box.left(), box.top(), room.left() - GAP_WIDE - box.left(), box.height())
        told = (row.aside, row.about if box.width() >= theme.px(_NARROW_PX) else "")
        painter.setFont(theme.ui_font(SMALL))
        painter.setPen(theme.color("muted"))
        words = " · ".join(filter(None, told))
        wide = min(painter.fontMetrics().horizontalAdvance(words) + 1, room.width() * 3 // 5)
        draw_line(painter, QRect(room.right() - wide, room.top(), wide + 1, room.height()), words)
        painter.setFont(theme.ui_font(bold=True))
        painter.setPen(theme.color("ink"))
        draw_line(painter, room.adjusted(0, 0, -wide - GAP_SECTION, 0), row.title)


def fitted(sentence: str, marks: Marks, metrics: QFontMetrics, room: int) -> tuple[str, Marks]:
    """Return a sentence shortened to `room` pixels so that its first mark is in sight, and its marks there."""
    if metrics.horizontalAdvance(sentence) <= room:
        return sentence, marks
    start = 0
    if marks and metrics.horizontalAdvance(sentence[: marks[0][1]]) > room * 2 // 3:
        start = marks[0][0]
        while start > 0 and metrics.horizontalAdvance(sentence[start - 1 : marks[0][0]]) < room // 3:
            start -= 1
        space = sentence.find(" ", start, marks[0][0])
        start = space + 1 if space >= 0 else start
    before = f"{ELLIPSIS} " if start else ""
    shown = metrics.elidedText(before + sentence[start:], Qt.TextElideMode.ElideRight, room)
    end = len(shown) - (1 if shown.endswith(ELLIPSIS) else 0)
    moved = [(begin - start + len(before), stop - start + len(before)) for begin, stop in marks if begin >= start]
    cut = next((begin for begin, stop in moved[1:] if begin < end < stop), None)
    if cut is not None:  # it ends before a word that was found rather than in it
        shown, end = f"{shown[:cut].rstrip()}{ELLIPSIS}", cut
    return shown, tuple((begin, min(stop, end)) for begin, stop in moved if begin < end)


_SIGN_PX = 12
_WIDEST_EM = 12
_OFF = Narrowing()
_Offers = Sequence[tuple[str, Any]]  # words, and the value that they stand for


class NarrowingButton(QPushButton):
    """A button for one way to narrow down: it opens a menu, or switches; a chosen one names its value and has a cross.

    `picked` with the value that was chosen, None where that is taken back.
    """

    picked = Signal(object)

    def __init__(self, theme: Theme, words: str, offers: Callable[[], _Offers] | None = None) -> None:
        """`offers`: what the menu has, asked for when it opens; None where it is a switch."""
        super().__init__()
        self._theme = theme
        self._words = words
        self._offers = offers
        self._chosen = ""  # the words of what is
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the drawing stands behind the words
        set_look(self, "narrowing")
        theme.changed.connect(self._draw)
        self.clicked.connect(self._on_clicked)
        self._show("")

    def _show(self, chosen: str) -> None:
        self._chosen, words = chosen, chosen or self._words
        self.setChecked(bool(chosen))
        widest = self.fontMetrics().averageCharWidth() * 2 * _WIDEST_EM
        self.setText(plain_action(self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, widest)))
        self.setAccessibleName(fill(self.tr("%1, press to search without it"), words) if chosen else words)
        self._draw()

    def _draw(self) -> None:
        edge = self._theme.px(_SIGN_PX)
        sign = "close" if self._chosen else "chevron-down" if self._offers else ""
        self.setIcon(icon(sign, self._theme.tokens.muted, edge) if sign else QIcon())
        self.setIconSize(QSize(edge, edge))

    def _on_clicked(self, has_been_off: bool) -> None:
        self.setChecked(not has_been_off)
        if not has_been_off:
            self._pick("", None)
        elif self._offers is None:
            self._pick(self._words, True)
        else:
            self._open_menu(self._offers())

    def _open_menu(self, offers: _Offers) -> None:
        menu = QMenu(self)
        menu.setLayoutDirection(self.window().layoutDirection())
        for words, value in offers:
            menu.addAction(plain_action(words)).triggered.connect(partial(self._pick, words, value))
        if menu.isEmpty():
            menu.addAction(self.tr("Nothing to choose from yet")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _pick(self, words: str, value: object, *_: object) -> None:
        self._show(words)
        self.picked.emit(value)


class NarrowingBar(QWidget):
    """The buttons, in a row that breaks where the page is narrow."""

    changed = Signal(object)  # the Narrowing that is chosen now

    def __init__(self, theme: Theme, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._choices = Choices()
        self.narrowing = _OFF
        ways = {
            "since": NarrowingButton(theme, self.tr("When"), self._times),
            "model": NarrowingButton(
                theme, self.tr("Model"), lambda: [(shown_name(each), each) for each in self._choices.models]
            ),
            "place": NarrowingButton(
                theme, self.tr("Place"), lambda: [(place_word(each), each) for each in self._choices.places]
            ),
            "pinned": NarrowingButton(theme, self.tr("Pinned")),
            "has_file": NarrowingButton(theme, self.tr("Has a file")),
        }
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for name, button in ways.items():
            flow.addWidget(button)
            button.picked.connect(partial(self._narrow, name))
        thinking = QCheckBox(self.tr("also in thinking"))
        thinking.setChecked(True)
        set_look(thinking, "small")
        thinking.toggled.connect(partial(self._narrow, "in_thinking"))
        stack((buttons, 1), (thinking, Qt.AlignmentFlag.AlignTop), across=True, on=self)

    def show_choices(self, choices: Choices) -> None:
        """Offer these models and places."""
        self._choices = choices

    def _times(self) -> _Offers:
        today = datetime.fromtimestamp(self._clock()).replace(hour=0, minute=0, second=0, microsecond=0)
        ways = (
            (self.tr("Today"), 0),
            (self.tr("Last 7 days"), 6),
            (self.tr("Last 30 days"), 29),
            (self.tr("Last 12 months"), 365),
        )
        return [(words, (today - timedelta(days)).timestamp()) for words, days in ways]

    def _narrow(self, name: str, value: object) -> None:
        changed: dict[str, Any] = {name: getattr(_OFF, name) if value is None else value}
        self.narrowing = replace(self.narrowing, **changed)
        self.changed.emit(self.narrowing)


_PAUSE_MS = 40  # after a letter: a fast typist's next one replaces it
_FIELD_PX = 44
_LONGEST_QUERY = 1_000  # letters; a line lays out all that it holds
_NEAR_END = 20  # rows below what is in sight, from which on more are looked for
_ALL_INDEXED = 0.99  # from this share on, nobody notices what is missing
_LONGEST_SAID = 60  # letters of the query that are said again
_KEYS_FROM_PX = 560  # of the page: below, the keys at the foot have no room
_STEPS = {  # how far keys go, and if it is in pages
    Qt.Key.Key_Up: (-1, False),
    Qt.Key.Key_Down: (1, False),
    Qt.Key.Key_PageUp: (-1, True),
    Qt.Key.Key_PageDown: (1, True),
    Qt.Key.Key_Home: (-(1 << 20), False),
    Qt.Key.Key_End: (1 << 20, False),
}


class SearchPage(QWidget):
    """A page to be put in the conversation's place."""

    typed = Signal(str)  # what to search for
    chosen = Signal(object)  # a SearchHit, to be shown where it stands
    more_wanted = Signal()  # the end of the results is near

    def __init__(self, theme: Theme, clock: Callable[[], float] = time.time, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(self, "page")
        self.narrowing = NarrowingBar(theme)
        self.results = Results(clock)
        self.list = RowList(theme, self.tr("Found"))
        self.list.are_alike = True
        self.list.painter = ResultPainter(theme, self.list)
        self.list.setItemDelegate(self.list.painter)
        self._nothing = Paragraph("", "muted")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._searching = self.tr("Searching…")
        self._has_moved = False  # the user has walked through these results
        self._left_at: object = None  # the key of the current row, while the page is hidden
        self._make_field()
        self._lay_out()
        self.setFocusProxy(self.line)
        self._pause.timeout.connect(self._ask)
        self.line.textChanged.connect(self._on_changed)
        for each in (self.line, self.list):
            each.installEventFilter(self)
        self.list.chosen.connect(self._choose)
        self.list.reached.connect(self._on_reached)
        self.list.verticalScrollBar().valueChanged.connect(lambda _: self._look_for_end())
        theme.changed.connect(self._fit)
        self._fit()

    def _make_field(self) -> None:
        """Make the field, with what was found at its right end."""
        self._field = QFrame()
        set_look(self._field, "find")
        self._glass = PlainLabel()
        self.line = QLineEdit()
        self.line.setMaxLength(_LONGEST_QUERY)
        self.line.setPlaceholderText(self.tr("Find anything said"))
        self.line.setAccessibleName(self.tr("Find anything said"))
        set_look(self.line, "bare")
        self._state = PlainLabel("", "small")
        cross = IconButton(self._theme, "close", self.tr("Back (Esc)"))
        self.back_requested: SignalInstance = cross.clicked
        margins = (GAP_WIDE, 0, GAP, 0)
        stack(self._glass, (self.line, 1), self._state, cross, margins=margins, across=True, on=self._field)

    def _lay_out(self) -> None:
        keys = self._keys = QWidget()
        hints = (
            key_hint(self.tr("move"), "↑", "↓"),
            key_hint(self.tr("to the message"), self.tr("Enter")),
            key_hint(self.tr("filters"), self.tr("Tab")),
            key_hint(self.tr("back to the conversation"), self.tr("Esc")),
        )
        stack(*hints, None, gap=GAP_WIDE, across=True, on=keys)
        self._centred = (self._field, self.narrowing, self._nothing, keys)
        field, narrowing, nothing, foot_row = (
            stack(None, (each, 1000), None, gap=0, margins=(GAP_WIDE, 0, GAP_WIDE, 0), across=True)
            for each in self._centred
        )
        head, self._foot, around, results = QFrame(), QFrame(), QWidget(), QWidget()
        set_look(head, "header")
        set_look(self._foot, "footer")
        stack(field, narrowing, gap=GAP_WIDE, margins=(0, GAP_WIDE, 0, GAP_WIDE), on=head)
        stack(foot_row, gap=0, margins=(0, GAP_WIDE, 0, GAP_WIDE), on=self._foot)
        stack(nothing, None, gap=0, margins=(GAP_WIDE, GAP_PAGE, GAP_WIDE, GAP_PAGE), on=around)
        self._stack = QStackedLayout(results)
        self._stack.addWidget(self.list)
        self._stack.addWidget(around)
        stack(head, (results, 1), self._foot, gap=0, on=self)

    @property
    def query(self) -> str:
        """What stands in the field."""
        return self.line.text()

    @property
    def state(self) -> str:
        """What the field says of how much was found."""
        return self._state.text()

    def focus_field(self, typed: str = "") -> None:
        """Focus the field, whose words are selected; letters that were typed elsewhere replace them."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()
        if typed:
            self.line.insert(typed)

    def begin_results(self, indexed: float) -> None:
        """Expect the results of another question; what is shown stays until the first of them comes.

        `indexed` is the share of all that was said that is in the index; what is not takes longer.
        """
        self._has_moved = False
        is_slow = indexed < _ALL_INDEXED
        self._state.setText(fill(self.tr("Searching, %1 indexed…"), percent(indexed)) if is_slow else self._searching)

    def show_rows(self) -> None:
        """Show what was found, the first place being the current one until the user has gone elsewhere."""
        self._stack.setCurrentIndex(0)
        self.list.show_rows(self.results.rows())
        if not self._has_moved:
            self.list.go_to(next((each.key for each in self.list.rows if each.can_be_at), None))
            self.list.scrollToTop()

    def show_words(self, words: str) -> None:
        """Show a sentence in place of results."""
        self._state.setText("")
        self.list.show_rows(())
        self._nothing.setText(words)
        self._stack.setCurrentIndex(1)

    def show_begin(self) -> None:
        """Show what can be searched for, while nothing is."""
        self.show_words(self.tr("Type what you remember: a word of a question, an answer, a file or a title."))

    def show_nothing(self) -> None:
        """Show that nothing was found for what stands in the field."""
        said = self.query.strip()
        shown = said if len(said) <= _LONGEST_SAID else f"{said[:_LONGEST_SAID]}…"
        may_hide = self.tr("Nothing was found for “%1”. The filters above may hide something.")
        is_narrowed = self.narrowing.narrowing != _OFF
        self.show_words(fill(may_hide if is_narrowed else self.tr("Nothing was found for “%1”."), shown))

    def show_count(self, words: str) -> None:
        """Show in the field how much was found, now that the search has ended or paused."""
        self._state.setText(words)
        speak(self, words)

    def _on_changed(self) -> None:
        self._state.setText(self._searching)
        self._pause.start()

    def _ask(self) -> None:
        """Have what stands in the field searched for."""
        self._pause.stop()
        self.typed.emit(self.query)

    def _choose(self, key: object) -> None:
        self._has_moved = True
        if isinstance(key, More):
            at = self.list.currentIndex().row()
            self.results.show_all_titles()
            self.show_rows()
            self.list.go_to(self.list.rows[at].key)
        else:
            self.chosen.emit(key)

    def _on_reached(self, key: object) -> None:
        self._has_moved = True
        self.list.go_to(key)  # with the heading above it

    def _look_for_end(self) -> None:
        bar = self.list.verticalScrollBar()
        if bar.maximum() - bar.value() < _NEAR_END * max(1, self.list.sizeHintForRow(0)):
            self.more_wanted.emit()

    def _fit(self) -> None:
        px = self._theme.px
        for widget in self._centred:
            widget.setMaximumWidth(px(COLUMN_PX))
        self._field.setFixedHeight(px(_FIELD_PX))
        edge, ratio = self._theme.icon_px, self.devicePixelRatioF()
        self._glass.setPixmap(pixmap("search", self._theme.tokens.muted, edge, ratio))
        self._foot.setVisible(self.width() >= px(_KEYS_FROM_PX))

    def _take_key(self, event: QKeyEvent, *, is_in_list: bool) -> bool:
        """Do what a key does with the results, also from the field. Return False for any other."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End) and not (
            is_in_list or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            return False
        if key in _STEPS:
            page = max(1, self.list.viewport().height() // max(1, self.list.sizeHintForRow(0)) - 1)
            step, is_of_pages = _STEPS[key]
            self.list.step(step * page if is_of_pages else step)
            self._has_moved = True
            return True
        if key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        if self._pause.isActive():  # what has just been typed is searched for first
            self._ask()
        elif self.list.current is not None:
            self._choose(self.list.current.key)
        return True

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        # Qt tells a screen reader that the current row of a hidden list is in sight, with the focus.
        self._left_at = self.list.current.key if self.list.current is not None else None
        self.list.go_to(None)
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if any(each.key == self._left_at for each in self.list.rows if each.can_be_at):
            self.list.go_to(self._left_at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._field.setProperty("focused", event.type() is QEvent.Type.FocusIn)
            self._field.style().unpolish(self._field)
            self._field.style().polish(self._field)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._take_key(event, is_in_list=watched is self.list)
        return False
