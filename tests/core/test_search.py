"""Searching: which recipes are found, how a sentence is shown around what was found, and finding in the help."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.search import RecipeText, SearchQuery, first_place, marks_in, recipe_hits, sentence_at
from desktop.core.teaching import HelpTerm, KeyHelp, Lesson, find_help
from desktop.core.text.find import comparable
from tests.core.tables import table
from tests.ui.page_scenes import the_help

# --- Recipes are found by their names first, then by their words ---------------------------------------------------

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


# --- The sentence around what was found is short, on one line, without Markdown, and marks just what was -----------

CASES = table("search/sentences.toml")


def shown(text, query):
    """The sentence, with what is marked in brackets."""
    asked = SearchQuery(query)
    place = first_place(text, query, asked.words)
    assert place is not None
    sentence, marks = sentence_at(text, place, asked.words)
    for start, end in reversed(marks):
        sentence = f"{sentence[:start]}[{sentence[start:end]}]{sentence[end:]}"
    return sentence


@pytest.mark.parametrize(("text", "query", "sentence"), CASES["sentences"])
def test_sentences(text, query, sentence):
    assert shown(text, query) == sentence


def test_a_long_line_is_cut_on_both_sides():
    found = shown("x " * 100 + "notice" + " y" * 300, "notice")
    assert found == "… " + "x " * 29 + "[notice]" + " y" * 100 + " …"


@given(st.text(max_size=300), st.text(max_size=20))
def test_whatever_is_found_has_a_sentence_on_one_line(text, typed):
    query = SearchQuery(typed)
    if query.is_empty or not query.is_in(comparable(text)):
        return
    place = first_place(text, typed, query.words)
    if place is None:  # letters of a word that are one with an accent after them, elsewhere in the text
        return
    sentence, marks = sentence_at(text, place, query.words)
    assert "\n" not in sentence
    assert all(0 <= start < end <= len(sentence) for start, end in marks)
    assert list(marks) == sorted(marks)


def test_marks_that_touch_are_one():
    assert marks_in("The notebook", ["notebook", "book", "tebo"]) == ((4, 12),)
    assert marks_in("aab", ["aa", "ab"]) == ((0, 3),)


def test_a_query_is_words_and_nothing_else():
    assert SearchQuery('  "Notice"  AND\tstraße notice" ').words == ('"notice"', "and", "strasse", 'notice"')
    assert SearchQuery("\ud800\x00 ").words == ("\ufffd\ufffd",)
    assert SearchQuery(" \n ").is_empty
    assert len(SearchQuery(" ".join(map(str, range(10_000)))).words) == 64


HELP = table("teaching/finding.toml")


KEYS = [KeyHelp("新建对话", "New conversation", "Ctrl+N"), KeyHelp("重新开始", "Start fresh", "Ctrl+Shift+N")]


def names(text):
    found = find_help(text, the_help(), KEYS)
    return [each.key if isinstance(each, Lesson | HelpTerm) else each.keys for each in found]


@pytest.mark.parametrize(
    ("text", "first"),
    HELP["the_best_hit_stands_first_in_either_language"],
)
def test_the_best_hit_stands_first_in_either_language(text, first):
    assert names(text)[0] == first


def test_all_words_are_wanted_and_none_finds_nothing():
    assert "places" in names("ollama vllm")
    assert names("ollama zebra") == []
    assert names("  ") == []
