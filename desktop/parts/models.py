"""The parts that get, judge and keep models, put together: part of the composition root.

`app.py` makes it, and asks the page to be shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.backend_factory import (
    BackendFactory,
    engine_can_run,
    engine_needs,
    is_on_battery,
    look_at_computer,
    look_at_model_file,
    room_for_models,
)
from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.engine import EngineNeeds, EngineWishes
from desktop.core.model import ModelChoice
from desktop.core.policy.fixed import Feature, Policy
from desktop.runtime.chat import Chat
from desktop.runtime.models.advice import ModelAdvice
from desktop.runtime.models.connections import BUILT_IN_ID, Connections
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.models.downloads import Downloads
from desktop.runtime.models.keepers import Keepers
from desktop.runtime.models.listing import Listing
from desktop.runtime.models.trial import ModelTrial
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.settings_keeper import SettingsKeeper
from desktop.ui.look.theme import Theme
from desktop.ui.models.menu_presenter import ModelMenuPresenter
from desktop.ui.models.presenter import ModelsPresenter
from desktop.ui.models.ways import WaysToAModel
from desktop.ui.policy.fixed_note import switched_off_words
from desktop.ui.words import fill, shown_name

if TYPE_CHECKING:
    from desktop.core.models.catalogue import FoundCatalogue
    from desktop.core.models.keeping import ModelKeeper
    from desktop.store.models.copies import ModelCopies
    from desktop.ui.models.coming import ComingPresenter
    from desktop.ui.models.file_dialog import ImportPlaces
    from desktop.ui.opening.model_import import ModelImport
    from desktop.ui.window.main_window import MainWindow

_LOOK_MS = 1500  # after the first paint, when a start is over


class ModelParts(QObject):
    """The parts beside the list of models; `show_in` gives them their page and their line in the sidebar."""

    lesson_wanted = Signal(str)  # the key of a lesson, or of a term of the dictionary

    def __init__(
        self,
        work: BackgroundTasks,
        models: ModelDirectory,
        backends: BackendFactory,
        connections: Connections,
        settings: SettingsKeeper,
        policy: Policy,
        copies_folder: Path,
        parent: QObject,
    ) -> None:
        """Build the parts. `copies_folder` is where model files are copied to."""
        super().__init__(parent)
        self._work = work
        self._models = models
        self._backends = backends
        self._connections = connections
        self._settings = settings
        self._copies_folder = copies_folder
        self.keepers = Keepers(work, models, connections.secrets_of, self._keeper, (connections.engine,))
        self.downloads = Downloads(work, self.keepers, self._room, self)
        self._policy = policy
        self.follow_policy(policy)
        self.downloads.restore(settings.now.downloads)
        self.downloads.changed.connect(lambda: settings.change(downloads=self.downloads.kept))
        self.downloads.finished.connect(self._on_finished)
        self.advice = ModelAdvice(work, models, look_at_computer, lambda: _catalogue(self._policy.catalogue), self)
        self.trial = ModelTrial(work, models, self)
        backends.engine_wishes = self._engine_wishes
        self._coming: ComingPresenter | None = None
        self._import: ModelImport | None = None

    def show_in(
        self,
        window: MainWindow,
        theme: Theme,
        chat: Chat,
        use: Callable[[ModelChoice], None],
        use_starter: Callable[[], None],
        use_file: Callable[[str], None],
    ) -> None:
        """Give the window the page. `use` has a model answer from now on, `use_file` a file, from where it lies."""
        self._window, self._theme, self._use_file, self._chat = window, theme, use_file, chat
        chat.ahead.is_wanted = self._may_read_ahead
        chat.titles.is_on_battery = is_on_battery
        ways = WaysToAModel(
            self._connections.look,
            window.connections.show,
            window.open_file,
            use_starter,
            lambda: self.importing.pick(),
            lambda files: self.importing.start_looking(files),
            self._set_up_engine,
            self.lesson_wanted.emit,
        )
        self.page = ModelsPresenter(
            theme,
            window.pages,
            chat,
            self._models,
            self.advice,
            self.downloads,
            self.keepers,
            self.trial,
            use,
            ways,
            lambda name: self._copies.has(name),
        )
        self.keepers.deleted.connect(self._on_deleted)
        window.join_page(self.page.came_in_front, self.page.take_escape)
        window.sidebar.models_requested.connect(self.page.show)
        pinned = self._settings.now.pinned_models
        ModelMenuPresenter(theme, window.header.menu, self.advice, self._settings, pinned, self.page.show, ways.learn)
        window.empty.known_of = self.advice.facts_of_model
        window.empty.which.clicked.connect(self.page.show)
        self.advice.changed.connect(window.empty.introduce)
        self._theme, self._chat = theme, chat

    def fill(self) -> None:
        """Show in the sidebar what is being got, and offer models for tasks; the first paint does without them."""
        from desktop.ui.models.coming import ComingPresenter

        self._work.run_slowly(_load_hints, self._give_hints)
        QTimer.singleShot(_LOOK_MS, self, self.advice.look)

        self._coming = coming = ComingPresenter(
            self.downloads,
            self.page.title_of,
            self._window.sidebar.show_coming,
            self.page.show,
            self.page.use_and_return,
            self,
        )
        coming.show_now()
        self.advice.changed.connect(coming.show_now)

    def _give_hints(self, _: object) -> None:
        """Offer other models for a task from now on."""
        from desktop.ui.chat.task_model import TaskModelPresenter

        settings = self._settings
        hints = TaskModelPresenter(
            self._theme,
            self._window.chat_page,
            self._chat,
            self._models,
            self.advice,
            settings,
            settings.now.task_models,
            lambda: settings.now.model_hints,
        )
        hints.compare_wanted.connect(self._window.compare_with)

    @property
    def importing(self) -> ModelImport:
        """The import of model files; made, and its modules loaded, when it is first wanted."""
        from desktop.ui.opening.model_import import ModelImport

        if self._import is None:
            self._import = ModelImport(
                self._theme,
                self._window,
                self._work,
                self.downloads,
                look_at_model_file,
                self._import_places,
                lambda: self.page.ollama,
                lambda file: self._copies.place_for(file),
                self._use_file,
                self._refuses_files,
            )
        return self._import

    def _refuses_files(self) -> bool:
        """Return True, and say so, if the policy of this computer has users open no model files."""
        if not self._policy.model_files:
            self._window.notice.show_text(switched_off_words(self._policy), calmly=True)
        return not self._policy.model_files

    def offer_import(self, path: str) -> None:
        """Offer quietly to keep a model that was opened, and is run from where it lies."""
        if self._copies.has(path):
            return
        notice = self._window.notice

        def look() -> None:
            notice.hide()
            self.importing.start_looking([Path(path)])

        said = fill(self.tr("%1 is run from where it lies: keep its drive connected."), shown_name(Path(path).name))
        notice.show_text(said, [(self.tr("Copy it, or give it to Ollama…"), look)], calmly=True)

    def follow_policy(self, policy: Policy) -> None:
        """Get, import and list models as a policy says."""
        self._policy = policy
        self.downloads.is_allowed, self.downloads.reach = policy.allows(Feature.PULL), policy.reach
        self.downloads.takes_files = policy.model_files
        self.keepers.renew()

    def set_offline(self, is_offline: bool) -> None:
        """Have the offline lock hold for what is got, too."""
        self.downloads.set_offline(is_offline)

    def stop_all(self) -> None:
        """Pause what is being got and measured, at the end of the program."""
        self.downloads.stop_all()
        self.trial.cancel()

    @cached_property
    def _copies(self) -> ModelCopies:
        from desktop.store.models.copies import ModelCopies

        return ModelCopies(self._copies_folder)

    def _keeper(self, connection: Connection, secrets: Secrets) -> ModelKeeper | None:
        """Return what gets and deletes models at a connection; None where none can be got."""
        return (
            self._copies if connection.kind is ConnectionKind.BUILT_IN else self._backends.keeper(connection, secrets)
        )

    def _room(self, connection: Connection | None) -> int | None:
        """Return the bytes that are left for models at a connection; None where that cannot be known."""
        is_here = connection is not None and connection.kind is ConnectionKind.BUILT_IN
        return self._copies.free if is_here else room_for_models(connection)

    def _import_places(self, ollama: Listing | None) -> ImportPlaces:
        from desktop.ui.models.file_dialog import ImportPlaces, ImportWay

        if not self._policy.allows(Feature.PULL):
            ollama = None  # which is given no models here
        free = {ImportWay.COPIED: self._copies.free}
        if ollama is not None:
            free[ImportWay.OLLAMA] = room_for_models(ollama.connection)
        taken = [model.name for model in ollama.models or ()] if ollama is not None else []
        return ImportPlaces(engine_can_run(), ollama is not None, free, taken)

    def _engine_wishes(self) -> EngineWishes:
        now = self._settings.now
        return EngineWishes(now.engine_context, now.engine_pace, now.engine_reads_ahead)

    def _may_read_ahead(self) -> bool:
        return self._settings.now.engine_reads_ahead and not is_on_battery()

    def _set_up_engine(self) -> None:
        """Ask what the engine is to take, with what the model in use would take, else the one that was opened last."""
        from desktop.ui.models.engine_dialog import EngineDialog

        files, chosen = self._connections.files(), self._chat.current.settings.choice
        file = next((each for each in files if chosen is not None and str(each) == chosen.model), None)
        file = file or next(iter(files), None)

        def show(needs: EngineNeeds | None) -> None:
            title = self.page.title_of(ModelChoice(BUILT_IN_ID, str(file))) if file is not None else ""
            dialog = EngineDialog(self._theme, self._engine_wishes(), title, needs, self._window)
            dialog.wished.connect(self._set_engine_wishes)
            dialog.open()

        if file is None:
            show(None)
        else:
            self._work.run_slowly(lambda: engine_needs(file), show, lambda error: show(None))

    def _set_engine_wishes(self, wishes: EngineWishes) -> None:
        self._settings.change(
            engine_context=wishes.context,
            engine_pace=wishes.pace,
            engine_reads_ahead=wishes.reads_ahead,
        )
        if not wishes.reads_ahead:
            self._chat.ahead.forget_files()

    def _on_finished(self, choice: ModelChoice) -> None:
        if choice.connection_id == BUILT_IN_ID:
            self._connections.open_file(choice.model)
        else:
            self._models.refresh(choice.connection_id)

    def _on_deleted(self, choice: ModelChoice) -> None:
        if choice.connection_id == BUILT_IN_ID:
            self._connections.forget_file(choice.model)


def _load_hints() -> None:
    """Import what tells tasks apart, on another thread: its patterns take as long as a key press may."""
    import desktop.ui.chat.task_model  # noqa: F401


def _catalogue(second: str) -> FoundCatalogue:
    """Return the catalogue of models; read when it is first asked for. `second`: an administrator's file, or empty."""
    from desktop.store.catalogue import load_catalogue

    return load_catalogue(second=Path(second) if second else None)
