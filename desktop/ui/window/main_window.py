"""The window: sidebar, header, page, composer, and which page is shown. A view of `runtime.chat.Chat`.

What needs the disk, the keyring or other connections is emitted by signals; the composition root does it. What the user
does while the window can be seen, but not everything in it has been made yet, is kept for later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from struct import Struct
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    SIGNAL,
    QByteArray,
    QCoreApplication,
    QEvent,
    QMetaObject,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    QSize,
    Qt,
    QTimer,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWindow,
)
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMainWindow, QWidget

from desktop.core.message import Message
from desktop.core.text.pace import Attention
from desktop.ui.chat.page import ChatPage
from desktop.ui.composer.card import Composer
from desktop.ui.inputs.plain_paste import has_files
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import PanelPreference
from desktop.ui.sidebar.column import Sidebar, SidebarPlace
from desktop.ui.widgets.keys import TypingAhead, letters_of, step, step_part
from desktop.ui.widgets.page import PageStack, PanePlace

if TYPE_CHECKING:
    from desktop.core.prompts.prompt import PromptDraft
    from desktop.ui.transcript.view import Transcript
    from desktop.ui.window.parts import WindowDependencies

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


_SMALLEST = QSize(480, 400)
_FIRST = QSize(1000, 700)  # where the screen has the room
_TITLE_BAR = 40  # about what the system puts above
_BEFORE_CORNER, _CORNER = 8, Struct(">ii")  # where and how Qt's `saveGeometry` writes the corner of the frame


class MainWindow(QMainWindow):
    """The program's one window: at first what is seen at a start; `join` gives it all else.

    The widgets say by signals what the user wants; the parts, which are loaded and made after the first paint, listen.
    """

    settings_requested = Signal()
    diagnostics_requested = Signal()
    help_requested = Signal()
    keys_requested = Signal()
    action_requested = Signal(object)  # an ErrorAction that the window itself can't do
    stayed = Signal()  # it was to close, and words would have been lost
    is_joined = False  # what `join` gives is there

    def __init__(self, theme: Theme, preference: PanelPreference) -> None:
        super().__init__()
        self.theme = theme
        self.setWindowTitle("Candor")
        self.setMinimumSize(_SMALLEST)
        self.sidebar = Sidebar(theme)
        self.chat_page = page = ChatPage(theme, preference)
        self.header, self.empty, self.notice = page.header, page.empty, page.notice
        self.reading, self.composer = page.reading, page.composer
        # The conversation, with the places for what stands beside it: each holds the one before.
        self.prompt_place = PanePlace(theme, page, 340, narrowest=280)
        self.guided_place = PanePlace(theme, self.prompt_place, 380)
        self.evidence_place = PanePlace(theme, self.guided_place, 420, covers=True)
        self.pages = PageStack(self.evidence_place)
        self.body = SidebarPlace(theme, self.sidebar, self.pages)
        self.setCentralWidget(self.body)
        self.pages.home_shown.connect(page.composer.setFocus)
        self.pages.typed.connect(self._type_on)
        ahead = TypingAhead(self.pages, lambda: page.composer.focusProxy() or page.composer)
        ahead.begun.connect(self.pages.uncover_home)
        self.body.shown_changed.connect(page.header.set_sidebar_shown)
        self.prompt_place.shown_changed.connect(page.header.prompt.setChecked)
        self.prompt_place.shown_changed.connect(lambda shown: self.body.uncover() if shown else None)
        for place in (self.evidence_place, self.guided_place, self.prompt_place):
            place.shown_changed.connect(lambda _: self._fold_sidebar())

    def join(self, given: WindowDependencies) -> None:
        """Give the window its other parts, and have each do what it is for."""
        from desktop.ui.window import acts, parts

        self.chat, self._preferences = given.chat, given.chat.services.settings
        self.parts = made = parts.WindowParts(self, given)
        made.each_file.pane_shown.connect(self.body.give_way)
        self.presenter, self.links, self.connections = made.presenter, made.links, made.connections
        self.files, self.tasks = made.files, made.tasks
        self._acts = window_acts = acts.WindowActs(self, made, given)
        # What others ask of the window.
        self.new_conversation, self.start_fresh = window_acts.new_conversation, window_acts.start_fresh
        self.open_file, self.give_to_model = window_acts.open_file, window_acts.give_to_model
        self.look_at_recipe, self.offer_model = made.recipes.look_at, window_acts.offer_model
        self.file_chosen: SignalInstance = window_acts.model_file_chosen  # path of a .gguf
        self._closing = acts.ClosingQuestion(given.chat, self, self._keep_typed)
        self._closing.stayed.connect(self.stayed)
        self.sidebar.settings_requested.connect(self.settings_requested)
        acts.add_shortcuts(self, window_acts.by_shortcut())
        made.conversations.show_current()
        self.is_joined = True

    @property
    def is_chat_in_front(self) -> bool:
        return self.pages.is_home_in_front

    @property
    def is_first_run_in_front(self) -> bool:
        return self.pages.is_unasked_in_front

    @property
    def is_recipe_in_front(self) -> bool:
        return self.parts.recipes.is_in_front

    @property
    def transcript(self) -> Transcript:
        return self.chat_page.transcript

    def restore(
        self,
        geometry: str,
        sidebar_open: bool,
        prompt_open: bool = False,
        prompt_width: int = 0,
        evidence_width: int = 0,
    ) -> None:
        """Restore size and place of the last time. What `join` and `fill` make does not exist yet."""
        known = QByteArray.fromBase64(geometry.encode("ascii", "ignore"))
        if geometry and self.restoreGeometry(known):
            self._keep_corner(known)
        else:
            self.resize(_FIRST.boundedTo(self.screen().availableSize() - QSize(0, _TITLE_BAR)))
        self.body.restore(sidebar_open)
        self.prompt_place.restore(prompt_open, prompt_width)
        self.evidence_place.restore(False, evidence_width)

    def _keep_corner(self, known: QByteArray) -> None:
        """Put the corner of the window with its frame where it was.

        Qt takes a title bar as high as the style has one, and moves a large window down by what the system's lacks.
        """
        if self.isMaximized() or self.isFullScreen() or known.size() < _CORNER.size + _BEFORE_CORNER:
            return
        corner = QPoint(*_CORNER.unpack_from(known.data(), _BEFORE_CORNER))
        if any(screen.availableGeometry().contains(corner) for screen in QGuiApplication.screens()):
            self.move(corner)

    def fill(self) -> None:
        """Make what was open the last time and is not needed for a first paint."""
        self.parts.prompt.fill()
        self.parts.recipes.show_pinned()

    def show_chat(self) -> None:
        """Show the conversation, with the focus in the input field."""
        self.pages.show_home()

    def step_part(self, *, forward: bool) -> None:
        """Move the keyboard from part to part of the window; one that lies over others is the only one."""
        panes = (self.prompt_place, self.guided_place, self.evidence_place)
        page, shown = self.chat_page, self.pages.currentWidget()
        within = (page.header, page.content, page.composer) if self.is_chat_in_front else (shown,)
        over = [each.pane for each in (self.body, *panes) if each.is_over]
        parts = over or [self.sidebar, *within, *(each.pane for each in panes)]
        step_part(parts, (self.sidebar.rows, page.composer.focusProxy()), forward=forward)

    def show_about(self) -> None:
        """Show which version this is and what it is made of."""
        from desktop.ui.window.about import AboutDialog

        dialog = AboutDialog(self.theme, self)
        dialog.diagnostics_requested.connect(self.diagnostics_requested)
        dialog.open()

    def open_in_builder(self, draft: PromptDraft, words: str) -> None:
        """Show a prompt in the builder, in a new conversation; `words` say where it is from.

        What stood in the builder of that can be had back.
        """
        self._acts.new_conversation()
        self.parts.prompt.open().fill_in(draft, words)

    def ask_side_by_side(self, questions: Sequence[Message], asked: str, names: Sequence[str]) -> None:
        """Ask in several ways at once, in a temporary conversation; `asked` is the question in short."""
        self._acts.new_temporary()
        made = self.presenter.compare([[each] for each in questions])
        if made is not None:
            from desktop.ui.prompts.dock import sides_of

            self.parts.comparing.show(made, asked, sides_of(names, questions))

    def close_if_allowed(self) -> bool:
        """Close, unless words would be lost and the user wants to keep them. Return True if it closes at once.

        Else it closes when the disk has taken all, or `stayed` follows.
        """
        may_close = self._may_close()
        if may_close:
            self.close()
        return may_close

    def _may_close(self) -> bool:
        if self.pages.may_close():
            return self._closing.may_close()
        self.stayed.emit()
        return False

    def _keep_typed(self) -> None:
        """Save what is being written in the window."""
        field = self.focusWidget()
        if isinstance(field, QLineEdit):
            field.clearFocus()  # which ends the writing of a title
        self.presenter.keep_draft()
        self.parts.prompt.keep_draft()

    def _type_on(self, letters: str) -> None:
        self.pages.uncover_home()
        self.composer.type_on(letters)

    def _fold_sidebar(self) -> None:
        """Have the sidebar give way to a panel beside the page where all three leave too little for reading."""
        is_beside = self.prompt_place.is_shown and not self.prompt_place.is_over
        self.body.give_way(is_beside or self.evidence_place.is_shown or self.guided_place.is_shown)

    # Qt's own methods

    def focusNextPrevChild(self, next: bool) -> bool:
        return step(self, forward=next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letters = letters_of(event)
        if letters and self.is_chat_in_front:  # what had the keyboard has no use for them, such as a button
            self.composer.type_on(letters)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange and self.is_joined:
            QTimer.singleShot(0, self.parts.conversations.show_all)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.is_joined:
            return
        # Only the user can be asked: the end of the session must not wait.
        if event.spontaneous() and not self._may_close():
            event.ignore()
            return
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self._preferences.change(window_geometry=geometry)
        self._keep_typed()
        super().closeEvent(event)


_UNSEEN = (QWindow.Visibility.Hidden, QWindow.Visibility.Minimized)


class AttentionWatch(QObject):
    """A watch over a window that has been shown."""

    changed = Signal(object)  # Attention

    def __init__(self, window: QWidget, app: QGuiApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._window = window.windowHandle()
        self.now = Attention.IN_FRONT
        self._window.visibilityChanged.connect(self._look)
        self._window.installEventFilter(self)
        app.applicationStateChanged.connect(self._look)
        self._look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Expose:  # which no signal tells of
            self._look()
        return False

    def _look(self) -> None:
        attention = Attention.IN_FRONT
        # On another desktop, or wholly covered where the system tells, it is not hidden, but shows nothing either.
        if self._window.visibility() in _UNSEEN or not self._window.isExposed():
            attention = Attention.UNSEEN
        elif self._app.applicationState() is Qt.ApplicationState.ApplicationInactive:
            attention = Attention.BESIDE
        if attention is not self.now:
            self.now = attention
            self.changed.emit(attention)
