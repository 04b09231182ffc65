"""A search for the passages of a document that bear on a question, on a thread of its own: a long one takes a while."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.document import Document
from desktop.core.documents.passages import PassageFinder
from desktop.core.documents.selection import Selection
from desktop.core.model import ModelChoice
from desktop.core.text.tokens import letters_in
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.daemon_executor import DaemonExecutor


class PassageSearch(QObject):
    """A searcher; each search is answered by one signal."""

    found = Signal(str, object)  # the id of the file, a Selection; None where no passage has words of it, or none fits

    def __init__(self, work: BackgroundTasks, models: ModelDirectory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._models = models
        self._thread = DaemonExecutor("passages")

    def start(
        self, file_id: str, document: Document, base: Selection, question: str, tokens: int, choice: ModelChoice | None
    ) -> None:
        """Search a document for what bears on a question, in at most so many tokens of the chosen model."""
        weights = self._models.measurements.weights_of(choice)

        def search() -> Selection | None:
            text = "\n".join(block.text for section in document.sections for block in section.blocks)
            a_letter = weights.tokens_of(letters_in(text)) / max(1, len(text))
            chosen = PassageFinder(document).selection(question, base, tokens, lambda letters: letters * a_letter)
            return chosen[0] if chosen is not None else None

        self._work.run_on(self._thread, search, lambda selection: self.found.emit(file_id, selection))
