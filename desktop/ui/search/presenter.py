"""The presenter between everything that was said and the page on which it is searched.

The page is made when it is first wanted, and keeps what was typed and found: whoever comes back finds it as it was.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.search import HitKind, Narrowing, RecipeText, SearchBatch, SearchHit, SearchQuery, recipe_hits
from desktop.runtime.recipes import RecipeShelf
from desktop.runtime.search import Search
from desktop.ui.chat.find_presenter import FindPresenter
from desktop.ui.errors import describe_store
from desktop.ui.look.theme import Theme
from desktop.ui.search.words import count_words
from desktop.ui.widgets.page import PageStack

if TYPE_CHECKING:
    from desktop.ui.search.page import SearchPage


class SearchPresenter(QObject):
    """The presenter of the page."""

    recipe_chosen = Signal(str)  # its key
    file_chosen = Signal(object)  # the SearchHit in the text of a file, whose message is gone to

    def __init__(
        self,
        theme: Theme,
        stack: PageStack,
        search: Search,
        shelf: RecipeShelf,
        finding: FindPresenter,
    ) -> None:
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._search = search
        self._shelf = shelf
        self._finding = finding
        self._is_made = False
        self._query = SearchQuery("")
        self._conversations: set[str] = set()  # in which something was found
        self._recipes = 0
        self._asked_at = -1  # how much had been said when the present question was asked
        self._is_first = False  # nothing has come of the present question yet

    @cached_property
    def page(self) -> SearchPage:
        """The page, which is made when it is first wanted."""
        from desktop.ui.search.page import SearchPage

        page = SearchPage(self._theme, parent=self._stack)  # which it goes with, shown or not
        page.typed.connect(self._ask)
        page.narrowing.changed.connect(self._ask)
        page.chosen.connect(self._open)
        page.more_wanted.connect(self._search.go_on)
        page.back_requested.connect(self._stack.show_home)
        self._search.found.connect(self._on_found)
        self._search.ended.connect(self._on_ended)
        self._search.paused.connect(lambda: self._show_count(is_more=True))
        self._search.failed.connect(self._on_failed)
        self._is_made = True
        return page

    @property
    def is_in_front(self) -> bool:
        return self._is_made and self._stack.is_in_front(self.page)

    def show(self, typed: str = "") -> None:
        """Show the page with the cursor in its field; letters that were typed elsewhere begin a new search."""
        page = self.page
        self._shelf.start_watching()
        self._search.choices(page.narrowing.show_choices)
        self._stack.show_page(page)
        page.focus_field(typed)
        if not typed and (self._asked_at != self._search.changes or self._query.is_empty):
            self._ask()  # something was said meanwhile; else all is as it was left

    def take_escape(self) -> bool:
        """Go back to the conversation; what was typed stays. Return False if the page is not shown."""
        is_in_front = self.is_in_front
        if is_in_front:
            self._stack.show_home()
        return is_in_front

    def _ask(self, *_: object) -> None:
        self._query = SearchQuery(self.page.query, self.page.narrowing.narrowing)
        self._asked_at = self._search.changes
        self._is_first = True
        if self._query.is_empty:
            self._search.stop()
            self._begin_rows()
            self.page.show_begin()
        else:
            self.page.begin_results(self._search.share)
            self._search.ask(self._query)

    def _begin_rows(self) -> None:
        """Remove what was found for the question before, now that something else is to be shown."""
        if not self._is_first:
            return
        self._is_first = False
        self._conversations = set()
        self.page.results.clear()
        narrowing = self._query.narrowing
        # All that a search is narrowed down by is of conversations.
        texts = self._recipe_texts() if Narrowing(in_thinking=narrowing.in_thinking) == narrowing else []
        recipes = recipe_hits(self._query, texts)
        self._recipes = len(recipes)
        self.page.results.add_recipes(recipes)

    def _recipe_texts(self) -> list[RecipeText]:
        return [
            RecipeText(each.key, each.recipe.name, "\n".join((each.recipe.about, *each.recipe.draft.texts.values())))
            for each in self._shelf.recipes
        ]

    def _on_found(self, batch: SearchBatch) -> None:
        self._begin_rows()
        self._conversations |= {hit.owner for hit in batch.hits}
        self.page.results.add(batch)
        self.page.show_rows()

    def _on_ended(self) -> None:
        self._begin_rows()
        if self._search.hits or self._recipes:
            self.page.show_rows()
            self._show_count(is_more=False)
        else:
            self.page.show_nothing()

    def _show_count(self, *, is_more: bool) -> None:
        words = count_words(self._search.hits, len(self._conversations), self._recipes, is_more=is_more)
        self.page.show_count(words)

    def _on_failed(self, error: Exception) -> None:
        self._begin_rows()
        told = describe_store(error)
        self.page.show_words(f"{told.title}. {told.sentence}" if not told.title.endswith(".") else told.sentence)

    def _open(self, hit: SearchHit) -> None:
        if hit.kind is HitKind.RECIPE:
            self.recipe_chosen.emit(hit.owner)
            return
        words = "" if hit.kind in (HitKind.TITLE, HitKind.FILE) else hit.found
        self._stack.show_home()
        self._finding.go_to(hit.owner, hit.message_id, words, in_thinking=hit.kind is HitKind.THINKING)
        if hit.kind is HitKind.FILE and hit.found:
            self.file_chosen.emit(hit)
