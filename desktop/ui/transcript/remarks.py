"""What is told below an answer: the one quiet line on what to look at, and which of the folders' files it stands on.

The line names the gravest sign of trouble, and what the files say otherwise; there is none where nothing is to be
looked at. *Why?* unfolds what each sign rests on. Of folders it says how much went along and, unfolded, the files, in
the order in which the answer uses them, as far as what it says was found there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.core.claims.claim import Kind
from desktop.core.documents.surroundings import paragraph_at, section_at
from desktop.core.evidence.checked import NO_EVIDENCE, Evidence, SourcePlace, evidence_of_passages
from desktop.core.message import AttachmentPart, Sign, SignKind
from desktop.rendering.page.box import MarkKind
from desktop.rendering.text.letters import show_invisible
from desktop.ui.documents.words import passages_of, places_in_words
from desktop.ui.evidence.words import lines, most_telling, thing_words, things_to_check
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, SMALL, set_look
from desktop.ui.look.theme import Theme, pixmap
from desktop.ui.message_actions import Ask, AskHere, Reading
from desktop.ui.transcript.footer import FlowingRows
from desktop.ui.widgets.buttons import FoldButton, button
from desktop.ui.widgets.labels import PlainLabel, set_tooltip, speak
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import clauses, fill, number, say, say_each, translate

_LONGEST_QUOTED = 60  # characters of the evidence in the line; the reason has all of it


def way_out_of(sign: Sign) -> tuple[str, Ask, object] | None:
    """Return what helps with a sign: in words, what is asked for, and its value. None: only looking it up does."""
    match sign.kind:
        case SignKind.CONTEXT_CUT:  # nothing is wrong with what was said, there is too little room
            return translate("signs", "Make room"), Ask.MAKE_ROOM, None
        case SignKind.UNGIVEN | SignKind.BEGAN_AGAIN:
            return None
        case SignKind.OTHER_LANGUAGE if sign.other:
            return _in_language(sign.other), Ask.IN_LANGUAGE, sign.other
        case _:
            return translate("signs", "Start fresh"), Ask.START_FRESH, sign.kind


def _in_language(language: str) -> str:
    match language:
        case "zh":
            return translate("signs", "In Chinese")
        case "en":
            return translate("signs", "In English")
        case _:
            return translate("signs", "My language")


def sign_sentence(sign: Sign) -> str:
    """Return what is wrong, in one sentence."""
    said, other = _shortened(sign.excerpt), _shortened(sign.other)
    match sign.kind:
        case SignKind.GAVE_IN if other:
            return say("signs.it_changed_its_answer", other=other)
        case SignKind.LOOP if sign.in_thinking:
            return say("signs.the_thinking_goes_round_in_circles", said=said)
        case SignKind.CUT_OFF if said:
            return say("signs.the_answer_ends_in_the_middle")
        case SignKind.CUT_OFF if sign.answer_limit:
            return say("signs.this_model_is_very_small")
        case SignKind.OTHER_LANGUAGE if other:
            return say("signs.the_answer_is_not_in_your_language", said=said)
        case kind:
            return say_each("signs.sentence", kind, said=said, other=other)


def sign_reason(sign: Sign) -> str:
    """Return what was compared, with the evidence, and what it means."""
    said, other = _quoted(sign.excerpt), _quoted(sign.other)
    counted, sent = sign.counts or (0, 0)
    match sign.kind:
        case SignKind.GAVE_IN if other:
            return say("signs.the_answer_became_another_one", other=other)
        case SignKind.OTHER_LANGUAGE if other:
            return say("signs.small_models_often_answer_so", said=said)
        case SignKind.CUT_OFF if said:
            return say("signs.the_server_says_that_it_is_complete", said=said)
        case SignKind.CUT_OFF if sign.answer_limit:
            return say("signs.so_small_a_model_finds_no_end", limit=number(sign.answer_limit))
        case kind:
            told = {"sent": number(sent), "counted": number(counted)}
            return say_each("signs.reason", kind, said=said, other=other, **told)


def _quoted(text: str) -> str:
    """Return the text for the middle of a sentence of ours, which has its own full stop."""
    return show_invisible(text).rstrip(" .。")


def _shortened(text: str) -> str:
    """Return the text cut between words, if it has any."""
    text = _quoted(text)
    if len(text) <= _LONGEST_QUOTED:
        return text
    cut = text[: _LONGEST_QUOTED - 1]
    whole_words = cut.rpartition(" ")[0]
    return f"{(whole_words if len(whole_words) > _LONGEST_QUOTED // 2 else cut).rstrip(' ,;:')}…"


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


_ICON_PX = 16
_LEAST_SIGN_PX = 220  # of the sentence on a sign, before what stands behind it goes into a row of its own
_RING = 2
_OF_ITS_END = frozenset({SignKind.CUT_OFF, SignKind.NO_ANSWER})  # what is said of it in fewer words elsewhere, too


class Remarks(FlowingRows):
    """What is to be looked at in one answer; hidden while that is nothing."""

    changed = Signal()  # what it says, or its height

    def __init__(self, look: PageLook, ask: AskHere, thing_open: Callable[[], int | None], parent: QWidget) -> None:
        """Keep the dependencies; `thing_open` returns the thing of the answer that is being looked at."""
        super().__init__(look.theme, parent)
        self._look = look
        self._ask = ask
        self._thing_open = thing_open
        self.evidence: Evidence = NO_EVIDENCE
        self.signs: Sequence[Sign] = ()  # of trouble, that are shown, the gravest first
        self._to_look_at: list[int] = []  # the things of the evidence, in the order in which they stand
        self._is_unfolded = self._is_silent = False
        self._sign = PlainLabel("", "small", wraps=True, parent=self)
        self._note = PlainLabel("", "small", parent=self)
        self._marks: list[MarkButton] = []
        self._next = button(self.tr("Next"), "muted", self._go_on)
        self._why = button(self.tr("Why?"), "muted", self.unfold)
        self._reasons = PlainLabel("", "small", wraps=True, parent=self)
        self._reasons.make_selectable()
        for each in (self._next, self._why):
            each.setParent(self)
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self._next.hide()
        set_tooltip(self._next, self.tr("Go to the next of them (F8 goes through all that was looked up)"))
        self.hide()

    @property
    def is_any(self) -> bool:
        return not self._is_silent and bool(self.signs or self._marks or self._note.text())

    @property
    def tell_of_its_end(self) -> bool:
        """True if they say how the reply has ended."""
        return any(sign.kind in _OF_ITS_END for sign in self.signs)

    @property
    def reasons(self) -> str:
        """What the signs rest on, while that is shown."""
        return self._reasons.text() if self._is_unfolded else ""

    def show_evidence(self, evidence: Evidence | None, *, is_news: bool = False) -> None:
        """Show what was found out, None if that was not possible; as news, a screen reader is told."""
        self.evidence = evidence or NO_EVIDENCE
        for gone in self._marks:
            gone.hide()
            gone.deleteLater()
        self._marks, self._to_look_at = [], []
        for words, kind, things in things_to_check(self.evidence):
            mark = MarkButton(self._look, words, kind, self)
            set_tooltip(mark, thing_words(self.evidence, things[0]))
            mark.clicked.connect(lambda _=False, thing=things[0]: self._ask(Ask.SHOW_EVIDENCE, thing))
            mark.show()
            self._marks.append(mark)
            self._to_look_at += things
        self._to_look_at.sort()
        self._next.setVisible(len(self._to_look_at) > 1)
        note = say("evidence.failed") if evidence is None else ""
        if self.evidence.checked and not self.evidence.is_whole:
            note = self.tr("The answer is very long: only its beginning was looked up.")
        elif self.evidence.has_code:
            note = self.tr("Figures in code were not looked up")
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._show(is_news=is_news)

    def show_signs(self, signs: Sequence[Sign], *, is_news: bool = False) -> None:
        """Show these, the gravest first; as news, a screen reader is told."""
        if list(signs) != list(self.signs):
            self.signs = signs
            self._show(is_news=is_news)

    def be_silent(self, shall: bool) -> None:
        """Say nothing, whatever is found, since the user wants to be told of nothing that looks wrong."""
        if shall is not self._is_silent:
            self._is_silent = shall
            self._show(is_news=False)

    def height_for(self, width: int) -> int:
        reasons = self._reasons.heightForWidth(width - self.indent) + GAP_TIGHT if self._is_unfolded else 0
        return super().height_for(width) + reasons + GAP_TIGHT

    def refresh_look(self) -> None:
        """Apply the theme's present look."""
        self._show(is_news=False)
        self.update()

    def unfold(self) -> None:
        """Show what the signs rest on, or hide it again."""
        self._is_unfolded = not self._is_unfolded and bool(self.signs)
        self._reasons.setVisible(self._is_unfolded)
        self.changed.emit()

    def parts(self) -> list[QWidget]:
        return [self._sign, *self._marks, self._note, self._next, self._why]

    def width_of(self, part: QWidget, room: int) -> int:
        """Return the pixels that a part gets: the sentence takes more lines where that keeps the rest beside it."""
        if part is not self._sign:
            return super().width_of(part, room)
        self._sign.ensurePolished()  # for the width of the sheet's smaller font
        wanted = min(self._sign.fontMetrics().horizontalAdvance(self._sign.text()) + 2, room)
        behind = sum(each.sizeHint().width() + GAP for each in self.parts()[1:] if not each.isHidden())
        left = room - behind
        return min(wanted, left) if left >= min(wanted, self.theme.px(_LEAST_SIGN_PX)) else wanted

    def height_of(self, part: QWidget, width: int) -> int:
        beyond_first = max(0, self._sign.heightForWidth(width) - self._sign.fontMetrics().height())
        return self.row_height + (beyond_first if part is self._sign else 0)

    @property
    def _is_amiss(self) -> bool:
        return any(each.kind is MarkKind.AMISS for each in self._marks)

    def _show(self, *, is_news: bool) -> None:
        before, signs = self.accessibleName(), self.signs
        sentences = [sign_sentence(each) for each in signs]
        self._sign.setText(sentences[0] if sentences else "")
        self._sign.setVisible(bool(signs))
        others = len(signs) - 1
        self._why.setText(self.tr("Why?") if others < 1 else fill(self.tr("Why? · %1 more"), number(others)))
        self._why.setVisible(bool(signs))
        self._why.setAccessibleDescription(self._sign.text())
        reasons = [f"{said}\n{sign_reason(each)}" for said, each in zip(sentences, signs, strict=True)]
        self._reasons.setText("\n\n".join([*map(sign_reason, signs[:1]), *reasons[1:]]))
        self._is_unfolded = self._is_unfolded and bool(signs)
        self._reasons.setVisible(self._is_unfolded)
        said = [self._sign.text(), *(each.text() for each in self._marks), self._note.text()]
        self.setAccessibleName(" · ".join(filter(None, said)))
        set_tooltip(self, "\n".join(lines(self.evidence)))
        self.indent = self.theme.px(_ICON_PX) + GAP if signs or self._is_amiss else 0
        self.setVisible(self.is_any)
        self.arrange_anew()
        self.changed.emit()
        if is_news and self.is_any and self.accessibleName() not in ("", before):
            speak(self, self.accessibleName())

    def _go_on(self) -> None:
        """Go to the next thing that is to be looked at; after the last comes the first."""
        at = self._thing_open()
        beyond = [each for each in self._to_look_at if at is not None and each > at]
        self._ask(Ask.SHOW_EVIDENCE, (beyond or self._to_look_at)[0])

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width() - self.indent
        self._reasons.setGeometry(
            self.indent, super().height_for(self.width()), width, self._reasons.heightForWidth(width)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.indent:
            edge = self.theme.px(_ICON_PX)
            colour = self.theme.tokens.internet if self._is_amiss else self.theme.tokens.muted
            drawing = pixmap("warning", colour, edge, self.devicePixelRatioF())
            QPainter(self).drawPixmap(0, (self.row_height - edge) // 2, drawing)


class MarkButton(QAbstractButton):
    """Words with the line that stands below the things they speak of. A press leads to the first of these."""

    def __init__(self, look: PageLook, words: str, kind: MarkKind, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.kind = kind
        self.setText(words)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # painted anew as the pointer comes and goes

    # Qt's own methods

    def sizeHint(self) -> QSize:
        self.setFont(self._look.theme.ui_font(SMALL))
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * _RING + 1, metrics.height() + 4 * _RING)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, style = self._look.theme, self._look.answer
        painter = QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), theme.color("hover"))
        baseline = (self.height() + self.fontMetrics().ascent() - self.fontMetrics().descent()) // 2
        painter.setPen(theme.color("internet" if self.kind is MarkKind.AMISS else "muted"))
        painter.drawText(QPointF(_RING, baseline), self.text())
        painter.setPen(style.mark_pen(self.kind))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.kind is MarkKind.AMISS)
        y = min(round(baseline + style.mark_drop), self.height() - 2) + 0.5
        painter.drawLine(QPointF(_RING, y), QPointF(self.width() - _RING, y))
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent"), _RING))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
