"""Searching in a store, as the tests do it: to the end, in any number of steps."""

from __future__ import annotations

from desktop.core.search import Narrowing, SearchQuery
from desktop.store.search.walk import SearchWalk

_ALL = Narrowing()


def fill(store):
    """Have the index take up all that it lacks."""
    while store.search_index.fill() < 1.0:
        pass


def batches(
    store,
    text,
    narrowing=_ALL,
    most=50,
    between=lambda: None,
):
    """All steps of one search; `between` is called after each."""
    walk = SearchWalk(SearchQuery(text, narrowing), store.search_index)
    found = [walk.step(most)]
    while not found[-1].is_over:
        between()
        found.append(walk.step(most))
    return found


def search(store, text, narrowing=_ALL):
    """All that is found, in its order."""
    return [hit for batch in batches(store, text, narrowing) for hit in batch.hits]


def cards(store, text):
    """The conversations in which something is found, in their order."""
    return [card for batch in batches(store, text) for card in batch.cards]
