"""The line over a conversation: its title, its model, where its words go, and a way to begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QAction,
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QStackedLayout, QWidget
from shiboken6 import isValid

from desktop.core.models.naming import shown_name
from desktop.core.place import THIS_COMPUTER, Place
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.context.meter import ContextMeter
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_SECTION, RADIUS
from desktop.ui.models.thinking_control import ThinkingChoice
from desktop.ui.widgets.buttons import LabelledButton, MenuButton
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel
from desktop.ui.widgets.place_badge import PlaceBadge
from desktop.ui.words import fill, place_sentence, plain_action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.core.documents.naming_places import PlaceWord
    from desktop.core.model import ModelChoice
    from desktop.runtime.models.directory import Listing
    from desktop.ui.look.theme import Theme
    from desktop.ui.models.menu import ModelMenu

_LEAST_PX = 400  # of the line, as narrow as a page beside a panel
_ROW_PX = 30  # of what stands in it
_TITLE_LETTERS, _LEAST_TITLE_LETTERS = (
    30,
    20,
)  # of a title that gives way to names of buttons, and that all gives way to
_TITLE_END_PX = 56  # of a title where even a place would have to be shortened
_MODEL_PX, _MODEL_END_PX = 145, 64  # of the model: about twelve characters, and the least
_PLACE_END_PX = 150  # of a place: the name of a server may be longer than any line
_EDIT_PX = 520  # of a field in which a title is written, where there is room
_MOST_LETTERS = 200


class Header(QWidget):
    """A line told what to show; emits which model, page or panel the user wants.

    Where room is short, its parts give way in the order of `_by_priority`; the menu of the conversation never does.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_sidebar_shown = self._is_stored = self._is_temporary = self._has_place = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, "header")
        self._sidebar = IconButton(theme, "sidebar", self.tr("Show or hide the conversations"), self)
        self._new = IconButton(theme, "new", self.tr("New conversation"), self)
        keys = QKeySequence(QKeySequence.StandardKey.New).toString(QKeySequence.SequenceFormat.NativeText)
        self._new.setToolTip(fill(self.tr("New conversation (%1)"), keys))
        self._title = TitleField(theme, self)
        self._temporary = PlainLabel(self.tr("Temporary"), "small", parent=self)
        self._temporary.setToolTip(self.tr("Nothing of this conversation is written to the disk; it ends with Candor"))
        self.more = IconButton(theme, "more", self.tr("More on this conversation"), self, token="muted")
        self._menu: ModelMenu | None = None
        self._offered: tuple[list[Listing], ModelChoice | None, bool] = ([], None, False)  # of models
        self._thinking = ThinkingChoice()
        self._model = MenuButton(theme, self, hint=self.tr("Choose a model"), cut=Qt.TextElideMode.ElideRight)
        self._model.clicked.connect(self.open_models)
        self.place = PlaceButton(theme, self)
        self._lock = LabelledButton(theme, "lock", self.tr("Offline lock"), "quiet", self)
        self._lock.setToolTip(self.tr("The offline lock is on: nothing but this computer is reached"))
        self.meter = ContextMeter(theme, self)
        self.meter.wanted_changed.connect(self._arrange)
        self._fresh = LabelledButton(theme, "fresh-start", self.tr("Start fresh"), "quiet", self)
        self._fresh.setToolTip(self.tr("Start fresh (Ctrl+Shift+N): a new conversation without what the model said"))
        self._prompt = LabelledButton(theme, "prompt", self.tr("Prompt builder"), "quiet", self)
        self._prompt.setCheckable(True)
        self._prompt.setToolTip(self.tr("Prompt builder (Ctrl+B)"))
        # The signals of its parts, under the names by which others ask for them.
        self.ledger_requested: SignalInstance = self.place.ledger_requested
        self.outgoing_requested: SignalInstance = self.place.outgoing_requested
        self.instructions_requested: SignalInstance = self.place.instructions_requested
        self.place_connections_requested: SignalInstance = self.place.connections_requested
        self.lock_requested: SignalInstance = self.place.lock_requested
        self.lock_pressed: SignalInstance = self._lock.clicked
        self.renamed: SignalInstance = self._title.renamed  # the new title
        self.more_requested: SignalInstance = self.more.clicked
        self.new_requested: SignalInstance = self._new.clicked
        self.fresh_requested: SignalInstance = self._fresh.clicked
        self.sidebar_toggled: SignalInstance = self._sidebar.clicked
        self.prompt_toggled: SignalInstance = self._prompt.toggled
        self._title.editing_changed.connect(self._arrange)
        theme.changed.connect(self._arrange)
        self.show_models([], None)

    @property
    def hidden_buttons(self) -> list[LabelledButton]:
        """Those that had to give way, for the menu of the conversation."""
        return [each for each in (self._fresh, self._prompt) if each.isHidden()]

    @property
    def menu(self) -> ModelMenu:
        """The list of models; made, and its module loaded, when it is first wanted."""
        if self._menu is None:
            from desktop.ui.models.menu import ModelMenu

            listings, current, is_offline = self._offered
            self._menu = ModelMenu(self._theme, self)
            self._menu.show_models(listings, current, is_offline=is_offline)
            self._menu.thinking.show_choice(self._thinking)
        return self._menu

    def set_title(self, title: str, *, is_stored: bool = True) -> None:
        """Show the conversation's title; an empty one is a new conversation.

        What is not stored yet can't be renamed, and nothing else can be done with it.
        """
        self._title.show_title(show_invisible(title.strip()) or self.tr("New conversation"), can_change=is_stored)
        self._is_stored = is_stored
        self._arrange()

    def show_awaited(self) -> None:
        """Show no title, of a conversation that has not been read yet."""
        self._title.show_title("", can_change=False)
        self._is_stored = False
        self._arrange()

    def set_temporary(self, is_temporary: bool) -> None:
        """Say beside the title that nothing of the conversation is kept, or nothing."""
        self._is_temporary = is_temporary
        self._arrange()

    def finish_renaming(self) -> None:
        """Take over a title that is being written: its conversation is about to be left."""
        self._title.finish_editing()

    def rename(self) -> None:
        """Let the user write another title in the place of this one."""
        self._title.begin_editing()

    def set_place(self, place: Place | None) -> None:
        """Show where words go; None while no model is chosen."""
        self._has_place = place is not None
        if place is not None:
            self.place.show_place(place)
        self._arrange()

    def set_sidebar_shown(self, is_shown: bool) -> None:
        """Set if the sidebar can be seen, which has a button for a new conversation, too."""
        self._is_sidebar_shown = is_shown
        self._arrange()

    def show_prompt_open(self, is_open: bool) -> None:
        """Show that the prompt builder is visible, or not."""
        with QSignalBlocker(self._prompt):
            self._prompt.setChecked(is_open)

    def show_models(self, listings: list[Listing], current: ModelChoice | None, *, is_offline: bool = False) -> None:
        """Offer these models and show the current one and, if its connection is known, its place.

        `is_offline`: under the offline lock.
        """
        self._offered = (listings, current, is_offline)
        if self._menu is not None:
            self._menu.show_models(listings, current, is_offline=is_offline)
        chosen = next((each for each in listings if current and each.connection.id == current.connection_id), None)
        self.set_place(chosen.place_of(current.model) if chosen and current else None)
        name = _name_of(listings, current)
        self._model.show_words(
            name or self.tr("Choose a model"),
            fill(self.tr("Model: %1"), name) if name else self.tr("Choose a model"),
        )
        self._arrange()

    def show_thinking(self, choice: ThinkingChoice) -> None:
        """Offer below the models how much the chosen one thinks; what is chosen is told with its name."""
        self._thinking = choice
        if self._menu is not None:
            self._menu.thinking.show_choice(choice)
        words = choice.words if choice.is_any else ""
        self._model.set_hint(words or self.tr("Choose a model"))
        self._model.setAccessibleDescription(words)

    # How the parts share the room

    def _wanted(self) -> list[QWidget]:
        """Return what is to be seen where there is room, from left to right."""
        is_editing = self._title.is_editing
        parts = {
            self._sidebar: True,
            self._new: not self._is_sidebar_shown,
            self._title: True,
            self._temporary: self._is_temporary,
            self.more: self._is_stored,
            self._model: not is_editing,
            self.place: self._has_place,
            self._lock: self._offered[2],
            self.meter: self.meter.is_wanted and not is_editing,
            self._fresh: not is_editing,
            self._prompt: True,
        }
        return [part for part, is_wanted in parts.items() if is_wanted]

    def _by_priority(self, icons: dict[LabelledButton, int]) -> list[tuple[QWidget, int]]:
        """Return what gives way first, and to how many pixels; 0: it goes. `icons`: buttons without their names."""
        px, title = self._theme.px, self._title
        return [
            (self._prompt, icons[self._prompt]),
            (title, title.width_of(_TITLE_LETTERS)),
            (self._fresh, icons[self._fresh]),
            (title, title.width_of(_LEAST_TITLE_LETTERS)),
            (self._lock, icons[self._lock]),
            (self._model, px(_MODEL_PX)),
            (self._new, 0),
            (self.meter, 0),
            (self._temporary, 0),
            (self._fresh, 0),
            (title, px(_TITLE_END_PX)),
            *([(self._prompt, 0)] if self._is_stored else []),  # which has a menu that offers it then
            (self._model, px(_MODEL_END_PX)),
            (title, px(_TITLE_END_PX) // 2),
            (self.place, px(_PLACE_END_PX)),
        ]

    def _arrange(self) -> None:
        """Give each part its place: all of it where there is room, else what is left by those that give way first."""
        named = {each: each.widths() for each in (self._fresh, self._prompt, self._lock)}
        icons = {each: bare for each, (_, bare) in named.items()}
        widths = {part: part.sizeHint().width() for part in self._wanted()}
        widths |= {each: whole for each, (whole, _) in named.items() if each in widths}
        if self._title.is_editing:
            widths[self._title] = self._theme.px(_EDIT_PX)
        over = sum(widths.values()) + GAP * (len(widths) - 1) - (self.width() - GAP - GAP_SECTION)
        if not self._has_place:  # yet: no names are shown that would go when it comes
            over += self.place.sizeHint().width() + GAP
        for part, least in self._by_priority(icons):
            if over > 0 and least < widths.get(part, 0):
                is_elastic = part in (self._title, self._model, self.place)
                width = max(least, widths[part] - over) if is_elastic else least
                over -= widths[part] - width + (0 if width else GAP)
                widths[part] = width
        for part in (self._model, self._title):  # what a part that went has left over
            more = min(-over, part.sizeHint().width() - widths.get(part, 0))
            if more > 0 and part in widths:
                widths[part] += more
                over += more
        for each, bare in icons.items():
            each.show_shortened(widths.get(each, 0) <= bare)
        self._place_parts({part: width for part, width in widths.items() if width})

    def _place_parts(self, widths: dict[QWidget, int]) -> None:
        """Set the title and what belongs to it at the left, all else at the right."""
        at_right = (self._model, self.place, self._lock, self.meter, self._fresh, self._prompt)
        left, right = GAP, self.width() - GAP_SECTION
        for part in (*self._left_parts(), *at_right):
            part.setVisible(part in widths)
        for part in self._left_parts():
            if part in widths:
                left = self._put(part, left, widths[part]) + GAP
        for part in reversed(at_right):
            if part in widths:
                right -= widths[part]
                self._put(part, right, widths[part])
                right -= GAP

    def _left_parts(self) -> tuple[QWidget, ...]:
        return self._sidebar, self._new, self._title, self._temporary, self.more

    def _put(self, part: QWidget, x: int, width: int) -> int:
        part.setGeometry(x, GAP, width, self.height() - 2 * GAP)  # all alike, so that Tab walks from left to right
        return x + width

    def open_models(self) -> None:
        """Open the list of models, as a click on it does."""
        self._model.setFocus(Qt.FocusReason.OtherFocusReason)
        self.menu.open_below(self._model)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        tallest = max(part.sizeHint().height() for part in (*self._left_parts(), self._model, self._fresh))
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
        self._said: QAction | None = None
        super().__init__(theme, THIS_COMPUTER, parent)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self._said = self.menu.addAction(plain_action(place_sentence(THIS_COMPUTER)))
        self._said.setEnabled(False)
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

    def show_place(self, place: Place) -> None:
        super().show_place(place)
        if self._said is not None:
            self._said.setText(plain_action(place_sentence(place)))

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

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.tokens.accent), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), RADIUS, RADIUS)


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
        # Escape means something to the whole window: here it is this field's.
        is_key = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() is QEvent.Type.KeyPress:
                self.given_up.emit()
            return True
        return super().event(event)


class TitleField(QWidget):
    """A title that can be changed where it stands."""

    renamed = Signal(str)
    editing_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.is_editing = False
        self._before = ""  # the title as it was when a field took its place
        self._came_from: QWidget | None = None  # the widget that had the keyboard before the field
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
        self._field.editingFinished.connect(self._take_over)
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
        """Return the pixels in width of a title with so many letters."""
        return letters * self._label.fontMetrics().averageCharWidth()

    def begin_editing(self) -> None:
        """Put a field in the place of the title, with the keyboard."""
        self._before = self._label.text()
        self._came_from = self.window().focusWidget()
        self._field.setText(self._before)
        self._show_field(True)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.selectAll()

    def finish_editing(self) -> None:
        """Take over what has been written: the conversation whose title it is is about to be left."""
        if self.is_editing:
            self._take_over()

    def _show_field(self, is_editing: bool) -> None:
        self.is_editing = is_editing
        self._stack.setCurrentWidget(self._field if is_editing else self._label)
        self.editing_changed.emit()

    def _take_over(self) -> None:
        if not self.is_editing:
            return
        title = " ".join(self._field.text().split())
        changed = bool(title) and title != self._before
        self._show_label()
        if changed:
            self.renamed.emit(title)

    def _show_label(self) -> None:
        had_keyboard = self._field.hasFocus()
        self._show_field(False)  # which says that the field was left, too
        came_from, self._came_from = self._came_from, None
        if had_keyboard:
            if came_from is None or not isValid(came_from) or not came_from.isVisible():
                came_from = self._label
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)


def _name_of(listings: list[Listing], current: ModelChoice | None) -> str:
    """Return the current model's title; its name alone if its server does not list it (now)."""
    if current is None:
        return ""
    for listing in listings:
        for model in listing.models or []:
            if (listing.connection.id, model.name) == (current.connection_id, current.model):
                return show_invisible(model.title)
    return show_invisible(shown_name(current.model))
