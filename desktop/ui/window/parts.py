"""The parts of the window: every page and panel with its presenter, put together in the order in which they need
each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from desktop.core.connection import ProviderPreset
from desktop.core.prompts.prompt import PromptFramework
from desktop.core.tasks.office import Guide
from desktop.runtime.chat import Chat
from desktop.runtime.folders import part_of
from desktop.runtime.models.connections import Connections
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.recipes import RecipeShelf
from desktop.runtime.search import Search
from desktop.ui.chat.checking import AskTwicePresenter, EvidencePresenter
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.files_presenter import FilesPresenter
from desktop.ui.chat.folder_asking import FolderAsking
from desktop.ui.chat.folders_presenter import FoldersPresenter
from desktop.ui.chat.outgoing import ContextPresenter
from desktop.ui.chat.writing import AheadPresenter, TaskPresenter
from desktop.ui.compare.presenter import ComparePresenter
from desktop.ui.connections.presenter import ConnectionsPresenter
from desktop.ui.documents.preview import PreviewPresenter
from desktop.ui.each_file.presenter import EachFilePresenter
from desktop.ui.fresh_start.presenter import FreshComparing, FreshPresenter
from desktop.ui.guided.presenter import GuidedPresenter
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.dock import ExamplePresenter, PromptDock
from desktop.ui.recipes.presenter import RecipeLinks, RecipePresenter
from desktop.ui.search.presenter import FindPresenter, SearchPresenter
from desktop.ui.sidebar.presenter import ConversationsPresenter
from desktop.ui.widgets.boxes import PickedFolder

if TYPE_CHECKING:
    from desktop.ui.window.bin_page import BinPage
    from desktop.ui.window.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class WindowDependencies:
    """The parts of the running program that the window shows, and what it reads only when it is asked for."""

    theme: Theme
    chat: Chat
    connections: Connections
    load_presets: Callable[[], list[ProviderPreset]]
    load_frameworks: Callable[[], Sequence[PromptFramework]]
    load_guide: Callable[[str], Guide]
    shelf: RecipeShelf
    search: Search


class WindowParts:
    """The pages and panels of one window."""

    def __init__(self, window: MainWindow, given: WindowDependencies) -> None:
        self._window, self._given = window, given
        theme, chat, services = given.theme, given.chat, given.chat.services
        models, preferences = services.models, services.settings
        page, pages, sidebar = window.chat_page, window.pages, window.sidebar
        chosen = (sidebar.recipes, page.empty.recipes)
        self.folder = PickedFolder(preferences.now.files_folder, lambda folder: preferences.change(files_folder=folder))
        self.conversations = ConversationsPresenter(theme, sidebar, page, chat)
        self.presenter = presenter = ConversationPresenter(page, chat)
        self.prompt = PromptDock(theme, page, window.prompt_place, presenter, chat, given.load_frameworks)
        self.recipes = RecipePresenter(self.prompt, given.shelf, pages, chosen, given.load_guide)
        self.links = RecipeLinks(given.shelf, self.recipes, window)
        self.connections = ConnectionsPresenter(
            theme, pages, given.connections, models, given.load_presets, lambda: _needs_model(chat, models)
        )
        self.comparing = ComparePresenter(theme, pages, chat, page)
        self.preview = PreviewPresenter(theme, pages, chat.attachments)
        self.context = ContextPresenter(page, chat, self.preview, presenter)
        self.ahead = AheadPresenter(page, chat, presenter.written_message)
        self.files = FilesPresenter(page, chat, self.preview, self.folder)
        self.prompt.files = self.files
        self.folders = FoldersPresenter(page, chat, self.files, self.folder, sidebar.show_coming, pages.show_home)
        self.folder_asking = FolderAsking(page, chat, presenter, self.context)
        self.folder_asking.foreseen.connect(self.folders.show_foreseen)
        self.folder_asking.passage_opened.connect(lambda passage: self.preview.open_sent(part_of([passage])))
        self.folder_asking.files_wanted.connect(lambda folder: self.files.pick(begin=folder))
        self.each_file = EachFilePresenter(page, chat, pages, sidebar.show_coming, self.folder_asking)
        self.tasks = TaskPresenter(page, chat, given.load_guide)
        self.guided = GuidedPresenter(self.prompt, window.guided_place, self.tasks, given.load_guide)
        self.finding = FindPresenter(page, chat)
        self.search = SearchPresenter(theme, pages, given.search, given.shelf, self.finding)
        self.evidence = EvidencePresenter(page, chat, window.evidence_place, self.prompt.place)
        self.fresh = FreshPresenter(page, chat, presenter)
        self.twice = AskTwicePresenter(page, chat, presenter)
        self.examples = ExamplePresenter(self.prompt)
        self.fresh_comparing = FreshComparing(page, chat, presenter, self.comparing)

    @cached_property
    def bin(self) -> BinPage:
        """The page of deleted conversations, made, and its module loaded, when it is first wanted."""
        from desktop.ui.window.bin_page import BinPage

        return BinPage(self._given.theme, self._window.pages, self._given.chat)


def _needs_model(chat: Chat, models: ModelDirectory) -> bool:
    """Return True if nothing is chosen in the current conversation, and there is nothing to choose."""
    is_chosen = chat.choice is not None
    return not is_chosen and models.nearest_choice(allow_internet=True) is None
