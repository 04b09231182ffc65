"""The presenter of the line that names the task: what is written in the message box, and when to say nothing of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.core.advice.missing import missing_thing
from desktop.core.tasks.office import OfficeTask, framework_for, recognised_task
from desktop.runtime.chat import Chat
from desktop.ui.composer.card import Composer

_LONGEST = 1_500  # characters; who has written more knows what they want


class TaskPresenter(QObject):
    """The owner of the task line: it follows the text after each pause, and is silent once it was for this text."""

    form_wanted = Signal(str)  # the key of the framework

    def __init__(self, composer: Composer, chat: Chat) -> None:
        super().__init__(composer)
        self._composer = composer
        self._chat = chat
        self.is_on = True
        self._is_silent = False
        composer.draft_changed.connect(self._follow)
        composer.begun_anew.connect(self._begin_anew)
        composer.task.silenced.connect(self._silence)
        composer.task.form_wanted.connect(self._open_form)

    def _follow(self) -> None:
        text = self._composer.text().strip()
        if not text:
            self._begin_anew()
        if not self.is_on or self._is_silent or self._composer.is_editing or len(text) > _LONGEST:
            self._composer.task.show_task(None)
            return
        has_material = bool(self._chat.attachments.items) or not self._chat.path.is_empty
        self._composer.task.show_task(recognised_task(text), "" if has_material else missing_thing(text))

    def _open_form(self, task: OfficeTask) -> None:
        self._is_silent = True  # from here on the form says what is missing
        self._composer.task.show_task(None)
        self.form_wanted.emit(framework_for(task))

    def _begin_anew(self) -> None:
        self._is_silent = False
        self._composer.task.show_task(None)

    def _silence(self) -> None:
        self._is_silent = True
        self._composer.setFocus()
