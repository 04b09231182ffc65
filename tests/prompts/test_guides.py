"""The guides that come with the program can be used, and a broken one is told in the log and stood in for."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from desktop.core.prompts.file_problem import FileProblem
from desktop.core.prompts.prompt import Language
from desktop.core.resources import resource_path
from desktop.core.tasks.guide import GENERAL, Guide
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.text.scripts import has_han
from desktop.prompts.guides import GuideFolder, read_guide

FILES = sorted(resource_path("guides").glob("*.toml"))
OWN = [file for file in FILES if file.stem != GENERAL]
GOOD = next(file for file in FILES if file.stem == "summarise").read_text(encoding="utf-8")

ANSWER = "[[questions.answers]]\n" + "".join(
    f'{name}.{language} = "字 {name}"\n' for name in ("label", "about", "text") for language in ("en", "zh")
)


@pytest.fixture(scope="module")
def guides() -> dict[str, Guide]:
    return {file.stem: read_guide(file) for file in FILES}


def test_there_are_guides_for_the_tasks_of_the_office(guides: dict[str, Guide]) -> None:
    assert len(OWN) >= 12
    assert {file.stem for file in OWN} <= {*OfficeTask}
    assert GENERAL in guides


def test_every_guide_is_written_in_both_languages(guides: dict[str, Guide]) -> None:
    for guide in guides.values():
        texts = [guide.title, *((guide.material.missing, guide.material.hint) if guide.material else ())]
        for question in guide.questions:
            texts += [question.short, question.question, question.why]
            texts += [one for each in question.answers for one in (each.label, each.about, each.text)]
        for text in texts:
            assert not has_han(text.of(Language.ENGLISH)), text
            assert has_han(text.of(Language.CHINESE)), text


def test_no_two_answers_of_a_guide_are_alike(guides: dict[str, Guide]) -> None:
    for guide in guides.values():
        words = [each.text for question in guide.questions for each in question.answers]
        assert len({each.en for each in words}) == len(words), guide.key  # an answer is known again by its words
        assert len({each.zh for each in words}) == len(words), guide.key


def test_a_task_without_a_guide_has_the_general_one() -> None:
    folder = GuideFolder()
    speech = folder.guide("speech")
    assert (speech.key, speech.questions) == ("speech", folder.guide(GENERAL).questions)
    assert folder.guide("minutes") is folder.guide("minutes")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("[material]", "[material", "line "),
        ('kind = "task"', 'kind = "other"', "kind must be one of"),
        ('key = "form"', 'key = "purpose"', "key of its own"),
        ('key = "form"', 'key = "material"', "key of its own"),
        ("own.en = ", "own.fr = ", "own must have"),
        ("%1", "…", "%1 once"),
        ("label.zh", "# label.zh", "label must have"),
        ("[[questions.answers]]", "[[questions.replies]]", "unknown name replies"),
        ('[[questions]]\nkey = "form"', f'{ANSWER}[[questions]]\nkey = "form"', "more than 3 answers"),
        ("[material]", "material = 3\n[other]", "unknown name other"),
    ],
)
def test_a_broken_guide_is_told_and_the_general_one_stands_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, before: str, after: str, reason: str
) -> None:
    file = tmp_path / "summarise.toml"
    file.write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(FileProblem) as raised:
        read_guide(file)
    assert reason in f"{raised.value} line {raised.value.line}"
    general = next(each for each in FILES if each.stem == GENERAL)
    (tmp_path / general.name).write_bytes(general.read_bytes())
    with caplog.at_level(logging.WARNING):
        found = GuideFolder(tmp_path).guide("summarise")
    assert "summarise.toml" in caplog.text
    assert [each.key for each in found.questions] == ["aim", "form", "more"]


def test_without_any_file_there_are_no_questions_and_no_failure(tmp_path: Path) -> None:
    (tmp_path / f"{GENERAL}.toml").write_bytes(b"\xff\xfe")
    assert GuideFolder(tmp_path).guide("minutes").questions == ()
