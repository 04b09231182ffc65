"""The composition root: builds the parts, hands each what it needs, and shuts down in order.

With `start.py` and `backend_factory.py` the only place that knows all rooms. Nothing that the first paint does not need
is imported at the top.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from desktop import loading
from desktop.backend_factory import (
    BackendFactory,
    can_reach_rented,
    check_model_file,
    engine_can_run,
    free_memory,
    ollama_elsewhere,
    presets,
    total_memory,
    update_address,
    warm_up,
)
from desktop.beginning import ModelToBeginWith
from desktop.core.connection import Connection
from desktop.core.conversation import is_temporary
from desktop.core.policy.fixed import Policy
from desktop.core.repository import StoreError
from desktop.faults import FaultWatch
from desktop.model_parts import ModelParts
from desktop.policy_keeper import ObedientParts, PolicyKeeper
from desktop.runtime.chat import Chat
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.exporting.exports import Exports
from desktop.runtime.exporting.imports import Imports
from desktop.runtime.keeping.store_care import StoreCare
from desktop.runtime.models.connections import Connections
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.models.rented import RentedComputers
from desktop.runtime.recipes.shelf import RecipeShelf
from desktop.runtime.search.asking import Search
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.garbage import GarbageCollector
from desktop.runtime.threads.loop_thread import LoopThread
from desktop.runtime.trust.ledger_keeper import LedgerKeeper
from desktop.settings_keeper import SettingsKeeper, fixed_settings
from desktop.store.care import DatabaseCare
from desktop.store.connections.known_hosts import KnownHosts
from desktop.store.database import SqliteStore
from desktop.store.disk import write_or_refuse
from desktop.store.ledger import KEPT_DAYS, SqliteLedger
from desktop.store.paths import DATABASE, KNOWN_HOSTS, LEDGER, starter_model
from desktop.store.settings import Settings, SettingsProblem
from desktop.store.temporary import MixedStore
from desktop.ui.errors import ErrorAction, ErrorText, describe_store
from desktop.ui.exporting.import_presenter import ImportPresenter
from desktop.ui.exporting.presenter import ExportPresenter
from desktop.ui.keeping.presenter import KeepingPresenter
from desktop.ui.look.icons import program_icon
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.opening.application import HandedOver
from desktop.ui.policy.fixed_note import fixed_words, switched_off_words
from desktop.ui.trust.outgoing_presenter import OutgoingPresenter
from desktop.ui.trust.presenter import LedgerPresenter
from desktop.ui.window.attention import AttentionWatch
from desktop.ui.window.main_window import MainWindow
from desktop.upkeep import Upkeep

if TYPE_CHECKING:
    from desktop.core.preferences import Preferences
    from desktop.help_parts import HelpParts
    from desktop.runtime.update_watch import UpdateWatch
    from desktop.store.policy.keys import KeysUnderPolicy
    from desktop.ui.opening.handed_over import Opening
    from desktop.ui.opening.model_opening import ModelOpening
    from desktop.ui.window.settings_dialog import SettingsDialog

_log = logging.getLogger(__name__)

_CLOSE_SECONDS = 3.0  # nobody waits longer for a program to end


class Program(QObject):
    """The running program with all its parts. `open` shows the window; the rest begins after its first paint."""

    def __init__(
        self,
        app: QApplication,
        folder: Path,
        settings: Settings,
        problem: SettingsProblem | None = None,
        handed_over: HandedOver | None = None,
        *,
        before: Program | None = None,
        only_paint: bool = False,
        policy: Policy | None = None,
        find_policy: Callable[[], Policy] | None = None,
        faults: FaultWatch | None = None,
        read_update_address: Callable[[], str] = update_address,
    ) -> None:
        """Build the parts. `folder` is where everything is kept, `handed_over` what is to be opened.

        `before` has been closed, and this one goes on where it stood. `only_paint` ends with the first paint. `policy`
        is that of this computer, `find_policy` looks at it again; `faults` hears of what nothing else catches.
        """
        super().__init__()
        self._app = app
        self._folder = folder
        self._handed_over = handed_over or HandedOver(parent=self)
        self._only_paint = only_paint
        self._read_update_address = read_update_address
        self._update_address = ""
        self._updates: UpdateWatch | None = None  # where this build has an address to look at
        self._conversation = before.chat.current.id if before is not None else ""
        self._was_in_settings = before is not None  # where the language is chosen, for which alone it is made anew
        self.shall_reopen = False  # the window closes so that it can be opened in another language
        self._settings_problem = problem
        self.theme = Theme(settings.theme, settings.text_scale, self)
        self.theme.apply_to(app)
        self._garbage = GarbageCollector(self)
        self._loop = LoopThread()
        self.work = BackgroundTasks(self._loop, self)
        self.policy_keeper = PolicyKeeper(policy or Policy(), find_policy, self.work, self)
        self._keeper = SettingsKeeper(
            settings, folder / "settings.json", self.work, self._on_not_saved, self, fixed=fixed_settings(self.policy)
        )
        self._store = SqliteStore(folder / DATABASE)
        self._mixed = MixedStore(self._store, folder / DATABASE)  # with the temporary conversations
        # With the keys that no keyring has taken: they last until the program ends.
        self._keys: KeysUnderPolicy | None = before._keys if before is not None else None
        self._ledger = SqliteLedger(folder / LEDGER)
        self.ledger = LedgerKeeper(self.work, self._ledger, write_or_refuse, self)
        self._backends = BackendFactory(
            lambda: self.settings.offline_lock,
            lambda: self.connections.files(),
            self.ledger.record,
            self.policy,
            self._store.engine_states,
            lambda: self.rented,
        )
        self.rented = RentedComputers(self.work, KnownHosts(folder / KNOWN_HOSTS), self)
        self.models = ModelDirectory(
            self.work,
            self._backends,
            lambda each: self.connections.secrets_of(each),
            self,
            memory=total_memory,
            free_memory=free_memory,
        )
        self.models.set_offline(self.settings.offline_lock)
        self.connections: Connections = Connections(
            self.work,
            self.models,
            self._backends.probe,
            self._key_ring,
            lambda: starter_model() if engine_can_run() else None,
            QCoreApplication.translate("app", "Built-in engine"),
            self,
            policy=self.policy,
            rented=self.rented if can_reach_rented() else None,
            servers_behind=self._backends.servers_behind,
        )
        self.connections.saved = self.settings.connections
        self.connections.trusted_file = self.settings.trusted_certificates
        self._backends.trusted_file = lambda: self.connections.trusted_file
        self.connections.model_files = self.settings.model_files
        self.models.splits = dict(self.settings.splits)
        self.models.splits_changed.connect(lambda: self._keeper.change(splits=tuple(self.models.splits.items())))
        self.model_parts = ModelParts(
            self.work,
            self.models,
            self._backends,
            self.connections,
            self._keeper,
            self.policy,
            folder / "models",
            self,
        )
        measurements = self.models.measurements
        measurements.known = dict(self.settings.measures)
        measurements.changed.connect(lambda: self._keeper.change(measures=tuple(measurements.known.items())))
        attachments = Attachments(self.work, self._store, loading.document_reader, loading.prepare_picture, self)
        self.chat: Chat = Chat(
            self.work, self._mixed, self.models, attachments, self, loading.title_of, make_look_ups=loading.look_ups
        )
        self.chat.default_choice = self.policy.default_choice(self.settings.default_choice)
        self.chat.follow_policy(self.policy)
        self.chat.instructions.set_own(self.settings.instructions)
        self.chat.bin.days = self.settings.bin_days
        self.chat.titles.is_wanted = self.settings.model_titles
        self.recipes = RecipeShelf(self.work, folder / "recipes", loading.recipe_folder, self)
        self.recipes.share(self.settings.recipes_folder)
        if self.policy.recipes_folder:
            self.recipes.fix_shared(self.policy.recipes_folder, fixed_words(self.policy))
        self._search = Search(self.work, self._store.search_index, self._store.tidy_search, self)
        self.window = MainWindow(
            self.theme,
            self.chat,
            self.models,
            self.connections,
            self._keeper,
            presets,
            PanelPreference(self.settings.thinking_panel),
            set(self.settings.asked_hosts),
            loading.frameworks,
            loading.guide,
            self.recipes,
            self.settings.pinned_recipes,
            self._search,
        )
        exports = Exports(self.work, self._mixed, self._store.files, write_or_refuse)
        self._exporting = ExportPresenter(
            self.theme,
            self.window,
            self.window.notice,
            self.window.message_requests,
            self.chat,
            exports,
            loading.export_formats,
            loading.put_on_paper,
            self._keeper,
            (self.settings.export_ending, self.settings.export_parts),
        )
        imports = Imports(self.work, self._store, self._store.files, loading.read_conversations)
        self.importing = ImportPresenter(self.theme, self.window, self.window.notice, self.chat, imports)
        self.care = StoreCare(self.work, DatabaseCare(self._store), lambda: not self.chat.is_anything_running, self)
        self.keeping = KeepingPresenter(self.theme, self.window, self.window.notice, self.care)
        self._said_before = before.keeping.outcome if before is not None else ""
        self._beginning = ModelToBeginWith(
            self.window,
            self.chat,
            self.models,
            self.connections,
            self._keeper,
            lambda: self.model_parts.page,
            self,
        )
        begin = self._beginning
        self.model_parts.show_in(
            self.window, self.theme, self.chat, begin.choose, begin.use_starter, self._use_model_file
        )
        self.where_words_went = LedgerPresenter(
            self.theme, self.window.pages, self.chat, self.ledger, KEPT_DAYS, self.window.show_problem
        )
        self.window.join_page(self.where_words_went.came_in_front, self.where_words_went.take_escape)
        self._outgoing = OutgoingPresenter(
            self.theme,
            self.window.chat_page,
            self.chat,
            self.models,
            self._keeper,
            lambda: self.policy,
            self.window.presenter.read_outgoing,
        )
        self.upkeep = Upkeep(
            self.window,
            self.theme,
            self.policy_keeper,
            folder,
            self.work,
            self.models,
            self._backends.engine_log,
            faults,
            self,
        )
        self._help: HelpParts | None = None
        self._faults = faults
        self._model_opening: ModelOpening | None = None
        self._was_recipe_in_front = False  # when the model file that is looked at was given
        self._opening: Opening | None = None
        self._connect()

    @property
    def policy(self) -> Policy:
        """The policy of this computer as it is now."""
        return self.policy_keeper.now

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._keeper.now

    @property
    def preferences(self) -> Preferences:
        """The keeper of the settings, for those who change some."""
        return self._keeper

    @property
    def help(self) -> HelpParts:
        """The help; made, and its modules and texts loaded, when it is first wanted."""
        from desktop.help_parts import HelpParts

        if self._help is None:
            self._help = HelpParts(
                self.window,
                self.theme,
                self.chat,
                self.work,
                self._mixed,
                self._keeper,
                lambda name: self.model_parts.page.show_row(name),
                lambda: self.model_parts.page.show(),
                lambda: self.where_words_went.show(),
                self,
            )
        return self._help

    def open(self) -> None:
        """Show the window."""
        self.chat.new()
        known = self.settings
        self.window.restore(
            known.window_geometry, known.sidebar_open, known.prompt_open, known.prompt_width, known.evidence_width
        )
        self.window.find_in_thinking(self.settings.find_in_thinking)
        self.window.tasks.is_on = self.settings.names_tasks
        self.window.hide_signs(self.settings.signs_off)
        self.window.chat_page.set_names_models(self.settings.names_models)
        self.window.explain_fresh_start(not self.settings.fresh_start_explained)
        self.window.installEventFilter(self)
        self.window.show()
        self.window.show_chat()

    def close(self) -> None:
        """Stop replies, close backends, end the engine, close the loop, write settings, close the database."""
        if self._opening is not None:
            self._opening.end()
        self.chat.stop_all()
        self.chat.save_again()
        self.model_parts.stop_all()
        if self._loop.is_running:
            ending = self._loop.submit(self._end_backends())
            try:
                ending.result(timeout=_CLOSE_SECONDS)
            except TimeoutError:  # a busy computer, or a server that does not let go; nobody has to look into it
                _log.warning("closing connections took longer than %s s", _CLOSE_SECONDS)
            except Exception:
                _log.warning("connections could not be closed", exc_info=True)
            self._loop.stop()
        self.recipes.end()
        self.care.end()
        self._search.end()
        self._keeper.save_pending()
        self.work.close_store(self._close_files)
        self._garbage.stop()

    def _close_files(self) -> None:
        self._mixed.close()
        self._ledger.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and watched is self.window:
            self.window.removeEventFilter(self)
            QTimer.singleShot(0, self._after_first_paint)
        return False

    def _after_first_paint(self) -> None:
        if self._only_paint:
            loaded = sorted(name for name in sys.modules if "." not in name or name.startswith("desktop."))
            print(json.dumps({"first_paint_at": time.time(), "modules": loaded}), flush=True)  # noqa: T201
            self._app.quit()
            return
        self.window.fill()
        self.model_parts.fill()
        if sys.platform != "darwin":  # where the bundle's has the air around it that the dock wants
            self._app.setWindowIcon(program_icon())
        self._loop.start()
        if self._faults is not None:
            self._loop.hear_of_faults(self._faults.note_in_loop)
        self._garbage.start()
        attention = AttentionWatch(self.window, self._app, self)
        attention.changed.connect(self.chat.follow)
        self.chat.follow(attention.now)
        if self._said_before:
            self.window.notice.show_text(self._said_before)
        self.care.begin_watching()
        self.chat.load(self._go_on)
        self.chat.bin.begin_sweeping()
        self.chat.attachments.sweep()
        if self._settings_problem is not None:
            self.window.show_problem(_words_of(self._settings_problem, is_locked=self.settings.offline_lock))
            if self.settings.offline_lock:  # to be so at the next start, too, whose file may have nothing wrong
                self._keeper.change(offline_lock=True)
        self._follow_policy()
        self.upkeep.begin_watching()
        self._begin_opening()
        self.connections.look()
        self.work.run_on_loop(ollama_elsewhere(), self._on_elsewhere, _note_probing)
        self.work.run_on_loop(warm_up(), lambda _: None, _note_probing)
        self._watch_updates()
        if self._was_in_settings:
            self._show_settings()

    def _begin_opening(self) -> None:
        """Open what was handed over, and from now on what is, and the model files that the user picks."""
        from desktop.ui.opening.handed_over import Opening
        from desktop.ui.opening.model_opening import ModelOpening

        self._model_opening = ModelOpening(self.work, check_model_file, self.window)
        self._model_opening.opened.connect(self._on_model_file_opened)
        self._model_opening.found.connect(self.connections.open_file)
        self.window.file_chosen.connect(self._look_at_model_file)
        self._opening = Opening(self.window, self._handed_over, self._folder, self)
        self._opening.model_given.connect(self._look_at_model_file)
        self._opening.open_waiting()

    def _watch_updates(self) -> None:
        """Look for a newer version once a day, if this build knows where and the user wants it."""
        address = self._update_address = self._read_update_address()
        if not address:
            return
        from desktop.runtime.update_watch import UpdateWatch

        def may_look() -> bool:
            return self.settings.update_notice and not self.settings.offline_lock

        def look() -> Coroutine[Any, Any, Any]:
            return self._backends.newer_release(address)

        self._updates = UpdateWatch(self.work, look, may_look, self.settings.update_looked_at, self)
        self._updates.looked.connect(lambda at: self._keeper.change(update_looked_at=at))
        self._updates.found.connect(self.window.show_release)
        self._updates.look_if_due()

    def _go_on(self) -> None:
        """Open the conversation that was shown last, and let the search catch up."""
        self._search.start_filling()
        self.work.run_slowly(loading.load_recipe_modules)
        if self._conversation:
            self.chat.open(self._conversation)
        elif self._is_untouched():
            self.chat.open(self.settings.last_conversation, self._is_untouched)
        for signal in (self.chat.opened, self.chat.conversations_changed):
            signal.connect(self._note_where_one_is)

    def _is_untouched(self) -> bool:
        """Return True while the user has begun nothing in the new conversation that a start shows."""
        return self.chat.path.is_empty and not self.window.composer.text() and self.window.is_chat_in_front

    def _note_where_one_is(self) -> None:
        current = self.chat.current.id
        is_kept = self.chat.is_stored and not is_temporary(current)
        if self.settings.last_conversation != (current if is_kept else ""):
            self._keeper.change(last_conversation=current if is_kept else "")

    def _connect(self) -> None:
        window = self.window
        begin = self._beginning
        window.action_requested.connect(self._act)
        window.sidebar.export_requested.connect(self._exporting.export)
        window.settings_requested.connect(self._show_settings)
        window.diagnostics_requested.connect(self.upkeep.show_diagnostics)
        for wanted in (window.help_requested, window.sidebar.help_requested):
            wanted.connect(lambda: self.help.page.show())
        self.model_parts.lesson_wanted.connect(lambda key: self.help.page.show_topic(key))
        window.sidebar.ledger_requested.connect(self.where_words_went.show)
        window.sidebar.ledger_pressed.connect(lambda: self.where_words_went.show())
        window.header.ledger_requested.connect(self.where_words_went.show_current)
        self.chat.generation_started.connect(begin.note_used)
        self.chat.conversations_changed.connect(self._search.fill_later)
        self.connections.settled.connect(begin.go_on)
        self.connections.saved_changed.connect(self._on_connections_changed)
        self.connections.file_forgotten.connect(begin.forget_file)
        self._keeper.changed.connect(self._on_settings_changed)
        self.care.replaced.connect(self._reopen)

    def _on_elsewhere(self, ollama: Connection | None) -> None:
        if ollama is not None:
            self.window.connections.offer_address(ollama)

    def _key_ring(self) -> KeysUnderPolicy:
        from desktop.store.keys import KeyRing
        from desktop.store.policy.keys import KeysUnderPolicy

        if self._keys is None:
            self._keys = KeysUnderPolicy(KeyRing(), self.policy.key_commands)
        return self._keys

    def _look_at_model_file(self, path: str) -> None:
        assert self._model_opening is not None
        if not self.policy.model_files:
            self.window.notice.show_text(switched_off_words(self.policy), calmly=True)
            return
        self._was_recipe_in_front = self.window.is_recipe_in_front
        self._model_opening.open(path)

    def _on_model_file_opened(self, path: str) -> None:
        self._use_model_file(path)
        self.model_parts.offer_import(path)

    def _use_model_file(self, path: str) -> None:
        self._beginning.choose(self.connections.open_file(path))
        # Looking at it may take its time: a recipe that was opened meanwhile stays where it is.
        if self._was_recipe_in_front or not self.window.is_recipe_in_front:
            self.window.show_chat()

    def _on_connections_changed(self) -> None:
        now = self.connections
        self._keeper.change(connections=now.saved, model_files=now.model_files)
        if now.trusted_file != self.settings.trusted_certificates:
            self._keeper.change(trusted_certificates=now.trusted_file)

    def _show_settings(self) -> SettingsDialog:
        from desktop.ui.window.settings_dialog import Chosen, SettingsDialog

        now = self.settings
        chosen = Chosen(
            now.language,
            now.theme,
            self.theme.text_scale,
            now.offline_lock,
            QUrl(self._update_address).host(),
            now.update_notice,
            now.bin_days,
            now.model_hints,
            now.names_tasks,
            now.model_titles,
            now.names_models,
        )
        is_answering = any(self.chat.is_running(each.id) for each in self.chat.conversations)
        dialog = SettingsDialog(
            self.theme, chosen, self._keeper, is_answering=is_answering, policy=self.policy, parent=self.window
        )
        dialog.policy_requested.connect(self.upkeep.show_policy)
        dialog.signs_requested.connect(self.window.choose_signs)
        dialog.backups_requested.connect(self.keeping.show_backups)
        dialog.import_file.triggered.connect(self.importing.choose_file)
        dialog.import_folder.triggered.connect(self.importing.choose_folder)
        dialog.ledger_requested.connect(lambda: self.where_words_went.show())
        dialog.instructions_requested.connect(self._outgoing.edit_instructions)
        dialog.open()
        return dialog

    def _follow_policy(self) -> None:
        """Switch off what the policy of this computer does not allow, now and when it changes."""
        self.policy_keeper.begin_with(
            ObedientParts(
                settings=self._keeper,
                ledger=self.ledger,
                backends=self._backends,
                models=self.models,
                connections=self.connections,
                model_parts=self.model_parts,
                chat=self.chat,
                recipes=self.recipes,
                exporting=self._exporting,
                importing=self.importing,
                keys=lambda: self._keys,
            )
        )

    def _on_settings_changed(self, names: frozenset[str]) -> None:
        """Apply what was chosen at once."""
        if "theme" in names:
            self.theme.set_mode(self.settings.theme)
        if "text_scale" in names:
            self.theme.set_text_scale(self.settings.text_scale)
        if "offline_lock" in names:
            self.models.set_offline(self.settings.offline_lock)
            if self.settings.offline_lock:
                self._loop.submit(self._backends.close_tunnels())
            self.model_parts.set_offline(self.settings.offline_lock)
            self.connections.look()  # what could not be reached may be reached now, and the other way round
        if "trusted_certificates" in names:
            self.models.renew_backends()
        if "model_titles" in names:
            self.chat.titles.is_wanted = self.settings.model_titles
        if "names_models" in names:
            self.window.chat_page.set_names_models(self.settings.names_models)
        if "bin_days" in names:
            self.chat.bin.days = self.settings.bin_days
        if "names_tasks" in names:
            self.window.tasks.is_on = self.settings.names_tasks
        if "update_notice" in names and self._updates is not None:
            self._updates.look_if_due()
        if "language" in names:
            self._reopen()

    def _reopen(self) -> None:
        self.shall_reopen = True
        self.window.close()

    def _on_not_saved(self, error: Exception) -> None:
        self.window.show_problem(describe_store(error if isinstance(error, StoreError) else StoreError("other")))

    def _act(self, action: ErrorAction) -> None:
        match action:
            case ErrorAction.OPEN_DATA_FOLDER:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
            case ErrorAction.REPAIR:
                self.keeping.ask_to_repair()
            case ErrorAction.RESTORE_BACKUP:
                self.keeping.show_backups()
            case ErrorAction.OPEN_OFFLINE_LOCK:
                dialog = self._show_settings()
                dialog.point_at_lock()
                # The button that led there may be gone with its card; Qt would give the keyboard to any other.
                dialog.finished.connect(self.window.composer.setFocus)
            case ErrorAction.QUIT:
                self.window.close()

    async def _end_backends(self) -> None:
        try:
            await self.models.aclose()
            await self.model_parts.keepers.aclose()
        finally:
            await self._backends.aclose()


def _note_probing(error: Exception) -> None:
    _log.warning("what this computer offers could not be found out", exc_info=error)


def _words_of(problem: SettingsProblem, *, is_locked: bool) -> ErrorText:
    translate = QCoreApplication.translate
    title = translate("app", "Your settings could not be read")
    sentence = translate("app", "Candor started with its own settings. Conversations are not affected.")
    if problem.moved_to is not None:
        kept = translate("app", "The unreadable file was kept as %1.").replace("%1", problem.moved_to.name)
        sentence = f"{sentence} {kept}"
    if not is_locked:
        return ErrorText(title, sentence, ())
    locked = translate("app", "The offline lock is on: nothing leaves this computer until you switch it off.")
    return ErrorText(title, f"{sentence} {locked}", (ErrorAction.OPEN_OFFLINE_LOCK,))
