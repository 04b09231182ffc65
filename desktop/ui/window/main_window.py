"""The window: sidebar, header, page, composer, and which page is shown. A view of `runtime.chat.Chat`.

What needs the disk, the keyring or other connections is emitted by signals; the composition root does it.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSize, QTimer, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMainWindow

from desktop.ui.widgets.keys import letters_of, step
from desktop.ui.window.front import WindowFront

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from desktop.core.message import Message
    from desktop.core.model import ModelChoice
    from desktop.core.prompts.prompt import PromptDraft
    from desktop.ui.connections.presenter import ConnectionsPresenter
    from desktop.ui.look.panel_preference import PanelPreference
    from desktop.ui.look.theme import Theme
    from desktop.ui.transcript.view import Transcript
    from desktop.ui.widgets.quiet_line import QuietLine
    from desktop.ui.window.parts import WindowDependencies, WindowParts

_SMALLEST = QSize(480, 400)
_FIRST = QSize(1000, 700)  # where the screen has the room
_TITLE_BAR = 40  # about what the system puts above
_BEFORE_CORNER, _CORNER = 8, Struct(">ii")  # where and how Qt's `saveGeometry` writes the corner of the frame
_PREPARE_MS = 2500  # after the first paint, when a start is over


class MainWindow(QMainWindow):
    """The program's one window: at first what is seen at a start; `join` gives it all else."""

    settings_requested = Signal()
    diagnostics_requested = Signal()
    help_requested = Signal()
    action_requested = Signal(object)  # an ErrorAction that the window itself can't do
    stayed = Signal()  # it was to close, and words would have been lost
    is_joined = False  # what `join` gives is there

    def __init__(self, theme: Theme, preference: PanelPreference) -> None:
        super().__init__()
        self.theme = theme
        self.setWindowTitle("Candor")
        self.setMinimumSize(_SMALLEST)
        self.front = front = WindowFront(theme, preference, self)
        self.sidebar = front.sidebar
        self.chat_page = page = front.chat_page
        self.header = page.header
        self.empty = page.empty
        self.notice = page.notice
        self.reading = page.reading
        self.composer = page.composer
        self.pages = front.pages
        self.setCentralWidget(front.body)

    def join(self, given: WindowDependencies) -> None:
        """Give the window its other parts, and have each do what it is for."""
        from desktop.ui.window.arrivals import Arrivals
        from desktop.ui.window.closing import ClosingQuestion
        from desktop.ui.window.commands import WindowCommands
        from desktop.ui.window.interplay import Interplay
        from desktop.ui.window.parts import WindowParts
        from desktop.ui.window.shortcuts import add_shortcuts

        self._chat = given.chat
        self._preferences = given.chat.services.settings
        self.parts: WindowParts = WindowParts(self, self.front, given)
        self.presenter = self.parts.presenter
        self.links = self.parts.links
        self.connections: ConnectionsPresenter = self.parts.connections
        self.files = self.parts.files
        self.tasks = self.parts.tasks
        self._commands = WindowCommands(self.parts, self.theme, given.chat)
        self._arrivals = Arrivals(self.theme, self, self.parts, given.chat)
        self.file_chosen: SignalInstance = self._arrivals.model_chosen  # path of a .gguf
        self._closing = ClosingQuestion(given.chat, self, self._keep_typed)
        self._closing.stayed.connect(self.stayed)
        # What others ask of the window and its parts do.
        self.new_conversation = self._commands.new_conversation
        self.start_fresh = self._commands.start_fresh
        self.open_file = self._arrivals.open_file
        self.look_at_recipe = self._arrivals.look_at_recipe
        self.give_to_model = self._arrivals.give_to_model
        self.sidebar.settings_requested.connect(self.settings_requested)
        self._interplay = Interplay(self, self.parts, self._commands, given, self.open_file, self.action_requested.emit)
        add_shortcuts(
            self,
            {
                **self._commands.acts(),
                "open_file": self.open_file,
                "settings": self.settings_requested.emit,
                "help": self.help_requested.emit,
                "quit": self.close_if_allowed,
            },
        )
        self.parts.conversations.show_current()
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
        self.front.restore(sidebar_open, prompt_open, prompt_width, evidence_width)

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
        self.parts.prompt.place.fill()
        self.parts.recipes.show_pinned()
        QTimer.singleShot(_PREPARE_MS, self.parts.search, self.parts.search.prepare)

    def show_chat(self) -> None:
        """Show the conversation, with the focus in the input field."""
        self.pages.show_home()

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
        self._commands.new_conversation()
        self.parts.prompt.fill_in(draft, words)

    def ask_side_by_side(self, questions: Sequence[Message], asked: str, names: Sequence[str]) -> None:
        """Ask in several ways at once, in a temporary conversation; `asked` is the question in short."""
        self._commands.new_temporary()
        made = self.presenter.compare([[each] for each in questions])
        if made is not None:
            from desktop.ui.prompts.compare_words import sides_of

            self.parts.comparing.show(made, asked, sides_of(names, questions))

    def offer_model(self, choice: ModelChoice, model: str, connection: str) -> None:
        """Offer the model of a connection that has just been set up; what is chosen stays until the user takes it."""
        from desktop.ui.window.model_offer import ModelOffer

        play = self._interplay
        play.offered = ModelOffer(self.theme, model, connection, lambda: play.choose_model(choice))
        self._put_line_below(play.offered)

    def _put_line_below(self, line: QuietLine) -> None:
        """Show a line above the composer, in the place of an earlier one of its kind."""
        earlier = self.findChild(type(line))
        if earlier is not None:
            earlier.deleteLater()
        self.chat_page.put_below(line)
        line.show()

    def close_if_allowed(self) -> bool:
        """Close, unless words would be lost and the user wants to keep them. Return True if it closes at once.

        Else it closes when the disk has taken all, or `stayed` follows.
        """
        may_close = self._may_close()
        if may_close:
            self.close()
        return may_close

    def _may_close(self) -> bool:
        if self.parts.recipes.may_close() and self.parts.connections.may_close():
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
