"""The evidence pane: a sentence on one thing of an answer, and the place in the file where it stands.

It is told what was found and shows it; looking things up, and the marks in the answer, are other parts' business.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFocusEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.core.evidence.checked import NO_EVIDENCE, Checked, Evidence, GivenText, SourcePlace, Verdict
from desktop.runtime.evidence import PagePictures
from desktop.ui.evidence import pane_words
from desktop.ui.evidence.pane_findings import FindingsButton
from desktop.ui.evidence.pane_foot import PaneFoot
from desktop.ui.evidence.pane_places import places_of
from desktop.ui.evidence.pane_view import PlaceView
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import NameLabel, Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack

_NOT_WALKED: Final = frozenset((Verdict.UNCHECKED,))


class EvidencePane(QWidget):
    """The pane. The owner says what to show, and hides it when it says `closed`."""

    thing_changed = Signal(int)  # the index of another thing that the user went to within the pane
    answer_wanted = Signal(int)  # the index of the thing whose mark in the answer is to get the keyboard
    closed = Signal()

    def __init__(self, theme: Theme, pictures: PagePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._evidence = NO_EVIDENCE
        self._index = 0
        self._own: tuple[SourcePlace, ...] = ()  # the places that are walked through
        self._at = 0  # which of the thing's places is shown
        self._is_instead = False  # what the file says instead is shown, rather than a place of the thing
        self.setAccessibleName(self.tr("Evidence"))
        self._title = NameLabel("", "heading")
        self._findings = FindingsButton(theme)
        self._close = IconButton(theme, "close", self.tr("Close (Esc)"))
        self._sentence = Paragraph()
        self._hint = Paragraph("", "small")
        self._show = QPushButton(self.tr("Show"))
        self._back = IconButton(theme, "chevron-left", self.tr("The place before (←)"))
        self._on = IconButton(theme, "chevron-right", self.tr("The next place (→)"))
        self._places = PlainLabel("", "small ink")
        self._page_label = PlainLabel("", "small")
        self._note = Paragraph("", "small")
        self._view = PlaceView(theme, pictures)
        self._foot = PaneFoot(theme)
        self._lay_out()
        self._connect()

    @property
    def thing(self) -> Checked | None:
        """The thing that is shown; None before there is one."""
        checked = self._evidence.checked
        return checked[self._index] if self._index < len(checked) else None

    @property
    def place(self) -> SourcePlace | None:
        """The place that is shown; None where the thing stands nowhere."""
        thing = self.thing
        if thing is None:
            return None
        if thing.instead is not None and (self._is_instead or not self._own):
            return thing.instead.place
        return self._own[self._at] if self._own else None

    def show_thing(self, evidence: Evidence, thing_index: int) -> None:
        """Show what became of a thing of an answer, at the first of its places."""
        self._evidence = evidence
        self._index = max(0, min(thing_index, len(evidence.checked) - 1))
        thing = self.thing
        self._own = places_of(thing, evidence) if thing is not None else ()
        self._at = 0
        self._is_instead = False
        self._refresh()

    def step_place(self, by: int) -> None:
        """Go to another place of the thing."""
        count = len(self._own)
        if self._is_instead and count:
            self._is_instead = False
            self._refresh()
        elif count > 1:
            self._at = (self._at + by) % count
            self._refresh()

    def step_thing(self, by: int) -> None:
        """Go to another thing of the answer."""
        checked = self._evidence.checked
        index = self._index + by
        while 0 <= index < len(checked) and checked[index].verdict in _NOT_WALKED:
            index += by
        if 0 <= index < len(checked):
            self._go_to(index)

    def _go_to(self, index: int) -> None:
        self.show_thing(self._evidence, index)
        self.thing_changed.emit(index)

    def focus_place(self) -> None:
        """Focus what is shown of the file. Not as a focus proxy, with which Tab would pass the buttons above it."""
        self._view.focus.setFocus()

    def _show_instead(self) -> None:
        self._is_instead = True
        self._refresh()
        self.focus_place()

    def _refresh(self) -> None:
        thing, place, evidence = self.thing, self.place, self._evidence
        if thing is None:
            return
        said = pane_words.sentence(thing, evidence, self._own[self._at] if self._own else None)
        self._sentence.show_dressed(said.text, said.bold, said.italic)
        set_look(self._box, "warning" if thing.verdict.is_amiss else "told")
        self._findings.show_thing(evidence, self._index)
        self._show_hint(thing)
        self._show_walker()
        source = evidence.source_of(place) if place is not None else self._first_file()
        self._title.show_text(pane_words.title(source) if source is not None else self.tr("Evidence"))
        self._view.setVisible(source is not None)
        if source is not None:
            self._view.show_place(source, place)
        else:
            self._view.stop()
            self._show_lines("", "")
        self._say(said.text)

    def _first_file(self) -> GivenText | None:
        """Return what is shown where there is no place: a file, else a text of the user's."""
        return max(self._evidence.sources, key=lambda each: bool(each.name), default=None)

    def _show_hint(self, thing: Checked) -> None:
        instead = thing.instead
        self._hint_row.setVisible(instead is not None)
        if instead is not None:
            said = pane_words.hint(thing, instead, self._evidence)
            self._hint.show_dressed(said.text, said.bold, said.italic)
            self._show.setVisible(bool(self._own) and not self._is_instead)

    def _show_walker(self) -> None:
        count = len(self._own)
        for button in (self._back, self._on):
            button.setVisible(count > 1 or (self._is_instead and count > 0))
        self._places.setText(pane_words.of_places(self._at, count) if count > 1 and not self._is_instead else "")
        self._foot.show_walking(count > 1)

    def _show_lines(self, note: str, page: str) -> None:
        """Show the line above the view, and which page it is."""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._page_label.setText(page)
        self._show_zoom()
        self._walker.setVisible(not self._back.isHidden() or bool(page))

    def _show_zoom(self) -> None:
        page = self._view.page
        self._foot.show_zooming(self._view.currentWidget() is page, is_zoomed=page.is_zoomed)

    def _say(self, words: str) -> None:
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._findings)
        head.addWidget(self._close)
        self._show.setAutoDefault(False)
        set_look(self._show, "advice")
        self._hint_row = QWidget()
        hint = stack((self._hint, 1), gap=0, across=True, on=self._hint_row)
        hint.addWidget(self._show, 0, Qt.AlignmentFlag.AlignBottom)
        self._box = QFrame()
        stack(self._sentence, self._hint_row, gap=GAP_TIGHT, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), on=self._box)
        self._walker = QWidget()
        stack(self._back, self._places, self._on, None, self._page_label, gap=GAP_TIGHT, across=True, on=self._walker)
        stack(
            head,
            self._box,
            self._walker,
            self._note,
            (self._view, 1),
            self._foot,
            margins=(GAP_WIDE, GAP, GAP_WIDE, GAP_WIDE),
            on=self,
        )

    def _connect(self) -> None:
        self._close.clicked.connect(self.closed)
        self._findings.chosen.connect(self._go_to)
        self._show.clicked.connect(self._show_instead)
        self._back.clicked.connect(lambda: self.step_place(-1))
        self._on.clicked.connect(lambda: self.step_place(1))
        self._view.said.connect(self._show_lines)
        self._foot.zoom_wanted.connect(self._view.page.zoom)
        self._view.page.zoomed.connect(lambda _: self._show_zoom())
        for each in self._view.targets:
            each.installEventFilter(self)

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
        self._view.focus.setFocus(event.reason())  # no proxy, which would keep Tab from what stands above

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._view.pause()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._view.resume()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event):
            super().keyPressEvent(event)
