"""The growing prompt as a pane beside the conversation: its text, what is asked next, and the way to its six parts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_WIDE
from desktop.ui.prompts.preview import PromptPreview
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill


class GuidedPreview(QWidget):
    """The pane, in a window that has room for it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Prompt preview"))
        self.close_button = IconButton(theme, "close", self.tr("Close the preview; the questions stay"))
        self._about = PlainLabel("", "small", wraps=True)
        self.prompt = PromptPreview(theme, fills=True)
        self._next = PlainLabel("", "small", wraps=True)
        hint = self.tr("The same prompt as a form: nothing is lost either way")
        self.parts = button(self.tr("Edit as a form"), hint=hint)
        self.copy = IconButton(theme, "copy", self.tr("Copy the text"))
        head = stack((PlainLabel(self.accessibleName(), "heading"), 1), self.close_button, across=True)
        foot = stack(self.parts, self.copy, None, across=True)
        parts = (head, self._about, (self.prompt, 1), self._next, foot)
        stack(*parts, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP_WIDE), on=self)

    def show_next(self, coming: Sequence[str], *, is_proposing: bool) -> None:
        """Show what will be asked next, and if an answer stands in the prompt that is not given yet."""
        about = self.tr("It grows as you answer, and can be sent at any time.")
        if is_proposing:
            about = self.tr("It grows as you answer, and can be sent at any time; what is grey is not in it yet.")
        self._about.setText(about)
        self._next.tell(fill(self.tr("Still to be asked: %1"), " · ".join(coming)) if coming else "")
