"""The window's pages, and what stands beside them: exports, imports, care of the database, the ledger, settings.

Part of the composition root. Those that need more than the services and the conversations have modules of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop import exporters
from desktop.backends.presets import load_presets
from desktop.core.policy.fixed import Feature
from desktop.core.resources import SPOKEN
from desktop.prompts.texts import Guides, frameworks
from desktop.runtime.chat import Chat
from desktop.runtime.exporting import Imports
from desktop.runtime.keeping import StoreCare
from desktop.services import ProgramServices
from desktop.store.ledger import KEPT_DAYS
from desktop.ui.chat.outgoing import OutgoingPresenter
from desktop.ui.errors import describe_store
from desktop.ui.exporting.importing import ImportPresenter
from desktop.ui.exporting.presenter import ExportPresenter
from desktop.ui.keeping import KeepingPresenter
from desktop.ui.policy import switched_off_words
from desktop.ui.window.main_window import MainWindow
from desktop.ui.window.parts import WindowDependencies
from desktop.ui.window.settings_dialog import SettingsDialog, SettingsGroup

if TYPE_CHECKING:
    from PySide6.QtGui import QPagedPaintDevice

    from desktop.core.exporting import Export, Imported
    from desktop.ui.trust import LedgerPage


class Screens(QObject):
    """The window with what it needs from disk, servers and conversations, and its settings."""

    language_chosen = Signal()

    def __init__(
        self,
        services: ProgramServices,
        chat: Chat,
        window: MainWindow,
        show_policy: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._chat = chat
        self._window = window
        self._show_policy = show_policy
        theme, notice, known = window.theme, window.notice, services.settings.now
        window.join(
            WindowDependencies(
                theme=theme,
                chat=chat,
                connections=services.connections,
                load_presets=lambda: list(load_presets().values()),
                load_frameworks=frameworks,
                load_guide=Guides().guide,
                shelf=services.recipes,
                search=services.search,
            )
        )
        self.exporting = ExportPresenter(
            theme,
            window,
            notice,
            window.reading,
            chat,
            exporters.formats,
            _put_on_paper,
        )
        self.importing = ImportPresenter(theme, window, notice, chat, Imports(services, _read_import))
        self.care = StoreCare(services, lambda: not chat.generations.is_any_running)
        self.keeping = KeepingPresenter(theme, window, notice, self.care)
        self.outgoing = OutgoingPresenter(theme, window.chat_page, chat, window.presenter.read_outgoing)
        window.presenter.consent_given.connect(services.ledger.note_consent)
        window.sidebar.export_requested.connect(self.exporting.export)
        services.ledger.failed.connect(self._say_not_kept)
        window.sidebar.ledger_requested.connect(lambda conversation: self.ledger.open(conversation))
        window.sidebar.ledger_pressed.connect(lambda: self.ledger.open())
        window.header.place.ledger_requested.connect(lambda: self.ledger.open_current())
        window.reading.read(names_models=known.names_models)
        self._settings: SettingsDialog | None = None  # while it is shown
        pieces = chat.reading_in_pieces
        answering = (chat.generation_started, chat.generation_ended, pieces.progressed, pieces.finished, pieces.failed)
        for changed in answering:
            changed.connect(self._show_answering)
        services.settings.changed.connect(self._on_settings_changed)
        window.settings_requested.connect(lambda: self.show_settings())
        self.follow_policy()

    @cached_property
    def ledger(self) -> LedgerPage:
        """The page *Where did my words go*, made, and its module loaded, when it is first wanted."""
        from desktop.ui.trust import LedgerPage

        return LedgerPage(self._window.theme, self._window.pages, self._chat, self._services.ledger, KEPT_DAYS)

    def _say_not_kept(self, error: Exception) -> None:
        told = describe_store(error)
        self._window.notice.show_error(replace(told, title=self.tr("Where your words go is not recorded"), actions=()))

    def follow_policy(self) -> None:
        """Switch off what the policy of this computer does not allow."""
        policy = self._services.policy
        words = switched_off_words(policy)
        self.exporting.refuse("" if policy.allows(Feature.EXPORT) else words)
        self.importing.refuse("" if policy.allows(Feature.IMPORT) else words)
        self._services.ledger.may_clear = policy.allows(Feature.CLEAR_LEDGER)

    def show_settings(self, group: SettingsGroup = SettingsGroup.LOOK) -> SettingsDialog:
        """Show the sheet of settings, with one of its groups."""
        window, app = self._window, QCoreApplication.instance()
        spoken = app.property(SPOKEN) if app is not None else ""
        self._settings = dialog = SettingsDialog(
            window.theme,
            self._services.settings,
            spoken=str(spoken or ""),
            is_answering=self._is_answering,
            policy=self._services.policy,
            parent=window,
        )
        dialog.policy_requested.connect(self._show_policy)
        dialog.backups_requested.connect(lambda: self.keeping.show_backups(dialog))
        dialog.import_file.triggered.connect(self.importing.choose_file)
        dialog.import_folder.triggered.connect(self.importing.choose_folder)
        dialog.ledger_requested.connect(lambda: self.ledger.open())
        dialog.instructions_requested.connect(lambda: self.outgoing.edit_instructions(dialog))
        dialog.finished.connect(self._forget_dialog)
        dialog.show_group(group)
        dialog.open()
        return dialog

    @property
    def _is_answering(self) -> bool:
        """True while something runs that a change of the language would end."""
        return bool(self._chat.generations.running_conversations) or self._chat.reading_in_pieces.is_running

    def _show_answering(self) -> None:
        if self._settings is not None:
            self._settings.set_answering(self._is_answering)

    def _forget_dialog(self) -> None:
        self._settings = None
        if self._window.is_chat_in_front:
            self._window.composer.setFocus()

    def leave_settings(self) -> None:
        """Close the sheet of settings, if it is shown."""
        if self._settings is not None:
            self._settings.reject()

    def _on_settings_changed(self, names: frozenset[str]) -> None:
        """Apply at once what was chosen."""
        now, window = self._services.settings.now, self._window
        if "theme" in names:
            window.theme.set_mode(now.theme)
        if "text_scale" in names:
            window.theme.set_text_scale(now.text_scale)
        if "names_conversations" in names:
            self._chat.titles.is_wanted = now.names_conversations
        if "names_models" in names:
            window.reading.read(names_models=now.names_models)
        if "signs_off" in names:
            window.presenter.follow_settings()
        if "bin_days" in names:
            self._chat.shelf.bin_days = now.bin_days
        if "language" in names:
            self.language_chosen.emit()


def _read_import(path: Path, report: Callable[[float], None]) -> Iterator[Imported]:
    from desktop import importers  # six other programs' files

    return importers.read(path, report)


def _put_on_paper(export: Export, paper: QPagedPaintDevice) -> None:
    from desktop.exporters.pdf import put_on_paper  # with what sets formulas

    put_on_paper(export, paper)
