"""A draft that is made by questions: where answers go, what is asked, and that nothing written by hand is touched."""

from __future__ import annotations

from desktop.core.prompts.prompt import (
    Language,
    PromptDraft,
    PromptFile,
    Wording,
    draft_from_json,
    draft_to_json,
    moved_to,
)
from desktop.core.prompts.render import render
from desktop.core.tasks.cards import SHOWN, cards_of
from desktop.core.tasks.guide import Guide, GuideAnswer, GuideMaterial, GuideQuestion
from desktop.core.tasks.guiding import MATERIAL, MOST_QUESTIONS, Guiding, begin_guiding, written_draft
from desktop.prompts.guides import GuideFolder
from tests.support.frameworks import bundled_frameworks

FRAMEWORKS = {each.key: each for each in bundled_frameworks()}
MAIN = FRAMEWORKS["main"]
FOLDER = GuideFolder()
WORDS = Wording("words", "字")
COMPLAINT = "Six of the forty chairs wobble.\nHotel Seeblick"


def begun(key: str, words: str = "", *pasted: str, is_first: bool = True) -> Guiding:
    written = written_draft(words, pasted, MAIN)
    return begin_guiding(FOLDER.guide(key), MAIN, written, Language.ENGLISH, is_first=is_first)


def asked(guiding: Guiding, key: str) -> GuideQuestion:
    question = guiding.question(key)
    assert question is not None
    return question


def answered(guiding: Guiding, key: str, answer: GuideAnswer | str | int) -> Guiding:
    question = asked(guiding, key)
    given = question.answers[answer] if isinstance(answer, int) else answer
    return guiding.with_answer(question, guiding.words_of(question, given))


def test_what_is_missing_is_asked_first_and_no_more_than_four_questions_in_all() -> None:
    without, with_it = begun("answer_complaint"), begun("answer_complaint", "answer this", COMPLAINT)
    assert without.steps[0] == MATERIAL
    assert len(without.steps) == MOST_QUESTIONS
    assert MATERIAL not in with_it.steps
    assert len(with_it.steps) == MOST_QUESTIONS
    with_file = Guiding(without.guide, MAIN, PromptDraft(framework="main", files=(PromptFile("task", "a.pdf"),)))
    assert MATERIAL not in with_file.steps
    assert MATERIAL not in begun("answer_complaint", is_first=False).steps  # it may stand above
    # Once it was asked it stays among them, so that it can be changed.
    assert without.with_material(COMPLAINT).steps == without.steps
    assert without.with_material(COMPLAINT).open_steps == without.steps[1:]


def test_a_task_that_is_chosen_begins_with_its_own_sentence_and_a_written_one_stays() -> None:
    assert begun("minutes").draft.text("task") == "Write the minutes of the meeting from the notes below."
    assert begun("minutes", "minutes for Anna").draft.text("task") == "minutes for Anna"
    assert begun("explain").draft.text("task") == ""


def test_answers_stand_in_their_parts_and_can_be_changed() -> None:
    guiding = answered(begun("answer_complaint", "answer the complaint"), "outcome", 0)
    guiding = answered(answered(guiding, "reader", 1), "known", "the lorry was late")
    assert guiding.draft.text("task").split("\n")[0] == "answer the complaint"
    assert guiding.draft.text("context").split("\n") == [
        "It will be read by the customer's manager, who wants facts and dates.",
        "What we know: the lorry was late",
    ]
    assert guiding.chosen(asked(guiding, "reader")) is asked(guiding, "reader").answers[1]
    assert guiding.own_words(asked(guiding, "known")) == "the lorry was late"
    changed = answered(guiding, "reader", "Ms Novak")
    assert changed.draft.text("context").split("\n")[0] == "It will be read by: Ms Novak"
    passed_over = answered(changed, "reader", "")
    assert passed_over.draft.text("context") == "What we know: the lorry was late"
    assert passed_over.open_steps == (MATERIAL,)


def test_what_was_written_by_hand_in_the_six_parts_is_kept() -> None:
    guiding = answered(begun("answer_complaint", "answer it"), "reader", 0)
    by_hand = guiding.draft.with_text("context", "We sell chairs.\n" + guiding.draft.text("context") + "\nSince 1990.")
    seen = Guiding(guiding.guide, MAIN, by_hand)
    assert answered(seen, "reader", 2).draft.text("context").split("\n") == [
        "We sell chairs.",
        "It will be read by our own manager first: the result comes first.",
        "Since 1990.",
    ]
    rewritten = Guiding(guiding.guide, MAIN, guiding.draft.with_text("context", "For the customer, who is calm."))
    assert answered(rewritten, "reader", 1).draft.text("context").startswith("For the customer, who is calm.\n")


def test_another_frame_and_back_loses_no_answer() -> None:
    guiding = answered(answered(begun("answer_mail", "reply to it", COMPLAINT), "decision", 0), "reader", 0)
    there = moved_to(guiding.draft, MAIN, FRAMEWORKS["answer_mail"], Language.ENGLISH)
    back = moved_to(there, FRAMEWORKS["answer_mail"], MAIN, Language.ENGLISH)
    for words in guiding.draft.answers.values():
        assert words in "\n".join(back.texts.values())
    assert back.answers == guiding.draft.answers
    assert [each.text for each in back.materials] == [COMPLAINT]


def test_what_is_said_already_is_not_asked_again() -> None:
    guiding = begun("answer_mail", "Reply to the mail. Answer in at most 50 words.", COMPLAINT)
    assert guiding.draft.text("format")
    assert guiding.open_steps == ("decision", "reader")
    assert guiding.own_words(asked(guiding, "length")) == guiding.draft.text("format")


def test_the_message_box_can_be_changed_meanwhile() -> None:
    before, now = (written_draft(words, (), MAIN) for words in ("answer the complaint", "answer it, offer Friday"))
    guiding = answered(begun("answer_complaint", "answer the complaint"), "outcome", 0).with_written(before, now)
    lines = guiding.draft.text("task").split("\n")
    assert lines[0] == "answer it, offer Friday"
    assert len(lines) == 2
    assert len(guiding.with_written(now, now).draft.text("task").split("\n")) == 2
    nothing, written = (written_draft(words, (), MAIN) for words in ("", "write them"))
    emptied = begun("minutes", "write them").with_written(written, nothing)
    assert emptied.draft.text("task") == "Write the minutes of the meeting from the notes below."


def test_answers_are_in_the_language_of_what_is_written() -> None:
    guiding = answered(begun("answer_complaint", "帮我回复客户投诉，请他接受周五换货"), "reader", 1)
    assert guiding.draft.text("context") == "读信的人：客户公司的主管，看重事实和日期。"
    mixed = answered(begun("answer_mail", "reply to 海川展览 about the chairs"), "reader", 0)
    assert mixed.draft.text("context").startswith("I write to a customer")


def test_a_draft_comes_back_from_the_disk_with_its_answers() -> None:
    draft = answered(begun("minutes", "write them"), "kind", 0).with_material("Anna: yes").draft
    assert draft_from_json(draft_to_json(draft)) == draft
    assert "guide" not in draft_to_json(PromptDraft(framework="main"))


def test_any_text_can_be_the_beginning() -> None:
    texts = ("😀😀", "{{name}}, {{", "مرحبا، أجب على هذه الرسالة", '"""', "\x00", "x" * 5_000_000)
    for text in texts:
        for guiding in (begun("translate", text), begun("translate", "", text)):
            prompt = render(answered(guiding, "reader", 0).draft, MAIN)
            assert text.strip() in prompt.text, text[:20]
            assert sum(len(card.text) for card in cards_of(prompt)) < 20 * SHOWN


def test_cards_name_what_is_sent() -> None:
    guiding = answered(begun("answer_mail", "Reply to it.", COMPLAINT), "reader", 0)
    cards = cards_of(render(guiding.draft, MAIN))
    assert [(card.field, card.is_material) for card in cards] == [("task", False), ("task", True), ("context", False)]
    assert cards[1].text == f'"""\n{COMPLAINT}\n"""'
    long = cards_of(render(guiding.draft.with_materials("task", ("word " * 1_000,)), MAIN))[1]
    assert long.text.startswith('"""\nword')
    assert long.text.endswith('\n"""')
    assert long.left_out > 4_000


def test_a_guide_without_questions_is_ready_at_once() -> None:
    material = GuideMaterial(**dict.fromkeys(("missing", "short", "question", "why", "hint"), WORDS))
    guide = Guide(key="x", title=WORDS, opening=None, material=material, questions=())
    guiding = begin_guiding(guide, MAIN, PromptDraft(framework="main"), Language.ENGLISH)
    assert guiding.open_steps == (MATERIAL,)
    assert guiding.with_material("").open_steps == ()
