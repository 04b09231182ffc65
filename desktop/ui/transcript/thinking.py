"""The thinking of a model, above its answer: one muted line, a peek while it thinks, the whole trace on demand.

Its parts stand in the message. A closed trace is kept as text, and none of it is laid out.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from desktop.core.message import Message, MessageStatus, Role
from desktop.core.reply import (
    ReplyPhase,
    has_hidden_thinking,
    phase_of,
    reasoning_share_of,
    reasoning_tokens_of,
)
from desktop.core.request import outgoing_text
from desktop.core.text.pace import Attention
from desktop.core.text.tokens import estimate_tokens
from desktop.rendering.text.plain_document import PlainDocument
from desktop.runtime.generation import Generation
from desktop.ui import words
from desktop.ui.look import stylesheet as measures
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme, icon, pixmap
from desktop.ui.message_actions import Ask, AskHere, PanelPreference
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.footer import FlowingRows
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel, speak

_HEADER_PX = 32


class ThinkingHeader(QPushButton):
    """A quiet button as wide as its words."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.words = ""
        self._detail = ""
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self.setAccessibleName(self.tr("Thinking"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        set_look(self, "muted")
        self.show_open(False)

    def set_words(self, words: str, detail: str = "", *, is_last: bool = False) -> None:
        """Show these words, with `detail` as the tip; a screen reader is told only of the last ones, which stay."""
        if words != self.words:
            self.words = words
            self.update()
        self.setToolTip(detail)
        if is_last:
            self.setAccessibleName(words)
            self._detail = detail
            self.show_open(self.isChecked())

    def show_open(self, is_open: bool) -> None:
        """Show that the trace is open, or closed."""
        self.setChecked(is_open)
        hint = self.tr("Hide the thinking") if is_open else self.tr("Show the thinking")
        self.setAccessibleDescription("\n".join(filter(None, (hint, self._detail))))
        self.update()

    # Qt's own methods

    def sizeHint(self) -> QSize:
        # By hand: the style would take as long for it as all else takes that the clock does.
        px = self._theme.px
        return QSize(px(3 + 14 + 4 + 8) + self.fontMetrics().horizontalAdvance(self.words) + 2, px(_HEADER_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        if self.underMouse() or self.hasFocus():  # else there is nothing around the words
            option = QStyleOptionButton()
            self.initStyleOption(option)
            option.state &= ~QStyle.StateFlag.State_On
            painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        px, edge = self._theme.px, self._theme.px(14)
        name = "chevron-down" if self.isChecked() else "chevron-right"
        drawing = pixmap(name, self._theme.tokens.muted, edge, self.devicePixelRatioF())
        painter.drawPixmap(px(3), (self.height() - edge) // 2, drawing)
        painter.setPen(self._theme.color("ink" if self.underMouse() and self.isEnabled() else "muted"))
        room = self.rect().adjusted(px(3) + edge + px(4), 0, 0, 0)
        shown = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _paint_ground(widget: QWidget, look: PageLook) -> QPainter:
    """Paint the ground of the thinking, with its rule at the left; return the painter."""
    painter = QPainter(widget)
    painter.fillRect(widget.rect(), look.theme.color("thinking"))
    painter.fillRect(0, 0, measures.RULE_WIDTH, widget.height(), look.thinking.colours.line)
    return painter


_INSET = measures.GAP_SECTION + measures.RULE_WIDTH
_LINES = 2
# It looks this far back for the last whole sentence; further back nothing would fit into it.
_REACH = 600
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")


class ThinkingPeek(QWidget):
    """The last complete sentence of a trace, told of every piece of it, so that it does not flicker."""

    def __init__(self, look: PageLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._recent = ""
        self.sentence = ""

    @property
    def wanted_height(self) -> int:
        return round(self._look.thinking.body_line * _LINES) + 2 * measures.GAP

    def append(self, text: str) -> None:
        """Add more of the trace."""
        self.show_end_of(self._recent + text[-_REACH:])

    def show_end_of(self, trace: str) -> None:
        """Show the end of a trace as it stands."""
        self._recent = trace[-_REACH:]
        sentences = _SENTENCE_END.split(self._recent)
        settled = next((each.strip() for each in reversed(sentences[:-1]) if each.strip()), "")
        if settled != self.sentence:
            self.sentence = settled
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, style = _paint_ground(self, self._look), self._look.thinking
        painter.setFont(style.body)
        painter.setPen(style.colours.muted)
        inside = self.rect().adjusted(_INSET, measures.GAP, -measures.GAP_SECTION, -measures.GAP)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        # A little less than two lines, since words leave the ends of lines free.
        room = int(inside.width() * (_LINES - 0.1))
        shown = painter.fontMetrics().elidedText(self.sentence, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inside, int(flags), shown)


class _Foot(ElidedLabel):
    """The last line of an open trace, on the ground of the thinking."""

    def __init__(self, look: PageLook, parent: QWidget) -> None:
        super().__init__("", "tiny", parent)
        self._look = look
        self.setContentsMargins(_INSET, measures.GAP, measures.GAP_SECTION, measures.GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._draw(_paint_ground(self, self._look))


class LoopNotice(FlowingRows):
    """A line below the repeating text: one row, or as many as words and buttons need if room is short."""

    def __init__(self, look: PageLook, cut_words: str, parent: QWidget, *, in_thinking: bool) -> None:
        """Build the line; below the thinking it has the ground and the rule of that."""
        super().__init__(look.theme, parent)
        self._look = look
        self.in_thinking = in_thinking
        self.indent = _INSET if in_thinking else 0
        self.top = look.theme.px(4)
        self._words = ElidedLabel(self.tr("The model repeats itself"), "small")
        self.cut = button(cut_words, "link")
        self.go_on = button(self.tr("Let it go on"), "muted")
        for part in self.parts():
            part.setParent(self)
        for each in (self.cut, self.go_on):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self.setAccessibleName(self._words.text())
        self.show()

    def parts(self) -> list[QWidget]:
        return [self._words, self.cut, self.go_on]

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.in_thinking:
            _paint_ground(self, self._look)


class ReplyThinking(QObject):
    """The thinking of one reply; its widgets, children of the reply's view, are made when there is something to show.

    It closes for the answer, unless the user has opened or closed it, or reads further up.
    """

    height_changed = Signal()
    surface_made = Signal(object)  # the TextSurface that shows the trace, now that it is open

    def __init__(
        self, look: PageLook, preference: PanelPreference, ask: AskHere, is_followed: Callable[[], bool], view: QWidget
    ) -> None:
        """Keep the dependencies.

        `is_followed` returns True if the reader is at the end of the page, and not somewhere in the text.
        """
        super().__init__(view)
        self._view = view
        self._look = look
        self._preference = preference
        self._ask = ask
        self._is_followed = is_followed
        self._pieces: list[str] = []
        self.is_open = preference is PanelPreference.OPEN
        self._is_running = self._is_final = False
        self._was_touched = False  # by the user, who then decides whether it is open
        self._generation: Generation | None = None  # while it runs
        self.header: ThinkingHeader | None = None  # none as long as there is nothing to show
        self.surface: TextSurface | None = None  # while it is open
        self._peek: ThinkingPeek | None = None
        self._foot: _Foot | None = None

    @property
    def trace(self) -> str:
        """The whole trace."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def follow(self, generation: Generation) -> None:
        """Let a running reply know how much of its thinking is shown, so that it need not come more often than that."""
        self._generation = generation
        self._changed()

    def append(self, text: str, *, goes_on: bool = True) -> None:
        """Add more thinking; unless it `goes_on`, these were its last words."""
        is_first = not self._pieces
        self._need_header()
        if goes_on:
            self._set_running(True)
        self._pieces.append(text)
        if self.surface is not None:
            self.surface.append(text)
            if is_first:  # it has had no place so far
                self._changed()
        elif self._peek is not None:
            self._peek.append(text)
        if not goes_on:
            self.pause()

    def replace(self, trace: str) -> None:
        """Replace the trace, when text has changed channels; with an empty one, there is nothing to show."""
        self._pieces = [trace] if trace else []
        if self._peek is not None:
            self._peek.show_end_of(trace)
        if self.surface is not None:
            self.surface.set_document(PlainDocument())
            self._fill(self.surface)
        if trace:
            self._need_header()
        elif self.header is not None:
            self._drop(self.header, self.surface, self._peek, self._foot)
            self.header = self.surface = self._peek = self._foot = None
            self._changed()

    def pause(self) -> None:
        """Hide what is shown only while the model thinks."""
        self._set_running(False)

    def give_way(self) -> None:
        """Close for the answer."""
        self.pause()
        closes = self.is_open and self._preference is PanelPreference.AUTO and not self._was_touched
        if closes and self._is_followed():
            self.set_open(False)

    def say(self, words: str, detail: str, *, is_thinking: bool) -> None:
        """Set the line over the trace and its tip; there is one while the model thinks, even if that is hidden."""
        if is_thinking:
            self._need_header()
        if self.header is not None:
            self._say(words, detail)

    def load(self, message: Message) -> None:
        """Show the thinking that a reply has at first."""
        if message.reasoning or has_hidden_thinking(message):
            self._pieces = [message.reasoning] if message.reasoning else []
            self._need_header()

    def finish(self, message: Message) -> None:
        """Show the thinking of the reply that has ended."""
        self._generation = None
        if has_hidden_thinking(message):
            self._need_header()  # which is there already where its provider said that the model thinks
        if self.header is not None:
            self.pause()
            seconds = message.timings.thinking if message.timings else 0.0
            # Counted, but not seen; or the program ended before it could say how long.
            is_unknown = not seconds and (has_hidden_thinking(message) or message.status is MessageStatus.INTERRUPTED)
            self._is_final = True
            self._say(words.thought(None if is_unknown else seconds), size_of_thought(message))

    def open(self) -> None:
        """Show the whole trace, as if the user had opened it."""
        self._was_touched = True
        self.set_open(True)

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        if self.header is None or is_open is self.is_open:
            return
        self.is_open = is_open
        self.header.show_open(is_open)
        if not is_open:
            self._drop(self.surface, self._foot)
            self.surface = self._foot = None
        self._changed()

    def set_preference(self, preference: PanelPreference) -> None:
        """Set how panels are shown from now on, and apply it to this one."""
        if preference is not self._preference:
            self._preference = preference
            self._was_touched = False
            is_open = preference is PanelPreference.OPEN
            if self.header is None:
                self.is_open = is_open
            self.set_open(is_open)
            self._changed()  # the peek, too, depends on it

    def refresh_look(self) -> None:
        """Apply the theme's present look."""
        if self.surface is not None:
            theme = self._look.theme
            self.surface.set_look(self._look.thinking, theme.color("thinking"), theme.color("paper"))
        for part in (self.header, self._peek, self._foot):
            if part is not None:
                part.update()

    def places(self, width: int) -> dict[QWidget, QRect]:
        """Return where its parts stand in a message of a width in pixels, the lowest last."""
        if self.header is None:
            return {}
        hint, found = self.header.sizeHint(), dict[QWidget, QRect]()
        found[self.header] = QRect(0, 0, min(width, hint.width()), hint.height())
        y = hint.height()
        below: list[tuple[QWidget, int]] = []
        if self.surface is not None and self._foot is not None:
            self._foot.show_text(self._foot_words())
            self.surface.setVisible(bool(self._pieces))
            below.append((self.surface, self.surface.height_for(width) if self._pieces else 0))
            below.append((self._foot, self._foot.sizeHint().height()))
        elif self._peek is not None:
            below.append((self._peek, self._peek.wanted_height))
        for part, tall in below:
            found[part] = QRect(0, y, width, tall)
            y += tall
        return found

    def _changed(self) -> None:
        """Make what is to be seen now and drop what is not, and tell of it."""
        has_peek = self._is_running and not self.is_open and self._preference is PanelPreference.AUTO
        if self.header is not None and self.is_open and self.surface is None:
            self._make_surface()
        if has_peek and self._peek is None:
            self._peek = ThinkingPeek(self._look, self._view)
            self._peek.show_end_of(self.trace)
            self._peek.show()
        elif not has_peek and self._peek is not None:
            self._drop(self._peek)
            self._peek = None
        if self._generation is not None:
            closed = Attention.GLANCED_AT if self._preference is PanelPreference.AUTO else Attention.CLOSED
            self._generation.follow_thinking(Attention.IN_FRONT if self.is_open else closed)
        self.height_changed.emit()

    def _set_running(self, running: bool) -> None:
        if running is self._is_running:
            return
        self._is_running = running
        if not running and self.surface is not None:
            self.surface.finish()
        self._changed()

    def _need_header(self) -> None:
        if self.header is None:
            header = self.header = ThinkingHeader(self._look.theme, self._view)
            header.clicked.connect(self._on_clicked)
            header.customContextMenuRequested.connect(self._offer_menu)
            header.show_open(self.is_open)
            header.show()
            self._changed()

    def _say(self, words: str, detail: str) -> None:
        assert self.header is not None
        before = self.header.sizeHint()
        self.header.set_words(words, detail, is_last=self._is_final)
        if self.header.sizeHint() != before:
            self.height_changed.emit()

    def _drop(self, *parts: QWidget | None) -> None:
        for part in parts:
            if part is not None:
                part.hide()
                part.deleteLater()

    def _make_surface(self) -> None:
        theme = self._look.theme
        surface = TextSurface(PlainDocument(), self._look.thinking, theme.color("thinking"), self._view)
        surface.set_frame(measures.GAP_SECTION, measures.GAP_WIDE, 0, measures.RULE_WIDTH, theme.color("paper"))
        surface.setAccessibleName(self.tr("Thinking"))
        self.surface = surface
        self._fill(surface)
        surface.height_changed.connect(self.height_changed)
        self._foot = _Foot(self._look, self._view)
        self._foot.show()
        self.surface_made.emit(surface)

    def _foot_words(self) -> str:
        if not self._pieces and not self._is_running:
            return self.tr("The provider does not show what the model thought")
        return self.tr("Not sent with later questions")

    def _fill(self, surface: TextSurface) -> None:
        if self._is_running:
            surface.append(self.trace)
        else:
            surface.load(self.trace)

    def _on_clicked(self) -> None:
        self._was_touched = True
        self.set_open(not self.is_open)

    def _offer_menu(self, where: QPoint) -> None:
        assert self.header is not None
        menu = QMenu(self.header)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Thinking"))
        if self._pieces:
            menu.addAction(self.tr("Copy the thinking"), lambda: QGuiApplication.clipboard().setText(self.trace))
            if self._is_final:
                menu.addAction(self.tr("Move to the answer"), lambda: self._ask(Ask.RESPLIT, False))
            menu.addSeparator()
        check = icon("check", self._look.theme.tokens.accent, self._look.theme.icon_px)
        for preference, said in (
            (PanelPreference.AUTO, self.tr("Automatic")),
            (PanelPreference.OPEN, self.tr("Always open")),
            (PanelPreference.CLOSED, self.tr("Always closed")),
        ):
            is_chosen = preference is self._preference
            entry = menu.addAction(check if is_chosen else QIcon(), said)
            entry.setCheckable(True)
            entry.setChecked(is_chosen)
            entry.triggered.connect(lambda _=False, chosen=preference: self._ask(Ask.SET_PANELS, chosen))
        menu.popup(self.header.mapToGlobal(where))


def size_of_thought(message: Message) -> str:
    """Return how much was thought for a reply; empty where nothing was."""
    if not message.reasoning and not has_hidden_thinking(message):
        return ""
    return words.size_of_thought(reasoning_tokens_of(message), reasoning_share_of(message))


_SECOND_MS = 1000
_SOON_S = 2.0  # a model on this computer is reached by then, and one sentence does for both
_LATE_MS = 60  # after the second is full: timers may come a twentieth early


class ReplyProgress(QObject):
    """Where a running reply stands, in words: at each phase, and at each full second of it."""

    def __init__(
        self,
        generation: Generation,
        say: Callable[[str], None],
        say_of_thinking: Callable[[str, str], None],
        view: QWidget,
    ) -> None:
        """Begin at once.

        `say` sets the line below the text, empty while the thinking says it; `say_of_thinking` that over the thinking,
        and how much was thought, for who asks.
        """
        super().__init__(view)
        self._view = view
        self._generation = generation
        self._say = say
        self._say_of_thinking = say_of_thinking
        new = generation.new_messages
        self._is_here = new[-1].place is not None and new[-1].place.is_local
        self._files = [file.name for message in new for file in message.files]
        asked = [outgoing_text(each) for each in new if each.role is Role.USER]
        self._pages = round(sum(map(estimate_tokens, asked)) / words.tokens_of_a_page())
        self._announced: ReplyPhase | None = None
        self._ticker = QTimer(self, singleShot=True)  # at each full second of the phase, so that none is skipped
        self._ticker.timeout.connect(self._tick)
        generation.phase_changed.connect(self._on_phase)
        self._on_phase()

    def end(self, message: Message) -> None:
        """Say how the reply has ended, whose final message this is."""
        self._announce(phase_of(message))
        self.deleteLater()

    def _on_phase(self) -> None:
        phase = self._generation.builder.phase
        if phase.is_running:
            self._tick()
            if phase is not self._announced:
                self._announce(phase)

    def _tick(self) -> None:
        builder, now = self._generation.builder, time.monotonic()
        phase = builder.phase
        if not phase.is_running:
            return
        spent = builder.seconds_in(phase, now)
        self._ticker.start(_SECOND_MS - int(spent * 1000) % _SECOND_MS + _LATE_MS)
        if phase is ReplyPhase.THINKING:
            self._say_of_thinking(words.thinking(spent), words.size_of_thought(builder.reasoning_tokens))
            self._say("")
            return
        if builder.has_reasoning or phase is ReplyPhase.ANSWERING:
            share = builder.reasoning_share if builder.has_text else None
            thought = words.thought(builder.seconds_in(ReplyPhase.THINKING))
            self._say_of_thinking(thought, words.size_of_thought(builder.reasoning_tokens, share))
        if phase is ReplyPhase.CONNECTING and self._is_here and spent < _SOON_S:
            phase = ReplyPhase.READING
        self._say(words.running(phase, spent, builder.fraction, self._files, self._pages))

    def _announce(self, phase: ReplyPhase) -> None:
        self._announced = phase
        speak(self._view, words.phase_words(phase))
