"""The lazy loader of the prompt builder, and the little of it that is needed before it is first opened.

The panel and what drives it are loaded and made at its first opening: a start does without them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.prompts.prompt import PromptDraft, PromptFramework
from desktop.core.prompts.render import heading_lines
from desktop.core.recipes.recipe import ShelvedRecipe
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.files_presenter import FilesPresenter
from desktop.ui.chat.page import ChatPage
from desktop.ui.inputs.plain_paste import RecipeDrop
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.place import PromptPlace

if TYPE_CHECKING:
    from desktop.ui.prompts.panel import PromptPanel
    from desktop.ui.prompts.presenter import PromptPresenter


class PromptDock(QObject):
    """The owner of the prompt builder, which stands in `place`, at the right of the page of a conversation."""

    compared = Signal(object, str, object)  # Comparison, what is asked in short, a list of SideWords
    recipe_chosen = Signal(str)  # its key
    recipes_requested = Signal()
    save_recipe_requested = Signal(object)  # the PromptDraft to make one of
    recipes_dropped = Signal(list)  # of files

    def __init__(
        self,
        theme: Theme,
        page: ChatPage,
        place: PromptPlace,
        conversation: ConversationPresenter,
        chat: Chat,
        load_frameworks: Callable[[], Sequence[PromptFramework]],
    ) -> None:
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._conversation = conversation
        self._chat = chat
        self._load_frameworks = load_frameworks
        self.files: FilesPresenter | None = None  # who gives files to it; set before the builder is made
        self.guide: Callable[[], None] = lambda: None  # has the user asked about the prompt in the builder
        self._presenter: PromptPresenter | None = None
        self._found: Sequence[PromptFramework] | None = None
        self._recipes: Sequence[ShelvedRecipe] = ()
        self.place = place
        place.make_panel = self._make_panel
        self.place.beside_changed.connect(lambda shown: chat.services.settings.change(prompt_open=shown))
        self.place.width_changed.connect(lambda width: chat.services.settings.change(prompt_width=width))
        self.place.shown_changed.connect(self._on_shown)
        self.place.narrowed.connect(self._on_narrowed)
        for changed in (chat.generation_started, chat.generation_ended, chat.opened, self.place.shown_changed):
            changed.connect(lambda *_: self._offer_stop())
        page.reading.headings = lambda: {line for each in self._frameworks() for line in heading_lines(each)}
        page.header.prompt.clicked.connect(self.toggle)
        page.composer.banner.builder_requested.connect(self._reopen)
        conversation.edit_began.connect(self._on_edit_began)

    def toggle(self) -> None:
        """Open the builder with the focus in it, or close it."""
        self.place.toggle()
        if self.place.is_shown:
            self._begin()

    def go_to(self) -> None:
        """Focus the builder, opening it if it is closed."""
        self.place.open()
        self._begin()

    def fill_in(self, draft: PromptDraft, words: str, files: Sequence[Path] = ()) -> None:
        """Open the builder with this draft and the files that it names; the one it replaces can be restored."""
        self.place.open()
        self.made().fill_in(draft, words, files)

    def made(self) -> PromptPresenter:
        """Return the builder, made now if it is not there yet."""
        self.place.make_builder()
        assert self._presenter is not None
        return self._presenter

    def framework(self, key: str) -> PromptFramework:
        """Return the framework of this key; the first one if it does not exist."""
        frameworks = self._frameworks()
        return next((each for each in frameworks if each.key == key), frameworks[0])

    def show_recipes(self, pinned: Sequence[ShelvedRecipe]) -> None:
        """Offer these recipes beside the frameworks."""
        self._recipes = pinned
        if self._presenter is not None:
            self._presenter.panel.chooser.pinned = pinned

    def keep_draft(self) -> None:
        """Save its content, before the window closes."""
        if self._presenter is not None:
            self._presenter.keep_draft()

    def _begin(self) -> None:
        self.made().start_writing()

    def _make_panel(self) -> QWidget:
        from desktop.ui.prompts.presenter import PromptPresenter

        assert self.files is not None
        given = (self._page, self._conversation, self._chat, self.files)
        made = PromptPresenter(self._theme, self._frameworks(), *given)
        made.sending.left.connect(self._leave)
        made.sending.compared.connect(self.compared)
        made.panel.head.close_button.clicked.connect(self.place.toggle)
        made.panel.head.show_over(self.place.is_over)
        made.panel.head.guide.clicked.connect(lambda: self.guide())
        self._presenter = made
        made.panel.foot.stop_pressed.connect(self._chat.stop)
        self._offer_stop()
        self._connect_recipes(made.panel)
        return made.panel

    def _connect_recipes(self, panel: PromptPanel) -> None:
        panel.chooser.pinned = self._recipes
        panel.chooser.recipe_chosen.connect(self.recipe_chosen)
        panel.recipes_requested.connect(self.recipes_requested)
        panel.save_recipe_requested.connect(lambda: self.save_recipe_requested.emit(panel.draft))
        RecipeDrop(panel).dropped.connect(self.recipes_dropped)

    def _frameworks(self) -> Sequence[PromptFramework]:
        if self._found is None:
            self._found = self._load_frameworks()
        return self._found

    def _on_shown(self, shown: bool) -> None:
        if not shown:
            self._page.composer.setFocus()

    def _on_narrowed(self, is_narrow: bool) -> None:
        if self._presenter is not None:
            self._presenter.panel.head.show_over(is_narrow)
            self._offer_stop()

    def _offer_stop(self) -> None:
        """Have the builder offer to stop an answer while it lies over the button that does."""
        if self._presenter is not None:
            self._presenter.panel.foot.offer_stop(self.place.is_over and self._chat.is_answering)
            self._presenter.box.share_send()

    def _leave(self) -> None:
        """Go back to the conversation, which a panel over it would hide."""
        self.place.uncover()
        self._page.composer.setFocus()

    @gui_task
    async def _on_edit_began(self, message_id: str) -> None:
        """Offer the builder for a message that was sent from it."""
        composer = self._page.composer
        composer.banner.offer_builder("")
        draft = await self._chat.unsent.read_prompt(self._chat.current.id, message_id)
        if draft and composer.is_editing:
            composer.banner.offer_builder(message_id)

    def _reopen(self, message_id: str) -> None:
        self.place.open()
        self.made().reopen(message_id)
