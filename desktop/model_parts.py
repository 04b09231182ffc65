"""The parts that get, judge and keep models, put together: part of the composition root.

`app.py` makes it, and asks the page to be shown.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.backend_factory import BackendFactory, look_at_computer, room_for_models
from desktop.core.connection import Connection
from desktop.core.model import ModelChoice
from desktop.core.policy.fixed import Feature, Policy
from desktop.runtime.chat import Chat
from desktop.runtime.models.advice import ModelAdvice
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.models.downloads import Downloads
from desktop.runtime.models.keepers import Keepers
from desktop.runtime.models.trial import ModelTrial
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.settings_keeper import SettingsKeeper
from desktop.ui.look.theme import Theme
from desktop.ui.models.menu_presenter import ModelMenuPresenter
from desktop.ui.models.presenter import ModelsPresenter
from desktop.ui.models.ways import WaysToAModel

if TYPE_CHECKING:
    from desktop.core.models.catalogue import FoundCatalogue
    from desktop.ui.models.coming import ComingPresenter
    from desktop.ui.window.main_window import MainWindow


class ModelParts(QObject):
    """The parts beside the list of models; `show_in` gives them their page and their line in the sidebar."""

    def __init__(
        self,
        work: BackgroundTasks,
        models: ModelDirectory,
        backends: BackendFactory,
        key_of: Callable[[Connection], str],
        settings: SettingsKeeper,
        policy: Policy,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._settings = settings
        self.keepers = Keepers(work, models, key_of, backends.keeper)
        self.downloads = Downloads(work, self.keepers, room_for_models, self)
        self.downloads.is_allowed = policy.allows(Feature.PULL)
        self.downloads.restore(settings.now.downloads)
        self.downloads.changed.connect(lambda: settings.change(downloads=self.downloads.kept))
        self.downloads.finished.connect(lambda choice: models.refresh(choice.connection_id))
        self.advice = ModelAdvice(work, models, look_at_computer, lambda: _catalogue(policy.catalogue), self)
        self.trial = ModelTrial(work, models, self)
        self._coming: ComingPresenter | None = None

    def show_in(
        self,
        window: MainWindow,
        theme: Theme,
        chat: Chat,
        use: Callable[[ModelChoice], None],
        look_again: Callable[[], None],
        use_starter: Callable[[], None],
    ) -> None:
        """Give the window the page. `use` has a model answer from now on."""
        self._window = window
        ways = WaysToAModel(look_again, window.connections.show, window.open_file, use_starter)
        self.page = ModelsPresenter(
            theme, window.pages, chat, self._models, self.advice, self.downloads, self.keepers, self.trial, use, ways
        )
        window.join_page(self.page.came_in_front, self.page.take_escape)
        window.sidebar.models_requested.connect(self.page.show)
        pinned = self._settings.now.pinned_models
        ModelMenuPresenter(theme, window.header.menu, self.advice, self._settings, pinned, self.page.show)

    def fill(self) -> None:
        """Show in the sidebar what is being got; the first paint does without it."""
        from desktop.ui.models.coming import ComingPresenter

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

    def set_offline(self, is_offline: bool) -> None:
        """Have the offline lock hold for what is got, too."""
        self.downloads.set_offline(is_offline)

    def stop_all(self) -> None:
        """Pause what is being got and measured, at the end of the program."""
        self.downloads.stop_all()
        self.trial.cancel()


def _catalogue(second: str) -> FoundCatalogue:
    """Return the catalogue of models; read when it is first asked for. `second`: an administrator's file, or empty."""
    from desktop.store.catalogue import load_catalogue

    return load_catalogue(second=Path(second) if second else None)
