"""The settings in the window: the sheet on which they are chosen, and what follows at once from each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.core.resources import SPOKEN
from desktop.parts.screens import Screens
from desktop.parts.upkeep import Upkeep
from desktop.runtime.chat import Chat
from desktop.services import ProgramServices
from desktop.ui.window.main_window import MainWindow
from desktop.ui.window.settings_dialog import Chosen, SettingsDialog


class SettingsInWindow(QObject):
    """The mediator between the keeper of the settings and the window."""

    language_chosen = Signal()

    def __init__(
        self,
        services: ProgramServices,
        chat: Chat,
        window: MainWindow,
        screens: Screens,
        upkeep: Upkeep,
        parent: QObject,
    ) -> None:
        """Follow the settings from now on. What the sheet leads to is shown by `screens` and `upkeep`."""
        super().__init__(parent)
        self._services = services
        self._chat = chat
        self._window = window
        self._screens = screens
        self._upkeep = upkeep
        self._dialog: SettingsDialog | None = None  # while it is shown
        pieces = chat.reading_in_pieces
        answering = (chat.generation_started, chat.generation_ended, pieces.progressed, pieces.finished, pieces.failed)
        for changed in answering:
            changed.connect(self._show_answering)
        services.settings.changed.connect(self._on_changed)
        window.settings_requested.connect(self.show)

    def show(self) -> SettingsDialog:
        """Show the sheet."""
        now, screens, window = self._services.settings.now, self._screens, self._window
        app = QCoreApplication.instance()
        spoken = app.property(SPOKEN) if app is not None else ""
        chosen = Chosen(
            now.language,
            now.theme,
            window.theme.text_scale,
            now.offline_lock,
            now.bin_days,
            now.model_hints,
            now.names_tasks,
            now.names_conversations,
            now.names_models,
            spoken=str(spoken or ""),
        )
        self._dialog = dialog = SettingsDialog(
            window.theme,
            chosen,
            self._services.settings,
            is_answering=self._is_answering,
            policy=self._services.policy,
            parent=window,
        )
        dialog.policy_requested.connect(self._upkeep.show_policy)
        dialog.signs_requested.connect(window.choose_signs)
        dialog.backups_requested.connect(screens.keeping.show_backups)
        dialog.import_file.triggered.connect(screens.importing.choose_file)
        dialog.import_folder.triggered.connect(screens.importing.choose_folder)
        dialog.ledger_requested.connect(lambda: screens.where_words_went.show())
        dialog.instructions_requested.connect(screens.outgoing.edit_instructions)
        dialog.finished.connect(self._forget_dialog)
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
        if self._window.is_chat_in_front:
            self._window.composer.setFocus()

    def leave(self) -> None:
        """Close the sheet, if it is shown."""
        if self._dialog is not None:
            self._dialog.reject()

    def _on_changed(self, names: frozenset[str]) -> None:
        """Apply what was chosen at once."""
        now, window = self._services.settings.now, self._window
        if "theme" in names:
            window.theme.set_mode(now.theme)
        if "text_scale" in names:
            window.theme.set_text_scale(now.text_scale)
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
