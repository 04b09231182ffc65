"""The window: sidebar, header, page, composer, and which page is shown. A view of `runtime.chat.Chat`.

What needs the disk, the keyring or other connections is emitted by signals; the composition root does it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from struct import Struct
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSize, QTimer, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow

from desktop.core.conversation import is_temporary
from desktop.core.message import Message
from desktop.core.model import ModelChoice
from desktop.core.prompts.prompt import PromptDraft
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.errors import ErrorAction, ErrorText
from desktop.ui.message_actions import MessageAction, OpenLink, SetPanels
from desktop.ui.prompts.compare_words import sides_of
from desktop.ui.widgets.open_link import ask_and_open
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.window.arrivals import Arrivals
from desktop.ui.window.closing import ClosingQuestion
from desktop.ui.window.commands import WindowCommands
from desktop.ui.window.parts import WindowDependencies, WindowParts
from desktop.ui.window.shortcuts import add_shortcuts

if TYPE_CHECKING:
    from desktop.core.updates import Release
    from desktop.ui.transcript.view import Transcript

_SMALLEST = QSize(480, 400)
_FIRST = QSize(1000, 700)  # where the screen has the room
_TITLE_BAR = 40  # about what the system puts above
_BEFORE_CORNER, _CORNER = 8, Struct(">ii")  # where and how Qt's `saveGeometry` writes the corner of the frame
_PREPARE_MS = 2500  # after the first paint, when a start is over


class MainWindow(QMainWindow):
    """The program's one window."""

    settings_requested = Signal()
    diagnostics_requested = Signal()
    help_requested = Signal()
    action_requested = Signal(object)  # an ErrorAction that the window itself can't do

    def __init__(self, given: WindowDependencies) -> None:
        super().__init__()
        self._theme = given.theme
        self._chat = given.chat
        self._connections = given.connections
        self._preferences = given.preferences
        self.setWindowTitle("Candor")
        self.setMinimumSize(_SMALLEST)
        self.parts = parts = WindowParts(self, given)
        self.sidebar = parts.sidebar
        self.chat_page = page = parts.chat_page
        self.header = page.header
        self.empty = page.empty
        self.notice = page.notice
        self.message_requests = page.requests
        self.composer = page.composer
        self.presenter = parts.presenter
        self.pages = parts.pages
        self.links = parts.links
        self.connections = parts.connections
        self.files = parts.files
        self.tasks = parts.tasks
        self.setCentralWidget(parts.body)
        self._commands = WindowCommands(parts, given.theme, given.chat, given.preferences)
        self._arrivals = Arrivals(given.theme, self, parts, given.chat)
        self.file_chosen: SignalInstance = self._arrivals.model_chosen  # path of a .gguf
        self._closing = ClosingQuestion(given.chat, self)
        self._offered: QuietLine | None = None  # the model of a connection that was set up last
        # What others ask of the window and its parts do.
        self.new_conversation = self._commands.new_conversation
        self.start_fresh = self._commands.start_fresh
        self.open_file = self._arrivals.open_file
        self.look_at_recipe = self._arrivals.look_at_recipe
        self.give_to_model = self._arrivals.give_to_model
        self._connect()
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
        self._show_title()
        parts.conversations.show_current()

    @property
    def is_chat_in_front(self) -> bool:
        return self.pages.is_home_in_front

    @property
    def is_first_run_in_front(self) -> bool:
        return self.connections.is_first_run_in_front

    @property
    def is_recipe_in_front(self) -> bool:
        return self.parts.recipes.is_in_front

    @property
    def transcript(self) -> Transcript:
        return self.chat_page.transcript

    def join_page(self, came_in_front: SignalInstance, take_escape: Callable[[], bool]) -> None:
        """Treat a page whose presenter was made elsewhere like the window's own."""
        came_in_front.connect(self.parts.body.uncover)
        self._commands.join_escape(take_escape)

    def restore(
        self,
        geometry: str,
        sidebar_open: bool,
        prompt_open: bool = False,
        prompt_width: int = 0,
        evidence_width: int = 0,
    ) -> None:
        """Restore size and place of the last time. What `fill` makes does not exist yet."""
        known = QByteArray.fromBase64(geometry.encode("ascii", "ignore"))
        if geometry and self.restoreGeometry(known):
            self._keep_corner(known)
        else:
            self.resize(_FIRST.boundedTo(self.screen().availableSize() - QSize(0, _TITLE_BAR)))
        self.parts.body.restore(sidebar_open)
        self.parts.prompt.place.restore(prompt_open, prompt_width)
        self.parts.evidence_place.restore(False, evidence_width)

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

    def find_in_thinking(self, shall: bool) -> None:
        """Set if finding in a conversation searches the thinking, too, until the user chooses."""
        self.parts.finding.with_reasoning = shall

    def hide_signs(self, kinds: tuple[str, ...]) -> None:
        """Set which kinds of signs of trouble are switched off."""
        self.parts.signs.set_off(kinds)

    def choose_signs(self) -> None:
        """Let the user choose which signs of trouble are shown."""
        self.parts.signs.choose_kinds()

    def explain_fresh_start(self, shall: bool) -> None:
        """Set if the user is still to be told why a fresh start helps, once."""
        self.parts.fresh.is_taught = not shall

    def show_chat(self) -> None:
        """Show the conversation, with the focus in the input field."""
        self.pages.show_home()

    def show_about(self) -> None:
        """Show which version this is and what it is made of."""
        from desktop.ui.window.about import AboutDialog

        dialog = AboutDialog(self._theme, self)
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
            self.parts.comparing.show(made, asked, sides_of(names, questions))

    def show_problem(self, text: ErrorText) -> None:
        """Show above the composer what went wrong outside a reply."""
        self.notice.show_error(text)

    def compare_with(self, choice: ModelChoice) -> None:
        """Have another model answer the last question, too, beside the answer that is there."""
        self.parts.fresh_comparing.ask_other(choice)

    def show_release(self, release: Release) -> None:
        """Show quietly that a newer version is out, with a link to its page."""
        from desktop.ui.window.update_line import UpdateLine

        line = UpdateLine(self._theme, release)
        explanation = self.tr("This page tells of the new version. It opens in your browser:")
        line.opened.connect(lambda page: ask_and_open(self, page, explanation))
        self._put_line_below(line)

    def offer_model(self, choice: ModelChoice, model: str, connection: str) -> None:
        """Offer the model of a connection that has just been set up; what is chosen stays until the user takes it."""
        from desktop.ui.window.model_offer import ModelOffer

        self._offered = ModelOffer(self._theme, model, connection, lambda: self._choose_model(choice))
        self._put_line_below(self._offered)

    def _put_line_below(self, line: QuietLine) -> None:
        """Show a line above the composer, in the place of an earlier one of its kind."""
        earlier = self.findChild(type(line))
        if isinstance(earlier, QuietLine):
            earlier.deleteLater()
        self.chat_page.put_below(line)
        line.show()

    def _connect(self) -> None:
        self._connect_chat()
        self._connect_pages()
        self._connect_comparing()
        parts, sidebar, header = self.parts, self.sidebar, self.header
        sidebar.new_requested.connect(self.new_conversation)
        sidebar.find_requested.connect(parts.search.show)
        sidebar.connections_requested.connect(self.connections.show)
        sidebar.settings_requested.connect(self.settings_requested)
        sidebar.bin_requested.connect(parts.bin.show)
        header.new_requested.connect(self.new_conversation)
        header.renamed.connect(lambda title: self._chat.shelf.rename(self._chat.current.id, title))
        header.more_requested.connect(self._show_conversation_menu)
        header.sidebar_toggled.connect(parts.body.toggle)
        parts.recipes.came_in_front.connect(parts.body.uncover)
        parts.bin.came_in_front.connect(parts.body.uncover)
        parts.search.came_in_front.connect(parts.body.uncover)
        parts.search.recipe_chosen.connect(parts.recipes.use)
        parts.fresh.binned.connect(parts.conversations.offer_undelete)
        parts.fresh.compare_requested.connect(parts.fresh_comparing.ask_fresh)
        offer = parts.conversations.offer_undelete
        parts.fresh_comparing.binned.connect(lambda each: offer(each, was_compared=True))
        parts.body.shown_changed.connect(parts.conversations.follow_sidebar)
        parts.prompt.place.shown_changed.connect(lambda shown: parts.body.uncover() if shown else None)
        parts.body.shown_changed.connect(header.set_sidebar_shown)
        for place in (parts.evidence_place, parts.guided_place, parts.prompt.place):
            place.shown_changed.connect(lambda _: self._fold_sidebar())
        parts.evidence_place.width_changed.connect(lambda width: self._preferences.change(evidence_width=width))
        parts.body.beside_changed.connect(lambda shown: self._preferences.change(sidebar_open=shown))
        header.model_chosen.connect(self._choose_model)
        self.files.model_wanted.connect(self._choose_model)
        header.models_opening.connect(self._connections.look_if_stale)
        for wanted in (header.connections_requested, header.place_connections_requested):
            wanted.connect(self.connections.show)
        for wanted in (header.lock_requested, header.lock_pressed):
            wanted.connect(lambda: self._act(ErrorAction.OPEN_OFFLINE_LOCK))
        header.open_file_requested.connect(self.open_file)
        for chosen in (self.empty.action_chosen, self.empty.away.action_chosen):
            chosen.connect(self._act_on_trouble)
        self.empty.temporary.clicked.connect(self._commands.new_temporary)
        self.empty.file_wanted.connect(lambda: self.files.pick())

    def _fold_sidebar(self) -> None:
        """Have the sidebar give way to a panel beside the page where all three leave too little for reading."""
        builder = self.parts.prompt.place
        panels = (self.parts.evidence_place, self.parts.guided_place)
        is_beside = builder.is_shown and not builder.is_over
        self.parts.body.give_way(is_beside or any(each.is_shown for each in panels))

    def _connect_chat(self) -> None:
        chat, presenter = self._chat, self.presenter
        self.parts.conversations.chosen.connect(self._show_chosen)
        chat.conversations_changed.connect(self._show_title)
        chat.opened.connect(self._show_title)
        chat.generation_started.connect(self._show_title)
        presenter.action_chosen.connect(self._act)
        presenter.model_needed.connect(self.header.open_models)

    def _connect_pages(self) -> None:
        parts, connections = self.parts, self.connections
        self.pages.home_shown.connect(self.composer.setFocus)
        parts.context.decided.connect(self.presenter.send_decided)
        parts.context.files_made.connect(lambda: self.presenter.send_written())
        parts.context.again_wanted.connect(self.presenter.try_again)
        parts.context.offered.connect(parts.prompt.place.uncover)
        parts.context.fresh_requested.connect(self.start_fresh)
        self.chat_page.requests.asked.connect(lambda _, action: self._act_on_message(action))
        connections.came_in_front.connect(parts.body.uncover)
        connections.file_requested.connect(self.open_file)
        self._connections.saved_changed.connect(self._show_model_files)
        self._show_model_files()

    def _connect_comparing(self) -> None:
        comparing = self.parts.comparing
        self.parts.prompt.compared.connect(comparing.show)
        comparing.asked.connect(self._act_on_message)
        comparing.action_chosen.connect(self._act_in_chat)

    def _act_on_message(self, action: MessageAction) -> None:
        """Do what is asked for at a message and concerns the whole program."""
        match action:
            case OpenLink(address):
                ask_and_open(self, address)
            case SetPanels(preference):
                self._preferences.change(thinking_panel=preference.value)
                self.parts.comparing.set_preference(preference)
                self.chat_page.set_preference(preference)

    def _act_in_chat(self, action: ErrorAction) -> None:
        self.show_chat()
        self._act(action)

    def _show_chosen(self) -> None:
        self.show_chat()
        self.parts.body.uncover()

    def _choose_model(self, choice: ModelChoice) -> None:
        if self._offered is not None:
            self._offered.hide()  # it is answered, wherever the model was chosen
        self._chat.choose_model(choice)
        self._preferences.change(default_choice=choice)
        self.composer.setFocus()

    def _show_title(self) -> None:
        title = self._chat.current.title
        self.header.set_title(title, is_stored=self._chat.is_stored)
        keeps_nothing = is_temporary(self._chat.current.id)
        self.header.set_temporary(keeps_nothing)
        self.empty.show_temporary(keeps_nothing)
        self.composer.take_files(not keeps_nothing)
        self.setWindowTitle(f"{show_invisible(title)} — Candor" if title else "Candor")

    def _show_conversation_menu(self) -> None:
        more = self.header.more
        self.parts.conversations.show_menu(self, more.mapToGlobal(more.rect().bottomLeft()), self.header.rename)

    def _act_on_trouble(self, action: ErrorAction) -> None:
        if action is ErrorAction.TRY_AGAIN:
            self._connections.look()
        else:
            self._act(action)

    def _act(self, action: ErrorAction) -> None:
        match action:
            case ErrorAction.TRY_AGAIN:
                self.presenter.try_again()
            case ErrorAction.OPEN_CONNECTIONS:
                self.connections.show()
            case ErrorAction.CHOOSE_MODEL:
                self.header.open_models()
            case ErrorAction.OPEN_FILE:
                self.open_file()
            case ErrorAction.START_FRESH:
                self.start_fresh()
            case ErrorAction.MAKE_ROOM:
                pass  # at its message, by `ContextPresenter`
            case _:
                self.action_requested.emit(action)

    def _show_model_files(self) -> None:
        self.chat_page.set_model_files(self._connections.model_files)

    def close_if_allowed(self) -> bool:
        """Close, unless words would be lost and the user wants to keep them. Return True if it closes."""
        may_close = self._may_close()
        if may_close:
            self.close()
        return may_close

    def _may_close(self) -> bool:
        return self.parts.recipes.may_close() and self._closing.may_close()

    # Qt's own methods

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            QTimer.singleShot(0, self.parts.conversations.show_all)

    def closeEvent(self, event: QCloseEvent) -> None:
        # Only the user can be asked: the end of the session must not wait.
        if event.spontaneous() and not self._may_close():
            event.ignore()
            return
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self._preferences.change(window_geometry=geometry)
        self.presenter.keep_draft()
        self.parts.prompt.keep_draft()
        super().closeEvent(event)
