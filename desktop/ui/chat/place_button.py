"""The badge in the header: pressed, it says where words go, and leads to where they went and to what decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, SignalInstance
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.place import THIS_COMPUTER, Place
from desktop.ui.look.tokens import RADIUS
from desktop.ui.widgets.place_badge import PlaceBadge
from desktop.ui.words import place_sentence, plain_action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.core.documents.naming_places import PlaceWord
    from desktop.ui.look.theme import Theme


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
