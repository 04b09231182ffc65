"""The window: sidebar, header, page, composer, and which page is shown. A view of `runtime.chat.Chat`.

What needs the disk, the keyring or other connections is emitted by signals; the composition root does it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSize, QTimer, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow

from desktop.core.connections.provider import ProviderPreset
from desktop.core.conversation import is_temporary
from desktop.core.message import AttachmentPart, Message
from desktop.core.model import ModelChoice
from desktop.core.preferences import Preferences
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.given_file import RECIPE_ENDING, GivenFile, given_file
from desktop.core.search.hits import SearchHit
from desktop.core.tasks.guide import Guide
from desktop.rendering.text.invisible import show_invisible
from desktop.runtime.chat import Chat
from desktop.runtime.models.connections import Connections
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.recipes.shelf import RecipeShelf
from desktop.runtime.search.asking import Search
from desktop.ui.chat.context_presenter import ContextPresenter
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.evidence_presenter import EvidencePresenter
from desktop.ui.chat.files_presenter import FilesPresenter
from desktop.ui.chat.find_presenter import FindPresenter
from desktop.ui.chat.page import ChatPage
from desktop.ui.chat.places_presenter import PlacesPresenter
from desktop.ui.chat.sign_presenter import SignPresenter
from desktop.ui.chat.task_presenter import TaskPresenter
from desktop.ui.compare.presenter import ComparePresenter
from desktop.ui.connections.presenter import ConnectionsPresenter
from desktop.ui.documents.preview import PreviewPresenter
from desktop.ui.errors import ErrorAction, ErrorText
from desktop.ui.evidence.place import EvidencePlace
from desktop.ui.fresh_start.comparing import FreshComparing
from desktop.ui.fresh_start.presenter import FreshPresenter
from desktop.ui.guided.dock import GuidedDock
from desktop.ui.guided.place import GuidedPlace
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import MessageAction, OpenLink, SetPanels
from desktop.ui.prompts.compare_words import sides_of
from desktop.ui.prompts.dock import FoundFrameworks, PromptDock
from desktop.ui.recipes.links import RecipeLinks
from desktop.ui.recipes.presenter import RecipePresenter
from desktop.ui.search.presenter import SearchPresenter
from desktop.ui.widgets.open_link import ask_and_open
from desktop.ui.widgets.page_stack import PageStack
from desktop.ui.window.bin_presenter import BinPresenter
from desktop.ui.window.closing import ClosingQuestion
from desktop.ui.window.conversations_presenter import ConversationsPresenter
from desktop.ui.window.file_drop import FileDrop
from desktop.ui.window.shortcuts import add_shortcuts
from desktop.ui.window.sidebar import Sidebar
from desktop.ui.window.sidebar_place import SidebarPlace

if TYPE_CHECKING:
    from desktop.core.updates import Release
    from desktop.ui.transcript.view import Transcript

_SMALLEST = QSize(480, 400)
_FIRST = QSize(1000, 700)  # where the screen has the room
_TITLE_BAR = 40  # about what the system puts above
_TEXT_STEP = 1.1
_PREPARE_MS = 2500  # after the first paint, when a start is over


class MainWindow(QMainWindow):
    """The program's one window."""

    file_chosen = Signal(str)  # path of a .gguf
    settings_requested = Signal()
    diagnostics_requested = Signal()
    help_requested = Signal()
    action_requested = Signal(object)  # an ErrorAction that the window itself can't do

    def __init__(
        self,
        theme: Theme,
        chat: Chat,
        models: ModelDirectory,
        connections: Connections,
        preferences: Preferences,
        load_presets: Callable[[], list[ProviderPreset]],
        preference: PanelPreference,
        asked_hosts: set[str],
        load_frameworks: Callable[[], FoundFrameworks],
        load_guide: Callable[[str], Guide],
        shelf: RecipeShelf,
        pinned_recipes: Sequence[str],
        search: Search,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._chat = chat
        self._models = models
        self._connections = connections
        self._preferences = preferences
        self.setWindowTitle("Candor")
        self.setMinimumSize(_SMALLEST)
        self.sidebar = Sidebar(theme)
        self._conversations = ConversationsPresenter(theme, self.sidebar, chat, models)
        self._chat_page = ChatPage(theme, preference)
        self.header = self._chat_page.header
        self.empty = self._chat_page.empty
        self.notice = self._chat_page.notice
        self.message_requests = self._chat_page.requests
        self.composer = self._chat_page.composer
        self._presenter = ConversationPresenter(self._chat_page, chat, models, preferences, asked_hosts)
        page, presenter = self._chat_page, self._presenter
        self._prompt = PromptDock(theme, page, presenter, chat, models, load_frameworks, preferences)
        self._guided_place = GuidedPlace(theme, self._prompt.place)
        self._evidence_place = EvidencePlace(theme, self._guided_place)
        self._pages = PageStack(self._evidence_place)
        self._recipes = RecipePresenter(
            theme,
            shelf,
            self._pages,
            self._prompt,
            (self.sidebar.recipes, self.empty.recipes),
            preferences,
            pinned_recipes,
        )
        self.links = RecipeLinks(shelf, self._recipes, self)
        self.connections = ConnectionsPresenter(
            theme, self._pages, connections, models, load_presets, self._needs_model
        )
        self._bin = BinPresenter(theme, self._pages, chat)
        self._joined: list[Callable[[], bool]] = []  # how the pages of others are left by Escape
        self._comparing = ComparePresenter(theme, self._pages, chat, preference)
        self._body = SidebarPlace(theme, self.sidebar, self._pages)
        self.setCentralWidget(self._body)
        self._preview = PreviewPresenter(theme, self._pages, chat.attachments)
        self._context = ContextPresenter(theme, page, chat, models, self._preview, presenter.written_message)
        self.files = FilesPresenter(theme, page, chat, models, self._preview)
        self._prompt.files = self.files
        presenter.fits = self._context.fits
        self._places = PlacesPresenter(page, chat)
        self.tasks = TaskPresenter(page.composer, chat, load_guide)
        self._guided = GuidedDock(
            theme, page, chat, self._prompt, self._guided_place, self.tasks, self.files, load_guide
        )
        self._finding = FindPresenter(page, chat, preferences)
        self._search = SearchPresenter(theme, self._pages, search, shelf, self._finding)
        self._signs = SignPresenter(page, chat, preferences)
        self._evidence = EvidencePresenter(theme, page, chat, self._evidence_place, self._prompt.place)
        self._fresh = FreshPresenter(theme, page, presenter, chat, models, preferences)
        self._fresh_comparing = FreshComparing(theme, chat, models, presenter, self._comparing)
        self._drop = FileDrop(theme, self)
        self._closing = ClosingQuestion(chat, self)
        self._connect()
        self._make_actions()
        self._show_title()
        self._conversations.show_current()

    @property
    def is_chat_in_front(self) -> bool:
        return self._pages.is_home_in_front

    @property
    def is_first_run_in_front(self) -> bool:
        return self.connections.is_first_run_in_front

    @property
    def is_recipe_in_front(self) -> bool:
        return self._recipes.is_in_front

    @property
    def chat_page(self) -> ChatPage:
        """The page of the conversation, for presenters that are made elsewhere."""
        return self._chat_page

    @property
    def presenter(self) -> ConversationPresenter:
        """The presenter of the conversation, for those that are made elsewhere."""
        return self._presenter

    @property
    def transcript(self) -> Transcript:
        return self._chat_page.transcript

    @property
    def pages(self) -> PageStack:
        """The pages beside the sidebar."""
        return self._pages

    def join_page(self, came_in_front: SignalInstance, take_escape: Callable[[], bool]) -> None:
        """Treat a page whose presenter was made elsewhere like the window's own."""
        came_in_front.connect(self._body.uncover)
        self._joined.append(take_escape)

    def restore(
        self,
        geometry: str,
        sidebar_open: bool,
        prompt_open: bool = False,
        prompt_width: int = 0,
        evidence_width: int = 0,
    ) -> None:
        """Restore size and place of the last time. What `fill` makes does not exist yet."""
        if not (geometry and self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "ignore")))):
            self.resize(_FIRST.boundedTo(self.screen().availableSize() - QSize(0, _TITLE_BAR)))
        self._body.restore(sidebar_open)
        self._prompt.place.restore(prompt_open, prompt_width)
        self._evidence_place.restore(False, evidence_width)

    def fill(self) -> None:
        """Make what was open the last time and is not needed for a first paint."""
        self._prompt.place.fill()
        self._recipes.show_pinned()
        QTimer.singleShot(_PREPARE_MS, self._search, self._search.prepare)

    def find_in_thinking(self, shall: bool) -> None:
        """Set if finding in a conversation searches the thinking, too, until the user chooses."""
        self._finding.with_reasoning = shall

    def hide_signs(self, kinds: tuple[str, ...]) -> None:
        """Set which kinds of signs of trouble are switched off."""
        self._signs.set_off(kinds)

    def choose_signs(self) -> None:
        """Let the user choose which signs of trouble are shown."""
        self._signs.choose_kinds()

    def explain_fresh_start(self, shall: bool) -> None:
        """Set if the user is still to be told why a fresh start helps, once."""
        self._fresh.is_taught = not shall

    def show_chat(self) -> None:
        """Show the conversation, with the focus in the input field."""
        self._pages.show_home()

    def show_about(self) -> None:
        """Show which version this is and what it is made of."""
        from desktop.ui.window.about import AboutDialog

        dialog = AboutDialog(self._theme, self)
        dialog.diagnostics_requested.connect(self.diagnostics_requested)
        dialog.open()

    def open_in_builder(self, draft: PromptDraft, words: str) -> None:
        """Show a prompt in the builder, with a way back to what stood there; `words` say where it is from."""
        self.show_chat()
        self._prompt.fill_in(draft, words)

    def ask_side_by_side(self, questions: Sequence[Message], asked: str, names: Sequence[str]) -> None:
        """Ask in several ways at once, in a temporary conversation; `asked` is the question in short."""
        self.new_temporary()
        made = self._presenter.compare([[each] for each in questions])
        if made is not None:
            self._comparing.show(made, asked, sides_of(names, questions))

    def look_at_recipe(self, file: Path) -> None:
        """Show a recipe from any place, to be kept if the user likes it."""
        self._recipes.look_at(file)

    def show_problem(self, text: ErrorText) -> None:
        """Show above the composer what went wrong outside a reply."""
        self.notice.show_error(text)

    def compare_with(self, choice: ModelChoice) -> None:
        """Have another model answer the last question, too, beside the answer that is there."""
        self._fresh_comparing.ask_other(choice)

    def show_release(self, release: Release) -> None:
        """Show quietly that a newer version is out, with a link to its page."""
        from desktop.ui.window.update_line import UpdateLine

        earlier = self.findChild(UpdateLine)
        if isinstance(earlier, UpdateLine):
            earlier.deleteLater()
        line = UpdateLine(self._theme, release)
        explanation = self.tr("This page tells of the new version. It opens in your browser:")
        line.opened.connect(lambda page: ask_and_open(self, page, explanation))
        self._chat_page.put_below(line)
        line.show()

    def _connect(self) -> None:
        self._connect_chat()
        self._connect_pages()
        self._connect_comparing()
        sidebar, header = self.sidebar, self.header
        sidebar.new_requested.connect(self.new_conversation)
        sidebar.find_requested.connect(self._search.show)
        sidebar.connections_requested.connect(self.connections.show)
        sidebar.settings_requested.connect(self.settings_requested)
        sidebar.bin_requested.connect(self._bin.show)
        header.new_requested.connect(self.new_conversation)
        header.renamed.connect(lambda title: self._chat.shelf.rename(self._chat.current.id, title))
        header.more_requested.connect(self._show_conversation_menu)
        header.sidebar_toggled.connect(self._body.toggle)
        self._recipes.came_in_front.connect(self._body.uncover)
        self._bin.came_in_front.connect(self._body.uncover)
        self._search.came_in_front.connect(self._body.uncover)
        self._search.recipe_chosen.connect(self._recipes.use)
        self._search.file_chosen.connect(self._show_found_file)
        self._fresh.binned.connect(self._conversations.offer_undelete)
        self._fresh.compare_requested.connect(self._fresh_comparing.ask_fresh)
        offer = self._conversations.offer_undelete
        self._fresh_comparing.binned.connect(lambda each: offer(each, was_compared=True))
        self._prompt.place.shown_changed.connect(lambda shown: self._body.uncover() if shown else None)
        self._body.shown_changed.connect(header.set_sidebar_shown)
        for place in (self._evidence_place, self._guided_place):
            place.shown_changed.connect(self._body.give_way)
        self._evidence_place.width_changed.connect(lambda width: self._preferences.change(evidence_width=width))
        self._body.beside_changed.connect(lambda shown: self._preferences.change(sidebar_open=shown))
        header.model_chosen.connect(self._choose_model)
        self.files.model_wanted.connect(self._choose_model)
        header.models_opening.connect(self._connections.look_if_stale)
        for wanted in (header.connections_requested, header.place_connections_requested):
            wanted.connect(self.connections.show)
        for wanted in (header.lock_requested, header.lock_pressed):
            wanted.connect(lambda: self._act(ErrorAction.OPEN_OFFLINE_LOCK))
        header.open_file_requested.connect(self.open_file)
        self.empty.action_chosen.connect(self._act_on_trouble)
        self.empty.temporary.clicked.connect(self.new_temporary)
        self.empty.file_wanted.connect(lambda: self.files.pick())

    def _connect_chat(self) -> None:
        chat, presenter = self._chat, self._presenter
        self._conversations.chosen.connect(self._show_chosen)
        chat.conversations_changed.connect(self._show_title)
        chat.opened.connect(self._show_title)
        chat.generation_started.connect(self._show_title)
        presenter.action_chosen.connect(self._act)
        presenter.model_needed.connect(self.header.open_models)

    def _connect_pages(self) -> None:
        connections = self.connections
        self._pages.home_shown.connect(self.composer.setFocus)
        self._drop.dropped.connect(self._take_dropped)
        self._context.decided.connect(self._presenter.send_decided)
        self._context.again_wanted.connect(self._presenter.try_again)
        self._context.offered.connect(self._prompt.place.uncover)
        self._context.fresh_requested.connect(self.start_fresh)
        self._chat_page.requests.asked.connect(lambda _, action: self._act_on_message(action))
        connections.came_in_front.connect(self._body.uncover)
        connections.file_requested.connect(self.open_file)
        self._connections.saved_changed.connect(self._show_model_files)
        self._show_model_files()

    def _connect_comparing(self) -> None:
        comparing = self._comparing
        self._prompt.compared.connect(comparing.show)
        comparing.asked.connect(self._act_on_message)
        comparing.action_chosen.connect(self._act_in_chat)

    def _act_on_message(self, action: MessageAction) -> None:
        """Do what is asked for at a message and concerns the whole program."""
        match action:
            case OpenLink(address):
                ask_and_open(self, address)
            case SetPanels(preference):
                self._preferences.change(thinking_panel=preference.value)
                self._comparing.set_preference(preference)
                self._chat_page.set_preference(preference)

    def _act_in_chat(self, action: ErrorAction) -> None:
        self.show_chat()
        self._act(action)

    def _make_actions(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "new": self.new_conversation,
            "temporary": self.new_temporary,
            "start_fresh": self.start_fresh,
            "find_all": self._search.show,
            "find": self._find,
            "next_passage": lambda: self._step_evidence(1),
            "earlier_passage": lambda: self._step_evidence(-1),
            "export": self._export,
            "rename": self._rename,
            "sidebar": self._body.toggle,
            "builder": self._toggle_prompt,
            "write_in_builder": self._write_prompt,
            "recipes": self._recipes.show_list,
            "connections": self.connections.show,
            "open_file": self.open_file,
            "attach": self._attach,
            "write": self.composer.setFocus,
            "stop": self._escape,
            "larger": lambda: self._scale_text(_TEXT_STEP),
            "smaller": lambda: self._scale_text(1 / _TEXT_STEP),
            "normal": lambda: self._scale_text(0),
            "settings": self.settings_requested.emit,
            "help": self.help_requested.emit,
            "quit": self.close_if_allowed,
        }
        add_shortcuts(self, acts)

    def _rename(self) -> None:
        """Let the user write another title: in the list if the keyboard is there, else over the conversation."""
        if not self.sidebar.rename_row() and self._chat.is_stored:
            self.show_chat()
            self.header.rename()

    def _export(self) -> None:
        """Ask what of the conversation is exported or printed."""
        self.sidebar.export_requested.emit(self._chat.current.id)

    def new_conversation(self) -> None:
        """Start an empty conversation, at once, with the focus in the input field."""
        self._chat.new()
        self.show_chat()

    def new_temporary(self) -> None:
        """Show an empty conversation of which nothing will be written to the disk."""
        self._chat.new_temporary()
        self.show_chat()

    def open_file(self) -> None:
        """Let the user pick a model file."""
        names = self.tr("Model files (*.gguf);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Open a model file"), "", names)
        if path:
            self.file_chosen.emit(path)

    def _show_found_file(self, hit: SearchHit) -> None:
        """Show the text of a sent file in which something was found, as soon as it has been read."""

        def files(found: dict[str, Message]) -> list[AttachmentPart]:
            message = found.get(hit.message_id)
            parts = message.files if message is not None else ()
            return [part for part in parts if isinstance(part, AttachmentPart) and part.name == hit.file]

        def show(parts: list[AttachmentPart]) -> None:
            found = next((part for part in parts if hit.found in part.text), None)
            if found is not None and self.is_chat_in_front:
                self._preview.open_sent(found, hit.found)

        self._chat.path.read([hit.message_id], files, show)

    def _show_chosen(self) -> None:
        self.show_chat()
        self._body.uncover()

    def _take_dropped(self, given: GivenFiles) -> None:
        """Open what is a model or a recipe, and give all else to the model."""
        rest: list[Path] = []
        for path in given.paths:
            if given_file(path.name) is GivenFile.MODEL:
                self.file_chosen.emit(str(path))
            elif path.name.endswith(RECIPE_ENDING):
                self.look_at_recipe(path)
            else:
                rest.append(path)
        if rest or given.picture:
            self.give_to_model(GivenFiles(tuple(rest), given.picture))

    def give_to_model(self, given: GivenFiles) -> None:
        """Give files to the model, with the next message of the conversation."""
        self.show_chat()
        self.files.take_given(given)

    def _choose_model(self, choice: ModelChoice) -> None:
        self._chat.choose_model(choice)
        self._preferences.change(default_choice=choice)
        self.composer.setFocus()

    def _show_title(self) -> None:
        title = self._chat.current.title
        self.header.set_title(title, is_stored=self._chat.is_stored)
        self.header.set_temporary(is_temporary(self._chat.current.id))
        self.empty.show_temporary(is_temporary(self._chat.current.id))
        self.setWindowTitle(f"{show_invisible(title)} — Candor" if title else "Candor")

    def _show_conversation_menu(self) -> None:
        more = self.header.more
        self._conversations.show_menu(self, more.mapToGlobal(more.rect().bottomLeft()), self.header.rename)

    def _act_on_trouble(self, action: ErrorAction) -> None:
        if action is ErrorAction.TRY_AGAIN:
            self._connections.look()
        else:
            self._act(action)

    def _act(self, action: ErrorAction) -> None:
        match action:
            case ErrorAction.TRY_AGAIN:
                self._presenter.try_again()
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
        self._chat_page.set_model_files(self._connections.model_files)

    def _needs_model(self) -> bool:
        """Return True if nothing is chosen in the current conversation, and there is nothing to choose."""
        is_chosen = self._chat.current.settings.choice is not None
        return not is_chosen and self._models.nearest_choice(allow_internet=True) is None

    def start_fresh(self) -> None:
        """Offer to start the conversation fresh, if it is shown."""
        if self.is_chat_in_front:
            self._fresh.open()

    def _escape(self) -> None:
        """Have Escape act on what lies on top: the first of these that has something to close, take back or stop."""
        over_all = (self._fresh.take_escape, self._body.take_escape)
        pages = (
            self.connections.take_escape,
            self._recipes.take_escape,
            self._comparing.take_escape,
            self._preview.take_escape,
            self._bin.take_escape,
            *self._joined,
            self._search.take_escape,
        )
        home = (
            self._context.take_escape,
            self._guided.take_escape,
            self._evidence.take_escape,
            self._prompt.place.take_escape,
            self._chat_page.take_escape,
            self._stop,
            self._finding.take_escape,
            self._evidence.leave_mark,
        )
        for take_escape in (*over_all, *pages, *home):
            if take_escape():
                return

    def _stop(self) -> bool:
        """Stop the answer. Return False if none is coming."""
        is_answering = self._chat.is_answering
        self._chat.stop()
        return is_answering

    def _attach(self) -> None:
        if self.is_chat_in_front:
            self.files.pick()

    def _toggle_prompt(self) -> None:
        if self.is_chat_in_front:
            self._prompt.toggle()

    def _write_prompt(self) -> None:
        self._pages.show_home()
        self._prompt.go_to()

    def _step_evidence(self, by: int) -> None:
        if self.is_chat_in_front:
            self._evidence.step(by)

    def _find(self) -> None:
        if self.is_chat_in_front:
            self._finding.open()
        elif self._preview.is_in_front:
            self._preview.focus_find()
        elif self._search.is_in_front:
            self._search.show()

    def close_if_allowed(self) -> bool:
        """Close, unless words would be lost and the user wants to keep them. Return True if it closes."""
        may_close = self._may_close()
        if may_close:
            self.close()
        return may_close

    def _may_close(self) -> bool:
        return self._recipes.may_close() and self._closing.may_close()

    def _scale_text(self, factor: float) -> None:
        self._theme.set_text_scale(self._theme.text_scale * factor if factor else 1.0)
        self._preferences.change(text_scale=self._theme.text_scale)

    # Qt's own methods

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            QTimer.singleShot(0, self._conversations.show_all)

    def closeEvent(self, event: QCloseEvent) -> None:
        # Only the user can be asked: the end of the session must not wait.
        if event.spontaneous() and not self._may_close():
            event.ignore()
            return
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self._preferences.change(window_geometry=geometry)
        self._presenter.keep_draft()
        self._prompt.keep_draft()
        super().closeEvent(event)
