"""The presenter of what goes along with each message: the instructions, and a view of all of it before it is sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.models.naming import shown_name
from desktop.rendering.text.invisible import show_invisible
from desktop.runtime.chat import Chat
from desktop.ui.chat.instructions import InstructionsDialog, InstructionsLine, OutgoingDialog
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.policy.fixed_note import FixedNote
from desktop.ui.words import fill


class OutgoingPresenter(QObject):
    """The owner of the line of instructions, and of the two dialogs that it leads to."""

    def __init__(
        self,
        theme: Theme,
        page: ChatPage,
        chat: Chat,
        read_all: Callable[[Callable[[str], None]], None],
    ) -> None:
        """Keep the dependencies. `read_all` calls what it is given with all that the next message would take along."""
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._chat = chat
        self._models = chat.services.models
        self._preferences = chat.services.settings
        self._read_all = read_all
        self._line = InstructionsLine(theme)
        self._line.pressed.connect(lambda: self.edit_instructions())
        page.put_below(self._line)
        page.header.place.outgoing_requested.connect(self.show_outgoing)
        page.header.place.instructions_requested.connect(lambda: self.edit_instructions())
        chat.opened.connect(self._show)
        chat.settings_changed.connect(self._show)
        self._show()

    def edit_instructions(self, parent: QWidget | None = None) -> None:
        """Let the user write the instructions of this conversation, and of those to come."""
        instructions, parent = self._chat.instructions, parent or self._page.window()
        dialog = InstructionsDialog(self._theme, instructions.of_current, instructions.own, self._fixed(), parent)

        def keep() -> None:
            was_followed = dialog.here.toPlainText() == instructions.of_current
            if dialog.ahead.toPlainText().strip() != instructions.own:
                instructions.set_own(dialog.ahead.toPlainText())
                self._preferences.change(instructions=instructions.own)
            if not was_followed:
                instructions.change_current(dialog.here.toPlainText())

        def show_all() -> None:
            dialog.accept()
            self.show_outgoing()

        dialog.accepted.connect(keep)
        dialog.outgoing.clicked.connect(show_all)
        dialog.finished.connect(self._page.composer.setFocus)
        dialog.open()

    def show_outgoing(self) -> None:
        """Show every word that the next message would take along."""
        choice = self._chat.choice
        model = show_invisible(shown_name(choice.model)) if choice is not None else ""
        dialog = OutgoingDialog(self._theme, model, self._models.place_of(choice), self._page.window())
        is_open = [True]
        dialog.finished.connect(lambda _: is_open.clear())
        dialog.instructions.clicked.connect(dialog.reject)
        dialog.instructions.clicked.connect(lambda: self.edit_instructions())
        self._read_all(lambda text: dialog.show_detail(text) if is_open else None)
        dialog.open()

    def _fixed(self) -> FixedNote | None:
        policy = self._chat.services.policy
        if not policy.instructions:
            return None
        words = fill(self.tr("Each new conversation begins with: %1"), show_invisible(policy.instructions))
        return FixedNote(self._theme, policy, words)

    def _show(self) -> None:
        self._line.show_instructions(self._chat.instructions.of_current)
