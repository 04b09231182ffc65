"""The texts of the help: those that come with the program, and files that are wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.prompts.prompt import Language, Wording, missing_fields
from desktop.core.resources import resource_path
from desktop.core.teaching.lesson import BuilderTry, CardTry, Lesson, wordings_of
from desktop.prompts.frameworks import load_frameworks
from desktop.prompts.help_texts import load_help
from desktop.store.catalogue import load_catalogue
from desktop.ui.models.terms import TERM_LESSONS
from desktop.ui.teaching.trying import draft_of

_MOST_WORDS, _MOST_SIGNS = 160, 260  # of English and of Chinese, to be read in a minute, with time to press
FOUND = load_help()
LESSONS = pytest.mark.parametrize("lesson", FOUND.texts.lessons, ids=lambda each: each.key)


def said(lesson: Lesson) -> Iterator[Wording]:
    for part in lesson.parts:
        yield from wordings_of(part)


def test_there_are_ten_lessons_that_can_all_be_read() -> None:
    assert FOUND.problems == ()
    assert [each.position for each in FOUND.texts.lessons] == list(range(1, 11))


@LESSONS
def test_a_lesson_takes_a_minute(lesson: Lesson) -> None:
    assert len(" ".join(each.en for each in said(lesson)).split()) <= _MOST_WORDS
    assert sum("一" <= sign <= "鿿" for each in said(lesson) for sign in each.zh) <= _MOST_SIGNS


@LESSONS
def test_what_can_be_pressed_is_there(lesson: Lesson) -> None:
    frameworks, catalogue = load_frameworks(), load_catalogue().catalogue
    for each in lesson.tries:
        match each:
            case BuilderTry(framework=key):
                framework = frameworks.get(key)
                assert framework is not None
                assert set(each.texts) <= {field.key for field in framework.fields}
                assert all(missing_fields(draft_of(each, language), framework) == () for language in Language)
            case CardTry(model=model):
                assert catalogue.find_row(model) is not None


def test_terms_lead_to_lessons_that_there_are() -> None:
    texts = FOUND.texts
    assert all(texts.lesson(each.lesson) is not None for each in texts.terms if each.lesson)
    assert len({each.key for each in texts.terms}) == len(texts.terms)
    assert all(texts.lesson(key) or texts.term(key) for key in TERM_LESSONS)


def test_chinese_sentences_have_chinese_signs() -> None:
    for file in resource_path("help").rglob("*.toml"):
        for words in _chinese(tomllib.loads(file.read_text("utf-8"))):
            assert not any(f"{sign}{mark}" in words for sign in "的了是在吗" for mark in ",;?!"), words


def _chinese(value: object) -> Iterator[str]:
    match value:
        case {"zh": str(words)}:
            yield words
        case dict():
            for each in value.values():
                yield from _chinese(each)
        case list():
            for each in value:
                yield from _chinese(each)


def test_a_lesson_that_is_wrong_is_named_and_the_others_load(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    good = resource_path("help", "lessons", "sizes.toml").read_text("utf-8")
    (tmp_path / "lessons" / "good.toml").write_text(good, "utf-8")
    (tmp_path / "lessons" / "bad.toml").write_text(good.replace('kind = "door"', 'kind = "window"'), "utf-8")
    (tmp_path / "lessons" / "half.toml").write_text(good.replace("title.zh", "title.fr"), "utf-8")
    found = load_help(tmp_path)
    assert [each.key for each in found.texts.lessons] == ["good"]
    line = good.split("\n").index('kind = "door"') + 1
    told = [(each.file.name, each.line) for each in found.problems]
    assert told == [("bad.toml", line), ("half.toml", 3), ("dictionary.toml", 0)]
