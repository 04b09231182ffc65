"""The answers that the user keeps as examples, each with its question: read when they are first wanted."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import StoreError
from desktop.core.prompts.prompt import KeptExample, kept_of
from desktop.runtime.background import gui_task
from desktop.runtime.sending import Sending


class KeptExamples(QObject):
    """All of them, the newest first. They lie beside the drafts, and are erased as conversations are."""

    changed = Signal()

    def __init__(self, chat: Sending) -> None:
        super().__init__(chat)
        self.all: list[KeptExample] = []
        self._chat = chat
        self._is_read = False

    @gui_task
    async def read(self) -> None:
        """Read them from the disk, if that was not done yet; `changed` follows."""
        if self._is_read:
            return
        self._is_read = True
        services = self._chat.services
        try:
            stored = await services.work.run(services.store.kept_examples)
        except StoreError:
            self._is_read = False  # the next look tries again
            raise
        known = {each.key for each in self.all}
        found = [kept_of(key, draft) for key, draft, _ in stored if key not in known]
        self.all += [each for each in found if each is not None]
        self.changed.emit()

    def newest_of(self, task: str) -> KeptExample | None:
        """Return the example of a task that was kept last, if there is one."""
        return next((each for each in self.all if task and each.task == task), None)

    def keep(self, kept: KeptExample) -> None:
        """Keep another one."""
        self.all.insert(0, kept)
        self._chat.unsent.keep_prompt(kept.as_draft, kept.key)
        self.changed.emit()

    async def delete(self, kept: KeptExample) -> None:
        """Erase one for good. Raises `StoreError`."""
        services = self._chat.services
        self._chat.unsaved.forget([kept.key])  # else what the disk has refused so far is written later
        await services.work.run(services.store.delete_for_good, kept.key)
        self.forget([kept.key])

    def forget(self, keys: list[str]) -> None:
        """List those no more that were erased."""
        self.all = [each for each in self.all if each.key not in keys]
        self.changed.emit()
