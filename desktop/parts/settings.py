"""The settings in the window: the sheet on which they are chosen, and what follows at once from each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.core.resources import SPOKEN
from desktop.parts.ground import Ground
from desktop.parts.screens import Screens
from desktop.parts.servers import Servers
from desktop.runtime.chat import Chat
from desktop.store.settings import SettingsProblem
from desktop.ui.errors import ErrorAction, ErrorText

if TYPE_CHECKING:
    from desktop.parts.models import ModelParts
    from desktop.parts.upkeep import Upkeep
    from desktop.ui.window.settings_dialog import SettingsDialog


class SettingsInWindow(QObject):
    """The mediator between the keeper of the settings and all that goes by them."""

    language_chosen = Signal()

    def __init__(
        self,
        ground: Ground,
        servers: Servers,
        chat: Chat,
        screens: Screens,
        model_parts: ModelParts,
        upkeep: Upkeep,
        parent: QObject,
    ) -> None:
        """Keep the dependencies, and follow the settings from now on."""
        super().__init__(parent)
        self._ground = ground
        self._servers = servers
        self._chat = chat
        self._screens = screens
        self._model_parts = model_parts
        self._upkeep = upkeep
        self._dialog: SettingsDialog | None = None  # while it is shown
        pieces = chat.reading_in_pieces
        for changed in (
            chat.generation_started,
            chat.generation_ended,
            pieces.progressed,
            pieces.finished,
            pieces.failed,
        ):
            changed.connect(self._show_answering)
        ground.keeper.changed.connect(self._on_changed)
        screens.window.settings_requested.connect(self.show)

    def show(self) -> SettingsDialog:
        """Show the sheet."""
        from desktop.ui.window.settings_dialog import Chosen, SettingsDialog

        now, screens = self._ground.settings, self._screens
        app = QCoreApplication.instance()
        spoken = app.property(SPOKEN) if app is not None else ""
        chosen = Chosen(
            now.language,
            now.theme,
            screens.theme.text_scale,
            now.offline_lock,
            now.bin_days,
            now.model_hints,
            now.names_tasks,
            now.names_conversations,
            now.names_models,
            spoken=str(spoken or ""),
        )
        dialog = SettingsDialog(
            screens.theme,
            chosen,
            self._ground.keeper,
            is_answering=self._is_answering,
            policy=self._ground.policy,
            parent=screens.window,
        )
        dialog.policy_requested.connect(self._upkeep.show_policy)
        dialog.signs_requested.connect(screens.window.choose_signs)
        dialog.backups_requested.connect(screens.keeping.show_backups)
        dialog.import_file.triggered.connect(screens.importing.choose_file)
        dialog.import_folder.triggered.connect(screens.importing.choose_folder)
        dialog.ledger_requested.connect(lambda: screens.where_words_went.show())
        dialog.instructions_requested.connect(screens.outgoing.edit_instructions)
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        dialog.open()
        return dialog

    @property
    def _is_answering(self) -> bool:
        """True while something runs that a change of the language would end."""
        return bool(self._chat.running_ids) or self._chat.reading_in_pieces.is_running

    def _show_answering(self) -> None:
        if self._dialog is not None:
            self._dialog.set_answering(self._is_answering)

    def _forget_dialog(self) -> None:
        self._dialog = None
        if self._screens.window.is_chat_in_front:
            self._screens.window.composer.setFocus()

    def leave(self) -> None:
        """Close the sheet, if it is shown."""
        if self._dialog is not None:
            self._dialog.reject()

    def point_at_lock(self) -> None:
        """Show the sheet with the offline lock in front."""
        dialog = self.show()
        dialog.point_at_lock()

    def _on_changed(self, names: frozenset[str]) -> None:
        """Apply what was chosen at once."""
        now, window = self._ground.settings, self._screens.window
        if "theme" in names:
            self._screens.theme.set_mode(now.theme)
        if "text_scale" in names:
            self._screens.theme.set_text_scale(now.text_scale)
        if "offline_lock" in names:
            self._servers.set_offline(now.offline_lock)
            self._model_parts.set_offline(now.offline_lock)
            self._servers.connections.look()  # what could not be reached may be reached now, and the other way round
        if "trusted_certificates" in names:
            self._servers.models.renew_backends()
        if "names_conversations" in names:
            self._chat.titles.is_wanted = now.names_conversations
        if "names_models" in names:
            window.chat_page.set_names_models(now.names_models)
        if "bin_days" in names:
            self._chat.shelf.bin_days = now.bin_days
        if "names_tasks" in names:
            window.tasks.is_on = now.names_tasks
        if "language" in names:
            self.language_chosen.emit()


def words_of_problem(problem: SettingsProblem, *, is_locked: bool) -> ErrorText:
    """Return what is said of settings that could not be read; `is_locked`: and of the lock that is on for that."""
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
