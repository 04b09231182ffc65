"""The one quiet line below an answer on what to look at: the gravest sign of trouble, and what the files say otherwise.

There is none where nothing is to be looked at. *Why?* unfolds what each sign rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.core.evidence.checked import NO_EVIDENCE, Evidence
from desktop.core.sign import Sign, SignKind
from desktop.rendering.page.box import MarkKind
from desktop.ui.evidence.words import failure_words, spoken, thing_words, things_to_check
from desktop.ui.look.icons import pixmap
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.tokens import GAP, GAP_TIGHT, SMALL
from desktop.ui.message_actions import Ask, ShowEvidence
from desktop.ui.signs.words import sign_reason, sign_sentence
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel, set_tooltip
from desktop.ui.words import fill, number

_ICON_PX, _ROW_PX = 16, 28
_LEAST_SIGN_PX = 220  # of the sentence on a sign, before what stands behind it goes into a row of its own
_RING = 2
_OF_ITS_END = frozenset({SignKind.CUT_OFF, SignKind.NO_ANSWER})  # what is said of it in fewer words elsewhere, too


class Remarks(QWidget):
    """What is to be looked at in one answer; hidden while that is nothing."""

    changed = Signal()  # what it says, or its height

    def __init__(self, look: PageLook, ask: Ask, thing_open: Callable[[], int | None], parent: QWidget) -> None:
        """Keep the dependencies; `thing_open` returns the thing of the answer that is being looked at."""
        super().__init__(parent)
        self._look = look
        self._ask = ask
        self._thing_open = thing_open
        self.evidence: Evidence = NO_EVIDENCE
        self._has_failed = False
        self._signs: Sequence[Sign] = ()
        self._off: frozenset[str] = frozenset()
        self._to_look_at: list[int] = []  # the things of the evidence, in the order in which they stand
        self._is_unfolded = False
        self._sign = ElidedLabel("", "small", self)
        self._note = PlainLabel("", "small", parent=self)
        self._marks: list[MarkButton] = []
        self._next = button(self.tr("Next"), "muted", self._go_on)
        self._why = button(self.tr("Why?"), "muted", self.unfold)
        self._reasons = PlainLabel("", "small", wraps=True, parent=self)
        self._reasons.make_selectable()
        for each in (self._next, self._why):
            each.setParent(self)
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        set_tooltip(self._next, self.tr("Go to the next of them (F8 goes through all that was looked up)"))
        self.hide()

    @property
    def signs(self) -> list[Sign]:
        """The signs of trouble that are shown, the gravest first."""
        return [sign for sign in self._signs if sign.kind not in self._off]

    @property
    def is_any(self) -> bool:
        return bool(self.signs or self._marks or self._note.text())

    @property
    def _is_amiss(self) -> bool:
        return any(each.kind is MarkKind.AMISS for each in self._marks)

    @property
    def _is_warning(self) -> bool:
        return bool(self.signs) or self._is_amiss

    @property
    def tell_of_its_end(self) -> bool:
        """True if they say how the reply has ended."""
        return any(sign.kind in _OF_ITS_END for sign in self.signs)

    @property
    def words(self) -> str:
        """All that the line says."""
        return self.accessibleName()

    @property
    def reasons(self) -> str:
        """What the signs rest on, while that is shown."""
        return self._reasons.text() if self._is_unfolded else ""

    def show_evidence(self, evidence: Evidence, *, is_news: bool = False) -> None:
        """Show what was found out; as news, a screen reader is told what is to be looked at."""
        if evidence is not self.evidence or self._has_failed:
            self.evidence, self._has_failed = evidence, False
            self._show_marks()
            self._show(is_news=is_news)

    def show_failure(self, *, is_news: bool = False) -> None:
        """Say that the answer could not be looked up."""
        self.evidence, self._has_failed = NO_EVIDENCE, True
        self._show_marks()
        self._show(is_news=is_news)

    def show_signs(self, signs: Sequence[Sign], off: frozenset[str], *, is_news: bool = False) -> None:
        """Show these, but for the kinds that are switched off; as news, a screen reader is told."""
        if (tuple(signs), off) != (tuple(self._signs), self._off):
            self._signs, self._off = signs, off
            self._show(is_news=is_news)

    def height_for(self, width: int) -> int:
        """Return the height in pixels that it needs at a width in pixels."""
        return self._place(width, moves=False)

    def refresh_look(self) -> None:
        """Apply the theme's present look."""
        self._place(self.width())
        self.update()

    def _show(self, *, is_news: bool) -> None:
        before = self.accessibleName()
        signs = self.signs
        self._sign.show_text(sign_sentence(signs[0]) if signs else "")
        self._sign.setVisible(bool(signs))
        others = len(signs) - 1
        self._why.setText(self.tr("Why?") if others < 1 else fill(self.tr("Why? · %1 more"), number(others)))
        self._why.setVisible(bool(signs))
        self._why.setAccessibleDescription(self._sign.text())
        others_said = [f"{sign_sentence(each)}\n{sign_reason(each)}" for each in signs[1:]]
        self._reasons.setText("\n\n".join([*map(sign_reason, signs[:1]), *others_said]))
        self._is_unfolded = self._is_unfolded and bool(signs)
        self._reasons.setVisible(self._is_unfolded)
        said = [self._sign.text(), *(each.text() for each in self._marks), self._note.text()]
        self.setAccessibleName(" · ".join(filter(None, said)))
        set_tooltip(self, spoken(self.evidence))
        self.setVisible(self.is_any)
        self.changed.emit()
        if is_news and self.accessibleName() not in ("", before) and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def _show_marks(self) -> None:
        for gone in self._marks:
            gone.hide()
            gone.deleteLater()
        self._marks, self._to_look_at = [], []
        for words, kind, things in things_to_check(self.evidence):
            mark = MarkButton(self._look, words, kind, self)
            note = thing_words(self.evidence, things[0])
            set_tooltip(mark, note)
            mark.clicked.connect(lambda _=False, thing=things[0]: self._ask(ShowEvidence(thing)))
            mark.show()
            self._marks.append(mark)
            self._to_look_at += things
        self._to_look_at.sort()
        self._next.setVisible(len(self._to_look_at) > 1)
        note = failure_words() if self._has_failed else ""
        if self.evidence.checked and not self.evidence.is_whole:
            note = self.tr("The answer is very long: only its beginning was looked up.")
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _go_on(self) -> None:
        """Go to the next thing that is to be looked at; after the last comes the first."""
        at = self._thing_open()
        beyond = [each for each in self._to_look_at if at is not None and each > at]
        self._ask(ShowEvidence((beyond or self._to_look_at)[0]))

    def unfold(self) -> None:
        """Show what the signs rest on, or hide it again."""
        self._is_unfolded = not self._is_unfolded and bool(self.signs)
        self._reasons.setVisible(self._is_unfolded)
        self.changed.emit()

    def _place(self, width: int, *, moves: bool = True) -> int:
        """Set the parts side by side, the sentence shortened where that is enough; return the height in pixels."""
        theme = self._look.theme
        edge, indent = theme.px(_ROW_PX), theme.px(_ICON_PX) + GAP if self._is_warning else 0
        behind = [each for each in (*self._marks, self._note, self._next, self._why) if not each.isHidden()]
        wanted = sum(each.sizeHint().width() + GAP for each in behind)
        x, y = indent, 0
        if not self._sign.isHidden():
            sign = self._sign.sizeHint().width()
            room = width - indent - wanted
            if room < min(sign, theme.px(_LEAST_SIGN_PX)):
                room = width - indent
            sign = min(sign, room)
            if moves:
                self._sign.setGeometry(x, y, sign, edge)
            x += sign + GAP
        for each in behind:
            hint = each.sizeHint()
            if x > indent and x + hint.width() > width:
                x, y = indent, y + edge
            if moves:
                each.setGeometry(x, y + (edge - hint.height()) // 2, min(hint.width(), width - x), hint.height())
            x += hint.width() + GAP
        y += edge
        if self._is_unfolded:
            tall = self._reasons.heightForWidth(width - indent)
            if moves:
                self._reasons.setGeometry(indent, y, width - indent, tall)
            y += tall + GAP_TIGHT
        return y + GAP_TIGHT

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # a part has another size, as after a change of the text's
            self._place(self.width())
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        if self._is_warning:
            edge = theme.px(_ICON_PX)
            colour = theme.tokens.internet if self._is_amiss else theme.tokens.muted
            drawing = pixmap("warning", colour, edge, self.devicePixelRatioF())
            QPainter(self).drawPixmap(0, (theme.px(_ROW_PX) - edge) // 2, drawing)


class MarkButton(QAbstractButton):
    """Words with the line that stands below the things they speak of. A press leads to the first of these."""

    def __init__(self, look: PageLook, words: str, kind: MarkKind, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.kind = kind
        self.setText(words)
        self.setAccessibleName(words)
        self.setFont(look.theme.ui_font(SMALL))
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
        baseline = 2 * _RING + self.fontMetrics().ascent()
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
