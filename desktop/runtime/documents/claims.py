"""The claims that the files given to the next messages have on what is kept: without one, nothing may have it yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from desktop.runtime.documents.attachment import Attachment, digests_of

if TYPE_CHECKING:
    from desktop.runtime.background import BackgroundTasks
    from desktop.runtime.documents.draft_share import DraftShare


class Claims:
    """Claims on kept files, released in order with what the store's thread was asked to do before."""

    def __init__(self, work: BackgroundTasks, store: DraftShare, on_failed: Callable[[Exception], None]) -> None:
        """Keep the dependencies. `on_failed` is called with what the store failed with."""
        self._work = work
        self._store = store
        self._on_failed = on_failed

    def claim(self, item: Attachment) -> None:
        """Claim the file of an attachment that comes from elsewhere."""
        if item.digest:
            self._store.files.claim(item.digest)

    def release(self, items: Iterable[Attachment]) -> None:
        """Release files once the disk has what was asked of it before, such as the message that has them now."""
        for digest in digests_of(items):
            self._work.run_on_store(partial(self._store.files.release, digest))

    def release_and_discard(self, items: Iterable[Attachment]) -> None:
        """Release files, and delete those that nothing else has."""
        digests = list(digests_of(items))
        for digest in digests:
            self._store.files.release(digest)
        self.discard(digests)

    def discard(self, digests: Sequence[str]) -> None:
        """Delete those of these files that nothing has."""
        if digests:
            self._work.run_on_store(lambda: self._store.discard_files(digests), None, self._on_failed)
