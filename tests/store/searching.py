"""Searching in a store, as the tests do it: to the end, in any number of steps."""

from __future__ import annotations

from collections.abc import Callable

from desktop.core.search import ConversationCard, Narrowing, SearchBatch, SearchHit, SearchQuery
from desktop.store.database import SqliteStore
from desktop.store.search.walk import SearchWalk

_ALL = Narrowing()


def fill(store: SqliteStore) -> None:
    """Have the index take up all that it lacks."""
    while store.search_index.fill() < 1.0:
        pass


def batches(
    store: SqliteStore,
    text: str,
    narrowing: Narrowing = _ALL,
    most: int = 50,
    between: Callable[[], object] = lambda: None,
) -> list[SearchBatch]:
    """All steps of one search; `between` is called after each."""
    walk = SearchWalk(SearchQuery(text, narrowing), store.search_index)
    found = [walk.step(most)]
    while not found[-1].is_over:
        between()
        found.append(walk.step(most))
    return found


def search(store: SqliteStore, text: str, narrowing: Narrowing = _ALL) -> list[SearchHit]:
    """All that is found, in its order."""
    return [hit for batch in batches(store, text, narrowing) for hit in batch.hits]


def cards(store: SqliteStore, text: str) -> list[ConversationCard]:
    """The conversations in which something is found, in their order."""
    return [card for batch in batches(store, text) for card in batch.cards]
