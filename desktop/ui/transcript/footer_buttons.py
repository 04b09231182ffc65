"""The buttons in the row below a message: icons that show when pointed at, with words below the last answer; and Copy.

What they do is said by signals; where they stand is `message_footer`'s matter.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.text.clipboard import CopyForm
from desktop.ui.widgets.labels import PlainLabel

STEP_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_COPIED_MS = 1500  # how long the copy button says that it has copied


class FooterButton(IconButton):
    """A button visible while the pointer is on the message or the focus in its row; screen readers always find it."""

    focused = Signal()  # by the keyboard
    left = Signal()

    def __init__(self, theme: Theme, name: str, label: str, parent: QWidget) -> None:
        super().__init__(theme, name, label, parent, token="muted")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self.setText(label)  # shown where there are words beside the icons
        set_look(self, "small")
        self._is_seen = False
        self._is_labelled = False

    @property
    def is_labelled(self) -> bool:
        return self._is_labelled

    def set_labelled(self, labelled: bool) -> None:
        """Set if its words stand beside its icon."""
        if labelled is not self._is_labelled:
            self._is_labelled = labelled
            style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if labelled else Qt.ToolButtonStyle.ToolButtonIconOnly
            self.setToolButtonStyle(style)

    def set_seen(self, seen: bool) -> None:
        if seen is not self._is_seen:
            self._is_seen = seen
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEP_KEYS:
            event.ignore()  # the row knows its order; Qt would look for any button of the page
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_seen or self.hasFocus():
            super().paintEvent(event)


class CopyAction(FooterButton):
    """A button that copies on a click, with Shift as plain text; held down, or by keyboard, it offers the forms."""

    copy_requested = Signal(object, bool)  # a CopyForm; whether with the thinking
    export_requested = Signal()
    example_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *, has_forms: bool) -> None:
        super().__init__(theme, "copy", "", parent)
        self._has_forms = has_forms
        self.has_thinking = False  # of which there is a form to copy, too
        self.can_export = True
        self._is_shifted = False
        self.clicked.connect(self._copy)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.DelayedPopup)
        self.show_copied(False)

    def show_copied(self, is_copied: bool) -> None:
        """Show that it has been done, or what it does."""
        self.drawing.show("check" if is_copied else "copy")
        words = self.tr("Copied") if is_copied else self.tr("Copy")
        self.set_words(words)
        self.setText(words)
        if self._has_forms and not is_copied:
            self.setToolTip(self.tr("Copy, to paste it as it looks (with Shift as plain text; hold for a choice)"))
            self.setAccessibleDescription(self.tr("The down key offers a choice: Markdown or plain text"))
        if is_copied:
            QTimer.singleShot(_COPIED_MS, self, lambda: self.show_copied(False))

    def show_choice(self, below: QWidget) -> None:
        """Open the menu of forms below another button."""
        menu = self.menu() if self._need_menu() else None
        if menu is not None:
            menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def _copy(self) -> None:
        is_plain = self._is_shifted and self._has_forms
        self.copy_requested.emit(CopyForm.PLAIN if is_plain else CopyForm.FORMATTED, False)

    def _need_menu(self) -> bool:
        """Make the menu at its first use, since most messages are never copied.

        Return True if there are forms to offer.
        """
        if self._has_forms and self.menu() is None:
            menu = QMenu(self)
            ask = self.copy_requested.emit
            menu.addAction(self.tr("Copy"), lambda: ask(CopyForm.FORMATTED, False))
            menu.addAction(self.tr("Copy as Markdown"), lambda: ask(CopyForm.MARKDOWN, False))
            menu.addAction(self.tr("Copy as plain text"), lambda: ask(CopyForm.PLAIN, False))
            if self.has_thinking:
                menu.addAction(self.tr("Copy with thinking"), lambda: ask(CopyForm.FORMATTED, True))
            if self.can_export:
                menu.addSeparator()
                menu.addAction(self.tr("Export or print this answer…"), self.export_requested.emit)
                menu.addAction(self.tr("Keep this answer as an example"), self.example_requested.emit)
            self.setMenu(menu)
        return self._has_forms

    # Qt's own methods

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._need_menu()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Down:
            self.show_choice(self)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.show_choice(self)


class StepButton(QPushButton):
    """A button in words that is always visible: the next step of a reply that thinks, or that broke off."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(words, parent)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_look(self, "link")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEP_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class VersionLabel(PlainLabel):
    """A label such as "2/3", visible together with the actions."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", "small", parent=parent)
        self._is_seen = False
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def set_seen(self, seen: bool) -> None:
        if seen is not self._is_seen:
            self._is_seen = seen
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_seen:
            super().paintEvent(event)
