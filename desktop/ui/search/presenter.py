"""The presenter between everything that was said and the page on which it is searched.

The page is made when it is first wanted, and keeps what was typed and found: whoever comes back finds it as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.repository import StoreError
from desktop.core.search import HitKind, RecipeText, SearchBatch, SearchHit, SearchQuery, recipe_hits
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

    came_in_front = Signal()
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
        self._page: SearchPage | None = None
        self._query = SearchQuery("")
        self._conversations: set[str] = set()  # in which something was found
        self._places = 0
        self._recipes = 0
        self._asked_at = -1  # how much had been said when the present question was asked
        self._is_first = False  # nothing has come of the present question yet

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self._page)

    @property
    def page(self) -> SearchPage | None:
        """The page, once it was wanted."""
        return self._page

    def show(self, typed: str = "") -> None:
        """Show the page with the cursor in its field; letters that were typed elsewhere begin a new search."""
        page = self._need_page()
        self._shelf.start_watching()
        self._search.choices(page.narrowing.show_choices)
        self._stack.show_page(page)
        page.focus_field(typed)
        self.came_in_front.emit()
        if not typed and (self._asked_at != self._search.changes or self._query.is_empty):
            self._ask()  # something was said meanwhile; else all is as it was left

    def prepare(self) -> None:
        """Make the page while nothing else happens, so that its first key press need not wait for it."""
        self._need_page()

    def take_escape(self) -> bool:
        """Go back to the conversation; what was typed stays. Return False if the page is not shown."""
        if not self.is_in_front:
            return False
        self._stack.show_home()
        return True

    def _need_page(self) -> SearchPage:
        if self._page is None:
            from desktop.ui.search.page import SearchPage

            page = self._page = SearchPage(self._theme, parent=self._stack)  # which it goes with, shown or not
            page.typed.connect(lambda _: self._ask())
            page.narrowing.changed.connect(lambda _: self._ask())
            page.chosen.connect(self._open)
            page.more_wanted.connect(self._search.go_on)
            page.back_requested.connect(self.take_escape)
            search = self._search
            search.found.connect(self._on_found)
            search.ended.connect(self._on_ended)
            search.paused.connect(lambda: self._show_count(is_more=True))
            search.failed.connect(self._on_failed)
        return self._page

    def _ask(self) -> None:
        page = self._need_page()
        query = SearchQuery(page.query, page.narrowing.narrowing)
        self._query = query
        self._asked_at = self._search.changes
        self._is_first = True
        if query.is_empty:
            self._search.stop()
            self._begin_rows()
            page.show_begin()
            return
        page.begin_results(self._search.share)
        self._search.ask(query)

    def _begin_rows(self) -> None:
        """Remove what was found for the question before, now that something else is to be shown."""
        if not self._is_first:
            return
        assert self._page is not None
        self._is_first = False
        self._conversations = set()
        self._places = 0
        self._page.results.clear()
        recipes = recipe_hits(self._query, self._recipe_texts()) if self._searches_recipes() else []
        self._recipes = len(recipes)
        self._page.results.insert_recipes(recipes)

    def _searches_recipes(self) -> bool:
        narrowing = self._query.narrowing
        is_of_conversations = narrowing.model or narrowing.place or narrowing.pinned or narrowing.has_file
        return not (is_of_conversations or narrowing.since)

    def _recipe_texts(self) -> list[RecipeText]:
        texts = []
        for entry in self._shelf.recipes:
            recipe = entry.recipe
            words = "\n".join((recipe.about, *recipe.draft.texts.values()))
            texts.append(RecipeText(entry.key, recipe.name, words))
        return texts

    def _on_found(self, batch: SearchBatch) -> None:
        assert self._page is not None
        self._begin_rows()
        self._conversations |= {hit.owner for hit in batch.hits}
        self._places += len(batch.hits)
        self._page.results.insert_batch(batch)
        self._page.show_rows()

    def _on_ended(self) -> None:
        assert self._page is not None
        self._begin_rows()
        if self._page.results.rowCount():
            self._page.show_rows()
            self._show_count(is_more=False)
            return
        self._page.show_nothing()

    def _show_count(self, *, is_more: bool) -> None:
        assert self._page is not None
        words = count_words(self._places, len(self._conversations), self._recipes, is_more=is_more)
        self._page.show_count(words)

    def _on_failed(self, error: Exception) -> None:
        assert self._page is not None
        self._begin_rows()
        told = describe_store(error if isinstance(error, StoreError) else StoreError("other"))
        self._page.show_words(f"{told.title}. {told.sentence}" if not told.title.endswith(".") else told.sentence)

    def _open(self, hit: SearchHit) -> None:
        match hit.kind:
            case HitKind.RECIPE:
                self.recipe_chosen.emit(hit.owner)
            case HitKind.TITLE:
                self._go_to(hit)
            case HitKind.FILE:
                self._go_to(hit)
                if hit.found:
                    self.file_chosen.emit(hit)
            case _:
                self._go_to(hit, hit.found)

    def _go_to(self, hit: SearchHit, words: str = "") -> None:
        self._stack.show_home()
        self._finding.go_to(hit.owner, hit.message_id, words, in_thinking=hit.kind is HitKind.THINKING)
