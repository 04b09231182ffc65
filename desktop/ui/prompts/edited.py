"""The sent message that is changed in the prompt builder. A state and its rules; showing drafts is the presenter's."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.message import Role
from desktop.core.prompts.prompt import PromptDraft
from desktop.runtime.path import ConversationPath


@dataclass(slots=True)
class EditedMessage:
    """The message of this id; empty while none is changed.

    `turns`: how many messages before it were its examples. `as_sent`: it before it was changed. `set_aside`: what stood
    in the panel before that.
    """

    id: str = ""
    turns: int = 0
    as_sent: PromptDraft | None = None
    set_aside: PromptDraft | None = None

    def start(self, message_id: str, present: PromptDraft) -> None:
        """Begin to change a message; what stands in the panel is set aside, unless it is another message."""
        if not self.id:
            self.set_aside = present
        self.id = message_id

    def end(self) -> PromptDraft | None:
        """End the change, and return what was set aside for it."""
        draft, self.set_aside, self.id, self.as_sent = self.set_aside, None, "", None
        return draft

    def to_keep(self, present: PromptDraft, empty: PromptDraft) -> PromptDraft | None:
        """Return the draft that is kept with the conversation: the present one, or what was set aside for it.

        The changed message itself is kept if it was changed and nothing was set aside.
        """
        if self.id and (self.set_aside != empty or present == self.as_sent):
            return self.set_aside
        return present

    def first_in(self, path: ConversationPath) -> str:
        """Return the message that the changed prompt begins with: its first example, if it has some."""
        index = path.index_of(self.id) if self.id else None
        if index is None:
            return ""
        first = index - self.turns
        roles = [entry.role for entry in path.entries[max(0, first) : index]]
        is_there = first >= 0 and roles == [Role.USER, Role.ASSISTANT] * (self.turns // 2)
        return path.entries[first].id if is_there else self.id
