"""The commands of the window: what its shortcuts do, and the order in which Escape closes what lies on top."""

from __future__ import annotations

from collections.abc import Callable

from desktop.runtime.chat import Chat
from desktop.ui.look.theme import Theme
from desktop.ui.window.parts import WindowParts

_TEXT_STEP = 1.1


class WindowCommands:
    """The commands that act on the parts of the window."""

    def __init__(self, parts: WindowParts, theme: Theme, chat: Chat) -> None:
        self._parts = parts
        self._theme = theme
        self._chat = chat
        self._preferences = chat.services.settings

    def acts(self) -> dict[str, Callable[[], object]]:
        """Return what each shortcut does that needs nothing but the parts of the window, by its key in `SHORTCUTS`."""
        parts = self._parts
        return {
            "new": self.new_conversation,
            "temporary": self.new_temporary,
            "start_fresh": self.start_fresh,
            "find_all": parts.search.show,
            "find": self._find,
            "next_passage": lambda: self._step_evidence(1),
            "earlier_passage": lambda: self._step_evidence(-1),
            "export": self._export,
            "rename": self._rename,
            "sidebar": parts.body.toggle,
            "builder": self._toggle_prompt,
            "write_in_builder": self._write_prompt,
            "recipes": parts.recipes.show_list,
            "connections": parts.connections.show,
            "attach": self._attach,
            "write": parts.chat_page.composer.setFocus,
            "stop": self._escape,
            "larger": lambda: self._scale_text(_TEXT_STEP),
            "smaller": lambda: self._scale_text(1 / _TEXT_STEP),
            "normal": lambda: self._scale_text(0),
        }

    def new_conversation(self) -> None:
        """Start an empty conversation, at once, with the focus in the input field."""
        self._chat.new()
        self._parts.pages.show_home()

    def new_temporary(self) -> None:
        """Show an empty conversation of which nothing will be written to the disk."""
        self._chat.new_temporary()
        self._parts.pages.show_home()

    def start_fresh(self) -> None:
        """Offer to start the conversation fresh, if it is shown."""
        if self._is_chat_in_front:
            self._parts.fresh.open()

    @property
    def _is_chat_in_front(self) -> bool:
        return self._parts.pages.is_home_in_front

    def _rename(self) -> None:
        """Let the user write another title: in the list if the keyboard is there, else over the conversation."""
        if not self._parts.sidebar.rename_row() and self._chat.is_stored:
            self._parts.pages.show_home()
            self._parts.chat_page.header.rename()

    def _export(self) -> None:
        """Ask what of the conversation is exported or printed."""
        self._parts.sidebar.export_requested.emit(self._chat.current.id)

    def _escape(self) -> None:
        """Have Escape act on what lies on top: the first of these that has something to close, take back or stop."""
        parts = self._parts
        over_all = (parts.fresh.take_escape, parts.body.take_escape)
        pages = (
            parts.connections.take_escape,
            parts.recipes.take_escape,
            parts.comparing.take_escape,
            parts.preview.take_escape,
            parts.search.take_escape,
            parts.pages.take_escape,
        )
        home = (
            parts.context.take_escape,
            parts.guided.take_escape,
            parts.evidence.take_escape,
            parts.prompt.place.take_escape,
            parts.chat_page.take_escape,
            self._stop,
            parts.finding.take_escape,
            parts.evidence.leave_mark,
            parts.chat_page.close_notice,
        )
        for take_escape in (*over_all, *pages, *home):
            if take_escape():
                return

    def _stop(self) -> bool:
        """Stop the answer. Return False if none is coming."""
        is_answering = self._chat.is_answering
        self._chat.stop()
        return is_answering

    def _attach(self) -> None:
        if self._is_chat_in_front:
            self._parts.files.pick()

    def _toggle_prompt(self) -> None:
        if self._is_chat_in_front:
            self._parts.prompt.toggle()

    def _write_prompt(self) -> None:
        self._parts.pages.show_home()
        self._parts.prompt.go_to()

    def _step_evidence(self, by: int) -> None:
        if self._is_chat_in_front:
            self._parts.evidence.step(by)

    def _find(self) -> None:
        if self._is_chat_in_front:
            self._parts.finding.open()
        elif self._parts.preview.is_in_front:
            self._parts.preview.focus_find()
        elif self._parts.search.is_in_front:
            self._parts.search.show()

    def _scale_text(self, factor: float) -> None:
        self._theme.set_text_scale(self._theme.text_scale * factor if factor else 1.0)
        self._preferences.change(text_scale=self._theme.text_scale)
