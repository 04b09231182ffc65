"""Finding what was said: in all conversations, on a page, and in the current one, with a bar.

Page and bar are made when they are first wanted. The page keeps what was typed and found: whoever comes back finds it
as it was. The search in the current conversation is told of all that changes there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.conversation import Conversation
from desktop.core.search import HitKind, Narrowing, RecipeText, SearchBatch, SearchHit, SearchQuery, recipe_hits
from desktop.runtime.chat import Chat
from desktop.runtime.path import ConversationPath
from desktop.runtime.recipes import RecipeShelf
from desktop.runtime.search import Search
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.errors import describe_store
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.page import PageStack
from desktop.ui.words import clauses, number, say

if TYPE_CHECKING:
    from desktop.ui.find import FindSession
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


@dataclass(frozen=True, slots=True)
class _Goal:
    """A message that is wanted in sight, with these words marked; without one, its conversation alone.

    `turned_from`: the last message of the version that was in front, where another one has been turned to.
    """

    conversation_id: str
    message_id: str
    words: str
    in_thinking: bool
    turned_from: str = ""


class FindPresenter(PagePresenter):
    """The presenter of the search."""

    opening = Signal()  # the bar: what lies over the page is to go first

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page, chat)
        self._goal: _Goal | None = None
        self._found_in = ("", "")  # a message of another version, and the last one of that which was left for it
        chat.opened.connect(lambda *_: self._on_came())
        chat.path_changed.connect(lambda _: self._on_path_changed())
        chat.generation_started.connect(lambda _: self._withdraw_way_back())  # it goes on here

    def open(self) -> None:
        """Show the bar, if there is something to search."""
        if not self._chat.path.is_empty:
            self.opening.emit()
            self._session.open()

    def go_to(self, conversation_id: str, message_id: str = "", words: str = "", *, in_thinking: bool = False) -> None:
        """Show a conversation, and in it a message with these words marked, as soon as it has been read."""
        self._goal = _Goal(conversation_id, message_id, words, in_thinking)
        if self._chat.current.id == conversation_id:
            self._approach()
        else:
            self._chat.open(conversation_id)

    def close(self) -> None:
        """Hide the bar."""
        if self._is_used:
            self._session.close()

    def take_escape(self) -> bool:
        """Hide the bar on Escape. Return False if it is not shown."""
        is_shown = self._is_used and not self._page.find_bar.isHidden()
        self.close()
        return is_shown

    @property
    def _is_used(self) -> bool:
        """True if the bar has been opened before."""
        return "_session" in vars(self)

    def _on_path_changed(self) -> None:
        found, left = self._found_in
        if self._chat.path.index_of(found) is None or self._chat.path.index_of(left) is not None:
            self._withdraw_way_back()  # another version is in front by now
        self._approach()

    def _on_came(self) -> None:
        self._withdraw_way_back()
        if self._goal is not None and self._goal.conversation_id != self._chat.current.id:
            self._goal = None  # the user went elsewhere
        elif self._goal is not None:
            self._chat.path.outlined.connect(self._approach)
            QTimer.singleShot(0, self, self._approach)  # when all others have heard of it

    def _approach(self) -> None:
        """Go to the message that is wanted, if it is known where it stands; else find that out."""
        goal, path = self._goal, self._chat.path
        if goal is None or goal.conversation_id != path.conversation_id:
            return
        if not goal.message_id or path.is_empty:
            self._goal = None
        elif path.index_of(goal.message_id) is not None:
            self._goal = None
            if goal.turned_from:
                self._offer_way_back(goal.message_id, goal.turned_from)
            if goal.words:
                self.opening.emit()
                self._session.open_at(goal.message_id, goal.words, with_reasoning=goal.in_thinking)
            else:
                self._page.transcript.search.go_to(goal.message_id, goal.in_thinking, 0, 0)
        elif path.is_whole:  # in another version of the conversation
            if goal.turned_from or not self._chat.turn_to(goal.message_id):
                self._goal = None
            else:
                self._goal = replace(goal, turned_from=path.entries[-1].id)
        else:
            path.complete()

    def _offer_way_back(self, found: str, left: str) -> None:
        """Say that a message stands in another version, and offer the one that was left, as long as that is so."""
        self._found_in = (found, left)

        def go_back() -> None:
            self.close()
            self._composer.setFocus()
            self._chat.turn_to(left)

        self._notice.show_text(self._words_of_version(), [(self.tr("Back to the one before"), go_back)], calmly=True)

    def _withdraw_way_back(self) -> None:
        if self._found_in[0]:
            self._found_in = ("", "")
            self._notice.hide_text(self._words_of_version())

    def _words_of_version(self) -> str:
        return self.tr("This stands in another version of the conversation.")

    @cached_property
    def _session(self) -> FindSession:
        from desktop.ui.find import FindSession

        bar, chat = self._page.find_bar, self._chat
        bar.set_with_reasoning(self._settings.now.find_in_thinking)
        bar.with_reasoning_changed.connect(lambda shall: self._settings.change(find_in_thinking=shall))
        session = FindSession(bar, self._page.transcript, chat.search, self)
        chat.opened.connect(self._on_opened)
        for changed in (chat.path_changed, chat.generation_started, chat.generation_ended, chat.path.outlined):
            changed.connect(session.recount)
        return session

    def _on_opened(self, conversation: Conversation, path: ConversationPath, draft: str | None) -> None:
        """Close the bar for another conversation, where the last query is not searched until it is asked for."""
        self.close()
        path.outlined.connect(self._session.recount)


def count_words(places: int, conversations: int, recipes: int, *, is_more: bool) -> str:
    """Return how much was found: "7 places in 4 conversations, 1 recipe"."""
    if is_more:
        found = say("search.more_than_places", places=number(places))
    elif places:
        in_all = say("search.conversations", conversations)
        found = say("search.places_in_conversations", places=say("search.places", places), conversations=in_all)
    else:
        found = ""
    return clauses((found, say("search.recipes", recipes) if recipes else ""))
