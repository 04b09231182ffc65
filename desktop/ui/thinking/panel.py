"""The thinking of a model, above its answer: one muted line, a peek while it thinks, the whole trace on demand.

A closed panel keeps the text and lays out none of it.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from desktop.core.text.pace import Attention
from desktop.rendering.text.plain_document import PlainDocument
from desktop.ui.look import tokens as measures
from desktop.ui.look.icons import icon, pixmap
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask, ReplyStep, Resplit, SetPanels, TakeStep
from desktop.ui.text.surface import TextSurface
from desktop.ui.widgets.labels import ElidedLabel


class ThinkingHeader(QPushButton):
    """A quiet button as wide as its words."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = ""
        self._detail = ""
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self.setAccessibleName(self.tr("Thinking"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        set_look(self, "muted")
        self.show_open(False)

    @property
    def words(self) -> str:
        return self._words

    def set_words(self, words: str, detail: str = "", *, is_last: bool = False) -> None:
        """Show these words, with `detail` as the tip; a screen reader is told only of the last ones, which stay."""
        if words != self._words:
            self._words = words
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

    def _edge(self) -> int:
        return self._theme.px(14)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        # By hand: the style would take as long for it as all else takes that the clock does.
        theme, metrics = self._theme, self.fontMetrics()
        width = theme.px(3) + self._edge() + theme.px(4) + metrics.horizontalAdvance(self._words) + 1 + theme.px(8)
        return QSize(width, max(metrics.height(), self._edge()) + 2 * theme.px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        if self.underMouse() or self.hasFocus():  # else there is nothing around the words
            option = QStyleOptionButton()
            self.initStyleOption(option)
            option.state &= ~QStyle.StateFlag.State_On
            painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        edge, gap = self._edge(), self._theme.px(4)
        x, middle = self._theme.px(3), self.height() / 2
        ink = "ink" if self.underMouse() and self.isEnabled() else "muted"
        name = "chevron-down" if self.isChecked() else "chevron-right"
        drawing = pixmap(name, self._theme.tokens.muted, edge, self.devicePixelRatioF())
        painter.drawPixmap(x, round(middle - edge / 2), drawing)
        painter.setPen(self._theme.color(ink))
        room = QRect(x + edge + gap, 0, self.width() - x - edge - gap, self.height())
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


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
        self._sentence = ""

    @property
    def sentence(self) -> str:
        """The sentence shown."""
        return self._sentence

    @property
    def wanted_height(self) -> int:
        return round(self._look.thinking.body_line * _LINES) + 2 * measures.GAP

    def append(self, text: str) -> None:
        """Add more of the trace."""
        self._settle((self._recent + text[-_REACH:])[-_REACH:])

    def show_end_of(self, trace: str) -> None:
        """Show the end of a trace as it stands."""
        self._settle(trace[-_REACH:])

    def _settle(self, recent: str) -> None:
        self._recent = recent
        sentences = _SENTENCE_END.split(recent)
        settled = next((each.strip() for each in reversed(sentences[:-1]) if each.strip()), "")
        if settled != self._sentence:
            self._sentence = settled
            self.update()

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        style, box = self._look.thinking, self.rect()
        painter = QPainter(self)
        painter.fillRect(box, self._look.theme.color("thinking"))
        painter.fillRect(QRect(0, 0, measures.RULE_WIDTH, box.height()), style.colours.line)
        painter.setFont(style.body)
        painter.setPen(style.colours.muted)
        left = measures.GAP_SECTION + measures.RULE_WIDTH
        inside = box.adjusted(left, measures.GAP, -measures.GAP_SECTION, -measures.GAP)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        # A little less than two lines, since words leave the ends of lines free.
        room = int(inside.width() * (_LINES - 0.1))
        painter.drawText(
            inside, int(flags), painter.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, room)
        )


_ROW = 28
_AROUND = 8  # above and below, together


class LoopNotice(QWidget):
    """A line below the repeating text: one row, or as many as words and buttons need if room is short."""

    def __init__(self, look: PageLook, cut_words: str, parent: QWidget, *, ground: str) -> None:
        """Build the line.

        `ground` is the theme's colour below it; on that of the thinking it has the thinking's rule.
        """
        super().__init__(parent)
        self._look = look
        self._ground = ground
        self._words = ElidedLabel(self.tr("The model repeats itself"), "small", self)
        self._cut = self._button(cut_words, "link")
        self.cut_requested: SignalInstance = self._cut.clicked
        self._go_on = self._button(self.tr("Let it go on"), "muted")
        self.dismissed: SignalInstance = self._go_on.clicked  # let it go on
        self.setAccessibleName(self._words.text())

    def height_for(self, width: int) -> int:
        """Return the height in pixels that it needs at a width in pixels."""
        return self._look.theme.px(_AROUND) + self._look.theme.px(_ROW) * len(self._rows(width))

    def _button(self, words: str, look: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        set_look(button, look)
        return button

    @property
    def _inset(self) -> int:
        return measures.GAP_SECTION + measures.RULE_WIDTH if self._ground == "thinking" else 0

    def _rows(self, width: int) -> list[list[QWidget]]:
        rows: list[list[QWidget]] = [[]]
        left = room = width - self._inset
        for part in (self._words, self._cut, self._go_on):
            wanted = part.sizeHint().width()
            if rows[-1] and wanted > left:
                rows.append([])
                left = room
            rows[-1].append(part)
            left -= wanted + measures.GAP
        return rows

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        edge = self._look.theme.px(_ROW)
        y = self._look.theme.px(_AROUND) // 2
        for row in self._rows(self.width()):
            x = self._inset
            for part in row:
                width = min(part.sizeHint().width(), self.width() - x)
                part.setGeometry(x, y, width, edge)
                x += width + measures.GAP
            y += edge

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.color(self._ground))
        if self._ground == "thinking":
            painter.fillRect(0, 0, measures.RULE_WIDTH, self.height(), self._look.thinking.colours.line)


class ThinkingPanel(QWidget):
    """The trace of one reply. The owner gives it a width with `height_for` and places it."""

    height_changed = Signal()
    toggled = Signal(bool)
    surface_made = Signal(object)  # the TextSurface that shows the trace, now that it is open
    loop_changed = Signal()  # see `says_loop`

    def __init__(self, look: PageLook, preference: PanelPreference, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._theme = look.theme
        self._preference = preference
        self._ask = ask
        self._pieces: list[str] = []
        self._is_open = preference is PanelPreference.OPEN
        self._is_running = False
        self._is_final = False
        self._surface: TextSurface | None = None
        self._foot: ElidedLabel | None = None
        self._loop: LoopNotice | None = None
        self._places: dict[QWidget, QRect] = {}
        self._peek = ThinkingPeek(look, self)
        self._peek.hide()
        self._header = ThinkingHeader(self._theme, self)
        self._header.clicked.connect(self._on_clicked)
        self._header.customContextMenuRequested.connect(self._offer_menu)
        self._header.show_open(self._is_open)

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def surface(self) -> TextSurface | None:
        """The surface of the trace while it is open, else None."""
        return self._surface

    @property
    def says_loop(self) -> bool:
        """True if it says that the model repeats itself, and offers to cut that."""
        return self._loop is not None

    @property
    def header_height(self) -> int:
        """The height in pixels of the line that is always there."""
        return self._theme.px(32)

    @property
    def trace(self) -> str:
        """The whole trace."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def append(self, text: str) -> None:
        """Add more thinking."""
        is_first = not self._pieces
        self._pieces.append(text)
        if self._surface is not None:
            self._surface.append(text)
            if is_first:  # it has had no place so far
                self.height_changed.emit()
        elif self._shows_peek():
            self._peek.append(text)

    def replace(self, text: str) -> None:
        """Replace the trace, when text has changed channels."""
        self._pieces = [text] if text else []
        if self._shows_peek():
            self._peek.show_end_of(text)
        if self._surface is not None:
            self._surface.set_document(PlainDocument())
            self._fill(self._surface, text)

    def set_words(self, words: str, detail: str = "", *, is_last: bool = False) -> None:
        """Set the line: "Thinking… 12 s" or "Thought for 12 s"; `is_last` if it will not change any more.

        `detail` is told by hovering, and by a screen reader at the end.
        """
        is_same = words == self._header.words
        self._header.set_words(words, detail, is_last=is_last)
        self._is_final = is_last
        if not is_same:
            self._place_header()

    def set_running(self, running: bool) -> None:
        """Set if the model is thinking right now; peek and loops belong to that time."""
        if running == self._is_running:
            return
        self._is_running = running
        if not running:
            self.show_loop(False)
            if self._surface is not None:
                self._surface.finish()
        self.height_changed.emit()

    def show_loop(self, repeats: bool) -> None:
        """Show below the thinking that it repeats itself, or hide that."""
        if repeats and self._loop is None:
            self._loop = LoopNotice(self._look, self.tr("Cut here and answer"), self, ground="thinking")
            self._loop.cut_requested.connect(lambda: self._ask(TakeStep(ReplyStep.ANSWER_NOW)))
            self._loop.dismissed.connect(lambda: self.show_loop(False))
            self._loop.show()
            self.loop_changed.emit()
            self.height_changed.emit()
        elif not repeats and self._loop is not None:
            self._drop(self._loop)
            self._loop = None
            self.loop_changed.emit()
            self.height_changed.emit()

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        if is_open == self._is_open:
            return
        self._is_open = is_open
        self._header.show_open(is_open)
        if is_open:
            self._make_surface()
        else:
            for part in (self._surface, self._foot):
                self._drop(part)
            self._surface = self._foot = None
            self._peek.show_end_of(self.trace)
        self.height_changed.emit()

    def set_preference(self, preference: PanelPreference) -> None:
        """Set how panels are shown from now on, and apply it to this one."""
        self._preference = preference
        self._peek.show_end_of(self.trace)
        self.set_open(preference is PanelPreference.OPEN)
        self.height_changed.emit()  # the peek, too, depends on it

    def refresh_look(self) -> None:
        """Apply the theme's present look."""
        if self._surface is not None:
            theme = self._theme
            self._surface.set_look(self._look.thinking, theme.color("thinking"), theme.color("paper"))
        for part in (self, self._header, self._peek, self._loop):
            if part is not None:
                part.update()

    def height_for(self, width: int) -> int:
        """Compute the layout at a width in pixels and return its height; nothing moves before `lay_out`."""
        if self._is_open and self._surface is None:
            self._make_surface()
        self._places = {}
        y = self.header_height
        if self._surface is not None and self._foot is not None:
            if self._pieces:
                y = self._put(self._surface, y, width, self._surface.height_for(width))
            if self._foot.text() != (words := self._foot_words()):
                self._foot.show_text(words)
            above = 0 if self._pieces else measures.GAP
            y = self._put(self._foot, y, width, above + self._foot.sizeHint().height() + measures.GAP)
        elif self._shows_peek():
            y = self._put(self._peek, y, width, self._peek.wanted_height)
        if self._loop is not None:
            y = self._put(self._loop, y, width, self._loop.height_for(width))
        return y

    def lay_out(self) -> None:
        """Move everything as the last `height_for` computed."""
        for part, place in self._places.items():
            if part is self._foot:  # its ground is painted here
                inset = measures.RULE_WIDTH + measures.GAP_SECTION
                above = place.height() - measures.GAP - part.sizeHint().height()
                place = place.adjusted(inset, above, -measures.GAP_SECTION, -measures.GAP)
            part.setGeometry(place)
        for body in (self._peek, self._surface):
            if body is not None:
                body.setVisible(body in self._places)
        self._place_header()

    def _put(self, part: QWidget, y: int, width: int, height: int) -> int:
        self._places[part] = QRect(0, y, width, height)
        return y + height

    def _drop(self, part: QWidget | None) -> None:
        if part is not None:
            self._places.pop(part, None)
            part.hide()
            part.deleteLater()

    def _shows_peek(self) -> bool:
        return self._is_running and not self._is_open and self._preference is PanelPreference.AUTO

    def _place_header(self) -> None:
        width = min(self.width(), self._header.sizeHint().width())
        self._header.setGeometry(0, 0, width, self.header_height)

    def _make_surface(self) -> None:
        theme = self._theme
        surface = TextSurface(PlainDocument(), self._look.thinking, theme.color("thinking"), self)
        surface.set_frame(measures.GAP_SECTION, measures.GAP_WIDE, 0, measures.RULE_WIDTH, theme.color("paper"))
        surface.setAccessibleName(self.tr("Thinking"))
        self._fill(surface, self.trace)
        surface.height_changed.connect(self.height_changed)
        surface.show()
        self._surface = surface
        self._foot = ElidedLabel(self._foot_words(), "tiny", self)
        self._foot.show()
        self.surface_made.emit(surface)

    def _foot_words(self) -> str:
        if not self._pieces and not self._is_running:
            return self.tr("The provider does not show what the model thought")
        return self.tr("Not sent with later questions")

    def _fill(self, surface: TextSurface, text: str) -> None:
        if self._is_running:
            surface.append(text)
        else:
            surface.load(text)

    def _on_clicked(self) -> None:
        self.set_open(not self._is_open)
        self.toggled.emit(self._is_open)

    def _offer_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Thinking"))
        if self._pieces:
            menu.addAction(self.tr("Copy the thinking"), lambda: QGuiApplication.clipboard().setText(self.trace))
            if self._is_final:
                menu.addAction(self.tr("Move to the answer"), lambda: self._ask(Resplit(thinking=False)))
            menu.addSeparator()
        check = icon("check", self._theme.tokens.accent, self._theme.icon_px)
        for preference, words in (
            (PanelPreference.AUTO, self.tr("Automatic")),
            (PanelPreference.OPEN, self.tr("Always open")),
            (PanelPreference.CLOSED, self.tr("Always closed")),
        ):
            is_chosen = preference is self._preference
            entry = menu.addAction(check if is_chosen else QIcon(), words)
            entry.setCheckable(True)
            entry.setChecked(is_chosen)
            entry.triggered.connect(lambda _=False, chosen=preference: self._ask(SetPanels(chosen)))
        menu.popup(self._header.mapToGlobal(where))

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        place = self._places.get(self._foot) if self._foot is not None else None
        if place is not None:  # the ground of the last line; what stands above paints its own
            painter = QPainter(self)
            painter.fillRect(place, self._theme.color("thinking"))
            rule = QRect(0, place.top(), measures.RULE_WIDTH, place.height())
            painter.fillRect(rule, self._look.thinking.colours.line)


def attention_in(preference: PanelPreference, *, is_open: bool) -> Attention:
    """Return the attention that growing thinking is worth: the whole trace, a sentence of it, or the seconds alone."""
    if is_open:
        return Attention.IN_FRONT
    return Attention.GLANCED_AT if preference is PanelPreference.AUTO else Attention.CLOSED
