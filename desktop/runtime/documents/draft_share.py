"""The files of one of the two places where a message is written: the message box, or the prompt builder.

Both are kept with the same draft; each place sees its own, and leaves the other's as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.core.documents.keeping import DraftFile
from desktop.store.database import SqliteStore
from desktop.store.files import FileStore


class DraftShare:
    """A store that has the files of the box alone, or those `of_prompts` alone."""

    def __init__(self, store: SqliteStore, *, of_prompts: bool) -> None:
        self._store = store
        self._of_prompts = of_prompts

    @property
    def files(self) -> FileStore:
        return self._store.files

    def draft_files(self, conversation_id: str) -> list[DraftFile]:
        return [each for each in self._store.draft_files(conversation_id) if self._is_here(each)]

    def save_draft_files(self, conversation_id: str, files: Sequence[DraftFile]) -> None:
        others = [each for each in self._store.draft_files(conversation_id) if not self._is_here(each)]
        self._store.save_draft_files(conversation_id, [*files, *others])

    def discard_files(self, digests: Sequence[str]) -> None:
        self._store.discard_files(digests)

    def sweep_files(self) -> int:
        return self._store.sweep_files()

    def _is_here(self, file: DraftFile) -> bool:
        return bool(file.field) is self._of_prompts
