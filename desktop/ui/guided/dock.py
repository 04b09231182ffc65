"""The lazy loader of guided mode: a start does without it, and so does who never asks to be guided."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.tasks.guide import Guide
from desktop.runtime.chat import Chat
from desktop.ui.chat.files_presenter import FilesPresenter
from desktop.ui.chat.page import ChatPage
from desktop.ui.chat.task_presenter import TaskPresenter
from desktop.ui.guided.place import GuidedPlace
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.dock import PromptDock

if TYPE_CHECKING:
    from desktop.ui.guided.presenter import GuidedPresenter


class GuidedDock(QObject):
    """The ways into guided mode: the line that names a task, a task of the start page, the prompt builder."""

    def __init__(
        self,
        theme: Theme,
        page: ChatPage,
        chat: Chat,
        builder: PromptDock,
        place: GuidedPlace,
        tasks: TaskPresenter,
        files: FilesPresenter,
        load_guide: Callable[[str], Guide],
    ) -> None:
        super().__init__(page)
        self._made_of = (theme, page, chat, builder)
        self._and_of = (place, tasks, files, load_guide)
        self._builder = builder
        self._presenter: GuidedPresenter | None = None
        page.composer.task.guide_wanted.connect(self.begin_task)
        page.empty.guide_wanted.connect(self.begin_task)
        builder.guide = self._begin_with_draft

    def begin_task(self, key: str) -> None:
        """Guide the user through a task."""
        presenter = self._made()
        if presenter is not None:
            presenter.begin_task(key)

    def take_escape(self) -> bool:
        """Leave the questions. Return False if none is asked."""
        return self._presenter is not None and self._presenter.take_escape()

    def _begin_with_draft(self) -> None:
        presenter = self._made()
        if presenter is not None:
            presenter.begin_with_draft()

    def _made(self) -> GuidedPresenter | None:
        """Return what asks the questions; None where there are no parts to put the answers in."""
        builder = self._builder.made()
        if self._presenter is None and builder is not None:
            from desktop.ui.guided.presenter import GuidedPresenter

            self._presenter = GuidedPresenter(*self._made_of, builder, *self._and_of)
        return self._presenter
