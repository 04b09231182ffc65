"""The texts of the help that come with the program."""

from __future__ import annotations

import tomllib

import pytest

from desktop.core.prompts.prompt import Language, missing_fields
from desktop.core.resources import resource_path
from desktop.core.teaching.finding import find_help
from desktop.core.teaching.lesson import BuilderTry, CardTry, CompareTry, HelpTerm
from desktop.prompts.texts import load_frameworks, load_help
from desktop.store.models import load_catalogue
from desktop.ui.models.about import Term
from desktop.ui.teaching.trying import draft_of

_MOST_WORDS, _MOST_SIGNS = 160, 260  # of English and of Chinese, to be read in a minute, with time to press
HELP = load_help()
LESSONS = pytest.mark.parametrize("lesson", HELP.lessons, ids=lambda each: each.key)


def said(lesson):
    for part in lesson.parts:
        yield from part.wordings


def test_there_are_twelve_lessons_that_can_all_be_read():
    assert [each.position for each in HELP.lessons] == list(range(1, 13))


@LESSONS
def test_a_lesson_takes_a_minute(lesson):
    assert len(" ".join(each.en for each in said(lesson)).split()) <= _MOST_WORDS
    assert sum("一" <= sign <= "鿿" for each in said(lesson) for sign in each.zh) <= _MOST_SIGNS


@LESSONS
def test_what_can_be_pressed_is_there(lesson):
    frameworks, catalogue = {each.key: each for each in load_frameworks()}, load_catalogue().catalogue
    for each in lesson.tries:
        assert each.words.en
        match each:
            case CompareTry(sides=sides):
                assert len(sides) == 2
            case BuilderTry(framework=key):
                framework = frameworks.get(key)
                assert set(each.texts) <= {field.key for field in framework.fields}
                assert all(missing_fields(draft_of(each, language), framework) == () for language in Language)
            case CardTry(model=model):
                assert catalogue.find_row(model) is not None


def test_terms_lead_to_lessons_that_there_are():
    assert all(HELP.lesson(each.lesson) is not None for each in HELP.terms if each.lesson)
    assert len({each.key for each in HELP.terms}) == len(HELP.terms)
    assert all(HELP.lesson(each.lesson) or HELP.term(each.lesson) for each in Term)


@pytest.mark.parametrize("words", ["推理模型", "提示词框架", "系统提示词", "RAG", "知识截止", "联网", "system prompt"])
def test_what_people_ask_for_is_found_in_a_name(words):
    found = find_help(words, HELP, ())
    assert any(
        words.casefold() in f"{each.name.zh} {each.name.en}".casefold() for each in found if isinstance(each, HelpTerm)
    )
    assert any(each.lesson for each in found if isinstance(each, HelpTerm))


def test_chinese_sentences_have_chinese_signs():
    for file in resource_path("help").rglob("*.toml"):
        for words in _chinese(tomllib.loads(file.read_text("utf-8"))):
            assert not any(f"{sign}{mark}" in words for sign in "的了是在吗" for mark in ",;?!"), words


def _chinese(value):
    match value:
        case {"zh": str(words)}:
            yield words
        case dict():
            for each in value.values():
                yield from _chinese(each)
        case list():
            for each in value:
                yield from _chinese(each)
