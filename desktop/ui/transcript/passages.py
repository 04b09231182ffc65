"""Below an answer from folders: how much of them went, and unfolded, which files it stands on, and where.

The files stand in the order in which the answer uses them, as far as what it says was found there; else as they went.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.core.claims.claim import Kind
from desktop.core.documents.surroundings import paragraph_at, section_at
from desktop.core.evidence.checked import NO_EVIDENCE, Evidence, SourcePlace
from desktop.core.evidence.sources import evidence_of_passages
from desktop.core.message import AttachmentPart
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.words import passages_of, places_in_words
from desktop.ui.evidence.words import most_telling
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.message_actions import Ask, Reading
from desktop.ui.widgets.buttons import FoldButton, button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import clauses, number, say

_HEAD_PX = 28
_LONGEST, _BEFORE = 120, 60  # letters of an excerpt, and of those before what was found


class AnswerPassages(QWidget):
    """The line below one answer, and what it unfolds."""

    height_changed = Signal()

    def __init__(
        self, theme: Theme, parts: Sequence[AttachmentPart], message_id: str, reading: Reading, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = parts
        self._reading = reading
        self._ask = reading.at(message_id)
        self._evidence = NO_EVIDENCE
        self._is_open = False
        words = say("passages.from", passages=passages_of(sum(each.passages for each in parts), len(parts)))
        searched = {each.folder: each.searched for each in parts if each.searched is not None}
        self._half_read = searched.keys()
        if searched:
            read, files = (sum(each) for each in zip(*searched.values(), strict=True))
            words = f"{words} · {say('passages.read_by_then', files, read=number(read))}"
        self._head = FoldButton(theme, words)
        self._head.setParent(self)
        set_look(self._head, "line")
        self._head.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self._head.clicked.connect(self._turn)
        self._again = button(self.tr("Ask again now"), "link", partial(self._ask, Ask.FIND_AGAIN))
        self._again.setParent(self)
        self._offer_again()
        reading.changed.connect(self._offer_again)
        self._list = RowList(theme, words, "framed", self)
        self._list.chosen.connect(lambda asked: self._ask(*asked))
        self._also = PlainLabel("", "small", wraps=True, parent=self)
        for each in (self._list, self._also):
            each.hide()

    def show_evidence(self, evidence: Evidence) -> None:
        """Order the files by what was found of the answer in them."""
        self._evidence = evidence
        self._show()

    def _offer_again(self) -> None:
        """Offer to ask the folders once more that were not read as a whole then, and are now."""
        is_whole = self._half_read <= self._reading.whole_folders
        self._again.setVisible(bool(self._half_read) and is_whole and self._reading.offers(Ask.FIND_AGAIN))
        self._place_head()

    def height_for(self, width: int) -> int:
        """Return the height in pixels at a width in pixels."""
        head = self._theme.px(_HEAD_PX)
        return (
            head + self._list.wanted_height + self._also.heightForWidth(width) + 2 * GAP_TIGHT
            if self._is_open
            else head
        )

    def _turn(self) -> None:
        self._is_open = not self._is_open
        self._head.show_state(is_open=self._is_open)
        self._list.setVisible(self._is_open)
        self._also.setVisible(self._is_open)
        self._show()
        self.height_changed.emit()

    def _show(self) -> None:
        if not self._is_open:
            return
        used = _used(self._parts, self._evidence)
        rows = [self._stood_on(part, places) for part, places in used.items()]
        others = [part for part in self._parts if part not in used]
        if not rows:
            rows = [self._beginning(part) for part in self._parts]
        elif others:
            passages = say("passages.passages", sum(each.passages for each in others))
            title = say("passages.also_sent", len(others), passages=passages)
            rows.append(Row("", title, is_heading=True))
            rows += [replace(self._beginning(part), about="") for part in others]
        self._list.show_rows(rows)
        self._also.setText(" · ".join(self._unread()))

    def _stood_on(self, part: AttachmentPart, places: Mapping[int, SourcePlace]) -> Row:
        """Return the row of a file by the things of the answer that stand in it; it opens at the most telling one."""
        thing = most_telling(self._evidence, places)
        return self._row(part, self._evidence, [places[thing], *places.values()], thing)

    def _beginning(self, part: AttachmentPart) -> Row:
        """Return the row of a file by the beginnings of the passages that went of it."""
        evidence = evidence_of_passages(part)
        row = self._row(part, evidence, evidence.checked[0].places)
        passages = say("passages.passages", part.passages) if part.passages > 1 else ""
        return replace(row, aside=clauses((passages, row.aside)))

    def _row(
        self, part: AttachmentPart, evidence: Evidence, places: Sequence[SourcePlace], thing: int | None = None
    ) -> Row:
        """Return the row of a file, by the first of these places; `thing`: the one of the answer that stands there."""
        source, first = evidence.source_of(places[0]), places[0]
        marks = filter(
            None, (section_at(source.text, source.anchors, start) for start in sorted({each.start for each in places}))
        )
        paragraph = paragraph_at(source.text, source.anchors, first.start, first.end)
        start = max(paragraph.start, first.start - _BEFORE)
        end = min(paragraph.end, start + _LONGEST)
        words = " ".join(source.text[start:end].split())
        excerpt = f"{'…' if start > paragraph.start else ''}{words}{'…' if end < paragraph.end else ''}"
        asked = (Ask.SHOW_PASSAGES, part) if thing is None else (Ask.SHOW_EVIDENCE, thing)
        aside = places_in_words(marks)
        return Row(asked, show_invisible(part.name), excerpt, aside=aside, aside_token="accent", tip=part.path)

    def _unread(self) -> Iterator[str]:
        """Yield how many files of the folders cannot be read, where that is known."""
        for folder in dict.fromkeys(part.folder for part in self._parts):
            state = self._reading.folder_state(folder)
            if state is not None and state.unread:
                yield say("passages.cannot_be_read", state.files, unread=number(state.unread))

    def _place_head(self) -> None:
        height, of_link = self._theme.px(_HEAD_PX), 0 if self._again.isHidden() else self._again.sizeHint().width()
        width = min(self.width() - of_link, self._head.sizeHint().width())
        self._head.setGeometry(0, 0, width, height)
        self._again.setGeometry(width, 0, of_link, height)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, head = self.width(), self._theme.px(_HEAD_PX)
        self._place_head()
        self._list.setGeometry(0, head, width, self._list.wanted_height)
        self._also.setGeometry(0, head + self._list.wanted_height + GAP_TIGHT, width, self._also.heightForWidth(width))


def _used(parts: Sequence[AttachmentPart], evidence: Evidence) -> dict[AttachmentPart, dict[int, SourcePlace]]:
    """Return the files that an answer stands on, in its order, each with the things that stand in it, and where."""
    by_source = {(part.name, part.digest, part.path): part for part in parts}
    used: dict[AttachmentPart, dict[int, SourcePlace]] = {}
    for thing, each in enumerate(evidence.checked):
        if each.places and not (each.kind is Kind.NAME and each.text in evidence.question):
            source = evidence.source_of(each.places[0])
            part = by_source.get((source.name, source.digest, source.path))
            if part is not None:
                used.setdefault(part, {})[thing] = each.places[0]
    return used
