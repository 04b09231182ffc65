"""The composition root: builds the parts, hands each what it needs, and shuts down in order.

With `start.py`, `backend_factory.py` and `parts/` the only place that knows all rooms. It is loaded after the first
paint of the window, which `first_window.py` makes.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from desktop import loading
from desktop.core.policy.fixed import Policy
from desktop.core.repository import StoreError
from desktop.core.text.pace import Attention
from desktop.faults import FaultWatch
from desktop.first_window import FirstWindow
from desktop.parts.beginning import ModelToBeginWith
from desktop.parts.given import FilesToOpen
from desktop.parts.ground import Ground
from desktop.parts.last_conversation import LastConversation
from desktop.parts.models import ModelParts
from desktop.parts.policy_keeper import ObedientParts
from desktop.parts.screens import Screens
from desktop.parts.servers import Servers
from desktop.parts.settings import SettingsInWindow, words_of_problem
from desktop.parts.upkeep import Upkeep
from desktop.runtime.chat import Chat
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.recipes.shelf import RecipeShelf
from desktop.runtime.services import Services
from desktop.store.settings import Settings, SettingsProblem
from desktop.ui.errors import ErrorAction, describe_store
from desktop.ui.inputs.resting_cursor import RestingCursor
from desktop.ui.keeping.presenter import KeepingPresenter
from desktop.ui.look.icons import program_icon
from desktop.ui.opening.application import HandedOver
from desktop.ui.policy.fixed_note import fixed_words
from desktop.ui.window.attention import AttentionWatch

if TYPE_CHECKING:
    from desktop.core.preferences import Preferences
    from desktop.parts.help import HelpParts
    from desktop.parts.left_behind import LeftBehind

_log = logging.getLogger(__name__)

_CLOSE_SECONDS = 3.0  # nobody waits longer for a program to end


class Program(QObject):
    """The running program with all its parts. `open` shows the window if it is not yet; work begins when it is painted.

    Of a window that is shown already the parts are made in small steps, by whoever goes through `making`.
    """

    def __init__(
        self,
        app: QApplication,
        folder: Path,
        settings: Settings,
        problem: SettingsProblem | None = None,
        handed_over: HandedOver | None = None,
        *,
        before: LeftBehind | None = None,
        first: FirstWindow | None = None,
        policy: Policy | None = None,
        find_policy: Callable[[], Policy] | None = None,
        faults: FaultWatch | None = None,
    ) -> None:
        """Build the parts. `folder` is where everything is kept, `handed_over` what is to be opened.

        `before` is of the window before, where this one goes on. `first` is the window that is shown. `policy`
        is that of this computer, `find_policy` looks at it again; `faults` hears of what nothing else catches.
        """
        super().__init__()
        self._app = app
        self._folder = folder
        self._handed_over = handed_over or HandedOver(parent=self)
        self._settings_problem = problem
        self._faults = faults
        self._was_in_settings = before is not None and not before.outcome  # where the language is chosen
        self._before = before
        self.is_made = False  # it has all its parts
        self.has_begun = False  # all is done that waited for the first paint
        self.shall_reopen = False  # the window closes so that it can be opened in another language
        self._help: HelpParts | None = None
        self._cursor: RestingCursor | None = None  # once work has begun
        self._first = first or FirstWindow(app, settings, policy or Policy())
        self._steps = self._first.steps
        self.theme, self.window = self._first.theme, self._first.window
        held = before.conversations if before is not None else None
        self._ground: Ground = Ground(folder, settings, policy or Policy(), find_policy, self._on_not_saved, self, held)
        self.making: Sequence[Callable[[], object]] = (
            self._build_servers,
            self._build_conversations,
            self._build_window,
            self._build_beside_window,
            self._connect,
        )
        if first is None:
            for make in self.making:
                make()

    def _work(self) -> Sequence[Callable[[], object]]:
        """Return the steps of the work that begins when the window is painted."""
        return (
            self._begin_work,
            self._say_what_is_known,  # before the disk is read, whose refusal it would cover
            self._read_from_disk,
            self.window.fill,
            self.model_parts.fill,
            self._ground.collect_garbage,
            lambda: self._servers.look(self.window.connections.offer_address),
            lambda: self._last.when_settled(self._welcome),
        )

    def _welcome(self) -> None:
        """Let in what the user did, then other starts: the user may have closed it, and they would find no answer."""
        self._steps.add_steps(
            self._first.let_input_in,
            lambda: self.given.open_waiting(self._handed_over, self._folder),
            lambda: self._was_in_settings and self._sheet.show(),
            self._note_begun,
        )

    def _note_begun(self) -> None:
        self.has_begun = True

    def _build_servers(self) -> None:
        ground = self._ground
        self._servers: Servers = Servers(ground, self._before.keys if self._before is not None else None, self)
        servers = self._servers
        self.work, self.ledger, self.policy_keeper = ground.work, ground.ledger, ground.policy_keeper
        self.rented, self.models, self.connections = servers.rented, servers.models, servers.connections
        self.model_parts = ModelParts(
            ground.work,
            servers.models,
            servers.backends,
            servers.connections,
            ground.keeper,
            ground.policy,
            self._folder / "models",
            self,
        )

    def _build_conversations(self) -> None:
        ground, settings = self._ground, self.settings
        self.services = services = Services(ground.work, ground.mixed, self.models, ground.keeper, ground.policy)
        attachments = Attachments(ground.work, ground.store, loading.document_reader, loading.prepare_picture, self)
        self.chat: Chat = Chat(services, attachments, self, loading.title_of, make_look_ups=loading.look_ups)
        self.chat.default_choice = self.policy.default_choice(settings.default_choice)
        self.chat.follow_policy(self.policy)
        self.chat.instructions.set_own(settings.instructions)
        self.chat.shelf.bin_days = settings.bin_days
        self.chat.titles.is_wanted = settings.names_conversations
        self.recipes = RecipeShelf(ground.work, self._folder / "recipes", loading.recipe_folder, self)
        self.recipes.share(settings.recipes_folder)
        if self.policy.recipes_folder:
            self.recipes.fix_shared(self.policy.recipes_folder, fixed_words(self.policy))

    def _build_window(self) -> None:
        ground, servers = self._ground, self._servers
        self._screens = screens = Screens(self.window, self.theme, ground, servers, self.chat, self.recipes, self)
        self.care = screens.care
        self.keeping: KeepingPresenter = screens.keeping
        self.importing, self.where_words_went = screens.importing, screens.where_words_went

    def _build_beside_window(self) -> None:
        ground, servers = self._ground, self._servers
        self._beginning = begin = ModelToBeginWith(
            self.window,
            self.chat,
            self.models,
            self.connections,
            ground.keeper,
            lambda: self.model_parts.page,
            self,
        )
        before = self._before
        if before is not None:
            self.chat.unsent.begin_temporary("", before.temporary_draft)
        in_front = before.conversation if before is not None else ""
        self._last = LastConversation(self.window, self.chat, ground.keeper, in_front, self)
        self.given = FilesToOpen(
            self.window, self.work, self.connections, begin, self.model_parts, lambda: self.policy, self
        )
        self.model_parts.show_in(
            self.window, self.theme, self.chat, begin.choose, begin.use_starter, self.given.use_model
        )
        self.upkeep = Upkeep(
            self.window,
            self.theme,
            self.policy_keeper,
            self._folder,
            self.work,
            self.models,
            servers.backends.engine_log,
            self._faults,
            self,
        )
        self._sheet = SettingsInWindow(ground, servers, self.chat, self._screens, self.model_parts, self.upkeep, self)

    @property
    def policy(self) -> Policy:
        """The policy of this computer as it is now."""
        return self._ground.policy

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._ground.settings

    @property
    def shall_restart(self) -> bool:
        """True if another version of the program is to be started when this one has ended."""
        return self.is_made and self.upkeep.shall_restart

    @property
    def preferences(self) -> Preferences:
        """The keeper of the settings, for those who change some."""
        return self._ground.keeper

    @property
    def help(self) -> HelpParts:
        """The help; made, and its modules and texts loaded, when it is first wanted."""
        from desktop.parts.help import HelpParts

        if self._help is None:
            self._help = HelpParts(
                self.window,
                self.theme,
                self.chat,
                self.work,
                self._ground.mixed,
                self._ground.keeper,
                lambda name: self.model_parts.page.show_row(name),
                lambda: self.model_parts.page.show(),
                lambda: self.where_words_went.show(),
                self,
            )
        return self._help

    def open(self) -> None:
        """Show the window, and begin work when it is painted. What has been written in it already stays there."""
        self.is_made = True
        self._steps.add_steps(*self._work())
        composer = self.window.composer
        self.chat.new(keeps_written=bool(composer.text()))
        self._screens.restore()
        if self._first.is_painted:
            composer.announce()
        else:
            self._first.show()

    def close(self) -> None:
        """Stop replies, close backends, end the engine, close the loop, write settings, close the database."""
        self._steps.stop()
        if not self.is_made:  # it has to end in the midst of its start
            self._ground.end()
            return
        if self._cursor is not None:
            self._cursor.end()
        self.given.end()
        self.chat.stop_all()
        self.chat.unsaved.save_again()
        self.model_parts.stop_all()
        loop = self._ground.loop
        if loop.is_running:
            ending = loop.submit(self._end_backends())
            try:
                ending.result(timeout=_CLOSE_SECONDS)
            except TimeoutError:  # a busy computer, or a server that does not let go; nobody has to look into it
                _log.warning("closing connections took longer than %s s", _CLOSE_SECONDS)
            except Exception:
                _log.warning("connections could not be closed", exc_info=True)
            loop.stop()
        self.recipes.end()
        self._ground.end(keeps_temporary=self.shall_reopen)

    def leave_behind(self) -> LeftBehind:
        """Return what the next window goes on with, of this one, which is closed."""
        from desktop.parts.left_behind import LeftBehind

        chat = self.chat
        return LeftBehind(
            chat.current.id, chat.unsent.temporary_draft, self.keeping.outcome, self._servers.keys, self._ground.mixed
        )

    def _begin_work(self) -> None:
        """Start the loop, on which servers are talked to, and follow where the user looks and what the user does."""
        if sys.platform != "darwin":  # where the bundle's has the air around it that the dock wants
            self._app.setWindowIcon(program_icon())
        self._ground.start(self._faults)
        attention = AttentionWatch(self.window, self._app, self)
        attention.changed.connect(self._follow_attention)
        self._follow_attention(attention.now)
        self._cursor = RestingCursor(self._app, self)

    def _say_what_is_known(self) -> None:
        """Say what came of the window before, of the settings, the policy and this computer."""
        if self._before is not None and self._before.outcome:
            self.window.notice.show_text(self._before.outcome)
        self._before = None  # all of it has been taken over
        if self._settings_problem is not None:
            self.window.show_problem(words_of_problem(self._settings_problem, is_locked=self.settings.offline_lock))
            if self.settings.offline_lock:  # to be so at the next start, too, whose file may have nothing wrong
                self._ground.keeper.change(offline_lock=True)
        self._follow_policy()
        self.upkeep.begin_watching()

    def _read_from_disk(self) -> None:
        """List the conversations, and look after what is kept."""
        self.care.begin_watching()
        self.chat.load(self._go_on)
        self._last.ask()
        self.chat.shelf.begin_sweeping()
        self.chat.attachments.sweep()

    def _follow_attention(self, attention: Attention) -> None:
        self.chat.generations.follow(attention)
        if attention is Attention.IN_FRONT:
            self.recipes.look_again()

    def _go_on(self) -> None:
        """Open the conversation that was shown last, and let the search catch up."""
        self._ground.search.start_filling()
        self._last.open()

    def _make_ready_to_answer(self) -> None:
        """Load what shows a question and its answer, and make the page of messages, while the user writes."""
        self.work.run_slowly(loading.load_answer_modules, lambda _: self.window.chat_page.prepare())

    def _connect(self) -> None:
        window, begin = self.window, self._beginning
        window.action_requested.connect(self._act)
        window.composer.writing_begun.connect(self._make_ready_to_answer, Qt.ConnectionType.SingleShotConnection)
        window.diagnostics_requested.connect(self.upkeep.show_diagnostics)
        for wanted in (window.help_requested, window.sidebar.help_requested):
            wanted.connect(lambda: self.help.page.show())
        self.model_parts.lesson_wanted.connect(lambda key: self.help.page.show_topic(key))
        self.chat.generation_started.connect(begin.note_used)
        self.chat.conversations_changed.connect(self._ground.search.fill_later)
        self.connections.settled.connect(begin.go_on)
        self.connections.file_forgotten.connect(begin.forget_file)
        self.connections.removed.connect(begin.forget_connection)
        self._sheet.language_chosen.connect(self._reopen_if_allowed)
        window.stayed.connect(self._stay)
        self.care.replaced.connect(self._reopen)

    def _follow_policy(self) -> None:
        """Switch off what the policy of this computer does not allow, now and when it changes."""
        servers, screens = self._servers, self._screens
        self.policy_keeper.begin_with(
            ObedientParts(
                services=self.services,
                settings=self._ground.keeper,
                ledger=self.ledger,
                backends=servers.backends,
                models=self.models,
                connections=self.connections,
                model_parts=self.model_parts,
                chat=self.chat,
                recipes=self.recipes,
                exporting=screens.exporting,
                importing=screens.importing,
                keys=lambda: servers.keys,
            )
        )

    def _reopen_if_allowed(self) -> None:
        """Make the window anew, unless that would lose typed words: they are shown instead."""
        self.shall_reopen = True
        self.window.close_if_allowed()

    def _stay(self) -> None:
        self.shall_reopen = False
        self._sheet.leave()

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
                self._sheet.point_at_lock()
            case ErrorAction.QUIT:
                self.window.close()

    async def _end_backends(self) -> None:
        try:
            await self.models.aclose()
            await self.model_parts.keepers.aclose()
        finally:
            await self._servers.backends.aclose()
