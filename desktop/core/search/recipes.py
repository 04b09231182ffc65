"""Recipes in which something is found: by their names first, then by their texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.core.search.hits import HitKind, SearchHit
from desktop.core.search.query import SearchQuery
from desktop.core.search.sentence import first_place, marks_in, sentence_at
from desktop.core.text.find import comparable


@dataclass(frozen=True, slots=True)
class RecipeText:
    """Recipe as it is searched: the key by which it is opened, its name, and its words."""

    key: str
    name: str
    words: str


def recipe_hits(query: SearchQuery, recipes: Iterable[RecipeText]) -> list[SearchHit]:
    """Return the recipes that have all words, those that have them in their name first."""
    if query.is_empty:
        return []
    by_name: list[SearchHit] = []
    by_words: list[SearchHit] = []
    for recipe in recipes:
        if query.is_in(comparable(recipe.name)):
            by_name.append(SearchHit(HitKind.RECIPE, recipe.key, recipe.name, marks_in(recipe.name, query.words)))
        elif query.is_in(comparable(f"{recipe.name}\n{recipe.words}")):
            place = first_place(recipe.words, query.text, query.words)
            if place is not None:
                sentence, _ = sentence_at(recipe.words, place, query.words)
                shown = f"{recipe.name}: {sentence}"
                by_words.append(SearchHit(HitKind.RECIPE, recipe.key, shown, marks_in(shown, query.words)))
    return [*by_name, *by_words]
