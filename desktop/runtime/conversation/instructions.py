"""The instructions that go to the model before all messages: those of the current conversation, and of each new one.

A new conversation begins with a copy, so what one has can be read and changed there, and never changes behind its back.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from desktop.runtime.conversation.current import CurrentConversation


class Instructions(QObject):
    """The owner of what each new conversation begins with: the administrator's words, then the user's own."""

    def __init__(self, current: CurrentConversation, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current = current
        self._fixed = ""
        self._own = ""

    @property
    def own(self) -> str:
        """What the user wants each new conversation to begin with."""
        return self._own

    @property
    def standing(self) -> str:
        """All that a new conversation begins with."""
        return "\n\n".join(each for each in (self._fixed, self._own) if each)

    @property
    def of_current(self) -> str:
        """What goes along in the current conversation."""
        return self._current.conversation.settings.system

    def fix(self, text: str) -> None:
        """Have each new conversation begin with the administrator's words."""
        self._fixed = text.strip()
        self._follow()

    def set_own(self, text: str) -> None:
        """Have each new conversation begin with these, after the administrator's."""
        self._own = text.strip()
        self._follow()

    def change_current(self, text: str) -> None:
        """Have these go along in the current conversation from now on, and in no other."""
        if text.strip() != self.of_current.strip():
            settings = replace(self._current.conversation.settings, system=text.strip())
            self._current.change_settings(settings)

    def _follow(self) -> None:
        """Give them to the conversation that nothing was said in yet, unless it has some of its own."""
        before, self._current.instructions = self._current.instructions, self.standing
        if self._current.path.is_empty and not self._current.is_stored and self.of_current == before:
            self.change_current(self.standing)
