"""What the user does while the window can be seen, but not everything in it has been made yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import SIGNAL, QCoreApplication, QEvent, QMetaObject, QMimeData, QObject, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWindow,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.ui.inputs.plain_paste import has_files

if TYPE_CHECKING:
    from desktop.ui.composer.card import Composer

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_WITH_LETTERS = (Qt.Key.Key_Shift, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock, Qt.Key.Key_Mode_switch)
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)


class EarlyInput(QObject):
    """What comes too early: kept in its order, and given to the window when it is complete.

    Keys, clicks, files that are dropped, buttons that assistive technology presses, and closing. Letters and what an
    input method composes go to the message box at once, unless something else waits before them; the wheel scrolls at
    once.
    """

    def __init__(self, window: QWidget, composer: Composer) -> None:
        """Keep what comes from now on. The window is shown."""
        super().__init__(window)
        self._window = window
        self._box = composer.focusProxy() or composer
        self._kept: list[Callable[[], object]] = []  # each does again what was done
        self._shall_close = False
        self._watched: list[tuple[QAbstractButton, QMetaObject.Connection]] = []
        self._handle: QWindow | None = window.windowHandle()
        if self._handle is not None:
            self._handle.installEventFilter(self)
            self._box.installEventFilter(self)  # what is composed is sent past the window
            for button in window.findChildren(QAbstractButton):
                self._watch_button(button)

    def let_in(self) -> None:
        """Give the window what was kept; from now on all goes there at once."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        handle.removeEventFilter(self)
        self._box.removeEventFilter(self)
        for button, clicked in self._watched:
            button.clicked.disconnect(clicked)
        for do_again in self._kept:
            do_again()
        self._kept.clear()
        if self._shall_close:
            self._window.close()
        self.deleteLater()  # and with it the filters on buttons

    def _watch_button(self, button: QAbstractButton) -> None:
        """Keep what assistive technology does with a button: it sends no events to the window.

        Most are pressed by a timer, which goes on until somebody hears of it; those of tool bars at once.
        """
        button.installEventFilter(self)
        if not button.receivers(SIGNAL("clicked(bool)")):
            clicked = button.clicked.connect(lambda: self._kept.append(partial(_click_again, button)))
            self._watched.append((button, clicked))

    def _send(self, event: QEvent) -> None:
        if isinstance(event, QKeyEvent) and self._is_shortcut(event):
            return
        handle = self._window.windowHandle()
        if handle is not None:
            QCoreApplication.sendEvent(handle, event)

    def _compose(self, event: QEvent) -> None:
        """Have an input method's words come where the keyboard is by now."""
        QCoreApplication.sendEvent(self._window.focusWidget() or self._box, event)

    def _is_shortcut(self, event: QKeyEvent) -> bool:
        """Do what a key is the shortcut for: Qt looks for those before it sends a key to a window."""
        if event.type() is not QEvent.Type.KeyPress:
            return False
        keys = QKeySequence(event.keyCombination())
        action = next((each for each in self._window.actions() if keys in each.shortcuts()), None)
        if action is not None:
            action.trigger()
        return action is not None

    def _is_letter(self, event: QKeyEvent) -> bool:
        is_in_box = self._window.focusWidget() is self._box
        return is_in_box and not self._kept and bool(event.text()) and event.text().isprintable()

    def _keep_drop(self, event: QDropEvent) -> bool:
        """Take files that are dragged over the window, and keep those that are dropped. Return False for texts."""
        if not has_files(event.mimeData()):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() is QEvent.Type.Drop:
            self._kept.append(partial(self._drop, _copy_of(event.mimeData()), event.position()))
        return True

    def _drop(self, data: QMimeData, at: QPointF) -> None:
        how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        self._send(QDragEnterEvent(at.toPoint(), *how))
        self._send(QDropEvent(at, *how))

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._handle is None:
            return False
        if isinstance(event, QInputMethodEvent):
            if self._kept:
                self._kept.append(partial(self._compose, event.clone()))
            return bool(self._kept)
        if watched is not self._handle:
            return event.type() is QEvent.Type.Timer and watched is not self._box
        if isinstance(event, QKeyEvent) and event.type() in _KEYS:
            if event.key() in _WITH_LETTERS or self._is_letter(event):
                return False
            self._kept.append(partial(self._send, event.clone()))
            return True
        if (isinstance(event, QMouseEvent) and event.type() in _PRESSES) or isinstance(event, QContextMenuEvent):
            self._kept.append(partial(self._send, event.clone()))
            return True
        if isinstance(event, QDropEvent):  # entering and moving are drops, too, for Qt
            return self._keep_drop(event)
        if event.type() is QEvent.Type.Close:
            self._shall_close = True
            event.ignore()
            return True
        return False


def _click_again(button: QAbstractButton) -> None:
    """Click a button that was clicked when nobody heard of it; one that can be checked has changed by that."""
    if button.isCheckable():
        was_blocked = button.blockSignals(True)
        button.setChecked(not button.isChecked())
        button.blockSignals(was_blocked)
    button.click()


def _copy_of(source: QMimeData) -> QMimeData:
    """Return a copy of what is dragged, which lives no longer than its drag."""
    copy = QMimeData()
    for kind in source.formats():
        copy.setData(kind, source.data(kind))
    if source.hasImage():
        copy.setImageData(source.imageData())
    return copy
