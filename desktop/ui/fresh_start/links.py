"""Quiet lines around a conversation: where it comes from, where it goes on, and that it has become long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.conversation import Conversation
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_PAGE, GAP_TIGHT
from desktop.ui.widgets.buttons import ElidedButton, button
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel, name_entry
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, number, translate


class OriginLine(QWidget):
    """A line above the messages: it leads back to the old conversation, and undoes the fresh start while possible."""

    opened = Signal(str)  # the id of the conversation that is wanted

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._origin = ""
        self._link = ElidedButton(theme)
        self._link.clicked.connect(lambda: self.opened.emit(self._origin))
        self._gone = ElidedLabel(self.tr("Started fresh from a conversation that has been deleted"), "small")
        self._undo = button(self.tr("Undo"))
        self._undo.setAccessibleDescription(self.tr("Goes back to the earlier conversation and drops this one"))
        self.undo_requested: SignalInstance = self._undo.clicked
        set_look(self._undo, "muted")
        stack(
            None,
            self._link,
            self._gone,
            self._undo,
            None,
            margins=(GAP_PAGE, GAP_TIGHT, GAP_PAGE, GAP_TIGHT),
            across=True,
            on=self,
        )
        self.hide()

    def show_origin(self, origin: Conversation | None, *, is_fresh: bool, can_undo: bool) -> None:
        """Show the conversation it was started fresh from; `origin` is None if that does not exist any more."""
        self._origin = origin.id if origin is not None else ""
        if origin is not None:
            self._link.show_words(fill(self.tr("Started fresh from “%1”"), _title_of(origin)))
        self._link.setVisible(origin is not None)
        self._gone.setVisible(origin is None)
        self._undo.setVisible(can_undo)
        self.setVisible(is_fresh)


class ContinuedLine(QWidget):
    """A line below the messages that leads to the conversations started fresh from here.

    The newest is named, all of them are in a menu.
    """

    opened = Signal(str)  # the id of the conversation that is wanted

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: list[tuple[str, str]] = []
        self._link = ElidedButton(theme)
        self._link.clicked.connect(lambda: self.opened.emit(self._shown[0][0]))
        self._more = button("", "muted")
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        stack(self._link, self._more, None, across=True, on=self)
        self.hide()

    def show_continued(self, conversations: Sequence[Conversation]) -> None:
        """Show the conversations it was continued in, the newest first; with none, it hides."""
        self._shown = [(each.id, _title_of(each)) for each in conversations]
        self.setVisible(bool(self._shown))
        if self._shown:
            self._link.show_words(fill(self.tr("Continued in “%1”"), self._shown[0][1]))
        others = len(self._shown) - 1
        self._more.setText(fill(self.tr("and %1 more"), number(others)))
        self._more.setVisible(others > 0)

    def _fill_menu(self) -> None:
        self._menu.clear()
        for identity, title in self._shown[1:]:
            action = self._menu.addAction("")
            name_entry(action, self._theme, title)
            action.triggered.connect(lambda _=False, wanted=identity: self.opened.emit(wanted))


def _title_of(conversation: Conversation) -> str:
    return show_invisible(conversation.title.strip()) or translate("fresh_links", "New conversation")


class FreshSuggestion(QuietLine):
    """A line hidden until it is shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, PlainLabel("", "small", wraps=True), closable=True, parent=parent)
        self.say(self.tr("This conversation has become long, and models lose the thread in long ones."))
        self.wanted: SignalInstance = self.offer(self.tr("Start fresh")).clicked
