"""The files that reach the window: dropped on it, picked as a model, or found by searching. Each goes to who can do
something with it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.message import AttachmentPart
from desktop.core.recipes.given_file import RECIPE_ENDING, GivenFile, given_file
from desktop.core.search import SearchHit
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.look.theme import Theme
from desktop.ui.window.file_drop import FileDrop
from desktop.ui.window.parts import WindowParts


class Arrivals(QObject):
    """The place where files enter the window."""

    model_chosen = Signal(str)  # path of a .gguf

    def __init__(self, theme: Theme, window: QWidget, parts: WindowParts, chat: Chat) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self._chat = chat
        FileDrop(theme, window).dropped.connect(self._take_dropped)
        parts.search.file_chosen.connect(self._show_found_file)

    def open_file(self) -> None:
        """Let the user pick a model file."""
        names = self.tr("Model files (*.gguf);;All files (*)")
        begin = self._parts.folder.beginning()
        path, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open a model file"), begin, names)
        self._parts.folder.note([path] if path else [])
        if path:
            self.model_chosen.emit(path)

    def look_at_recipe(self, file: Path) -> None:
        """Show a recipe from any place, to be kept if the user likes it."""
        self._parts.recipes.look_at(file)

    def give_to_model(self, given: GivenFiles) -> None:
        """Give files to the model, with the next message of the conversation."""
        self._parts.pages.show_home()
        self._parts.files.take_given(given)

    def _take_dropped(self, given: GivenFiles) -> None:
        """Open what is a model or a recipe, and give all else to the model."""
        rest: list[Path] = []
        for path in given.paths:
            if given_file(path.name) is GivenFile.MODEL:
                self.model_chosen.emit(str(path))
            elif path.name.endswith(RECIPE_ENDING):
                self.look_at_recipe(path)
            else:
                rest.append(path)
        if rest or given.picture:
            self.give_to_model(GivenFiles(tuple(rest), given.picture))

    @gui_task
    async def _show_found_file(self, hit: SearchHit) -> None:
        """Show the text of a sent file in which something was found, as soon as it has been read."""
        message = (await self._chat.path.read([hit.message_id])).get(hit.message_id)
        for part in message.files if message is not None else ():
            is_it = isinstance(part, AttachmentPart) and part.name == hit.file and hit.found in part.text
            if isinstance(part, AttachmentPart) and is_it and self._parts.pages.is_home_in_front:
                self._parts.preview.open_sent(part, hit.found)
                return
