"""A draft that is made by questions: where answers go, what is asked, and that nothing written by hand is touched."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
from desktop.core.resources import resource_path
from desktop.core.tasks.cards import SHOWN, cards_of, with_proposed
from desktop.core.tasks.guide import Guide, GuideAnswer, GuideMaterial, GuideQuestion
from desktop.core.tasks.guiding import MATERIAL, Guiding, begin_guiding, written_draft
from desktop.prompts.guides import GuideFolder
from tests.support.frameworks import bundled_frameworks

FRAMEWORKS = {each.key: each for each in bundled_frameworks()}
MAIN = FRAMEWORKS["main"]
FOLDER = GuideFolder()
GUIDES = sorted(file.stem for file in resource_path("guides").glob("*.toml"))
WORDS = Wording("words", "字")
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


def test_what_is_missing_is_asked_first_and_takes_the_place_of_no_question() -> None:
    without, with_it = begun("answer_complaint"), begun("answer_complaint", "answer this", COMPLAINT)
    assert without.steps == (MATERIAL, *with_it.steps)
    assert with_it.steps == ("outcome", "known", "sender", "length", "tone")
    with_file = replace(without, draft=PromptDraft(framework="main", files=(PromptFile("task", "a.pdf"),)))
    assert MATERIAL not in with_file.steps
    assert MATERIAL not in begun("answer_complaint", is_first=False).steps  # it may stand above
    # Once it was asked it stays among them, so that it can be changed.
    assert without.with_material(COMPLAINT).steps == without.steps
    assert without.with_material(COMPLAINT).open_steps == without.steps[1:]


def test_a_task_that_is_chosen_begins_with_its_own_sentence_and_a_written_one_stays() -> None:
    assert begun("minutes").draft.text("task") == "Write the minutes of the meeting from the notes below."
    assert begun("minutes", "write the minutes for Anna").draft.text("task") == "write the minutes for Anna"
    assert begun("explain").draft.text("task") == ""


def test_answers_stand_in_their_parts_and_can_be_changed() -> None:
    guiding = answered(begun("write_mail", "write to them"), "aim", 0)
    guiding = answered(answered(guiding, "reader", 1), "length", "one page")
    assert guiding.draft.text("task").split("\n")[0] == "write to them"
    assert guiding.draft.text("context") == "It goes to my manager: the request comes first."
    assert guiding.draft.text("format") == "one page"
    assert guiding.chosen(asked(guiding, "reader")) is asked(guiding, "reader").answers[1]
    assert guiding.own_words(asked(guiding, "length")) == "one page"
    changed = answered(guiding, "reader", "Ms Novak")
    assert changed.draft.text("context") == "It goes to: Ms Novak"
    passed_over = answered(changed, "reader", "")
    assert passed_over.draft.text("context") == ""
    assert passed_over.open_steps == ("facts", "tone")


def test_what_was_written_by_hand_in_the_six_parts_is_kept() -> None:
    guiding = answered(begun("summarise", "sum it up"), "reader", 0)
    by_hand = guiding.draft.with_text("context", "We sell chairs.\n" + guiding.draft.text("context") + "\nSince 1990.")
    seen = Guiding(guiding.guide, MAIN, by_hand)
    assert answered(seen, "reader", 2).draft.text("context").split("\n") == [
        "We sell chairs.",
        "It is for people who do not know the matter: explain terms in a few words.",
        "Since 1990.",
    ]
    rewritten = Guiding(guiding.guide, MAIN, guiding.draft.with_text("context", "For the customer, who is calm."))
    assert answered(rewritten, "reader", 1).draft.text("context").startswith("For the customer, who is calm.\n")


def test_another_frame_and_back_loses_no_answer() -> None:
    guiding = answered(answered(begun("answer_mail", "reply to it", COMPLAINT), "decision", 0), "sender", 0)
    there = moved_to(guiding.draft, MAIN, FRAMEWORKS["answer_mail"], Language.ENGLISH)
    back = moved_to(there, FRAMEWORKS["answer_mail"], MAIN, Language.ENGLISH)
    for words in guiding.draft.answers.values():
        assert words in "\n".join(back.texts.values())
    assert back.answers == guiding.draft.answers
    assert [each.text for each in back.materials] == [COMPLAINT]


def test_what_is_said_already_is_not_asked_again() -> None:
    guiding = begun("answer_mail", "Reply to the mail. Answer in at most 50 words.", COMPLAINT)
    assert guiding.open_steps == ("decision", "facts", "sender", "tone")
    assert guiding.stated == {"length": "50 words"}
    # It can be answered otherwise all the same, and is asked then.
    changed = answered(guiding, "length", 0)
    assert changed.steps == ("decision", "facts", "sender", "length", "tone")
    assert changed.draft.text("format").endswith("Three sentences with greeting and signature.")


@pytest.mark.parametrize(
    ("key", "words", "stated"),
    [
        ("translate", "翻成英文，给美国客户的律师看", {"language": "翻成英文", "reader": "给美国客户"}),
        ("translate", "英译中", {"language": "英译中"}),
        ("translate", "把这段英文翻译成中文，通俗一点", {"language": "译成中文"}),
        (
            "translate",
            "translate the German letter into English for my boss",
            {"language": "English", "reader": "for my boss"},
        ),
        ("make_table", "做成表格，列为：产品、数量，最后加合计", {"columns": "列为", "order": "最后加合计"}),
        ("minutes", "整理成会议纪要，给领导看", {"reader": "给领导"}),
        (
            "answer_complaint",
            "回复投诉，不退款，不承认是我们的责任",
            {"outcome": "不退款", "known": "不承认是我们的责任"},
        ),
        ("answer_complaint", "reply to it, the customer wants a refund", {}),
        ("answer_complaint", "reply, we'll send a new one, no admission of fault", {"outcome": "we'll send a new one"}),
        # "Short" says that it matters, and not how long it may be.
        ("answer_mail", "回一下领导的邮件，别太长", {"length": ""}),
        (
            "explain",
            "explain VAT to a new colleague in five sentences",
            {"reader": "to a new colleague", "length": "five sentences"},
        ),
        ("notice", "写个放假通知，3点前发，发给全体员工，200字", {"form": "200字"}),
        # What a stock answer would contradict.
        ("general", "想给店起个名字，给我十个左右", {"aim": "给我十个左右"}),
        ("compare", "Lease or buy, which is cheaper? Show me the working.", {"form": "Show me the working"}),
        ("answer_mail", "answer this, don't be rude", {"tone": "don't be rude"}),
    ],
)
def test_what_the_words_state_is_no_question(key: str, words: str, stated: dict[str, str]) -> None:
    guiding = begun(key, words)
    found = {question: guiding.stated.get(question, "") for question in stated}
    assert {question: text.rstrip("。") for question, text in found.items()} == stated
    assert not set(guiding.open_steps) & set(guiding.stated)
    if not stated:
        assert guiding.stated == {}


@pytest.mark.parametrize(
    ("key", "words", "task"),
    [
        ("answer_mail", "帮我回一下", "给下面的邮件写一封回信。"),
        ("answer_complaint", "有个差评怎么回啊 店长急", "给下面的投诉写一封回信。\n有个差评怎么回啊 店长急"),
        ("answer_mail", "帮我回一下\n\n别太长", "给下面的邮件写一封回信。\n\n别太长"),
        # Whatever else is said in the same line stays as it was said.
        (
            "answer_mail",
            "Can you write back to this? The guy is annoyed.",
            "Can you write back to this? The guy is annoyed.",
        ),
        ("summarise", "总结要点", "总结要点"),
        ("rewrite", "帮我润色一下", "帮我润色一下"),
        ("rewrite", "帮我润色一下这封邮件", "帮我润色一下这封邮件"),
        ("proofread", "can you proofread this please", "can you proofread this please"),
        (
            "summarise",
            "summary of this for someone who was away",
            "Summarise the text below.\nsummary of this for someone who was away",
        ),
        ("notice", "parking lot closed on Tuesday", "Write a notice.\nparking lot closed on Tuesday"),
        ("explain_policy", "what may I book?", "what may I book?"),
    ],
)
def test_a_task_says_what_is_to_be_done(key: str, words: str, task: str) -> None:
    assert begun(key, words).draft.text("task") == task


@pytest.mark.parametrize(
    ("key", "words", "task", "material"),
    [
        (
            "make_table",
            "Dave's message for Monday:\n\nRun 1 Kieran out 05.30 Hartlepool 6 plt, then Durham 4 plt before 9.\n\n"
            "put that in a table, one line per drop",
            "put that in a table, one line per drop",
            "Dave's message for Monday:\n\nRun 1 Kieran out 05.30 Hartlepool 6 plt, then Durham 4 plt before 9.",
        ),
        (
            "check_figures",
            "帮我算一下四个业务员的提成，规则：\n5万以内部分2%，以上部分3%。\n小陈 86000\n小吴 134000\n"
            "列个表，每个人怎么算的写出来，最后要合计",
            "帮我算一下四个业务员的提成\n列个表，每个人怎么算的写出来，最后要合计",
            "规则：\n5万以内部分2%，以上部分3%。\n小陈 86000\n小吴 134000",
        ),
        (
            "compare",
            "Two offers, which works out cheaper for us? We print about 4,200 pages a month.\n\n"
            "Offer A: £89 a month, 48 month contract.\nOffer B: £112 a month, 36 months.\n\nShow me the sums.",
            "Two offers, which works out cheaper for us? We print about 4,200 pages a month.\n\nShow me the sums.",
            "Offer A: £89 a month, 48 month contract.\nOffer B: £112 a month, 36 months.",
        ),
        (
            "check_contract",
            "请教一下，我们想提前退租，合同里是这么写的：\n\n"
            "7.1 乙方支付押金36,000元。\n7.2 乙方应提前六十日书面通知甲方。\n\n"
            "我们想9月30号搬，大概要付多少钱？",
            "请教一下，我们想提前退租，合同里是这么写的：\n\n我们想9月30号搬，大概要付多少钱？",
            "7.1 乙方支付押金36,000元。\n7.2 乙方应提前六十日书面通知甲方。",
        ),
        (
            "minutes",
            "周一生产例会 下午2点\n1 刘:上周计划8600件\n2 何:轴承坏了\n\n把上面的整理成会议纪要",
            "把下面的整理成会议纪要",
            "周一生产例会 下午2点\n1 刘:上周计划8600件\n2 何:轴承坏了",
        ),
        (
            "summarise",
            "Anna: the lorry was late.\nBob: we call them on Friday.\n\nSummarise the notes above.",
            "Summarise the text below.",
            "Anna: the lorry was late.\nBob: we call them on Friday.",
        ),
    ],
)
def test_task_and_text_stand_where_they_belong(key: str, words: str, task: str, material: str) -> None:
    draft = begun(key, words).draft
    assert draft.text("task") == task
    assert [each.text for each in draft.materials] == [material]


def test_nothing_that_decides_or_admits_is_proposed() -> None:
    proposed = {
        question.key for file in GUIDES for question in FOLDER.guide(file).questions if begun(file).proposes(question)
    }
    assert not proposed & {
        "outcome",
        "decision",
        "known",
        "reader",
        "aim",
        "sender",
        "side",
        "needs",
        "rules",
        "means",
        "matter",
    }
    assert {"length", "tone", "form"} <= proposed
    # Who has set conditions gets no form proposed beside them.
    plan = begun("plan", "Plan our open day. 12 July, 10-4. A talk at 2pm. No alcohol.")
    assert not any(map(plan.proposes, plan.guide.questions))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            "check_contract",
            "我这里有一份办公室租赁合同的补充协议，想问一下里面有没有对我们不利的地方，还有提前退租要赔多少",
        ),
        (
            "check_contract",
            "I've got an NDA from a client and need to know if there's anything nasty in it before I sign",
        ),
        ("answer_complaint", "点评网站上有个一星差评怎么回啊 店长说今天必须回 但是他说的有些不是真的"),
        ("minutes", "Hi, I need minutes from my notes of last night's meeting. Formal, past tense. Can you do that?"),
        (
            "explain_policy",
            "有个护士问我试用期能不能请年假。我们手册里有写，但是我看得不太明白。能不能根据手册帮我看一下？怎么回她？",
        ),
    ],
)
def test_a_thing_that_is_spoken_of_and_not_given_is_asked_for(key: str, words: str) -> None:
    assert begun(key, words).open_steps[0] == MATERIAL


@pytest.mark.parametrize(
    ("key", "question", "words", "not_asked"),
    [
        ("answer_mail", "facts", "We pay on Friday. Sign Janet Doyle, Purchase Ledger", "sender"),
        ("answer_mail", "facts", "it was spoken about. from Paula Dean, Front Office Supervisor, The Albion", "sender"),
        ("answer_mail", "facts", "可以道歉。落款木与家家居 客服主管 周敏", "sender"),
        ("answer_mail", "length", "300字以内，语气诚恳", "tone"),
        ("answer_complaint", "known", "Be friendly, we need them.", "tone"),
        ("write_mail", "facts", "Payment by 9 May, at most 100 words", "length"),
        ("general", "facts", "Contact is Mel. 120-150 words", "form"),
    ],
)
def test_what_one_answer_says_is_not_asked_again(key: str, question: str, words: str, not_asked: str) -> None:
    before = begun(key, "帮我回一下" if key == "answer_mail" else "")
    assert not_asked in before.open_steps
    assert not_asked not in answered(before, question, words).open_steps


def test_what_facts_mention_is_no_form_of_the_text() -> None:
    for facts in ("Let the water run for ten minutes", "恢复后先放几分钟再用", "A table for eight is booked"):
        assert "form" in answered(begun("notice"), "facts", facts).open_steps


@pytest.mark.parametrize(
    ("key", "question", "words", "context"),
    [
        ("general", "reader", "for Facebook and the board", "for Facebook and the board"),
        ("general", "reader", "customers over 60", "It is for: customers over 60"),
        ("general", "reader", "附近上班的人，25到40岁", "给谁看：附近上班的人，25到40岁"),
        ("general", "facts", "two drops stay in one line", "two drops stay in one line"),
        ("minutes", "gaps", "老王就是王厂长，记录人是张倩", "老王就是王厂长，记录人是张倩"),
        ("compare", "needs", "He's the tenant", "He's the tenant"),
        ("check_figures", "rules", "分段累计算", "分段累计算"),
        # What stands already is not written a second time.
        ("minutes", "reader", "We sign as Anna Doyle.", ""),
        ("minutes", "reader", "We sign as Anna Doyle. British English", "British English"),
    ],
)
def test_own_words_have_no_label_that_clashes_and_stand_once(key: str, question: str, words: str, context: str) -> None:
    said = "帮我看一下" if "：" in context or not words.isascii() else "Do what is said. We sign as Anna Doyle."
    guiding = answered(begun(key, said), question, words)
    assert guiding.draft.text("context") == context


def test_the_message_box_can_be_changed_meanwhile() -> None:
    guide = FOLDER.guide("answer_complaint")
    before, now = (
        written_draft(words, (), MAIN, guide) for words in ("answer the complaint", "answer it, offer Friday")
    )
    guiding = answered(begun("answer_complaint", "answer the complaint"), "outcome", 0).with_written(before, now)
    lines = guiding.draft.text("task").split("\n")
    assert lines[0] == "answer it, offer Friday"
    assert guiding.stated == {"outcome": "offer Friday"}
    assert begun("answer_complaint", "answer the complaint").with_written(before, now).open_steps[0] == "known"
    assert len(lines) == 2
    assert len(guiding.with_written(now, now).draft.text("task").split("\n")) == 2
    nothing, written = (written_draft(words, (), MAIN, FOLDER.guide("minutes")) for words in ("", "write them"))
    emptied = begun("minutes", "write them").with_written(written, nothing)
    assert emptied.draft.text("task") == "Write the minutes of the meeting from the notes below."


def test_answers_are_in_the_language_of_what_is_written() -> None:
    guiding = answered(begun("answer_complaint", "帮我回复客户投诉，请他接受周五换货"), "known", 2)
    assert guiding.draft.text("context") == "原因还在查，写明什么时候给客户答复：【日期】。"
    mixed = answered(begun("answer_mail", "reply to 海川展览 about the chairs"), "facts", 1)
    assert mixed.draft.text("context").startswith("What I wrote is all")


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
    guiding = answered(begun("answer_mail", "Reply to it.", COMPLAINT), "facts", 0)
    cards = cards_of(render(guiding.draft, MAIN))
    assert [(card.field, card.is_material) for card in cards] == [("task", False), ("task", True), ("context", False)]
    assert cards[1].text == f'"""\n{COMPLAINT}\n"""'
    proposed = with_proposed(cards, "context", "For Ms Novak.", [each.key for each in MAIN.fields])
    assert [(card.field, card.is_proposed) for card in proposed][-2:] == [("context", False), ("context", True)]
    shown = cards_of(render(begun("notice", "写一条停电通知\n例如：“周五演练。”").draft, MAIN))
    assert [(card.field, card.is_material, card.is_example) for card in shown] == [
        ("task", False, False),
        ("example", False, True),
    ]
    long = cards_of(render(guiding.draft.with_materials("task", ("word " * 1_000,)), MAIN))[1]
    assert long.text.startswith('"""\nword')
    assert long.text.endswith('\n"""')
    assert long.left_out > 4_000


def test_a_guide_without_questions_is_ready_at_once() -> None:
    material = GuideMaterial(**dict.fromkeys(("missing", "short", "question", "why", "hint"), WORDS))
    guide = Guide(key="x", title=WORDS, opening=None, material=material, questions=())
    guiding = begin_guiding(guide, MAIN, written_draft("put this in order", (), MAIN, guide), Language.ENGLISH)
    assert guiding.open_steps == (MATERIAL,)
    assert guiding.with_material("").open_steps == ()
