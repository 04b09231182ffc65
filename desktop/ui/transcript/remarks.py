"""The one quiet line below an answer on what to look at: the gravest sign of trouble, and what the files say otherwise.

There is none where nothing is to be looked at. *Why?* unfolds what each sign rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.core.evidence.checked import NO_EVIDENCE, Evidence
from desktop.core.sign import Sign, SignKind
from desktop.rendering.page.box import MarkKind
from desktop.ui.evidence.words import lines, thing_words, things_to_check
from desktop.ui.look.icons import pixmap
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.tokens import GAP, GAP_TIGHT, SMALL
from desktop.ui.message_actions import Ask, AskHere
from desktop.ui.signs import sign_reason, sign_sentence
from desktop.ui.transcript.rows import FlowingRows
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import PlainLabel, set_tooltip, speak
from desktop.ui.words import fill, number, say

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
