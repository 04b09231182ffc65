"""The lazy loader of the prompt builder, and the little of it that is needed before it is first opened.

The panel and what drives it are loaded and made at its first opening: a start does without them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.prompts.prompt import PromptFramework
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
    from desktop.ui.prompts.presenter import PromptPresenter


class PromptDock(QObject):
    """The owner of the prompt builder, which stands in `place`, at the right of the page of a conversation."""

    compared = Signal(object, str, object)  # Comparison, what is asked in short, a list of SideWords
    left = Signal()  # what stands in it is on its way: the conversation matters now
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
        self.theme, self.page, self.place = theme, page, place
        self.conversation, self.chat = conversation, chat
        self.files: FilesPresenter  # who gives files to it; set before the builder is made
        self.guide: Callable[[], None] = lambda: None  # has the user asked about the prompt in the builder
        self._load_frameworks = load_frameworks
        self._presenter: PromptPresenter | None = None
        self._may_make = False  # the builder as soon as it is in sight
        self._recipes: Sequence[ShelvedRecipe] = ()
        place.beside_changed.connect(lambda shown: chat.services.settings.change(prompt_open=shown))
        place.width_changed.connect(lambda width: chat.services.settings.change(prompt_width=width))
        place.shown_changed.connect(self._on_shown)
        for changed in (
            chat.generation_started,
            chat.generation_ended,
            chat.opened,
            place.shown_changed,
            place.narrowed,
        ):
            changed.connect(lambda *_: self._show_over())
        page.reading.headings = lambda: {line for each in self.frameworks for line in heading_lines(each)}
        page.header.prompt.clicked.connect(self.toggle)
        page.composer.banner.builder_requested.connect(lambda message_id: self.open().reopen(message_id))
        conversation.edit_began.connect(self._on_edit_began)

    @cached_property
    def frameworks(self) -> Sequence[PromptFramework]:
        return self._load_frameworks()

    def fill(self) -> None:
        """Make the builder if it is visible, and from now on as soon as it is."""
        self._may_make = True
        if self.place.is_shown:
            self.made()

    def toggle(self) -> None:
        """Open the builder with the focus in it, or close it."""
        if self.place.is_shown:
            self.place.toggle()
        else:
            self.go_to()

    def go_to(self) -> None:
        """Focus the builder, opening it if it is closed."""
        self.open().start_writing()

    def open(self) -> PromptPresenter:
        """Open the builder, if it is closed, and return it."""
        self.place.open()
        return self.made()

    def leave(self) -> None:
        """Go back to the conversation, which a panel over it would hide."""
        self.place.uncover()
        self.page.composer.setFocus()
        self.left.emit()

    def made(self) -> PromptPresenter:
        """Return the builder, made now if it is not there yet."""
        if self._presenter is None:
            from desktop.ui.prompts.presenter import PromptPresenter

            self._presenter = made = PromptPresenter(self)
            panel = made.panel
            panel.head.close_button.clicked.connect(self.place.toggle)
            panel.head.guide.clicked.connect(lambda: self.guide())
            panel.foot.stop_pressed.connect(self.chat.stop)
            panel.chooser.pinned = self._recipes
            panel.recipe_chosen.connect(self.recipe_chosen)
            panel.recipes_requested.connect(self.recipes_requested)
            panel.save_recipe_requested.connect(lambda: self.save_recipe_requested.emit(panel.draft))
            RecipeDrop(panel).dropped.connect(self.recipes_dropped)
            self.place.put_in(panel)
            self._show_over()
        return self._presenter

    def framework(self, key: str) -> PromptFramework:
        """Return the framework of this key; the first one if it does not exist."""
        return next((each for each in self.frameworks if each.key == key), self.frameworks[0])

    def show_recipes(self, pinned: Sequence[ShelvedRecipe]) -> None:
        """Offer these recipes beside the frameworks."""
        self._recipes = pinned
        if self._presenter is not None:
            self._presenter.panel.chooser.pinned = pinned

    def keep_draft(self) -> None:
        """Save its content, before the window closes."""
        if self._presenter is not None:
            self._presenter.keep_draft()

    def _on_shown(self, shown: bool) -> None:
        if not shown:
            self.page.composer.setFocus()
        elif self._may_make:
            self.made()

    def _show_over(self) -> None:
        """Have the builder show if it lies over the conversation, and stop an answer whose own button it hides."""
        if self._presenter is not None:
            self._presenter.panel.head.show_over(self.place.is_narrow)
            self._presenter.panel.foot.offer_stop(self.place.is_over and self.chat.is_answering)
            self._presenter.box.share_send()

    @gui_task
    async def _on_edit_began(self, message_id: str) -> None:
        """Offer the builder for a message that was sent from it."""
        composer = self.page.composer
        composer.banner.offer_builder("")
        draft = await self.chat.unsent.read_prompt(self.chat.current.id, message_id)
        if draft and composer.is_editing:
            composer.banner.offer_builder(message_id)
