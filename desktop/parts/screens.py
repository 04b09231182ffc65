"""The window and the presenters beside it: exports, imports, care of the database, the ledger, what goes out.

Those that need more than the ground and the conversations are joined by modules of their own.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop import loading
from desktop.backend_factory import presets
from desktop.parts.ground import Ground
from desktop.parts.servers import Servers
from desktop.runtime.chat import Chat
from desktop.runtime.exporting.exports import Exports
from desktop.runtime.exporting.imports import Imports
from desktop.runtime.recipes.shelf import RecipeShelf
from desktop.store.disk import write_or_refuse
from desktop.store.ledger import KEPT_DAYS
from desktop.ui.exporting.import_presenter import ImportPresenter
from desktop.ui.exporting.presenter import ExportPresenter
from desktop.ui.keeping.presenter import KeepingPresenter
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.trust.outgoing_presenter import OutgoingPresenter
from desktop.ui.trust.presenter import LedgerPresenter
from desktop.ui.window.main_window import MainWindow
from desktop.ui.window.parts import WindowDependencies


class Screens(QObject):
    """The window with what it needs from disk, servers and conversations."""

    def __init__(
        self,
        window: MainWindow,
        theme: Theme,
        ground: Ground,
        servers: Servers,
        chat: Chat,
        recipes: RecipeShelf,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._ground = ground
        settings = ground.settings
        self.window = window
        window.join(
            WindowDependencies(
                theme=theme,
                chat=chat,
                models=servers.models,
                connections=servers.connections,
                preferences=ground.keeper,
                load_presets=presets,
                panel_preference=PanelPreference(settings.thinking_panel),
                asked_hosts=set(settings.asked_hosts),
                load_frameworks=loading.frameworks,
                load_guide=loading.guide,
                shelf=recipes,
                pinned_recipes=settings.pinned_recipes,
                files_folder=settings.files_folder,
                search=ground.search,
            )
        )
        notice = window.notice
        self.exporting = ExportPresenter(
            theme,
            window,
            notice,
            window.message_requests,
            chat,
            Exports(ground.work, ground.mixed, ground.store.files, write_or_refuse),
            loading.export_formats,
            loading.put_on_paper,
            ground.keeper,
            (settings.export_ending, settings.export_parts),
        )
        imports = Imports(ground.work, ground.mixed, ground.store.files, loading.read_conversations)
        self.importing = ImportPresenter(theme, window, notice, chat, imports)
        self.care = ground.make_care(lambda: not chat.generations.is_any_running)
        self.keeping = KeepingPresenter(theme, window, notice, self.care)
        self.where_words_went = LedgerPresenter(
            theme, window.pages, chat, ground.ledger, KEPT_DAYS, window.show_problem
        )
        window.presenter.consent_given.connect(ground.ledger.note_consent)
        window.join_page(self.where_words_went.came_in_front, self.where_words_went.take_escape)
        self.outgoing = OutgoingPresenter(
            theme,
            window.chat_page,
            chat,
            servers.models,
            ground.keeper,
            lambda: ground.policy,
            window.presenter.read_outgoing,
        )
        self._connect()

    def restore(self) -> None:
        """Have the parts of the window as the settings remember them."""
        known, window = self._ground.settings, self.window
        window.find_in_thinking(known.find_in_thinking)
        window.tasks.is_on = known.names_tasks
        window.hide_signs(known.signs_off)
        window.chat_page.set_names_models(known.names_models)
        window.explain_fresh_start(not known.fresh_start_explained)

    def _connect(self) -> None:
        window, ledger = self.window, self.where_words_went
        window.sidebar.export_requested.connect(self.exporting.export)
        window.sidebar.ledger_requested.connect(ledger.show)
        window.sidebar.ledger_pressed.connect(lambda: ledger.show())
        window.header.ledger_requested.connect(ledger.show_current)
