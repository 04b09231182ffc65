"""Taking a conversation along in a file: asks where and as what, has it written, and says how that went."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QWidget

from desktop.core.exporting.format import WITHOUT_THINKING, ExportFormat, ExportPart, ExportWords
from desktop.core.repository import StoreError
from desktop.runtime.chat import Chat
from desktop.runtime.exporting.exports import Exports
from desktop.ui.exporting.question import ask_where, describe_failed_export, users_documents
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.words import fill, place_name, short_path

_log = logging.getLogger(__name__)


class ExportPresenter(QObject):
    """The mediator between the list of conversations and the files that they become."""

    def __init__(
        self,
        window: QWidget,
        notice: NoticeBar,
        chat: Chat,
        exports: Exports,
        load_formats: Callable[[], Sequence[ExportFormat]],
    ) -> None:
        """`window` is what the question stands before; `load_formats` is called at the first one."""
        super().__init__(window)
        self._window = window
        self._notice = notice
        self._chat = chat
        self._exports = exports
        self._load_formats = load_formats
        self._folder: Path | None = None  # of the last file

    def export(self, conversation_id: str) -> None:
        """Ask where to write a conversation to, and write it."""
        conversation = next((each for each in self._chat.conversations if each.id == conversation_id), None)
        if conversation is None:
            return
        folder = self._folder or users_documents()
        chosen = ask_where(self._window, conversation.title, self._load_formats(), folder)
        if chosen is not None:
            self._folder = chosen.file.parent
            self._exports.write(
                conversation,
                chosen.file,
                chosen.form,
                self._words(),
                parts=frozenset(ExportPart) if chosen.with_thinking else WITHOUT_THINKING,
                done=lambda _: self._say_done(chosen.file),
                failed=lambda error: self._say_failed(chosen.file, error),
            )

    def _words(self) -> ExportWords:
        return ExportWords(
            untitled=self.tr("New conversation"),
            you=self.tr("You"),
            answer=self.tr("Answer"),
            thinking=self.tr("Thinking"),
            files=self.tr("Files"),
            place_name=place_name,
            language=QLocale().bcp47Name(),
            letter_paper=QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem,
        )

    def _say_done(self, file: Path) -> None:
        self._notice.show_text(fill(self.tr("Exported to %1"), short_path(file)))

    def _say_failed(self, file: Path, error: Exception) -> None:
        _log.warning("a conversation could not be exported", exc_info=error)
        reason = error.reason if isinstance(error, StoreError) else "other"
        self._notice.show_error(describe_failed_export(short_path(file), reason))
