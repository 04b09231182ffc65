"""Each file of `resources/frameworks/` keeps its contract; a broken one is named with line and reason."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.advice.piece import PromptSetting
from desktop.core.advice.rules import advise
from desktop.core.prompts.parse import reopened
from desktop.core.prompts.prompt import FieldKind, Language, PromptDraft, PromptFramework, Wording, new_draft, tidied
from desktop.core.prompts.render import language_of, render
from desktop.core.resources import resource_path
from desktop.core.text.scripts import is_chinese
from desktop.prompts.frameworks import load_frameworks, read_framework

FILES = sorted(resource_path("frameworks").iterdir())
KEYS = [
    *("main", "co_star", "rtf", "crispe"),
    *("answer_mail", "complaint", "minutes", "summarise", "translate", "proofread", "weekly_report"),
    *("notice", "make_table", "slides", "policy", "contract_clauses", "ask_document", "compare_texts"),
    *("explain", "plan", "brainstorm", "check_sums", "check_facts"),
]
BUNDLED = load_frameworks()


def test_all_are_there_in_their_order() -> None:
    assert BUNDLED.problems == ()
    assert [each.key for each in BUNDLED.frameworks] == KEYS
    assert [each.key for each in BUNDLED.frameworks if not each.is_ready_made] == KEYS[:4]
    assert BUNDLED.get("rtf") is BUNDLED.frameworks[2]
    assert BUNDLED.get("gone") is None


def test_the_reader_is_addressed_in_one_form() -> None:
    """Chinese addresses who reads the panel by 您 and the model by 你; a form in quotes is spoken of, not used."""
    for framework in BUNDLED.frameworks:
        read = [framework.about.zh, *(each.why.zh for each in framework.fields)]
        assert not [text for text in read if "你" in text.replace("“你”", "")]
        assert not [each.key for each in framework.fields if "您" in each.start.zh]


def test_the_main_one_has_its_parts_in_the_order_of_importance() -> None:
    main = BUNDLED.frameworks[0]
    assert [each.key for each in main.fields] == ["task", "context", "example", "persona", "format", "tone"]
    weights = [each.weight for each in main.fields]
    assert weights == sorted(weights, reverse=True)
    assert [each.key for each in main.fields if each.required] == ["task"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_file_keeps_the_contract(file: Path) -> None:
    assert file.suffix == ".toml"
    framework = read_framework(file)
    assert file.read_text(encoding="utf-8").startswith("# "), "says what it is about"
    assert framework.task.required
    for wording in _wordings(framework):
        assert not is_chinese(wording.en), wording.en
        assert is_chinese(wording.zh) or wording.zh.isascii(), wording.zh
        assert max(len(wording.en), len(wording.zh)) <= 260, wording.en
    for each in framework.fields:
        assert each.why.en[0].isupper()
        assert each.why.en[-1] in ".?", each.why.en
        assert each.why.zh[-1] in "。？", each.why.zh
        # Half-width punctuation between Chinese characters is a slip.
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]", each.why.zh + each.hint.zh + each.start.zh)


def _wordings(framework: PromptFramework) -> list[Wording]:
    fields = framework.fields
    texts = [one for each in fields for one in (each.label, each.why, each.hint, each.heading, each.start)]
    return [one for one in (framework.name, framework.about, *texts) if one.en]


@pytest.mark.parametrize("framework", BUNDLED.frameworks, ids=lambda each: each.key)
@pytest.mark.parametrize("language", list(Language))
def test_a_prompt_of_its_hints_is_reopened_in_it(framework: PromptFramework, language: Language) -> None:
    draft = new_draft(framework, language)
    for each in framework.fields:
        match each.kind:
            case FieldKind.MATERIAL:
                draft = draft.with_material(each.key, each.hint.of(language))
            case _ if not draft.text(each.key):
                draft = draft.with_text(each.key, each.hint.of(language))
    prompt = render(draft, framework)
    assert prompt.language is language_of(draft, framework) is language
    assert reopened(prompt.text, BUNDLED.frameworks) == tidied(draft, framework)


@pytest.mark.parametrize("framework", BUNDLED.frameworks, ids=lambda each: each.key)
@pytest.mark.parametrize("language", list(Language))
def test_what_the_hints_show_needs_no_advice(framework: PromptFramework, language: Language) -> None:
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


FIELD = """
[[fields]]
key = "task"
kind = "task"
weight = 5
label.en = "Task"
label.zh = "任务"
why.en = "Why."
why.zh = "原因。"
hint.en = "Hint"
hint.zh = "提示"
"""
GOOD = 'name.en = "A"\nname.zh = "甲"\nabout.en = "B"\nabout.zh = "乙"\n' + FIELD
OTHER = FIELD.replace('"task"', '"other"').replace('"Task"', '"Other"').replace("任务", "其他")
TWO = GOOD + OTHER

# What is broken, the line that is named (0: none), and the reason.
BROKEN = {
    "no TOML": ("name.en = ", 1, "this is no value"),
    "not closed": ('name.en = "A"\nname.zh = "B', 2, "a sign stands here|is not closed"),
    "too deep": ("a = " + "[" * 100_000, 0, "."),
    "empty": ("", 0, "name is missing"),
    "no language": (GOOD.replace('name.zh = "甲"\n', ""), 1, "name must have name.en and name.zh"),
    "another language": (GOOD.replace("name.zh", "name.fr"), 1, "name must have name.en and name.zh"),
    "no table of texts": (
        GOOD.replace('about.en = "B"\nabout.zh = "乙"', 'about = "B"'),
        3,
        "about must have about.en",
    ),
    "blank text": (GOOD.replace('"B"', '" "'), 3, "about must be a text in each language, and not empty"),
    "no text": (GOOD.replace('"B"', "1"), 3, "about must be a text"),
    "unknown name": (GOOD.replace("name.en", 'colour = "red"\nname.en'), 1, "unknown name colour; known are about, "),
    "unknown name in a field": (GOOD + "size = 1\n", 16, "unknown name size; known are heading, hint, key"),
    "wrong position": ("position = 0\n" + GOOD, 1, "position must be a whole number from 1 to 100000"),
    "wrong flag": ("ready_made = 1\n" + GOOD, 1, "ready_made must be true or false"),
    "no fields": (GOOD.partition("[[")[0], 0, r"no \[\[fields\]\]"),
    "fields of another kind": ("fields = 3\n" + GOOD.partition("[[")[0], 1, r"no \[\[fields\]\]"),
    "no key": (TWO.replace('key = "other"\n', ""), 17, "key is missing"),
    "wrong key": (TWO.replace('key = "other"', 'key = "A b"'), 18, "key must be of a-z"),
    "wrong kind": (TWO.replace('kind = "other"', 'kind = "verb"'), 19, "kind is 'verb'; known are task, context, ex"),
    "wrong weight": (TWO[::-1].replace("5 = thgiew", "9 = thgiew", 1)[::-1], 20, "weight must be a whole number"),
    "weight in words": (GOOD.replace("weight = 5", "weight = true"), 9, "weight must be a whole number from 1 to 5"),
    "no hint": (TWO[: TWO.rindex("hint.en")], 17, "hint is missing"),
    "two lines": (GOOD.replace('"Task"', '"A\\nB"'), 10, "label must be one line"),
    "two tasks": (TWO.replace('kind = "other"', 'kind = "task"'), 6, "exactly one field must be of the kind task"),
    "no task": (GOOD.replace('kind = "task"', 'kind = "other"'), 6, "exactly one field must be of the kind task"),
    "two examples": (
        GOOD + OTHER.replace('kind = "other"', 'kind = "examples"') * 2,
        6,
        "only one field can be of the kind examples",
    ),
    "same key": (TWO.replace('key = "other"', 'key = "task"'), 18, "task: key is used twice"),
    "kept key": (TWO.replace('key = "other"', 'key = "chain_of_thought"'), 18, "kept for the request to think"),
    "key of examples": (TWO.replace('key = "other"', 'key = "examples"'), 18, "kept for fields of the kind examples"),
    "same heading": (TWO.replace("其他", "任务"), 17, "other: heading stands above two parts"),
    "heading of another": (TWO + 'heading.en = "任务"\nheading.zh = "其他"\n', 27, "heading stands above two parts"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_named_with_line_and_reason_and_the_others_load(case: str, tmp_path: Path) -> None:
    content, line, reason = BROKEN[case]
    (tmp_path / "bad.toml").write_text(content, encoding="utf-8")
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    loaded = load_frameworks(tmp_path)
    assert [each.key for each in loaded.frameworks] == ["good"]
    [problem] = loaded.problems
    assert problem.file.name == "bad.toml"
    assert re.search(reason, str(problem.reason)), problem.reason
    assert problem.line == line, problem.reason
    assert str(problem).startswith(f"bad.toml, line {line}: " if line else "bad.toml: ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe and a link")
def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b'name.en = "A"\n\xff\xfe')
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_001)
    (tmp_path / "Upper case.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe.toml")
    found = {each.file.stem: (each.line, str(each.reason)) for each in load_frameworks(tmp_path).problems}
    assert found == {
        "bytes": (2, "it is not written in UTF-8"),
        "folder": (0, "it is no file"),
        "large": (0, "it is larger than 1000 KB"),
        "Upper case": (0, "the file's name must be of a-z, 0-9 and _, and begin with a letter"),
        "dangling": (0, "it is no file"),
        "pipe": (0, "it is no file"),
    }


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    loaded = load_frameworks(tmp_path / "gone")
    assert (loaded.frameworks, loaded.problems) == ((), ())


def test_what_a_file_may_leave_out_and_how_texts_are_trimmed(tmp_path: Path) -> None:
    file = tmp_path / "one.toml"
    file.write_bytes(("\ufeff" + GOOD.replace('"B"', '"""\n B \n"""')).replace("\n", "\r\n").encode())
    framework = read_framework(file)
    assert framework.about == Wording("B", "乙")
    [task] = framework.fields
    assert task.heading == task.label
    assert (task.start, task.required) == (Wording("", ""), False)
    assert (framework.position, framework.is_ready_made) == (1_000, False)
    assert new_draft(framework, Language.ENGLISH) == PromptDraft(framework="one")
