"""The finders of what answers rest on, made when the first answer with files is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from desktop.core.repository import ConversationStore
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.threads.background_tasks import BackgroundTasks

if TYPE_CHECKING:
    from desktop.core.claims.claim import Shown
    from desktop.runtime.evidence.pages import PagePictures
    from desktop.runtime.evidence.watch import EvidenceWatch, LookUps


class EvidenceFinders:
    """A maker of finders, which belong to `owner`."""

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        attachments: Attachments,
        make_look_ups: Callable[[], LookUps] | None,
        owner: QObject,
    ) -> None:
        """`make_look_ups` is described at `EvidenceWatch`."""
        self._work = work
        self._store = store
        self._attachments = attachments
        self._make_look_ups = make_look_ups
        self._owner = owner

    def watch(self, shown_in: Callable[[str], Shown]) -> EvidenceWatch:
        """Return a new finder of evidence for answers; `shown_in` is described at `EvidenceWatch`."""
        from desktop.runtime.evidence.watch import EvidenceWatch

        return EvidenceWatch(self._work, self._store, shown_in, self._owner, make_look_ups=self._make_look_ups)

    def page_pictures(self, decode: Callable[[bytes], Any]) -> PagePictures:
        """Return a new drawer of the pages of files that were given; `decode` is described at `PagePictures`."""
        from desktop.runtime.evidence.pages import PagePictures

        attachments = self._attachments
        return PagePictures(self._work, attachments.files, attachments.make_reader, decode, self._owner)
