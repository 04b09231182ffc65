"""Below an answer from folders: how much of them went, and unfolded, which files it stands on, and where.

The files stand in the order in which the answer uses them, as far as what it says was found there; else as they went.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.core.documents.document import SectionKind
from desktop.core.documents.marks import MarkLine
from desktop.core.documents.surroundings import paragraph_at, section_at
from desktop.core.evidence.checked import NO_EVIDENCE, Evidence
from desktop.core.message import AttachmentPart
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.words import passages_of, place_in_words, places_in_words
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT, GAP_WIDE, SMALL
from desktop.ui.message_actions import Ask, Reading
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.rows import Row, RowList, RowPainter, draw_line
from desktop.ui.words import number, say

_HEAD_PX, _ROW_PX, _LOW_ROW_PX = 28, 52, 30
_LOW_PX = 640  # a window lower than that shows no excerpts
_LONGEST = 200  # letters of an excerpt
_EDGE_PX = 3


@dataclass(frozen=True, slots=True)
class Stand:
    """File that an answer stands on: the first thing of the answer there, if any, its places, and an excerpt."""

    part: AttachmentPart
    thing: int | None
    marks: tuple[MarkLine, ...]
    excerpt: str


def stands_of(parts: Sequence[AttachmentPart], evidence: Evidence) -> list[Stand]:
    """Return the files of `parts` that an answer stands on, in the order of the answer; empty where none is known."""
    found: dict[int, list[int]] = {}
    for thing, each in enumerate(evidence.checked):
        if each.places:
            source = evidence.source_of(each.places[0])
            for at, part in enumerate(parts):
                if (part.name, part.digest, part.path) == (source.name, source.digest, source.path):
                    found.setdefault(at, []).append(thing)
                    break
    stands: list[Stand] = []
    for at, things in found.items():
        places = [evidence.checked[thing].places[0] for thing in things]
        source = evidence.source_of(places[0])
        marks = (section_at(source.text, source.anchors, place.start) for place in places)
        paragraph = paragraph_at(source.text, source.anchors, places[0].start, places[0].end)
        excerpt = source.text[paragraph.start : paragraph.end]
        stands.append(Stand(parts[at], things[0], tuple(dict.fromkeys(filter(None, marks))), excerpt))
    return stands


def _as_sent(part: AttachmentPart) -> Stand:
    marks = (section_at(part.text, part.anchors, each.offset) for each in part.anchors)
    begin = part.anchors[0].offset if part.anchors else 0
    return Stand(part, None, tuple(dict.fromkeys(filter(None, marks))), part.text[begin : begin + _LONGEST])


class AnswerPassages(QWidget):
    """The line below one answer, and what it unfolds."""

    height_changed = Signal()

    def __init__(
        self, theme: Theme, parts: Sequence[AttachmentPart], message_id: str, reading: Reading, parent: QWidget
    ):
        super().__init__(parent)
        self._theme = theme
        self._parts = parts
        self._reading = reading
        self._ask = reading.at(message_id)
        self._evidence = NO_EVIDENCE
        self._is_open = False
        words = say("passages.from", passages=passages_of(sum(each.passages for each in parts), len(parts)))
        self._head = FoldButton(theme, words)
        self._head.setParent(self)
        set_look(self._head, "line")
        self._head.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self._head.clicked.connect(self._turn)
        self._list = _Files(theme, words, "framed", self)
        self._list.chosen.connect(self._open)
        self._also = PlainLabel("", "small", wraps=True, parent=self)
        for each in (self._list, self._also):
            each.hide()

    def show_evidence(self, evidence: Evidence) -> None:
        """Order the files by what was found of the answer in them."""
        self._evidence = evidence
        self._show()

    def height_for(self, width: int) -> int:
        """Return the height in pixels at a width in pixels."""
        head = self._theme.px(_HEAD_PX)
        if not self._is_open:
            return head
        also = self._also.heightForWidth(width) + GAP_TIGHT if self._also.text() else 0
        return head + self._list.wanted_height + also + GAP_TIGHT

    def _turn(self) -> None:
        self._is_open = not self._is_open
        self._head.show_state(is_open=self._is_open)
        self._show()
        self.height_changed.emit()

    def _show(self) -> None:
        if not self._is_open:
            self._list.hide()
            self._also.hide()
            return
        stands = stands_of(self._parts, self._evidence) or list(map(_as_sent, self._parts))
        self._list.show_rows([_row(at, each) for at, each in enumerate(stands)])
        self._stands = stands
        used = {id(each.part) for each in stands}
        others = [each for each in self._parts if id(each) not in used]
        told = [*([_also_sent(others)] if others else []), *self._unread()]
        self._also.setText(" · ".join(told))
        self._list.show()
        self._also.setVisible(bool(told))

    def _unread(self) -> Iterable[str]:
        """Return how many files of the folders cannot be read, where that is known."""
        states = (self._reading.folder_state(each) for each in dict.fromkeys(part.folder for part in self._parts))
        for state in states:
            if state is not None and state.unread:
                yield say("passages.cannot_be_read", state.files, unread=number(state.unread))

    def _open(self, at: int) -> None:
        stand = self._stands[at]
        if stand.thing is not None:
            self._ask(Ask.SHOW_EVIDENCE, stand.thing)
        else:
            self._ask(Ask.SHOW_PASSAGES, stand.part)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, head = self.width(), self._theme.px(_HEAD_PX)
        self._head.setGeometry(0, 0, min(width, self._head.sizeHint().width()), head)
        self._list.setGeometry(0, head, width, self._list.wanted_height)
        below = self._list.geometry().bottom() + 1 + GAP_TIGHT
        self._also.setGeometry(0, below, width, self._also.heightForWidth(width))


def _row(at: int, stand: Stand) -> Row:
    excerpt = " ".join(stand.excerpt[:_LONGEST].split())
    return Row(at, show_invisible(stand.part.name), excerpt, aside=_places(stand.marks), tip=stand.part.path)


def _places(marks: Sequence[MarkLine]) -> str:
    """Return where in a file an answer stands: "pages 3 · 7"."""
    kind = marks[0].kind if marks else None
    if kind is None:
        return ""
    if len(marks) == 1 or kind is SectionKind.SHEET:
        return " · ".join(place_in_words(kind, each.number, each.title) for each in marks)
    return places_in_words(kind, [each.number for each in marks])


def _also_sent(others: Sequence[AttachmentPart]) -> str:
    passages = say("passages.passages", sum(each.passages for each in others))
    return say("passages.also_sent", len(others), passages=passages)


class _Files(RowList):
    """The files, each with where the answer stands in it."""

    are_alike = True

    def __init__(self, theme: Theme, name: str, look: str, parent: QWidget) -> None:
        super().__init__(theme, name, look, parent)
        self.painter = _FilePainter(theme, self)
        self.setItemDelegate(self.painter)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


class _FilePainter(RowPainter):
    def height(self, row: Row) -> int:
        return self.theme.px(_LOW_ROW_PX if self._is_low else _ROW_PX)

    @property
    def _is_low(self) -> bool:
        return self.view.window().height() < self.theme.px(_LOW_PX)

    def paint_row(self, painter: QPainter, box: QRect, row: Row, *, is_at: bool, is_under_pointer: bool) -> None:
        theme = self.theme
        if is_at or is_under_pointer:
            painter.fillRect(box, theme.color("selected" if is_at else "hover"))
        if is_at:
            painter.fillRect(QRect(box.left(), box.top(), _EDGE_PX, box.height()), theme.color("accent"))
        if row.key:
            painter.fillRect(QRect(box.left(), box.top(), box.width(), 1), theme.color("line"))
        inner = box.adjusted(GAP_WIDE, GAP_TIGHT, -GAP_WIDE, -GAP_TIGHT)
        half = QRect(inner.left(), inner.top(), inner.width(), inner.height() if self._is_low else inner.height() // 2)
        painter.setFont(theme.ui_font(SMALL, bold=True))
        painter.setPen(theme.color("accent"))
        wide = min(painter.fontMetrics().horizontalAdvance(row.aside) + 1, half.width() // 2)
        draw_line(painter, QRect(half.right() - wide, half.top(), wide + 1, half.height()), row.aside)
        painter.setFont(theme.ui_font(SMALL))
        painter.setPen(theme.color("ink"))
        draw_line(painter, half.adjusted(0, 0, -wide - GAP_WIDE, 0), row.title, Qt.TextElideMode.ElideMiddle)
        if not self._is_low:
            painter.setPen(theme.color("muted"))
            draw_line(painter, half.translated(0, half.height()), show_invisible(row.about))
