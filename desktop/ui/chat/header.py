"""The line over a conversation: its title, its model, where its words go, and a way to begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QSizePolicy, QStackedLayout, QToolTip, QWidget

from desktop.core.models.place import shown_name
from desktop.core.place import THIS_COMPUTER, Place
from desktop.rendering.text.letters import show_invisible
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_TIGHT, RADIUS, set_look
from desktop.ui.look.theme import IconButton
from desktop.ui.models.menu import ModelMenu, ThinkingChoice
from desktop.ui.widgets.buttons import LabelledButton, MenuButton
from desktop.ui.widgets.keys import FocusBefore, claim_escape
from desktop.ui.widgets.labels import ElidedLabel, PlaceBadge, PlainLabel, set_tooltip
from desktop.ui.words import fill, place_sentence, plain_action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.core.context import Filling
    from desktop.core.documents.marks import PlaceWord
    from desktop.core.model import ModelChoice
    from desktop.runtime.models.directory import Listing
    from desktop.ui.look.theme import Theme

_LEAST_PX = 400  # of the line, as narrow as a page beside a panel
_ROW_PX = 30  # of what stands in it
_TITLE_LETTERS, _LEAST_LETTERS = 30, 20  # of a title that gives way to names of buttons, and that all gives way to
_TITLE_END_PX = 56  # of a title where even a place would have to be shortened
_MODEL_PX, _MODEL_END_PX = 145, 64  # of the model: about twelve characters, and the least
_PLACE_END_PX = 150  # of a place: the name of a server may be longer than any line
_EDIT_PX = 520  # of a field in which a title is written, where there is room
_MOST_LETTERS = 200
_HALF, _NEARLY = 0.5, 0.8  # of the room for a conversation


class Header(QWidget):
    """A line told what to show; its parts emit what the user wants.

    Where room is short they give way in the order of `_by_priority`; the menu of the conversation never does.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, "header")
        self.sidebar = IconButton(theme, "sidebar", self.tr("Show or hide the conversations"), self)
        self.new = IconButton(theme, "new", self.tr("New conversation"), self)
        keys = QKeySequence(QKeySequence.StandardKey.New).toString(QKeySequence.SequenceFormat.NativeText)
        self.new.setToolTip(fill(self.tr("New conversation (%1)"), keys))
        self.title = TitleField(theme, self)
        self._temporary = PlainLabel(self.tr("Temporary"), "small", parent=self)
        self._temporary.setToolTip(self.tr("Nothing of this conversation is written to the disk; it ends with Candor"))
        self.more = IconButton(theme, "more", self.tr("More on this conversation"), self, token="muted")
        self.menu = ModelMenu(theme, self)
        self._model = MenuButton(theme, self, hint=self.tr("Choose a model"), cut=Qt.TextElideMode.ElideRight)
        self._model.clicked.connect(self.open_models)
        self.place = PlaceButton(theme, self)
        self.lock = LabelledButton(theme, "lock", self.tr("Offline lock"), "quiet", self)
        self.lock.setToolTip(self.tr("The offline lock is on: nothing but this computer is reached"))
        self.meter = ContextMeter(self)
        self.meter.wanted_changed.connect(self._arrange)
        self.fresh = LabelledButton(theme, "fresh-start", self.tr("Start fresh"), "quiet", self)
        self.fresh.setToolTip(self.tr("Start fresh (Ctrl+Shift+N): a new conversation without what the model said"))
        self.prompt = LabelledButton(theme, "prompt", self.tr("Prompt builder"), "quiet", self)
        self.prompt.setCheckable(True)
        self.prompt.setToolTip(self.tr("Prompt builder (Ctrl+B)"))
        for each in (self.sidebar, self.new, self.more):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where one writes
        self._left: tuple[QWidget, ...] = (self.sidebar, self.new, self.title, self._temporary, self.more)
        self._right: tuple[QWidget, ...] = (self._model, self.place, self.lock, self.meter, self.fresh, self.prompt)
        # What is shown, where there is room, only at times.
        self._asked = dict.fromkeys((self._temporary, self.more, self.place, self.lock), False) | {self.new: True}
        self.title.editing_changed.connect(self._arrange)
        theme.changed.connect(self._arrange)
        self.show_models([], None)

    @property
    def hidden_buttons(self) -> list[LabelledButton]:
        """Those that had to give way, for the menu of the conversation."""
        return [each for each in (self.fresh, self.prompt) if each.isHidden()]

    def set_title(self, title: str | None, *, is_stored: bool = True, is_temporary: bool = False) -> None:
        """Show the conversation's title; an empty one is a new conversation, None one that has not been read yet.

        What is not stored yet can't be renamed, and nothing else can be done with it. Of a temporary one it is said
        beside the title that nothing of it is kept.
        """
        self._asked |= {self.more: is_stored, self._temporary: is_temporary}
        words = "" if title is None else show_invisible(title.strip()) or self.tr("New conversation")
        self.title.show_title(words, can_change=is_stored)
        self._arrange()

    def set_place(self, place: Place | None) -> None:
        """Show where words go; None while no model is chosen."""
        self._asked[self.place] = place is not None
        if place is not None:
            self.place.show_place(place)
        self._arrange()

    def set_sidebar_shown(self, is_shown: bool) -> None:
        """Set if the sidebar can be seen, which has a button for a new conversation, too."""
        self._asked[self.new] = not is_shown
        self._arrange()

    def show_models(self, listings: list[Listing], current: ModelChoice | None, *, is_offline: bool = False) -> None:
        """Offer these models and show the current one and, if its connection is known, its place.

        `is_offline`: under the offline lock.
        """
        self._asked[self.lock] = is_offline
        self.menu.show_models(listings, current, is_offline=is_offline)
        name = _name_of(listings, current)
        self._model.show_words(
            name or self.tr("Choose a model"),
            fill(self.tr("Model: %1"), name) if name else self.tr("Choose a model"),
        )
        chosen = next((each for each in listings if current and each.connection.id == current.connection_id), None)
        self.set_place(chosen.place_of(current.model) if chosen and current else None)

    def show_thinking(self, choice: ThinkingChoice) -> None:
        """Offer below the models how much the chosen one thinks; what is chosen is told with its name."""
        self.menu.thinking.show_choice(choice)
        words = choice.words if choice.is_any else ""
        self._model.set_hint(words or self.tr("Choose a model"))
        self._model.setAccessibleDescription(words)

    def open_models(self) -> None:
        """Open the list of models, as a click on it does."""
        self._model.setFocus()
        self.menu.open_below(self._model)

    # How the parts share the room

    def _wanted(self, part: QWidget) -> bool:
        """Return True if a part is to be seen where there is room."""
        if part in (self._model, self.meter, self.fresh) and self.title.is_editing:
            return False
        return self.meter.is_wanted if part is self.meter else self._asked.get(part, True)

    def _by_priority(self) -> list[tuple[QWidget, int]]:
        """Return what gives way first, and to how many pixels; 0: it goes."""
        px, title = self._theme.px, self.title
        return [
            (self.prompt, self.prompt.widths()[1]),  # without its name
            (title, title.width_of(_TITLE_LETTERS)),
            (self.fresh, self.fresh.widths()[1]),
            (title, title.width_of(_LEAST_LETTERS)),
            (self.lock, self.lock.widths()[1]),
            (self._model, px(_MODEL_PX)),
            (self.new, 0),
            (self.meter, 0),
            (self._temporary, 0),
            *([(self.prompt, 0)] if self._asked[self.more] else []),  # which has a menu that offers it then
            (title, px(_TITLE_END_PX)),
            (self.fresh, 0),
            (self._model, px(_MODEL_END_PX)),
            (title, px(_TITLE_END_PX) // 2),
            (self.place, px(_PLACE_END_PX)),
        ]

    def _arrange(self) -> None:
        """Give each part its place: all of it where there is room, else what is left by those that give way first."""
        named, elastic = (self.fresh, self.prompt, self.lock), (self._model, self.title, self.place)
        whole = {part: part.sizeHint().width() for part in (*self._left, *self._right) if self._wanted(part)}
        whole |= {each: each.widths()[0] for each in named if each in whole}
        if self.title.is_editing:
            whole[self.title] = self._theme.px(_EDIT_PX)
        widths = dict(whole)
        over = sum(widths.values()) + GAP_TIGHT * (len(widths) - 1) - (self.width() - GAP - GAP_SECTION)
        if not self._asked[self.place]:  # yet: no names are shown that would go when it comes
            over += self.place.sizeHint().width() + GAP_TIGHT
        for part, least in self._by_priority():
            if over > 0 and least < widths.get(part, 0):
                width = max(least, widths[part] - over) if part in elastic else least
                over -= widths[part] - width + (0 if width else GAP_TIGHT)
                widths[part] = width
        for part in elastic[:2]:  # what a part that went has left over
            more = min(-over, whole.get(part, 0) - widths.get(part, 0))
            if more > 0:
                widths[part] += more
                over += more
        for each in named:
            each.show_shortened(widths.get(each, 0) < whole.get(each, 0))
        left, right = GAP, self.width() - GAP_SECTION
        for part in (*self._left, *reversed(self._right)):
            width = widths.get(part, 0)
            part.setVisible(width > 0)
            if not width:
                continue
            at = left if part in self._left else right - width
            part.setGeometry(at, GAP, width, self.height() - 2 * GAP)  # all alike, so that Tab walks from left to right
            left, right = (at + width + GAP_TIGHT, right) if part in self._left else (left, at - GAP_TIGHT)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        tallest = max(part.sizeHint().height() for part in (*self._left, self._model, self.fresh))
        return QSize(self._theme.px(_LEAST_PX), max(tallest, self._theme.px(_ROW_PX)) + 2 * GAP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # a part has another size, as after a change of the text's
            self.updateGeometry()
            self._arrange()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


class PlaceButton(PlaceBadge):
    """A badge that opens a menu, by mouse or keyboard."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, THIS_COMPUTER, parent)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        said = self.menu.addAction("")
        said.setEnabled(False)
        self.menu.aboutToShow.connect(lambda: said.setText(plain_action(place_sentence(self._place))))
        self.menu.addSeparator()
        self.outgoing_requested: SignalInstance = self.menu.addAction(self.tr("What will be sent…")).triggered
        self._asks_places = self.menu.addAction("")
        self._asks_places.setCheckable(True)
        self._asks_places.setVisible(False)
        self.places_asked: SignalInstance = self._asks_places.triggered  # True if they are to be asked for
        self.instructions_requested: SignalInstance = self.menu.addAction(self.tr("Instructions…")).triggered
        self.menu.addSeparator()
        self.ledger_requested: SignalInstance = self.menu.addAction(self.tr("Where did my words go")).triggered
        self.connections_requested: SignalInstance = self.menu.addAction(self.tr("Connections")).triggered
        self.lock_requested: SignalInstance = self.menu.addAction(self.tr("Offline lock…")).triggered
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_places(self, places: Sequence[PlaceWord], *, is_asked: bool) -> None:
        """Offer to ask for these places of the conversation's files, and show if they are asked for."""
        if places:
            from desktop.ui.documents.words import ask_for_places, explained_places

            self._asks_places.setText(ask_for_places(places))
            self._asks_places.setToolTip(explained_places(places))
        self._asks_places.setChecked(is_asked)
        self._asks_places.setVisible(bool(places))

    def _open(self) -> None:
        self.menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    # Qt's own methods

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color("accent"), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), RADIUS, RADIUS)


class ContextMeter(QPushButton):
    """A word on the model's memory, from half full on; pointed at, reached by Tab or pressed, it tells of what."""

    wanted_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling: Filling | None = None
        self.is_wanted = False
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("How full the model's memory for this conversation is"))
        self.clicked.connect(self._tell)
        set_look(self, "muted")
        self.hide()

    def show_filling(self, filling: Filling | None) -> None:
        """Show how full the model's window is; None: that is not known."""
        if filling == self._filling:
            return
        self._filling = filling
        share = 0.0
        if filling is not None and filling.window.tokens is not None:
            from desktop.ui.chat.filling import taken_room, verdict

            share = filling.prompt / max(1, filling.window.tokens - filling.kept_room)
            word = self.tr("Half full") if share < _NEARLY else self.tr("Nearly full")
            self.setText(self.tr("Too long") if filling.over else word)
            set_look(self, "advice" if filling.over else "muted")
            set_tooltip(self, "\n".join([self.text(), *taken_room(filling), verdict(filling)]))
        self.is_wanted = share >= _HALF
        self.wanted_changed.emit()

    def _tell(self) -> None:
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self.toolTip(), self)

    # Qt's own method

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            QTimer.singleShot(0, self, self._tell)  # any event of the focus, of which more come, hides a hint


class _Title(ElidedLabel):
    """The title as it is shown; reached by Tab, pressed by mouse, Enter or F2."""

    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            self.pressed.emit()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class _Field(QLineEdit):
    """A field that is left by Enter, Escape, or by going elsewhere."""

    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        return claim_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class TitleField(QWidget):
    """A title that can be changed where it stands."""

    renamed = Signal(str)
    editing_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.is_editing = False
        self._before = ""  # the title as it was when a field took its place
        self._focus = FocusBefore()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._label = _Title("", "heading")
        self._field = _Field()
        self._field.setAccessibleName(self.tr("New title"))
        self._field.setMaxLength(_MOST_LETTERS)
        self._field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # the label says how wide
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._label)
        self._stack.addWidget(self._field)
        self._label.pressed.connect(self.begin_editing)
        self._field.editingFinished.connect(self.finish_editing)
        self._field.given_up.connect(self._show_label)

    def show_title(self, title: str, *, can_change: bool) -> None:
        """Show this title; what is being written stays until it is left."""
        self._label.show_text(title)
        self._label.setFocusPolicy(Qt.FocusPolicy.TabFocus if can_change else Qt.FocusPolicy.NoFocus)
        self._label.setCursor(Qt.CursorShape.IBeamCursor if can_change else Qt.CursorShape.ArrowCursor)
        if can_change:
            self._label.setAccessibleDescription(self.tr("Press Enter to rename"))
        self.updateGeometry()

    def text(self) -> str:
        """Return the title that is shown, whole."""
        return self._label.text()

    def width_of(self, letters: int) -> int:
        """Return the pixels in width of a title with so many Latin letters, or half as many Chinese signs."""
        metrics = self._label.fontMetrics()  # the average of a font for Chinese is that of its signs
        return letters * min(metrics.averageCharWidth(), metrics.horizontalAdvance("n"))

    def begin_editing(self) -> None:
        """Put a field in the place of the title, with the keyboard."""
        self._before = self._label.text()
        self._focus.note()
        self._field.setText(self._before)
        self._show_field(True)
        self._field.setFocus()
        self._field.selectAll()

    def finish_editing(self) -> None:
        """Take over what has been written, if anything is."""
        if self.is_editing:
            title = " ".join(self._field.text().split())
            changed = bool(title) and title != self._before
            self._show_label()
            if changed:
                self.renamed.emit(title)

    def _show_field(self, is_editing: bool) -> None:
        self.is_editing = is_editing
        self._stack.setCurrentWidget(self._field if is_editing else self._label)
        self.editing_changed.emit()

    def _show_label(self) -> None:
        had_keyboard = self._field.hasFocus()
        self._show_field(False)  # which says that the field was left, too
        if had_keyboard:
            self._focus.give_back(self._label)


def _name_of(listings: list[Listing], current: ModelChoice | None) -> str:
    """Return the current model's title; its name alone if its server does not list it (now)."""
    if current is None:
        return ""
    models = [model for each in listings if each.connection.id == current.connection_id for model in each.models or []]
    titles = (model.title for model in models if model.name == current.model)
    return show_invisible(next(titles, shown_name(current.model)))
