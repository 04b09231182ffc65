"""The column at the left: a new conversation, finding, the list, what was just deleted, and the connections.

It stands at the left of the pages, over the whole window if that is narrow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.core.conversation import Conversation
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, GAP_WIDE, TINY, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.recipes.list import PinnedRecipes
from desktop.ui.sidebar.list import ConversationListView, ConversationModel, id_at
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.keys import leave_focus, letters_of, tab_stops
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.widgets.page import PanelShape, SidePanel
from desktop.ui.widgets.quiet_line import UndoBar

_SHAPE: Final = PanelShape(Qt.Edge.LeftEdge, "side", 260, narrowest=260)
_LEFT_TO_PAGE: Final = 100
_MOST_FOR_WORDS: Final = 0.45  # of the window
_LEFT_TO_TWO: Final = 840  # pixels for a page and a panel at its right, below which the sidebar gives way


class SidebarPlace(SidePanel):
    """The sidebar and the pages."""

    def __init__(self, theme: Theme, sidebar: QWidget, pages: QWidget) -> None:
        super().__init__(theme, _SHAPE, pages, sidebar)
        self._gives_way = False
        self._came_from: QWidget | None = None  # what had the keyboard before the sidebar lay over it
        theme.changed.connect(lambda: QTimer.singleShot(0, self, self._place))  # when its words have their new size

    def give_way(self, shall: bool) -> None:
        """Fold the sidebar while a panel stands beside the page and there is no room for all three, until it is asked
        for; or have it come back."""
        self._gives_way = shall
        self._place()

    def toggle(self) -> None:
        if self._is_folded:
            self._gives_way = False  # the user wants it all the same
        self._give_keyboard_back()
        super().toggle()
        if self.is_over:  # what had the keyboard may be covered
            self._came_from = self.window().focusWidget()
            for first in tab_stops(self.pane)[:1]:  # none in a window that has not been shown
                first.setFocus()

    def uncover(self) -> None:
        self._give_keyboard_back()
        super().uncover()

    def _give_keyboard_back(self) -> None:
        came_from, self._came_from = self._came_from, None
        if came_from is not None and isValid(came_from):
            leave_focus(self.pane, came_from)

    def _place(self) -> None:
        left = self.width() - self._least_width()
        self._is_folded = self._gives_way and left < self.theme.px(_LEFT_TO_TWO)
        super()._place()

    def _ground(self) -> QWidget:
        return self.window()

    def _least_width(self) -> int:
        """Return the least width in pixels: that grows with the text, to a third of the window or what words need."""
        whole = self.window().width()
        words = min(self.pane.minimumSizeHint().width(), round(whole * _MOST_FOR_WORDS))
        return min(self.theme.px(_SHAPE.narrowest), max(whole // 3, words))

    def _most_width(self) -> int:
        """Return the most width in pixels: no more than the least until the user has dragged the border."""
        is_dragged = self._width != _SHAPE.width
        return self.width() - _LEFT_TO_PAGE if is_dragged else self._least_width()


FIND_KEYS = "Ctrl+K"


class Sidebar(QWidget):
    """A column told what to list by `show_conversations`; emits what the user wants."""

    ledger_requested = Signal(str)  # where words went from a conversation, by its id
    export_requested = Signal(str)  # its id

    def __init__(self, theme: Theme, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._selected_id: str | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Conversations"))
        set_look(self, "side")
        self._new = LabelledButton(theme, "new", self.tr("New conversation"), "side")
        self._new.setToolTip(
            QKeySequence(QKeySequence.StandardKey.New).toString(QKeySequence.SequenceFormat.NativeText)
        )
        self._find = FindBox(theme)
        self.recipes = PinnedRecipes(theme)
        self._model = ConversationModel(clock)
        self._model.setParent(self)
        self._list = ConversationListView(theme, self._model)
        self._nothing = PlainLabel("", "small", wraps=True)  # without words until it is known that there is none
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._nothing.setContentsMargins(GAP, GAP, GAP, GAP)
        self._nothing.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.undo = UndoBar(theme)  # of what has just been deleted
        self._which = LabelledButton(theme, "computer", self.tr("Which model"), "quiet")
        self._ledger = LabelledButton(theme, "shield", self.tr("Where did my words go"), "quiet")
        self._connections = LabelledButton(theme, "plug", self.tr("Connections"), "quiet")
        self._connections.setToolTip(QKeySequence("Ctrl+Shift+O").toString(QKeySequence.SequenceFormat.NativeText))
        self._bin = IconButton(theme, "trash", self.tr("Deleted conversations"), token="muted")
        self._settings = IconButton(theme, "settings", self.tr("Settings (Ctrl+,)"), token="muted")
        self._help = IconButton(theme, "help", self.tr("Help (F1)"), token="muted")
        # The signals of its parts, under the names by which the window asks for them.
        self.new_requested: SignalInstance = self._new.clicked
        self.find_requested: SignalInstance = self._find.wanted  # with what was typed on it
        self.conversation_chosen: SignalInstance = self._list.chosen  # its id
        self.rename_requested: SignalInstance = self._model.renamed  # the id and the new title
        self.asked: SignalInstance = self._list.asked  # the id, a ConversationAsk, and the name of a group
        self.dropped: SignalInstance = self._model.dropped  # the id, and the row that it was dragged to
        self.undo_requested: SignalInstance = self.undo.undone
        self.models_requested: SignalInstance = self._which.clicked
        self.ledger_pressed: SignalInstance = self._ledger.clicked
        self.connections_requested: SignalInstance = self._connections.clicked
        self.bin_requested: SignalInstance = self._bin.clicked
        self.settings_requested: SignalInstance = self._settings.clicked
        self.help_requested: SignalInstance = self._help.clicked
        self._lay_out()
        self._show_whether_empty()

    def _lay_out(self) -> None:
        self._coming_place = QVBoxLayout()  # for a download, put here by who knows of it
        icons = QWidget()
        stack(self._bin, self._settings, self._help, gap=0, across=True, on=icons)
        last = FlowLayout(spacing=0, last_at_right=1)  # the icons take no row where the words leave room beside them
        for each in (self._connections, icons):
            last.addWidget(each)
        foot = stack(self._which, self._ledger, last, gap=0)
        lists = ((self._list, 1), (self._nothing, 1))
        parts = (self._new, self.recipes, self._find, *lists, self.undo, self._coming_place, foot)
        stack(*parts, margins=GAP_WIDE, on=self)

    def show_coming(self, line: QWidget) -> None:
        """Show a line above the foot: what is being got."""
        self._coming_place.addWidget(line)

    def show_conversations(self, conversations: list[Conversation]) -> None:
        """List these; the focus stays on its conversation, or goes to the next if that is gone; nothing scrolls."""
        current, row = id_at(self._list.currentIndex()), self._list.currentIndex().row()
        at = self._list.verticalScrollBar().value()
        self._model.show_conversations(conversations)
        self._nothing.setText(self.tr("Your conversations will be listed here."))
        index = self._model.index_of(current)
        if current and not index.isValid() and self._has_keyboard:
            index = self._model.nearest(row)
        self._list.setCurrentIndex(index)
        self._list.verticalScrollBar().setValue(at)
        self._show_whether_empty()

    @property
    def rows(self) -> ConversationListView:
        """The list of conversations."""
        return self._list

    @property
    def has_rows(self) -> bool:
        """True if conversations are listed."""
        return self._model.rowCount() > 0

    @property
    def groups(self) -> list[str]:
        """All groups of the user's own, by their names."""
        return self._model.groups

    @property
    def _has_keyboard(self) -> bool:
        """True if the list has the keyboard, or gets it back from a dialog."""
        return self.window().focusWidget() is self._list

    def select(self, conversation_id: str | None) -> None:
        """Mark the conversation that the window shows; None marks none. Emits nothing."""
        self._model.set_open(conversation_id)
        if self._has_keyboard and conversation_id == self._selected_id:
            return  # the keyboard may stand on another row
        self._selected_id = conversation_id
        index = self._model.index_of(conversation_id)
        if index.isValid() or not self._has_keyboard:  # the keyboard stays where it is in the list
            self._list.setCurrentIndex(index)
        if index.isValid():
            above = self._model.index(max(0, index.row() - 1))
            if not id_at(above):  # the heading that it stands below
                self._list.scrollTo(above)
            self._list.scrollTo(index)

    def rename_row(self) -> bool:
        """Let the user rename the conversation of the list that has the keyboard; return False if none has it."""
        index = self._list.currentIndex()
        if not (self._list.hasFocus() and id_at(index)):
            return False
        self._list.edit(index)
        return True

    def tell_origins(self, origin_of: Callable[[Conversation], str]) -> None:
        """Name with each conversation its model and place, as this says."""
        self._model.origin_of = origin_of

    def set_running(self, ids: Collection[str]) -> None:
        """Mark the conversations in which a reply runs."""
        self._model.set_running(ids)

    def _show_whether_empty(self) -> None:
        self._list.setVisible(self.has_rows)
        self._nothing.setVisible(not self.has_rows)


class FindBox(LabelledButton):
    """A button that looks like a field; letters that are typed on it begin the search."""

    wanted = Signal(str)  # what was typed, empty for a press

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "search", self.tr("Find anything said"))
        self._theme = theme
        self._keys = QKeySequence(FIND_KEYS).toString(QKeySequence.SequenceFormat.NativeText)
        self.drawing.show("search", "muted")
        set_look(self, "find")
        self.setToolTip(self._keys)
        self.clicked.connect(self._begin)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def _begin(self) -> None:
        self.wanted.emit("")

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if letters := letters_of(event).strip():
            self.wanted.emit(letters)
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.show_words(event.preeditString() or self.tr("Find anything said"))
        if event.commitString():
            self.wanted.emit(event.commitString())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.ui_font(TINY))
        metrics = painter.fontMetrics()
        wide, tall = metrics.horizontalAdvance(self._keys) + 2 * GAP_TIGHT + 2, self._theme.px(18)
        words = self.fontMetrics().horizontalAdvance(self.text()) + self.iconSize().width() + 2 * GAP
        if words + wide + GAP > self.width():
            return  # the words come first
        left, top = self.width() - wide - GAP, (self.height() - tall) // 2
        painter.setPen(self._theme.color("line"))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(left, top, wide, tall, GAP_TIGHT, GAP_TIGHT)
        painter.setPen(self._theme.color("muted"))
        painter.drawText(left, top, wide, tall, Qt.AlignmentFlag.AlignCenter, self._keys)
