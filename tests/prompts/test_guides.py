"""The guides that come with the program can be used, and a broken one is told in the log and stood in for."""

from __future__ import annotations

import tomllib
from dataclasses import fields

import pytest

from desktop.core.prompts.prompt import Language
from desktop.core.resources import resource_path
from desktop.core.tasks.guide import GENERAL, Guide, GuideQuestion
from desktop.core.tasks.guiding import MATERIAL
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.text.scripts import has_han
from desktop.prompts.texts import Guides

FILES = sorted(resource_path("guides").glob("*.toml"))
OWN = [file for file in FILES if file.stem != GENERAL]


@pytest.fixture(scope="module")
def guides():
    return {file.stem: Guides().guide(file.stem) for file in FILES}


def test_there_are_guides_for_the_tasks_of_the_office(guides):
    assert len(OWN) >= 12
    assert {file.stem for file in OWN} <= {*OfficeTask}
    assert GENERAL in guides


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
