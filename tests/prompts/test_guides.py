"""The words the program brings: guides, lessons and frameworks, in both languages."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections import Counter
from dataclasses import fields, replace

import pytest

from desktop.core.advice import PromptSetting, advise
from desktop.core.prompts.prompt import (
    MOST_WEIGHT,
    NOTHING,
    FieldKind,
    Language,
    PromptField,
    Wording,
    missing_fields,
    new_draft,
    tidied,
)
from desktop.core.prompts.render import CHAIN_OF_THOUGHT_KEY, EXAMPLES_KEY, language_of, render, reopened
from desktop.core.resources import resource_path
from desktop.core.tasks.guiding import MATERIAL
from desktop.core.tasks.office import GENERAL, Guide, GuideQuestion
from desktop.core.teaching import BuilderTry, CardTry, CompareTry, HelpTerm, find_help
from desktop.core.text.scripts import has_han, is_chinese
from desktop.prompts.texts import Guides, load_frameworks, load_help
from desktop.store.models import load_catalogue
from desktop.ui.models.menu import Term
from desktop.ui.teaching import draft_of

FILES = sorted(resource_path("guides").glob("*.toml"))
OWN = [file for file in FILES if file.stem != GENERAL]


@pytest.fixture(scope="module")
def guides():
    return {file.stem: Guides().guide(file.stem) for file in FILES}


def test_every_guide_is_written_in_both_languages(guides):
    for guide in guides.values():
        texts = [guide.title, *((guide.material.missing, guide.material.hint) if guide.material else ())]
        for question in guide.questions:
            texts += [question.short, question.question, question.why]
            texts += [one for each in question.answers for one in (each.label, each.about, each.text)]
        for text in texts:
            assert not has_han(text.of(Language.ENGLISH)), text
            assert has_han(text.of(Language.CHINESE)), text


def test_no_two_answers_of_a_guide_are_alike(guides):
    for guide in guides.values():
        words = [each.text for question in guide.questions for each in question.answers]
        assert len({each.en for each in words}) == len(words), guide.key  # an answer is known again by its words
        assert len({each.zh for each in words}) == len(words), guide.key


def test_a_task_without_a_guide_has_the_general_one():
    folder = Guides()
    speech = folder.guide("speech")
    assert (speech.key, speech.questions) == ("speech", folder.guide(GENERAL).questions)
    assert folder.guide("minutes") is folder.guide("minutes")


def test_each_file_keeps_the_contract(guides):
    for file in FILES:
        values, guide = tomllib.loads(file.read_text("utf-8")), guides[file.stem]
        assert values.keys() <= {each.name for each in fields(Guide)}, file.name
        assert all(each.keys() <= {name.name for name in fields(GuideQuestion)} for each in values["questions"])
        own = guide.questions if file.stem == GENERAL else guide.questions[:-1]
        assert len(own) == len(values["questions"]) <= 3, "as many as are answered gladly"
        keys = [each.key for each in guide.questions]
        assert len({*keys, MATERIAL}) == len(keys) + 1
        for each in guide.questions:
            assert len(each.answers) <= 3, "as many as can be taken in at a glance"
            assert each.own.en.count("%1") == each.own.zh.count("%1") == 1


def test_in_place_of_a_guide_that_cannot_be_used_stands_the_general_one(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("desktop.prompts.texts.resource_path", lambda *names: tmp_path / names[-1])
    (tmp_path / "general.toml").write_bytes(b"\xff\xfe")
    assert Guides().guide("minutes").questions == ()
    (tmp_path / "general.toml").write_bytes(resource_path("guides", "general.toml").read_bytes())
    (tmp_path / "summarise.toml").write_text("[material", "utf-8")
    assert [each.key for each in Guides().guide("summarise").questions] == ["aim", "form", "more"]
    assert "summarise.toml cannot be used" in caplog.text


_MOST_WORDS, _MOST_SIGNS = 160, 260  # of English and of Chinese, to be read in a minute, with time to press
HELP = load_help()
LESSONS = pytest.mark.parametrize("lesson", HELP.lessons, ids=lambda each: each.key)


def said(lesson):
    for part in lesson.parts:
        yield from part.wordings


def test_there_are_twelve_lessons_that_can_all_be_read():
    assert [each.position for each in HELP.lessons] == list(range(1, 13))


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


KEYS = [
    *("main", "co_star", "rtf", "crispe"),
    *("answer_mail", "complaint", "minutes", "summarise", "translate", "proofread", "weekly_report"),
    *("notice", "make_table", "slides", "policy", "contract_clauses", "ask_document", "compare_texts"),
    *("explain", "plan", "brainstorm", "check_sums", "check_facts"),
]
BUNDLED = load_frameworks()


def test_all_are_there_in_their_order():
    assert [each.key for each in BUNDLED] == KEYS
    assert {file.name for file in resource_path("frameworks").iterdir()} == {f"{key}.toml" for key in KEYS}
    assert [each.key for each in BUNDLED if not each.is_ready_made] == KEYS[:4]


def test_the_reader_is_addressed_in_one_form():
    """Chinese addresses who reads the panel by 您 and the model by 你; a form in quotes is spoken of, not used."""
    for framework in BUNDLED:
        read = [framework.about.zh, *(each.why.zh for each in framework.fields)]
        assert not [text for text in read if "你" in text.replace("“你”", "")]
        assert not [each.key for each in framework.fields if "您" in each.start.zh]


@pytest.mark.parametrize("framework", BUNDLED, ids=lambda each: each.key)
def test_each_framework_keeps_the_contract(framework):
    values = tomllib.loads(resource_path("frameworks", f"{framework.key}.toml").read_text("utf-8"))
    assert values.keys() <= {"name", "about", "position", "is_ready_made", "fields"}
    known = {each.name for each in dataclasses.fields(PromptField)}
    assert all(each.keys() <= known for each in values["fields"])
    assert framework.task.required
    kinds = Counter(each.kind for each in framework.fields)
    assert (kinds[FieldKind.TASK], kinds[FieldKind.EXAMPLES] < 2) == (1, True)
    keys = [each.key for each in framework.fields]
    assert len(set(keys)) == len(keys)
    assert CHAIN_OF_THOUGHT_KEY not in keys
    assert all(each.kind is FieldKind.EXAMPLES for each in framework.fields if each.key == EXAMPLES_KEY)
    headings = [one for each in framework.fields for one in {each.heading.en, each.heading.zh}]
    assert len(set(headings)) == len(headings), "else a prompt could not be taken apart again"
    for wording in _wordings(framework):
        assert wording.en
        assert wording.zh
        assert not is_chinese(wording.en), wording.en
        assert is_chinese(wording.zh) or wording.zh.isascii(), wording.zh
        assert max(len(wording.en), len(wording.zh)) <= 260, wording.en
    for label in (framework.name, *(one for each in framework.fields for one in (each.label, each.heading))):
        assert not {"\n"} & set(label.en + label.zh)
    for each in framework.fields:
        assert each.weight in range(1, MOST_WEIGHT + 1)
        assert each.why.en[0].isupper()
        assert each.why.en[-1] in ".?", each.why.en
        assert each.why.zh[-1] in "。？", each.why.zh
        # Half-width punctuation between Chinese characters is a slip.
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]", each.why.zh + each.hint.zh + each.start.zh)


def _wordings(framework):
    fields = framework.fields
    texts = [one for each in fields for one in (each.label, each.why, each.hint, each.heading)]
    return [framework.name, framework.about, *texts, *(each.start for each in fields if each.start != NOTHING)]


@pytest.mark.parametrize("framework", BUNDLED, ids=lambda each: each.key)
@pytest.mark.parametrize("language", list(Language))
def test_a_prompt_of_its_hints_is_reopened_in_it(framework, language):
    draft = new_draft(framework, language)
    for each in framework.fields:
        match each.kind:
            case FieldKind.MATERIAL:
                draft = draft.with_material(each.key, each.hint.of(language))
            case _ if not draft.text(each.key):
                draft = draft.with_text(each.key, each.hint.of(language))
    prompt = render(draft, framework)
    assert prompt.language is language_of(draft, framework) is language
    assert reopened(prompt.text, BUNDLED) == tidied(draft, framework)


@pytest.mark.parametrize("framework", BUNDLED, ids=lambda each: each.key)
@pytest.mark.parametrize("language", list(Language))
def test_what_the_hints_show_needs_no_advice(framework, language):
    draft = new_draft(framework, language)
    for each in framework.fields:
        match each.kind:
            case FieldKind.MATERIAL:
                text = Wording(f"What stands in {each.key}. ", f"这里是{each.label.zh}的内容。").of(language)
                if framework.key == "translate":  # into English
                    text = "这里是一段要翻译的内容。"
                draft = draft.with_material(each.key, text * 9)
            case FieldKind.EXAMPLES:
                pass
            case _:
                draft = draft.with_text(each.key, each.hint.of(language))
    assert advise(draft, framework, PromptSetting()) == []
    started = {each.key: each.start.of(language) for each in framework.fields if each.start.en}
    if framework.key != "translate":  # whose opening names the language that the material is in here
        assert advise(replace(draft, texts={**draft.texts, **started}), framework, PromptSetting()) == []


def test_a_file_that_cannot_be_used_costs_itself_alone(tmp_path, monkeypatch, caplog):
    good = resource_path("frameworks", "rtf.toml").read_text("utf-8")
    broken = {
        "none": b"",
        "no_toml": b"name.en = ",
        "bytes": b'name.en = "A"\n\xff\xfe',
        "half": good.replace("name.zh", "name.fr").encode(),
        "kind": good.replace('kind = "task"', 'kind = "verb"').encode(),
    }
    for name, content in broken.items():
        (tmp_path / f"{name}.toml").write_bytes(content)
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "good.toml").write_text(good, "utf-8")
    monkeypatch.setattr("desktop.prompts.texts.resource_path", lambda *names: tmp_path)
    assert [each.key for each in load_frameworks()] == ["good"]
    assert all(f"{name}.toml cannot be used" in caplog.text for name in (*broken, "folder"))
