"""Models in the window: what gets, judges, opens and keeps them, with page, menu and line in the sidebar."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.backend_factory import check_model_file, engine_can_run, engine_needs, room_for_models
from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.engine import EngineNeeds, EngineWishes
from desktop.core.errors import EngineFailed
from desktop.core.model import ModelChoice
from desktop.core.models.choosing import FoundCatalogue
from desktop.core.models.keeping import ModelKeeper
from desktop.core.policy.fixed import Feature
from desktop.engine.computer import is_on_battery, look_at_computer
from desktop.engine.model_file import look_at_model
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.models.advice import ModelAdvice, ModelTrial
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.runtime.models.directory import Listing
from desktop.runtime.models.downloads import Downloads
from desktop.services import ProgramServices
from desktop.store.models import ModelCopies, load_catalogue
from desktop.ui.chat.writing import TaskModelPresenter
from desktop.ui.models.dialogs import EngineDialog, ImportPlaces, ImportWay, ModelImport, ModelOpening
from desktop.ui.models.offers import ComingLine, ModelOffers
from desktop.ui.policy import switched_off_words
from desktop.ui.window.main_window import MainWindow
from desktop.ui.words import fill, shown_name

if TYPE_CHECKING:
    from desktop.ui.models.page import ModelsPage

_LOOK_MS = 1500  # after the first paint, when a start is over


class ModelParts(QObject):
    """The parts beside the list of models, and the choice of one that answers from now on."""

    lesson_wanted = Signal(str)  # the key of a lesson, or of a term of the dictionary

    def __init__(self, services: ProgramServices, chat: Chat, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._settings = settings = services.settings
        self._connections = connections = services.connections
        self._chat = chat
        self._window = window
        self._copies = ModelCopies(services.folder / "models")
        self.downloads = Downloads(services, self._keeper, self._room, always=(connections.engine,))
        self.downloads.restore(settings.now.downloads)
        self.downloads.changed.connect(lambda: settings.change(downloads=self.downloads.kept))
        self.downloads.finished.connect(self._on_finished)
        self.downloads.deleted.connect(self._on_deleted)
        self.advice = ModelAdvice(services, look_at_computer, self._catalogue)
        self.trial = ModelTrial(services)
        chat.ahead.is_wanted = self._may_read_ahead
        chat.titles.is_on_battery = is_on_battery
        self._was_recipe_in_front = False  # when the model file that is looked at was given
        self.opening = ModelOpening(services.work, check_model_file, window)
        self.opening.opened.connect(lambda path, _: self._on_opened(path))
        self.opening.found.connect(connections.open_file)
        window.file_chosen.connect(self.open)
        self.importing = ModelImport(
            window.theme,
            window,
            services.work,
            self.downloads,
            look_at_model,
            self._import_places,
            lambda: self._offers.ollama,
            self._copies.place_for,
            self.use_file,
            self._refuses_files,
        )
        self._offers = ModelOffers(chat, self.advice, self.downloads, self._copies.has)
        menu = window.header.menu
        menu.join(self.advice, settings, self.lesson_wanted.emit)
        for wanted in (window.sidebar.models_requested, window.empty.better.clicked, menu.which_requested):
            wanted.connect(lambda: self.page.open())
        window.empty.known_of = self.advice.facts_of_model
        self.advice.changed.connect(window.empty.introduce)
        settings.changed.connect(self._on_settings_changed)

    @cached_property
    def page(self) -> ModelsPage:
        """The page "Which model", made, and its module loaded, when it is first wanted."""
        from desktop.ui.models.page import ModelsPage

        window = self._window
        page = ModelsPage(
            window.theme,
            window.pages,
            self._chat,
            self.advice,
            self.downloads,
            self.trial,
            self._offers,
            self.use_and_return,
        )
        page.import_file.clicked.connect(lambda: self.importing.pick())
        page.files.given.connect(lambda given: self.importing.start_looking(given.paths))
        page.engine.clicked.connect(lambda: self._set_up_engine())
        page.lesson_wanted.connect(self.lesson_wanted)
        return page

    def show_first(self, *, can_use_starter: bool) -> None:
        """Show the page because Ollama has no model yet, with other ways to one."""
        ways: list[tuple[str, Callable[[], object]]] = [
            (self.tr("Look again"), self._connections.look),
            (self.tr("Connect to our server"), self._window.connections.show),
        ]
        if engine_can_run():
            ways.append((self.tr("Open a model file"), self._window.open_file))
        if can_use_starter:
            ways.append((self.tr("Use the small starter model for now"), self.use_nearest))
        self.page.open_first(ways)

    def fill(self) -> None:
        """Show in the sidebar what is being got, and offer models for tasks; the first paint does without them."""
        QTimer.singleShot(_LOOK_MS, self, self.advice.look)
        window = self._window
        coming = ComingLine(self.downloads, self._offers.title_of, self.use_and_return)
        coming.pressed.connect(lambda: self.page.open())
        window.sidebar.show_coming(coming)
        coming.show_now()
        self.advice.changed.connect(coming.show_now)
        hints = TaskModelPresenter(window.chat_page, self._chat, self.advice)
        hints.compare_wanted.connect(window.parts.fresh_comparing.ask_other)

    def use(self, choice: ModelChoice) -> None:
        """Use the model that the user has chosen, now and for conversations to come."""
        self._chat.choose_model(choice)
        self._settings.change(default_choice=choice)

    def use_and_return(self, choice: ModelChoice) -> None:
        """Use a model that may just have come, and show the conversation."""
        self.downloads.dismiss(choice)
        self.use(choice)
        self._window.show_chat()

    def use_nearest(self) -> None:
        """Begin with the model that is nearest."""
        choice = self._services.models.nearest_choice()
        if choice is not None:
            self.use(choice)
        self._window.show_chat()

    def use_file(self, path: str) -> None:
        """Have a model file answer from now on, from where it lies."""
        self.use(self._connections.open_file(path))
        # Looking at it may take its time: a recipe that was opened meanwhile stays where it is.
        if self._was_recipe_in_front or not self._window.is_recipe_in_front:
            self._window.show_chat()

    def open(self, path: str) -> None:
        """Look at a model file that was given, and have it answer."""
        if not self._refuses_files():
            self._was_recipe_in_front = self._window.is_recipe_in_front
            self.opening.open(path)

    def _on_opened(self, path: str) -> None:
        """Use a file, and offer quietly to keep what is run from where it lies."""
        self.use_file(path)
        if self._copies.has(path):
            return
        notice = self._window.notice

        def look() -> None:
            notice.hide()
            self.importing.start_looking([Path(path)])

        said = fill(self.tr("%1 is run from where it lies: keep its drive connected."), shown_name(Path(path).name))
        notice.show_text(said, [(self.tr("Copy it, or give it to Ollama…"), look)], calmly=True)

    def _refuses_files(self) -> bool:
        """Return True, and say so, if the policy of this computer has users open no model files."""
        policy = self._services.policy
        if not policy.model_files:
            self._window.notice.show_text(switched_off_words(policy), calmly=True)
        return not policy.model_files

    def stop_all(self) -> None:
        """Pause what is being got and measured, at the end of the program."""
        self.downloads.stop_all()
        self.trial.cancel()

    def _catalogue(self) -> FoundCatalogue:
        """Return the catalogue of models, read when it is first asked for."""
        second = self._services.policy.catalogue
        return load_catalogue(second=Path(second) if second else None)

    def _keeper(self, connection: Connection, secrets: Secrets) -> ModelKeeper | None:
        """Return what gets and deletes models at a connection; None where none can be got."""
        is_here = connection.kind is ConnectionKind.BUILT_IN
        return self._copies if is_here else self._services.backends.keeper(connection, secrets)

    def _room(self, connection: Connection | None) -> int | None:
        """Return the bytes that are left for models at a connection; None where that cannot be known."""
        is_here = connection is not None and connection.kind is ConnectionKind.BUILT_IN
        return self._copies.free if is_here else room_for_models(connection)

    def _import_places(self, ollama: Listing | None) -> ImportPlaces:
        if not self._services.policy.allows(Feature.PULL):
            ollama = None  # which is given no models here
        free = {ImportWay.COPIED: self._copies.free}
        if ollama is not None:
            free[ImportWay.OLLAMA] = room_for_models(ollama.connection)
        taken = [model.name for model in ollama.models or ()] if ollama is not None else []
        return ImportPlaces(engine_can_run(), ollama is not None, free, taken)

    def _may_read_ahead(self) -> bool:
        return self._settings.now.engine_reads_ahead and not is_on_battery()

    @gui_task
    async def _set_up_engine(self) -> None:
        """Ask what the engine is to take, with what the model in use would take, else the one that was opened last."""
        files, chosen = self._connections.files(), self._chat.choice
        used = (each for each in files if chosen is not None and str(each) == chosen.model)
        file = next(used, None) or next(iter(files), None)
        needs: EngineNeeds | None = None
        if file is not None:
            try:
                needs = await self._services.work.slowly(lambda: engine_needs(file))
            except (EngineFailed, OSError):
                needs = None
        title = self._offers.title_of(ModelChoice(BUILT_IN_ID, str(file))) if file is not None else ""
        wishes = self._settings.now.engine_wishes
        dialog = EngineDialog(self._window.theme, wishes, title, needs, self._window)
        dialog.accepted.connect(lambda: self._set_engine_wishes(dialog.wishes))
        dialog.open()

    def _set_engine_wishes(self, wishes: EngineWishes) -> None:
        self._settings.change(
            engine_context=wishes.context, engine_pace=wishes.pace, engine_reads_ahead=wishes.reads_ahead
        )
        if not wishes.reads_ahead:
            self._chat.ahead.forget_files()

    def _on_settings_changed(self, names: frozenset[str]) -> None:
        if "offline_lock" in names:
            self.downloads.set_offline(self._settings.now.offline_lock)

    def _on_finished(self, choice: ModelChoice) -> None:
        if choice.connection_id == BUILT_IN_ID:
            self._connections.open_file(choice.model)
        else:
            self._services.models.refresh(choice.connection_id)

    def _on_deleted(self, choice: ModelChoice) -> None:
        if choice.connection_id == BUILT_IN_ID:
            self._connections.forget_file(choice.model)
