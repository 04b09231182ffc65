"""Recipes are found by their names first, then by their words."""

from __future__ import annotations

from desktop.core.search import RecipeText, SearchQuery, recipe_hits

SHELF = (
    RecipeText("own/a.toml", "Letter", "Write a letter.\nMention the notice period."),
    RecipeText("own/b.toml", "Notice to a supplier", "Write it for {{supplier}}."),
    RecipeText("own/c.toml", "Minutes", "Nothing."),
)


def test_names_come_first_and_words_with_their_sentence():
    found = recipe_hits(SearchQuery("notice"), SHELF)
    assert [(hit.owner, hit.sentence) for hit in found] == [
        ("own/b.toml", "Notice to a supplier"),
        ("own/a.toml", "Letter: Mention the notice period."),
    ]
    assert [hit.sentence[slice(*hit.marks[0])] for hit in found] == ["Notice", "notice"]


def test_words_may_be_spread_over_name_and_text():
    assert [hit.owner for hit in recipe_hits(SearchQuery("letter period"), SHELF)] == ["own/a.toml"]
    assert recipe_hits(SearchQuery(""), SHELF) == recipe_hits(SearchQuery("absent"), SHELF) == []
