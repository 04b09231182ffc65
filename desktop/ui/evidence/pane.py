"""The evidence pane: a sentence on one thing of an answer, and the place in the file where it stands.

It is told what was found and shows it; looking things up, and the marks in the answer, are other parts' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QWidget

from desktop.core.claims.finding import figures_in
from desktop.core.documents.document import ReadingProblem, SectionKind, WordsOnPage
from desktop.core.documents.surroundings import by_section, paragraph_at, section_at
from desktop.core.evidence.checked import NO_EVIDENCE, Checked, Evidence, GivenText, SourcePlace, Verdict
from desktop.rendering.text.letters import show_invisible
from desktop.runtime.chat import Chat
from desktop.runtime.evidence import DrawnPage, PagePictures, WantedPage
from desktop.ui.evidence import words
from desktop.ui.evidence.source_views import PageView, PlaceInTable, PlaceInText, decode_page, table_around
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.buttons import MenuButton, button
from desktop.ui.widgets.labels import NameLabel, Paragraph, PlainLabel, key_hint, speak
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.page import PanePlace
from desktop.ui.words import fill, number, plain_action, say, shown_name

_SIGNS = re.compile(r"\s*[=+×÷*/]\s*|\s+[−–-]\s+")
_SMALL = re.compile(r"\d{1,2}")
_MOST = 50
_PDF = "application/pdf"


def places_of(thing: Checked, evidence: Evidence) -> tuple[SourcePlace, ...]:
    """Return the places of a thing, in order; none where it stands nowhere and is not computed."""
    if thing.verdict is Verdict.FROM_QUESTION:
        return (_in_question(thing.text, evidence) or SourcePlace(len(evidence.sources), 0, 0),)
    if thing.places or thing.calculation is None:
        return tuple(piece for place in thing.places for piece in _by_section(place, evidence))
    found: list[SourcePlace] = []
    operands = [operand.strip("() ") for operand in _SIGNS.split(thing.calculation.shown)[:_MOST]]
    # A factor such as 2 or 12 stands anywhere.
    for operand in [each for each in operands if not _SMALL.fullmatch(each)] or operands:
        place = _place_of(operand, evidence)
        if place is not None and place not in found:
            found.append(place)
    return tuple(found)


def _by_section(place: SourcePlace, evidence: Evidence) -> Iterator[SourcePlace]:
    """Yield a place page by page."""
    source = evidence.source_of(place)
    for start, end in by_section(source.text, source.anchors, place.start, place.end):
        yield replace(place, start=start, end=end)


def _place_of(operand: str, evidence: Evidence) -> SourcePlace | None:
    """Return where a number of a calculation stands: as the answer's own thing, or as it is written."""
    for each in evidence.checked:
        if each.text == operand and each.places:
            return each.places[0]
    if not operand:
        return None
    whole = re.compile(rf"(?<![\w.,]){re.escape(operand)}(?![\w]|[.,]\d)")
    for index, source in enumerate(evidence.sources):
        if match := whole.search(source.text):
            return SourcePlace(index, match.start(), match.end())
    return _in_question(operand, evidence)


def _in_question(words: str, evidence: Evidence) -> SourcePlace | None:
    """Return where the user's own message has these words, or the same figure written otherwise."""
    start, end = evidence.question.find(words), len(words)
    if start < 0:
        values = {value for figure in figures_in(words, ".") for value in figure.values}
        said = figures_in(evidence.question, ".") if values else []
        same = next((each for each in said if not values.isdisjoint(each.values)), None)
        start, end = (same.start, same.end - same.start) if same is not None else (-1, 0)
    return SourcePlace(len(evidence.sources), start, start + end) if start >= 0 else None


_MOST_LISTED: Final = 100  # of the things that are amiss, and of the others: a longer list is gone through by F8
_LONGEST: Final = 90  # letters of a line of the list


def pane_in(place: PanePlace, chat: Chat) -> EvidencePane:
    """Return a pane for the files of a conversation, which stands in this place."""
    files, make_reader = chat.attachments.files, chat.attachments.make_reader
    pane = EvidencePane(place.theme, PagePictures(chat.services.work, files, make_reader, decode_page))
    place.put_in(pane)
    return pane


class PlaceView(QStackedWidget):
    """The view of one place at a time: a text, a page or a table, each of which may have the keyboard."""

    said = Signal(str, str)  # a line above it, and which page it is; either may be empty

    def __init__(self, theme: Theme, pictures: PagePictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._source = GivenText("", "")
        self._place: SourcePlace | None = None
        self._wanted: WantedPage | None = None
        self.text = PlaceInText(theme)
        self.page = PageView(theme)
        self.table = PlaceInTable(theme)
        for view in (self.text, self.page, self.table):
            self.addWidget(view)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.page.width_wanted.connect(self._on_width)
        pictures.drawn.connect(self._on_drawn)
        pictures.failed.connect(self._on_failed)

    def show_place(self, source: GivenText, place: SourcePlace | None) -> None:
        """Show a place of a source; how it begins where there is none."""
        self._source, self._place = source, place
        before, self._wanted = self._wanted, self._page_wanted()
        if self._wanted is None:
            self.stop()
            self._show_text("")
            return
        is_same = before is not None and (before.digest, before.number) == (self._wanted.digest, self._wanted.number)
        if not is_same or self.currentWidget() is not self.page:
            self.page.show_waiting()
        self._show(self.page)
        self.said.emit(self._note(), words.of_pages(self._wanted.number, 0))
        self._draw(self.page.wanted_width)

    def focus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the keyboard to what is shown."""
        (self.currentWidget() or self.text).setFocus(reason)

    def stop(self) -> None:
        """Give up what is being drawn, since something else is shown."""
        self._wanted = None
        self.pause()

    def pause(self) -> None:
        """Draw nothing while it is out of sight."""
        self._pictures.stop()

    def resume(self) -> None:
        """Draw what was given up when it went out of sight."""
        if self.page.is_waiting:
            self._draw(self.page.wanted_width)

    def _page_wanted(self) -> WantedPage | None:
        """Return the page that is to be shown as it looks; None for what has no pages."""
        source, place = self._source, self._place
        if source.media_type != _PDF:
            return None
        if place is None:
            first = source.anchors[0].section if source.anchors else 1
            return WantedPage(source.digest, first, 0)
        mark = section_at(source.text, source.anchors, place.start)
        if mark is None or mark.kind is not SectionKind.PAGE:
            return None
        paragraph = paragraph_at(source.text, source.anchors, place.start, place.end)
        if paragraph.anchor is None:  # the page itself is the place
            return WantedPage(source.digest, mark.number, 0)
        letter = paragraph.anchor.place
        # Lines of a block of a page are paragraphs that stand close together.
        start = max(paragraph.start, source.text.rfind("\n", 0, place.start) + 1)
        end = min(place.end, paragraph.end)
        last = source.text.find("\n", end, paragraph.end)
        line = source.text[start : last if last >= 0 else paragraph.end]
        near = int(letter) + start - paragraph.start if letter.isdecimal() else 0
        return WantedPage(source.digest, mark.number, 0, WordsOnPage(line, place.start - start, end - start, near))

    def _draw(self, width: int) -> None:
        if self._wanted is not None and self.currentWidget() is self.page:
            self._wanted = replace(self._wanted, width=width)
            self._pictures.request_page(self._wanted)

    def _on_width(self, width: int) -> None:
        if self._wanted is not None and width != self._wanted.width:
            self._draw(width)

    def _on_drawn(self, wanted: WantedPage, page: DrawnPage) -> None:
        if wanted == self._wanted:
            self.page.show_page(page)
            self.said.emit(self._note(), words.of_pages(wanted.number, page.count))

    def _on_failed(self, wanted: WantedPage, problem: ReadingProblem) -> None:
        if wanted == self._wanted:
            self._wanted = None
            self._show_text(words.not_drawn(problem))

    def _show_text(self, note: str) -> None:
        """Show the text that was sent; a table as one."""
        source, place = self._source, self._place
        self.page.hide_page()
        table = table_around(source, place, is_sheet=words.is_sheet(source, place)) if place is not None else None
        if table is not None:
            self._show(self.table)
            self.table.show_table(table)
            note = note or table.heads
        else:
            self._show(self.text)
            self.text.show_place(source, place)
        self.said.emit(note or self._note(), "")

    def _show(self, view: QWidget) -> None:
        """Show one of the views, with the words of the paragraph for screen readers; the keyboard stays here."""
        had_focus = (self.currentWidget() or self.text).hasFocus()
        self.setCurrentWidget(view)
        source, place = self._source, self._place
        name = words.title(source)
        if place is not None:
            paragraph = paragraph_at(source.text, source.anchors, place.start, place.end)
            name = source.text[paragraph.start : paragraph.end]
        view.setAccessibleName(name)
        if had_focus:
            self.focus()

    def _note(self) -> str:
        return words.beginning(self._source) if self._place is None else ""


class EvidencePane(QWidget):
    """The pane. The owner says what to show, and hides it when it says `closed`."""

    thing_changed = Signal(int)  # the index of another thing that the user went to within the pane
    answer_wanted = Signal(int)  # the index of the thing whose mark in the answer is to get the keyboard
    closed = Signal()

    def __init__(self, theme: Theme, pictures: PagePictures) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._evidence = NO_EVIDENCE
        self._index = 0
        self._told: list[int] = []  # the things that are walked through
        self._own: tuple[SourcePlace, ...] = ()  # the places that are walked through
        self._at = 0  # which of the thing's places is shown
        self._is_instead = False  # what the file says instead is shown, rather than a place of the thing
        self.setAccessibleName(self.tr("Evidence"))
        self.title = NameLabel("", "heading")
        self.path = PlainLabel("", "small", wraps=True)  # below the folder that the file was found in
        self.findings = MenuButton(theme)
        close = IconButton(theme, "close", self.tr("Close (Esc)"), do=self.closed.emit)
        self.sentence = Paragraph()
        self.hint = Paragraph("", "small")
        self.show_instead = button(self.tr("Show"), "advice", self._go_to_instead)
        before, following = self.tr("The place before (←)"), self.tr("The next place (→)")
        self._back = IconButton(theme, "chevron-left", before, do=lambda: self.step_place(-1))
        self._on = IconButton(theme, "chevron-right", following, do=lambda: self.step_place(1))
        self.places = PlainLabel("", "small ink")
        self.page_label = PlainLabel("", "small")
        self.note = Paragraph("", "small")
        self.view = PlaceView(theme, pictures)
        self._hint_row = QWidget()
        row = stack((self.hint, 1), gap=0, across=True, on=self._hint_row)
        row.addWidget(self.show_instead, 0, Qt.AlignmentFlag.AlignBottom)
        self.box = QFrame()
        stack(self.sentence, self._hint_row, gap=GAP_TIGHT, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), on=self.box)
        self._walker = QWidget()
        stack(self._back, self.places, self._on, None, self.page_label, gap=GAP_TIGHT, across=True, on=self._walker)
        head = stack((self.title, 1), self.findings, close, across=True)
        column = (head, self.path, self.box, self._walker, self.note, (self.view, 1), self._foot(theme))
        stack(*column, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP_WIDE), on=self)
        self.findings.clicked.connect(self._list_findings)
        self.view.said.connect(self._show_lines)
        self.view.page.zoomed.connect(self._show_zoom)
        for each in (self.view.text, self.view.page, self.view.table):
            each.installEventFilter(self)

    def _foot(self, theme: Theme) -> QWidget:
        """Return the row of keys, and of buttons for the size of a page."""
        self._foot_row, self._keys = QWidget(), QWidget()
        self._walk_key = key_hint(self.tr("places"), "←", "→")
        hints = self._walk_key, key_hint(self.tr("to the answer"), "Enter"), key_hint(self.tr("close"), "Esc")
        stack(*hints, gap=GAP_WIDE, across=True, on=self._keys)
        hint, zoom = self.tr("The words of the page fill the width again (Ctrl+0)"), self.view.page.zoom
        self.zooming = (
            button(self.tr("Fit width"), "advice", partial(zoom, 0), hint),
            IconButton(theme, "minus", self.tr("Smaller page (Ctrl+−)"), do=partial(zoom, -1)),
            IconButton(theme, "add", self.tr("Larger page (Ctrl++)"), do=partial(zoom, 1)),
        )
        stack(self._keys, None, *self.zooming, gap=GAP_TIGHT, across=True, on=self._foot_row)
        return self._foot_row

    @property
    def thing(self) -> Checked | None:
        """The thing that is shown; None before there is one."""
        checked = self._evidence.checked
        return checked[self._index] if self._index < len(checked) else None

    @property
    def place(self) -> SourcePlace | None:
        """The place that is shown; None where the thing stands nowhere."""
        thing = self.thing
        if thing is not None and thing.instead is not None and (self._is_instead or not self._own):
            return thing.instead.place
        return self._own[self._at] if self._own else None

    def show_thing(self, evidence: Evidence, thing_index: int) -> None:
        """Show what became of a thing of an answer, at the first of its places."""
        self._evidence = evidence
        self._told = [at for at, each in enumerate(evidence.checked) if each.verdict is not Verdict.UNCHECKED]
        self._index = max(0, min(thing_index, len(evidence.checked) - 1))
        thing = self.thing
        self._own = places_of(thing, evidence) if thing is not None else ()
        self._at = 0
        self._is_instead = False
        self._refresh()

    def step_place(self, by: int) -> None:
        """Go to another place of the thing."""
        count = len(self._own)
        if count and self._is_instead:
            self._is_instead = False
            self._refresh()
        elif count > 1:
            self._at = (self._at + by) % count
            self._refresh()

    def step_thing(self, by: int) -> None:
        """Go to another thing of the answer."""
        beyond = [each for each in self._told if (each - self._index) * by > 0]
        if beyond:
            self._go_to(min(beyond) if by > 0 else max(beyond))

    def focus_place(self) -> None:
        """Focus what is shown of the file. Not as a focus proxy, with which Tab would pass the buttons above it."""
        self.view.focus()

    def _go_to(self, index: int) -> None:
        self.show_thing(self._evidence, index)
        self.thing_changed.emit(index)

    def _go_to_instead(self) -> None:
        self._is_instead = True
        self._refresh()
        self.focus_place()

    def _refresh(self) -> None:
        thing, place, evidence = self.thing, self.place, self._evidence
        if thing is None:
            return
        said = words.sentence(thing, evidence, self._own[self._at] if self._own else None)
        self.sentence.show_dressed(said.text, said.bold, said.italic)
        set_look(self.box, "warning" if thing.verdict.is_amiss else "told")
        at = self._told.index(self._index) + 1 if self._index in self._told else 0
        which = fill(self.tr("%1 of %2"), number(at), number(len(self._told)))
        self.findings.show_words(which, fill(self.tr("All that was looked up: %1"), which))
        self.findings.setVisible(len(self._told) > 1)
        self._hint_row.setVisible(thing.instead is not None)
        if thing.instead is not None:
            hint = words.hint(thing, thing.instead, evidence)
            self.hint.show_dressed(hint.text, hint.bold, hint.italic)
            self.show_instead.setVisible(bool(self._own) and not self._is_instead)
        self._show_walker()
        # Where there is no place, a file is shown, else a text of the user's.
        source = evidence.source_of(place) if place is not None else None
        source = source or max(evidence.sources, key=lambda each: bool(each.name), default=None)
        self.title.show_text(words.title(source) if source is not None else self.tr("Evidence"))
        above = source.path.split("/")[:-1] if source is not None else []
        self.path.setText(show_invisible(" › ".join(above)))
        self.path.setVisible(bool(above))
        self.view.setVisible(source is not None)
        if source is not None:
            self.view.show_place(source, place)
        else:
            self.view.stop()
            self._show_lines("", "")
        if self.isVisible():
            speak(self, said.text)

    def _show_walker(self) -> None:
        count = len(self._own)
        for each in (self._back, self._on):
            each.setVisible(count > 1 or (self._is_instead and count > 0))
        is_walked = count > 1 and not self._is_instead
        which = say("evidence.place_of", at=number(self._at + 1), count=number(count)) if is_walked else ""
        self.places.setText(which)
        self._walk_key.setVisible(count > 1)

    def _show_lines(self, note: str, page: str) -> None:
        """Show the line above the view, and which page it is."""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.page_label.setText(page)
        self._show_zoom()
        self._walker.setVisible(not self._back.isHidden() or bool(page))

    def _show_zoom(self) -> None:
        """Show the buttons for the size of a page where there is one, and the keys where they have room beside them."""
        is_page = self.view.currentWidget() is self.view.page
        for each in self.zooming:
            each.setVisible(is_page and (self.view.page.is_zoomed or each is not self.zooming[0]))
        shown = (self._keys, *(each for each in self.zooming if not each.isHidden()))
        self._keys.setVisible(sum(each.sizeHint().width() + GAP_TIGHT for each in shown) <= self._foot_row.width())

    def _list_findings(self) -> None:
        """List all that was looked up, what is amiss first; a screen reader goes through it as through any menu."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for is_amiss in (True, False):
            things = [each for each in self._told if self._evidence.checked[each].verdict.is_amiss is is_amiss]
            for thing in things[:_MOST_LISTED]:
                line = shown_name(" ".join(words.thing_words(self._evidence, thing).split()))
                line = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
                menu.addAction(plain_action(line)).triggered.connect(lambda _=False, at=thing: self._go_to(at))
            menu.addSeparator()
        menu.popup(self.findings.mapToGlobal(QPoint(0, self.findings.height())))

    def _take_key(self, event: QKeyEvent) -> bool:
        """Do what a key stands for in the pane; return False for any other."""
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        match event.key():
            case Qt.Key.Key_Left if is_plain:
                self.step_place(-1)
            case Qt.Key.Key_Right if is_plain:
                self.step_place(1)
            case Qt.Key.Key_Escape:
                self.closed.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if is_plain:
                self.answer_wanted.emit(self._index)
            case Qt.Key.Key_F8:
                self.step_thing(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            case _:
                return False
        return True

    # Qt's own methods

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        return bool(event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._take_key(event))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.view.focus(event.reason())  # no proxy, which would keep Tab from what stands above

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_zoom()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.view.pause()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.view.resume()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event):
            super().keyPressEvent(event)
