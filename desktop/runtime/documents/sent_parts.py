"""What was sent of files that come back to the next message: of a message that could not be sent, or is edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop.core.documents.reading import ReadingError
from desktop.core.message import FilePart, new_id
from desktop.runtime.documents.attachment import Attachment, AttachmentState


class SentParts:
    """A memory of what was sent, by which a file that comes back has got no worse."""

    def __init__(self) -> None:
        self._last: list[Attachment] = []
        self._before_reading: dict[str, FilePart] = {}  # of files that are read once more, by their ids

    def remember_last(self, items: Iterable[Attachment]) -> None:
        """Remember the files that were sent just now, in case they come back."""
        self._last = list(items)

    def attachments(self, parts: Sequence[FilePart], fields: Sequence[str] = ()) -> list[Attachment]:
        """Return parts of a message as attachments. `fields`: those of the prompt builder that they belong to."""
        places = fields or [""] * len(parts)
        return [replace(self._attachment(part), field=field) for part, field in zip(parts, places, strict=True)]

    def _attachment(self, part: FilePart) -> Attachment:
        """Return a part as an attachment: as it was, if it was sent a moment ago."""
        for item in self._last:
            if item.part == part:
                return replace(item, id=new_id())
        return Attachment(part.name, state=AttachmentState.READY, part=part, digest=part.digest)

    def note_before_reading(self, item: Attachment) -> None:
        """Remember what was sent of a file of a message, which is about to be read once more."""
        if item.document is None and item.part is not None:
            self._before_reading[item.id] = item.part

    def after_reading(self, item: Attachment) -> tuple[Attachment, ReadingError | None]:
        """Return a file as it stands now: as it was sent if it can't be read any more, and why it can't."""
        part = self._before_reading.get(item.id)
        if part is None or not item.is_settled:
            return item, None
        del self._before_reading[item.id]
        if item.state is not AttachmentState.FAILED or item.problem is None:
            return item, None
        item.problem.name = item.name
        return replace(item, state=AttachmentState.READY, part=part), item.problem
