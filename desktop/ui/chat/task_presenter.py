"""The presenter of the line that names the task: what is written in the message box, and when to say nothing of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.core.advice.missing import missing_thing
from desktop.core.tasks.guide import Guide
from desktop.core.tasks.lacking import lacks_material
from desktop.core.tasks.office import guide_for
from desktop.runtime.chat import Chat
from desktop.ui.composer.card import Composer
from desktop.ui.words import prompt_language

_LONGEST = 6_000  # characters; a longer text is a document, and no order is looked for in it while it is written


class TaskPresenter(QObject):
    """The owner of the task line: it follows the text after each pause, and is silent once it was for this text."""

    def __init__(self, composer: Composer, chat: Chat, load_guide: Callable[[str], Guide]) -> None:
        super().__init__(composer)
        self._composer = composer
        self._chat = chat
        self._load_guide = load_guide
        self._is_silent = False
        composer.draft_changed.connect(self._follow)
        composer.begun_anew.connect(self._begin_anew)
        composer.task.silenced.connect(self._silence)
        chat.attachments.changed.connect(self._follow_files)

    def fall_silent(self) -> None:
        """Name no task until another text is begun: the user is being asked about it."""
        self._is_silent = True
        self._composer.task.show_task("")

    def speak_again(self) -> None:
        """Name the task of the text once more."""
        self._is_silent = False
        self._follow()

    def _follow(self) -> None:
        words = self._composer.words.strip()
        if not self._composer.text().strip():
            self._is_silent = False
        if (
            not self._chat.services.settings.now.names_tasks
            or self._is_silent
            or not self._chat.path.is_empty  # what follows is mostly clear from what was said before
            or self._composer.is_editing
            or len(words) > _LONGEST
        ):
            self._composer.task.show_task("")
            return
        guide = guide_for(words)
        self._composer.task.show_task(guide, self._missing(guide, words) if guide else "")

    def _follow_files(self) -> None:
        """Say anew what the named task lacks, which a file may have brought."""
        if self._composer.task.guide:
            self._follow()

    def _missing(self, guide: str, words: str) -> str:
        """Return the name of what a task is to be done with and lacks; empty if it lacks nothing."""
        has_material = self._composer.pasted_texts or self._chat.attachments.items
        if has_material or not lacks_material(words):
            return ""
        material = self._load_guide(guide).material
        return material.missing.of(prompt_language()) if material is not None else missing_thing(words)

    def _begin_anew(self) -> None:
        """Follow another text: none yet, or what was written in another conversation or before the last end."""
        self._is_silent = False
        self._follow()

    def _silence(self) -> None:
        self.fall_silent()
        self._composer.setFocus()
