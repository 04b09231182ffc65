"""The line over a conversation: its title, its model, where its words go, and a way to begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, SignalInstance
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QWidget

from desktop.core.models.naming import shown_name
from desktop.core.place import THIS_COMPUTER
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.chat.place_button import PlaceButton
from desktop.ui.chat.title_field import TitleField
from desktop.ui.context.meter import ContextMeter
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_SECTION
from desktop.ui.models.thinking_control import ThinkingChoice
from desktop.ui.widgets.buttons import LabelledButton, MenuButton
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill

if TYPE_CHECKING:
    from desktop.core.model import ModelChoice
    from desktop.core.place import Place
    from desktop.runtime.models.directory import Listing
    from desktop.ui.look.theme import Theme
    from desktop.ui.models.menu import ModelMenu

_LEAST_PX = 400  # of the line, as narrow as a page beside a panel
_WIDE_PX = 680
_WITH_MORE_PX = 600  # below, the menu of the list has all that the button for more has
_TITLE_PX = 165  # of the title, which a new conversation has whole; a longer one gives way, then the words of a button
_LEAST_TITLE_PX = 56  # of the title where those words are gone already
_MODEL_PX = 145  # of the model: about twelve characters, for which the title gives up all its room
_LEAST_MODEL_PX = 64  # of the model where even a place would have to be shortened
_LEAST_PLACE_PX = 150  # of a place: the name of a server may be longer than any line


class Header(QWidget):
    """A line told what to show; emits which model, page or panel the user wants."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_sidebar_shown = False
        self._is_stored = False
        self._is_making_room = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, "header")
        self._sidebar = IconButton(theme, "sidebar", self.tr("Show or hide the conversations"))
        self._title = TitleField(theme)
        self._temporary = PlainLabel(self.tr("Temporary"), "small")
        self._temporary.setToolTip(self.tr("Nothing of this conversation is written to the disk; it ends with Candor"))
        self._temporary.hide()
        self.more = IconButton(theme, "more", self.tr("More on this conversation"), token="muted")
        self.more.hide()
        self._menu: ModelMenu | None = None
        self._offered: tuple[list[Listing], ModelChoice | None, bool] = ([], None, False)  # of models
        self._thinking = ThinkingChoice()
        self._model = MenuButton(theme, hint=self.tr("Choose a model"), cut=Qt.TextElideMode.ElideRight)
        self._model.clicked.connect(self.open_models)
        self.place = self._place = PlaceButton(theme)
        self._place.show_place(THIS_COMPUTER)  # the usual one, for the room that it will take
        self._place.hide()
        self._lock = LabelledButton(theme, "lock", self.tr("Offline lock"), "quiet")
        self._lock.setToolTip(self.tr("The offline lock is on: nothing but this computer is reached"))
        self._lock.hide()
        self._new = IconButton(theme, "new", self.tr("New conversation"))
        keys = QKeySequence(QKeySequence.StandardKey.New).toString(QKeySequence.SequenceFormat.NativeText)
        self._new.setToolTip(fill(self.tr("New conversation (%1)"), keys))
        self.meter = ContextMeter(theme)
        self.meter.installEventFilter(self)  # it comes and goes with the model
        self._fresh = LabelledButton(theme, "fresh-start", self.tr("Start fresh"), "quiet")
        self._fresh.setToolTip(self.tr("Start fresh (Ctrl+Shift+N): a new conversation without what the model said"))
        self._prompt = IconButton(theme, "prompt", self.tr("Prompt builder"))
        self._prompt.setCheckable(True)
        self._prompt.setToolTip(self.tr("Prompt builder (Ctrl+B)"))
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP, GAP_SECTION, GAP)
        row.setSpacing(GAP)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # it makes room for itself
        row.addWidget(self._sidebar)
        row.addWidget(self._new)
        row.addWidget(self._titled(), 1)
        row.addWidget(self._model)
        row.addWidget(self._place)
        row.addWidget(self._lock)
        row.addWidget(self.meter)
        row.addWidget(self._fresh)
        row.addWidget(self._prompt)
        # The signals of its parts, under the names by which others ask for them.
        self.ledger_requested: SignalInstance = self._place.ledger_requested
        self.outgoing_requested: SignalInstance = self._place.outgoing_requested
        self.instructions_requested: SignalInstance = self._place.instructions_requested
        self.place_connections_requested: SignalInstance = self._place.connections_requested
        self.lock_requested: SignalInstance = self._place.lock_requested
        self.lock_pressed: SignalInstance = self._lock.clicked
        self.renamed: SignalInstance = self._title.renamed  # the new title
        self.more_requested: SignalInstance = self.more.clicked
        self.new_requested: SignalInstance = self._new.clicked
        self.fresh_requested: SignalInstance = self._fresh.clicked
        self.sidebar_toggled: SignalInstance = self._sidebar.clicked
        self.prompt_toggled: SignalInstance = self._prompt.toggled
        self._title.editing_changed.connect(self._give_way)
        theme.changed.connect(self._make_room)
        self.show_models([], None)

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

    def _titled(self) -> QWidget:
        """Return the title with its button for more: all the room that the others leave, and the first to give way."""
        self._about = QWidget()
        self._about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self._about)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GAP)
        line.addWidget(self._title)
        line.addWidget(self._temporary)
        line.addWidget(self.more)
        line.addStretch(1)
        return self._about

    def set_title(self, title: str, *, is_stored: bool = True) -> None:
        """Show the conversation's title; an empty one is a new conversation.

        What is not stored yet can't be renamed, and nothing else can be done with it.
        """
        self._title.show_title(show_invisible(title.strip()) or self.tr("New conversation"), can_change=is_stored)
        self._is_stored = is_stored
        self._make_room()

    def show_awaited(self) -> None:
        """Show no title, of a conversation that has not been read yet."""
        self._title.show_title("", can_change=False)
        self._is_stored = False
        self._make_room()

    def set_temporary(self, is_temporary: bool) -> None:
        """Say beside the title that nothing of the conversation is kept, or nothing."""
        self._temporary.setVisible(is_temporary)
        self._make_room()

    def rename(self) -> None:
        """Let the user write another title in the place of this one."""
        self._title.begin_editing()

    def set_place(self, place: Place | None) -> None:
        """Show where words go; None while no model is chosen."""
        self._place.setVisible(place is not None)
        if place is not None:
            self._place.show_place(place)
        self._make_room()

    def set_sidebar_shown(self, is_shown: bool) -> None:
        """Set if the sidebar can be seen, which has a button for a new conversation, too."""
        self._is_sidebar_shown = is_shown
        self._make_room()

    def show_prompt_open(self, is_open: bool) -> None:
        """Show that the prompt builder is visible, or not."""
        with QSignalBlocker(self._prompt):
            self._prompt.setChecked(is_open)

    def show_models(self, listings: list[Listing], current: ModelChoice | None, *, is_offline: bool = False) -> None:
        """Offer these models and show the current one and, if its connection is known, its place.

        `is_offline`: under the offline lock.
        """
        self._lock.setVisible(is_offline)
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
        self._make_room()

    def show_thinking(self, choice: ThinkingChoice) -> None:
        """Offer below the models how much the chosen one thinks; what is chosen is told with its name."""
        self._thinking = choice
        if self._menu is not None:
            self._menu.thinking.show_choice(choice)
        words = choice.words if choice.is_any else ""
        self._model.set_hint(words or self.tr("Choose a model"))
        self._model.setAccessibleDescription(words)

    def _give_way(self, is_editing: bool) -> None:
        """Leave the room of what can wait to the title while it is written."""
        self._model.setHidden(is_editing)
        self._make_room()

    def _make_room(self) -> None:
        """Share the room: a long title gives way first, then words of a button, then the model's tail; the place never.

        Buttons are hidden where the sidebar has one of them, too.
        """
        width, px = self.width(), self._theme.px
        self._about.setMinimumWidth(0)
        self._model.setMinimumWidth(0)
        self._new.setVisible(not self._is_sidebar_shown)
        self._fresh.show_shortened(False)
        self._lock.show_shortened(width < px(_WIDE_PX))
        self.meter.be_narrow(width < px(_WIDE_PX))
        self.more.setVisible(self._is_stored and width >= px(_WITH_MORE_PX))
        beside = sum(each.sizeHint().width() + GAP for each in (self._temporary, self.more) if not each.isHidden())
        title = self._title.sizeHint().width()
        wanted = min(title, px(_TITLE_PX)) + beside
        if self._lacks(wanted, of_model=self._model.sizeHint().width()):
            self._fresh.show_shortened(True)
            wanted = min(title, px(_LEAST_TITLE_PX)) + beside
        if self._lacks(wanted, of_model=self._model.minimumSizeHint().width()):
            self._new.hide()
        self._keep_place_whole()
        spare = width - self._row.minimumSize().width() - self._given_up
        gives_way = self.meter.is_wanted and spare < wanted
        if gives_way:
            spare += self.meter.sizeHint().width() + GAP
        self._about.setMinimumWidth(max(0, min(wanted, spare)))
        self.meter.give_way(gives_way)  # the last, since it comes back here

    def _keep_place_whole(self) -> None:
        """Give the place all that it wants, if need be at the cost of the model, and of what a key does as well."""
        whole = self._place.sizeHint().width()
        self._place.setMinimumWidth(whole)
        told = min(self._model.sizeHint().width(), self._theme.px(_MODEL_PX))
        self._model.setMinimumWidth(told)
        needed = self._row.minimumSize().width()
        if self._fresh.isHidden():
            needed += self._fresh.sizeHint().width() + GAP
        # Set once: what is shown and hidden again within one layout begins another one.
        self._fresh.setHidden(self._title.is_editing or self.width() < needed)
        if self.width() < self._row.minimumSize().width():
            self._model.setMinimumWidth(min(told, self._theme.px(_LEAST_MODEL_PX)))
        over = self._row.minimumSize().width() - self.width()
        if over > 0:
            self._place.setMinimumWidth(max(min(whole, self._theme.px(_LEAST_PLACE_PX)), whole - over))

    def _lacks(self, title: int, of_model: int) -> bool:
        """Return True if a title and a model of so many pixels have no room beside the others."""
        tail = self._model.sizeHint().width() - of_model
        return self.width() < self._row.sizeHint().width() - tail + self._to_come + title

    @property
    def _to_come(self) -> int:
        """The pixels of what comes with model and conversation: no words are shown that would have to go then."""
        away = [each for each in (self._place, self.meter) if each.isHidden()]
        return sum(each.sizeHint().width() + GAP for each in away)

    @property
    def _given_up(self) -> int:
        """The pixels that the meter needs to come back."""
        is_away = self.meter.is_wanted and self.meter.isHidden()
        return self.meter.sizeHint().width() + GAP if is_away else 0

    def open_models(self) -> None:
        """Open the list of models, as a click on it does."""
        self._model.setFocus(Qt.FocusReason.OtherFocusReason)
        self.menu.open_below(self._model)

    # Qt's own methods

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(_LEAST_PX), super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._make_room()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_making_room:  # else it comes of that, and would go on for ever
            self._is_making_room = True
            self._make_room()
            self._is_making_room = False


def _name_of(listings: list[Listing], current: ModelChoice | None) -> str:
    """Return the current model's title; its name alone if its server does not list it (now)."""
    if current is None:
        return ""
    for listing in listings:
        for model in listing.models or []:
            if (listing.connection.id, model.name) == (current.connection_id, current.model):
                return show_invisible(model.title)
    return show_invisible(shown_name(current.model))
