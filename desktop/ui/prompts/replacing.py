"""What takes the place of the prompt in the builder, and the way back to what stood there, with its files."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.core.message import FilePart
from desktop.core.prompts.prompt import PromptDraft
from desktop.runtime.documents.files import Attachments
from desktop.ui.prompts.boxed import BoxedMessage
from desktop.ui.prompts.builder.panel import PromptPanel
from desktop.ui.prompts.sending import GivenFiles
from desktop.ui.prompts.top_line import TopLine


class DraftReplacing(QObject):
    """The keeper of the prompt that another one replaced; the line on top brings it back.

    `given` are the files of the present prompt, `is_free` is true where nobody would miss it; `changed` is called where
    what is kept with the conversation has to be written anew.
    """

    def __init__(
        self,
        panel: PromptPanel,
        box: BoxedMessage,
        files: Attachments,
        given: Callable[[], GivenFiles],
        is_free: Callable[[], bool],
        changed: Callable[[], None],
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._box = box
        self._files = files
        self._given = given
        self._is_free = is_free
        self._changed = changed
        self._earlier: PromptDraft | None = None
        self._earlier_files: GivenFiles | None = None  # None: as they are

    def show(self, draft: PromptDraft, words: str) -> None:
        """Show a draft, and if it replaced one show that in `words`, with a way back."""
        before, was_free, files = self._panel.draft, self._is_free(), self._given()
        self._box.forget_words()
        self._remove_files()
        self._panel.show_draft(draft)
        self._changed()
        self._panel.hide_notice()
        if not was_free:
            self.offer_back(before, files, words)

    def offer_back(self, before: PromptDraft, files: GivenFiles | None, words: str) -> None:
        """Offer to undo what replaced `before`; `files` of None are those that stand there by then."""
        self._offer(TopLine.BACK, before, files, words, self.tr("Undo"))

    def offer_again(self, sent: PromptDraft, files: GivenFiles) -> None:
        """Offer what has been sent for another use."""
        self._offer(TopLine.AGAIN, sent, files, self.tr("Sent."), self.tr("Use it again"))

    def bring_back(self) -> None:
        """Show what the line on top offers."""
        self.restore(self._earlier, self._earlier_files)

    def restore(self, draft: PromptDraft | None, files: GivenFiles | None) -> None:
        """Show a draft again that was replaced, with the files that it had if they went with it."""
        self._box.forget_words()
        self._panel.hide_notice()
        if files is not None:
            self._remove_files()
            self._files.give_back(*unzipped(files))
        self._panel.show_draft(draft)
        self._changed()

    def _offer(self, key: TopLine, draft: PromptDraft, files: GivenFiles | None, words: str, action: str) -> None:
        self._earlier, self._earlier_files = draft, files
        self._panel.show_notice(key, words, action)

    def _remove_files(self) -> None:
        for each in self._files.items:
            self._files.remove(each.id)


def unzipped(files: GivenFiles) -> tuple[list[FilePart], list[str]]:
    """Return the files and their fields, each for itself."""
    return [part for part, _ in files], [field for _, field in files]
