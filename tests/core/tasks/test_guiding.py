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
from desktop.core.tasks.guide import GuideAnswer, GuideQuestion
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


def begun(key: str, words: str = "", *pasted: str, is_first: bool = True) -> Guiding:
    guide = FOLDER.guide(key)
    written = written_draft(words, pasted, MAIN, guide)
    return begin_guiding(guide, MAIN, written, Language.ENGLISH, is_first=is_first)


def asked(guiding: Guiding, key: str) -> GuideQuestion:
    question = guiding.question(key)
    assert question is not None
    return question


def answered(guiding: Guiding, key: str, answer: GuideAnswer | str | int) -> Guiding:
    question = asked(guiding, key)
    given = question.answers[answer] if isinstance(answer, int) else answer
    return guiding.with_answer(question, guiding.words_of(question, given))


WISHED = CASES["wished"]


def test_what_is_missing_is_asked_first_and_takes_the_place_of_no_question() -> None:
    without, with_it = begun("answer_complaint"), begun("answer_complaint", "answer this", COMPLAINT)
    assert without.steps == (MATERIAL, *with_it.steps)
    assert with_it.steps == ("outcome", "form", "more")
    with_file = replace(without, draft=PromptDraft(framework="main", files=(PromptFile("task", "a.pdf"),)))
    assert MATERIAL not in with_file.steps
    assert MATERIAL not in begun("answer_complaint", is_first=False).steps  # it may stand above
    # What is wished behind a colon is no text.
    for key, words in WISHED:
        assert MATERIAL in begun(key, words).steps
        assert begun(key, words).draft.materials == ()
    # Once it was asked it stays among them, so that it can be changed.
    assert without.with_material(COMPLAINT).steps == without.steps
    assert without.with_material(COMPLAINT).open_steps == without.steps[1:]


@pytest.mark.parametrize("key", GUIDES)
def test_each_guide_is_short_and_ends_in_one_open_question(key: str) -> None:
    questions = FOLDER.guide(key).questions
    assert len(questions) == 3
    assert questions[1].key == "form"
    assert questions[-1] == FOLDER.guide("general").questions[-1]
    told = answered(begun(key, "Do as we agreed."), "more", "its all in the notes. He's the tenant. No advice")
    assert told.draft.text("task").endswith("Do as we agreed.\n\nAlso: He's the tenant. No advice")


def test_a_task_that_is_chosen_begins_with_its_own_sentence_and_a_written_one_stays() -> None:
    assert begun("minutes").draft.text("task") == "Write the minutes of the meeting from the notes below."
    assert begun("minutes", "write the minutes for Anna").draft.text("task") == "write the minutes for Anna"
    assert begun("explain").draft.text("task") == ""


def test_answers_stand_below_the_request_and_can_be_changed() -> None:
    guiding = answered(begun("summarise", "summarise it"), "purpose", 1)
    guiding = answered(guiding, "form", "one page, for Ms Novak")
    form = "Form: one page, for Ms Novak"
    lines = ["summarise it", "", "Give what has to be decided, with sums, dates and risks.", form]
    assert guiding.draft.text("task").split("\n") == lines
    assert guiding.chosen(asked(guiding, "purpose")) is asked(guiding, "purpose").answers[1]
    assert guiding.own_words(asked(guiding, "form")) == "one page, for Ms Novak"
    changed = answered(guiding, "purpose", "the board decides")
    assert changed.draft.text("task") == f"summarise it\n\nDetails: the board decides\n{form}"
    assert changed.own_words(asked(changed, "purpose")) == "the board decides"
    passed_over = answered(changed, "purpose", "")
    assert passed_over.draft.text("task") == f"summarise it\n\n{form}"
    assert passed_over.open_steps == (MATERIAL, "more")


def test_what_was_written_by_hand_in_the_six_parts_is_kept() -> None:
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


def test_another_frame_and_back_loses_no_answer() -> None:
    guiding = answered(answered(begun("answer_mail", "reply to it", COMPLAINT), "decision", 0), "form", 0)
    there = moved_to(guiding.draft, MAIN, FRAMEWORKS["answer_mail"], Language.ENGLISH)
    back = moved_to(there, FRAMEWORKS["answer_mail"], MAIN, Language.ENGLISH)
    for words in guiding.draft.answers.values():
        assert words in "\n".join(back.texts.values())
    assert back.answers == guiding.draft.answers
    assert [each.text for each in back.materials] == [COMPLAINT]


def test_what_is_said_already_is_not_asked_again() -> None:
    guiding = begun("answer_mail", "Reply to the mail. Answer in at most 50 words.", COMPLAINT)
    assert guiding.open_steps == ("decision", "more")
    assert guiding.stated == {"form": "50 words"}
    # It can be answered otherwise all the same, and is asked then.
    changed = answered(guiding, "form", 1)
    assert changed.steps == ("decision", "form", "more")
    assert changed.draft.text("task").endswith("\n\nA mail that answers each of their points in turn.")
    # What one answer says is no question either.
    told = answered(begun("write_mail", "write to them"), "content", "Payment by 9 May, at most 100 words")
    assert "form" not in told.open_steps


@pytest.mark.parametrize(("key", "words", "stated"), CASES["stated"])
def test_what_the_words_state_is_no_question(key: str, words: str, stated: dict[str, str]) -> None:
    guiding = begun(key, words)
    found = {question: guiding.stated.get(question, "") for question in stated}
    assert {question: text.rstrip("。") for question, text in found.items()} == stated
    assert not set(guiding.open_steps) & set(guiding.stated)
    if not stated:
        assert guiding.stated == {}


@pytest.mark.parametrize(("key", "words", "task"), CASES["tasks"])
def test_a_task_says_what_is_to_be_done(key: str, words: str, task: str) -> None:
    assert begun(key, words).draft.text("task") == task


@pytest.mark.parametrize(("words", "material", "below"), CASES["texts"])
def test_a_text_stands_once_below_what_is_said_or_above_words_that_point_back(
    words: str, material: str, below: str
) -> None:
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


@pytest.mark.parametrize("words", CASES["whole"])
def test_a_line_that_goes_on_with_own_words_stays_whole(words: str) -> None:
    draft = begun("general", words).draft
    assert (draft.text("task"), draft.materials) == (words, ())


@pytest.mark.parametrize(("key", "words", "question", "answer", "line"), CASES["answers"])
def test_an_answer_adds_what_was_not_said(key: str, words: str, question: str, answer: str, line: str) -> None:
    guiding = begun(key, words)
    told = answered(guiding, question, answer)
    assert told.draft.text("task") == (
        f"{guiding.draft.text('task')}\n\n{line}" if line else guiding.draft.text("task")
    )
    assert told.draft.answers[question] == line


@pytest.mark.parametrize(("key", "words"), CASES["lacking"])
def test_a_thing_that_is_spoken_of_and_not_given_is_asked_for(key: str, words: str) -> None:
    assert begun(key, words).open_steps[0] == MATERIAL


@pytest.mark.parametrize(("words", "said"), CASES["offers"])
def test_an_offer_of_the_text_is_not_sent(words: str, said: str) -> None:
    assert begun("general", words).draft.text("task") == said


def test_an_answer_that_there_is_no_more_says_nothing() -> None:
    guiding = begun("general", "ten names for our talks")
    assert (
        answered(guiding, "more", "没有别的要求，挑一个最推荐的").draft.text("task").endswith("\nAlso: 挑一个最推荐的")
    )
    assert answered(guiding, "more", "nothing else").draft.text("task") == "ten names for our talks"
    before, now = (
        written_draft(f"{each}. I can paste them", (), MAIN, guiding.guide) for each in ("names", "ten names")
    )
    assert begun("general", "names. I can paste them").with_written(before, now).draft.text("task") == "ten names."


def test_a_text_is_asked_for_only_where_the_task_points_at_one() -> None:
    assert MATERIAL not in begun("write_mail", "write to Tom that we are late").steps
    assert begun("write_mail", "write to Tom, I'll send you my notes").steps[0] == MATERIAL


def test_the_message_box_can_be_changed_meanwhile() -> None:
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
    nothing, written = (written_draft(words, (), MAIN, FOLDER.guide("minutes")) for words in ("", "write them"))
    emptied = begun("minutes", "write them").with_written(written, nothing)
    assert emptied.draft.text("task") == "Write the minutes of the meeting from the notes below."


def test_answers_are_in_the_language_of_what_is_written() -> None:
    guiding = answered(begun("answer_complaint", "帮我回复客户投诉，请他接受周五换货"), "more", 0)
    assert guiding.draft.text("task").endswith("\n人名、日期和金额不要猜，缺什么就说明。")
    mixed = answered(begun("answer_mail", "reply to 海川展览 about the chairs"), "more", "we are late")
    assert mixed.draft.text("task").endswith("\nAlso: we are late")


def test_any_text_can_be_the_beginning() -> None:
    texts = ("😀😀", "{{name}}, {{", "مرحبا، أجب على هذه الرسالة", '"""', "\x00", "x" * 5_000_000)
    for text in texts:
        for guiding in (begun("translate", text), begun("translate", "", text)):
            prompt = render(answered(guiding, "form", 0).draft, MAIN)
            assert text.strip() in prompt.text, text[:20]
