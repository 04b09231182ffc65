"""The taking apart of what stands in the message box: shown in the user's own words first, where there is much to sort.

What takes whose place in the panel is the presenter's business.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, SignalInstance

from desktop.core.documents.naming_places import without_asking
from desktop.core.prompts.freeform_parser import take_apart, taken_apart
from desktop.core.prompts.parse import reopened
from desktop.core.prompts.prompt import PromptDraft
from desktop.ui.prompts.boxed import BoxedMessage
from desktop.ui.prompts.builder.panel import PromptPanel


class TakingApart(QObject):
    """The reader of the message box."""

    taken = Signal(object)  # the PromptDraft that the message comes to; nothing needed to be asked
    found_nothing = Signal()

    def __init__(self, panel: PromptPanel, box: BoxedMessage) -> None:
        super().__init__(panel)
        self._panel = panel
        self._box = box
        self.accepted: SignalInstance = panel.apart_accepted  # the TakenApart that was proposed
        panel.apart_requested.connect(self.start)

    def start(self) -> None:
        """Show what the message comes to: at once if it is known, else as a proposal, coloured part by part."""
        said = without_asking(self._box.text)
        if not said:
            self.found_nothing.emit()
        elif known := reopened(said, self._panel.frameworks):
            self.taken.emit(known)
        else:
            taken = taken_apart(said, self._panel.framework)
            if len({each.field for each in taken.pieces}) > 1 or taken.draft.materials or taken.draft.examples:
                self._panel.hide_notice()
                self._panel.propose_apart(taken)
            else:
                self.taken.emit(taken.draft)

    def draft_of(self, text: str) -> PromptDraft:
        """Return the draft that any text comes to, without asking."""
        said = without_asking(text)
        return reopened(said, self._panel.frameworks) or take_apart(said, self._panel.framework)
