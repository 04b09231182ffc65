"""A draft that is made by questions: where answers go, what is asked, and that nothing written by hand is touched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.prompts.parse import reopened
from desktop.core.prompts.prompt import (
    Language,
    Material,
    PromptDraft,
    PromptFile,
    draft_from_json,
    draft_to_json,
    moved_to,
)
from desktop.core.prompts.render import render
from desktop.core.resources import resource_path
from desktop.core.tasks.guiding import MATERIAL, Guiding, begin_guiding, written_draft
from desktop.prompts.texts import Guides
from tests.core.tables import table
from tests.support.frameworks import bundled_frameworks

CASES = table("tasks/guiding.toml")

FRAMEWORKS = {each.key: each for each in bundled_frameworks()}
MAIN = FRAMEWORKS["main"]
FOLDER = Guides()
GUIDES = sorted(file.stem for file in resource_path("guides").glob("*.toml"))
COMPLAINT = "Six of the forty chairs wobble.\nHotel Seeblick"


def begun(key, words="", *pasted, is_first=True):
    guide = FOLDER.guide(key)
    written = written_draft(words, pasted, MAIN, guide)
    return begin_guiding(guide, MAIN, written, Language.ENGLISH, is_first=is_first)


def asked(guiding, key):
    question = guiding.question(key)
    assert question is not None
    return question


def answered(guiding, key, answer):
    question = asked(guiding, key)
    given = question.answers[answer] if isinstance(answer, int) else answer
    return guiding.with_answer(question, guiding.words_of(question, given))


@pytest.mark.parametrize("case", CASES["dialogues"])
def test_answers_stand_below_the_request_and_what_is_said_is_not_asked(case):
    pasted = [case["pasted"]] if "pasted" in case else []
    guiding = begun(case["key"], case.get("words", ""), *pasted, is_first="later" not in case)
    for key, answer in case.get("answers", ()):
        guiding = answered(guiding, key, answer)
    seen = {
        "task": guiding.draft.text("task"),
        "steps": list(guiding.steps),
        "open": list(guiding.open_steps),
        "stated": guiding.stated,
        "own": {key: guiding.own_words(asked(guiding, key)) for key in case.get("own", ())},
    }
    assert {key: seen[key] for key in seen if key in case} == {key: case[key] for key in seen if key in case}
    for key, at in case.get("chosen", {}).items():
        assert guiding.chosen(asked(guiding, key)) is asked(guiding, key).answers[at]


def test_what_is_missing_is_asked_first_until_it_is_there():
    without = begun("answer_complaint")
    with_file = replace(without, draft=PromptDraft(framework="main", files=(PromptFile("task", "a.pdf"),)))
    assert MATERIAL not in with_file.steps
    # What is wished behind a colon is no text.
    for key, words in CASES["wished"]:
        assert MATERIAL in begun(key, words).steps
        assert begun(key, words).draft.materials == ()
    for key, words in CASES["lacking"]:
        assert begun(key, words).open_steps[0] == MATERIAL
    # Once it was asked it stays among them, so that it can be changed.
    assert without.with_material(COMPLAINT).steps == without.steps
    assert without.with_material(COMPLAINT).open_steps == without.steps[1:]


@pytest.mark.parametrize("key", GUIDES)
def test_each_guide_is_short_and_ends_in_one_open_question(key):
    questions = FOLDER.guide(key).questions
    assert len(questions) == 3
    assert questions[1].key == "form"
    assert questions[-1] == FOLDER.guide("general").questions[-1]
    told = answered(begun(key, "Do as we agreed."), "more", "its all in the notes. He's the tenant. No advice")
    assert told.draft.text("task").endswith("Do as we agreed.\n\nAlso: He's the tenant. No advice")


def test_what_was_written_by_hand_in_the_six_parts_is_kept():
    guiding = answered(begun("summarise", "summarise it"), "form", 0)
    by_hand = guiding.draft.with_text("task", guiding.draft.text("task") + "\nNo colours.")
    seen = Guiding(guiding.guide, MAIN, by_hand.with_text("tone", "Friendly."))
    assert answered(seen, "form", 2).draft.text("tone") == "Friendly."
    assert answered(seen, "form", 2).draft.text("task").split("\n") == [
        "summarise it",
        "",
        "At most one page, with headings.",
        "No colours.",
    ]
    rewritten = Guiding(guiding.guide, MAIN, guiding.draft.with_text("task", "As a letter."))
    assert answered(rewritten, "form", 1).draft.text("task").startswith("As a letter.\n")
    # An answer that was struck out there is asked for again.
    assert "form" in begin_guiding(guiding.guide, MAIN, rewritten.draft, Language.ENGLISH).open_steps


def test_another_frame_and_back_loses_no_answer():
    guiding = answered(answered(begun("answer_mail", "reply to it", COMPLAINT), "decision", 0), "form", 0)
    there = moved_to(guiding.draft, MAIN, FRAMEWORKS["answer_mail"], Language.ENGLISH)
    back = moved_to(there, FRAMEWORKS["answer_mail"], MAIN, Language.ENGLISH)
    for words in guiding.draft.answers.values():
        assert words in "\n".join(back.texts.values())
    assert back.answers == guiding.draft.answers
    assert [each.text for each in back.materials] == [COMPLAINT]


@pytest.mark.parametrize(("key", "words", "stated"), CASES["stated"])
def test_what_the_words_state_is_no_question(key, words, stated):
    guiding = begun(key, words)
    found = {question: guiding.stated.get(question, "") for question in stated}
    assert {question: text.rstrip("。") for question, text in found.items()} == stated
    assert not set(guiding.open_steps) & set(guiding.stated)
    if not stated:
        assert guiding.stated == {}


OFFERS = [["general", *each] for each in CASES["offers"]]
WHOLE = [["general", each, each] for each in CASES["whole"]]


@pytest.mark.parametrize(("key", "words", "task"), [*CASES["tasks"], *OFFERS, *WHOLE])
def test_a_task_says_what_is_to_be_done(key, words, task):
    assert begun(key, words).draft.text("task") == task


@pytest.mark.parametrize(("words", "material", "below"), CASES["texts"])
def test_a_text_stands_once_below_what_is_said_or_above_words_that_point_back(words, material, below):
    guiding = begun("general", words)
    is_first = words.startswith(material)
    assert guiding.draft.materials == (Material("task", material, is_first),)
    told = answered(guiding, "more", "the boss reads it").draft
    sent = render(told, MAIN).text
    assert reopened(sent, [MAIN]) == PromptDraft(framework="main", texts=told.texts, materials=told.materials)
    assert draft_from_json(draft_to_json(told)) == told
    if is_first:
        label, also = (
            ("文本：", "另外：") if told.text("task").startswith(("把", "给", "客户")) else ("Text:", "Also: ")
        )
        assert sent == f'{label}\n"""\n{material}\n"""\n\n{below}\n\n{also}the boss reads it'
        return
    assert not sent.partition("\n\n")[0].endswith((":", "：")) or sent.count("\n\n") == 1, "it points at nothing"
    said = [each.strip().rstrip(":：") for each in (words.split(material)[0], below) if each.strip()]
    assert [each for each in said if each not in sent.split(material)[0]] == []
    assert sent.endswith(f'"""\n{material}\n"""')
    assert "#" not in sent, "no headings beside one's own words"


@pytest.mark.parametrize(("key", "words", "question", "answer", "line"), CASES["answers"])
def test_an_answer_adds_what_was_not_said(key, words, question, answer, line):
    guiding = begun(key, words)
    told = answered(guiding, question, answer)
    assert told.draft.text("task") == (
        f"{guiding.draft.text('task')}\n\n{line}" if line else guiding.draft.text("task")
    )
    assert told.draft.answers[question] == line


def test_the_message_box_can_be_changed_meanwhile():
    guide = FOLDER.guide("answer_complaint")
    before, now = (
        written_draft(words, (), MAIN, guide) for words in ("answer the complaint", "answer it, offer Friday")
    )
    guiding = answered(begun("answer_complaint", "answer the complaint"), "outcome", 0).with_written(before, now)
    lines = guiding.draft.text("task").split("\n")
    assert lines[0] == "answer it, offer Friday"
    assert guiding.in_message == {"outcome": "offer Friday"}
    assert "outcome" not in begun("answer_complaint", "answer the complaint").with_written(before, now).open_steps
    assert len(lines) == 3
    assert guiding.with_written(now, now).draft.text("task").split("\n") == lines
    before, now = (
        written_draft(f"{each}. I can paste them", (), MAIN, FOLDER.guide("general")) for each in ("names", "ten names")
    )
    assert begun("general", "names. I can paste them").with_written(before, now).draft.text("task") == "ten names."
    nothing, written = (written_draft(words, (), MAIN, FOLDER.guide("minutes")) for words in ("", "write them"))
    emptied = begun("minutes", "write them").with_written(written, nothing)
    assert emptied.draft.text("task") == "Write the minutes of the meeting from the notes below."


def test_any_text_can_be_the_beginning():
    texts = ("😀😀", "{{name}}, {{", "مرحبا، أجب على هذه الرسالة", '"""', "\x00", "x" * 5_000_000)
    for text in texts:
        for guiding in (begun("translate", text), begun("translate", "", text)):
            prompt = render(answered(guiding, "form", 0).draft, MAIN)
            assert text.strip() in prompt.text, text[:20]
