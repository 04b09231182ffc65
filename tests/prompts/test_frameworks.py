"""Each file of `resources/frameworks/` keeps its contract."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections import Counter
from dataclasses import replace

import pytest

from desktop.core.advice.rules import PromptSetting, advise
from desktop.core.prompts.prompt import (
    MOST_WEIGHT,
    NOTHING,
    FieldKind,
    Language,
    PromptField,
    Wording,
    new_draft,
    tidied,
)
from desktop.core.prompts.render import CHAIN_OF_THOUGHT_KEY, EXAMPLES_KEY, language_of, render, reopened
from desktop.core.resources import resource_path
from desktop.core.text.scripts import is_chinese
from desktop.prompts.texts import load_frameworks

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


def test_the_main_one_has_its_parts_in_the_order_of_importance():
    main = BUNDLED[0]
    assert [each.key for each in main.fields] == ["task", "context", "example", "persona", "format", "tone"]
    weights = [each.weight for each in main.fields]
    assert weights == sorted(weights, reverse=True)
    assert [each.key for each in main.fields if each.required] == ["task"]


@pytest.mark.parametrize("framework", BUNDLED, ids=lambda each: each.key)
def test_each_file_keeps_the_contract(framework):
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
