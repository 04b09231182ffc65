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
from desktop.prompts.texts import Guides
from tests.support.frameworks import bundled_frameworks

FRAMEWORKS = {each.key: each for each in bundled_frameworks()}
MAIN = FRAMEWORKS["main"]
FOLDER = Guides()
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
    assert with_it.steps == ("outcome", "form", "more")
    with_file = replace(without, draft=PromptDraft(framework="main", files=(PromptFile("task", "a.pdf"),)))
    assert MATERIAL not in with_file.steps
    assert MATERIAL not in begun("answer_complaint", is_first=False).steps  # it may stand above
    # What is wished behind a colon is no text.
    for key, words in (
        ("make_table", "make a table out of this, columns: drop no, customer, town"),
        ("make_table", "把聊天记录整理成一张表，列：日期、谁、要买什么、数量"),
        ("minutes", "Make minutes from my notes: one page, actions at the end."),
        ("compare", "Compare these two quotes for me: price over 36 months, notice period."),
        ("answer_complaint", "帮我回复这封投诉，处理方案：换新，不退款，运费我们出"),
        ("rewrite", "改写一下这段话：口语一点，发朋友圈用"),
    ):
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


@pytest.mark.parametrize(
    ("key", "words", "stated"),
    [
        ("translate", "翻成英文，给美国客户的律师看", {"language": "翻成英文"}),
        ("translate", "英译中", {"language": "英译中"}),
        ("translate", "把这段英文翻译成中文，通俗一点", {"language": "译成中文"}),
        ("translate", "translate the German letter into English for my boss", {"language": "English"}),
        ("make_table", "做成表格，列为：产品、数量", {"form": "做成表格"}),
        ("answer_complaint", "回复投诉，不退款，不承认是我们的责任", {"outcome": "不退款"}),
        ("answer_complaint", "reply to it, the customer wants a refund", {}),
        ("answer_complaint", "回复投诉，客户要求退款", {}),
        ("answer_complaint", "回复投诉，他问到底换不换", {}),
        ("answer_complaint", "reply, we'll send a new one, no admission of fault", {"outcome": "we'll send a new one"}),
        ("answer_complaint", "reply to it, dont promise a date", {}),
        ("answer_complaint", "回复投诉，抛光费的事现在不能答应", {}),
        ("summarise", "they wont read 3 pages, can you summarise it", {}),
        ("summarise", "讲话稿大概几百字，帮我压缩", {}),
        # "Short" says that it matters, and not how long it may be.
        ("answer_mail", "回一下领导的邮件，别太长", {"form": ""}),
        ("explain", "explain VAT to a new colleague in five sentences", {"form": "five sentences"}),
        ("notice", "写个放假通知，3点前发，发给全体员工，200字", {"form": "200字"}),
        # What a stock answer would contradict.
        ("compare", "Lease or buy, which is cheaper? Show me the working.", {"form": "Show me the working"}),
        ("compare", "老板让我比较一下，我想要一个对比表外加一句结论", {"form": "对比表"}),
        ("check_contract", "看看有没有坑，最好再给一个改过的版本", {"form": "一个改过的版本"}),
        ("compare", "请对比下面两个版本的付款条款", {"form": ""}),
        ("proofread", "只改错的，改了哪里也请告诉我", {"form": "改了哪里"}),
        ("proofread", "Correct spelling only. Tell me what you changed.", {"form": "Tell me what you changed"}),
        ("rewrite", "make it sound better, in two short versions", {"form": "two short versions"}),
        ("proofread", "只改错别字", {"depth": "只改错别字"}),
        ("rewrite", "改得短一点", {"aim": "改得短一点"}),
        ("make_table", "a table of it, columns: drop, town, remark", {"columns": "columns: drop, town, remark"}),
        ("make_table", "put it in a table, one line per drop", {"columns": "one line per drop"}),
        ("make_table", "把下面的整理成表格", {"columns": ""}),
        ("make_table", "把聊天记录整理成一张表，列：日期、谁、数量", {"columns": "列：日期、谁、数量"}),
        (
            "explain",
            "explain the clause in plain English, she runs a cafe",
            {"depth": "explain the clause in plain English"},
        ),
        ("explain", "用大白话讲讲这一条", {"depth": "用大白话讲讲这一条"}),
        ("summarise", "给校长总结一下，重点是要交什么", {"purpose": "给校长总结一下"}),
        ("minutes", "minutes of it, with a list of who does what", {"kind": "with a list of who does what"}),
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
        # Whatever is said stays as it was said.
        ("answer_mail", "帮我回一下\n\n别太长", "帮我回一下\n\n别太长"),
        ("answer_complaint", "有个差评怎么回啊 店长急", "有个差评怎么回啊 店长急"),
        (
            "write_mail",
            "second reminder for an invoice please, firmer",
            "second reminder for an invoice please, firmer",
        ),
        ("summarise", "总结要点", "总结要点"),
        ("rewrite", "帮我润色一下这封邮件", "帮我润色一下这封邮件"),
        ("answer_complaint", "有个差评要回复一下", "有个差评要回复一下"),
        # What tells of the matter, or promises a text, is none itself.
        (
            "answer_mail",
            "客户问保费为什么涨了，帮我写几句回复\n\n原因：去年理赔两次，车险基准也上调了",
            "客户问保费为什么涨了，帮我写几句回复\n\n原因：去年理赔两次，车险基准也上调了",
        ),
        (
            "summarise",
            "Summary of the attached for my boss please\n\n(I'll paste it in a second)",
            "Summary of the attached for my boss please\n\n(I'll paste it in a second)",
        ),
        ("summarise", "把这份客户意见汇总一下，给院长看的", "把这份客户意见汇总一下，给院长看的"),
        (
            "minutes",
            "minutes of it please? Here they are, sorry about the state:",
            "minutes of it please? Here they are, sorry about the state:",
        ),
        ("proofread", "can you proofread this please", "can you proofread this please"),
        ("explain_policy", "what may I book?", "what may I book?"),
        # What orders nothing gets the guide's own order.
        (
            "minutes",
            "minutes of the meeting",
            "Write the minutes of the meeting from the notes below.",
        ),
        ("minutes", "minutes, Tuesday", "Write the minutes of the meeting from the notes below.\nminutes, Tuesday"),
        ("explain_policy", "给新同事讲解差旅报销制度", "给新同事讲解差旅报销制度"),
        ("notice", "parking lot closed on Tuesday", "Write a notice.\nparking lot closed on Tuesday"),
        # Unless they say much: then they tell what it is.
        (
            "answer_mail",
            "A parent wrote. She asks for a week. Not allowed.",
            "A parent wrote. She asks for a week. Not allowed.",
        ),
    ],
)
def test_a_task_says_what_is_to_be_done(key: str, words: str, task: str) -> None:
    assert begun(key, words).draft.text("task") == task


@pytest.mark.parametrize(
    ("words", "material", "below"),
    [
        (
            "Dave's message for Monday:\n\nRun 1 Kieran out 05.30 Hartlepool 6 plt, then Durham 4 plt before 9.\n\n"
            "put that in a table, one line per drop",
            "Dave's message for Monday:\n\nRun 1 Kieran out 05.30 Hartlepool 6 plt, then Durham 4 plt before 9.",
            "put that in a table, one line per drop",
        ),
        (
            "帮我算一下四个业务员的提成，规则：\n5万以内部分2%，以上部分3%。\n小陈 86000\n小吴 134000\n"
            "要表格，每个人怎么算的写出来，最后要合计",
            "5万以内部分2%，以上部分3%。\n小陈 86000\n小吴 134000",
            "要表格，每个人怎么算的写出来，最后要合计",
        ),
        (
            "Two offers, which works out cheaper for us? We print about 4,200 pages a month.\n\n"
            "Offer A: £89 a month, 48 month contract.\nOffer B: £112 a month, 36 months.\n\nShow me the sums.",
            "Offer A: £89 a month, 48 month contract.\nOffer B: £112 a month, 36 months.",
            "Show me the sums.",
        ),
        (
            "有位业主投诉，麻烦拟一段回复。原话如下：\n\n「你们物业到底管不管？车库渗水我早就报修了，没有人来。」\n\n"
            "领导意思是先稳住他。",
            "「你们物业到底管不管？车库渗水我早就报修了，没有人来。」",
            "领导意思是先稳住他。",
        ),
        (
            "帮我看看这个条款有没有坑：\n提前退租的，押金不退，并赔偿三个月租金。\n我们是乙方，租来开咖啡店",
            "提前退租的，押金不退，并赔偿三个月租金。",
            "我们是乙方，租来开咖啡店",
        ),
        (
            "周一生产例会 下午2点\n1 刘:上周计划8600件\n2 何:轴承坏了\n\n把上面的整理成会议纪要",
            "周一生产例会 下午2点\n1 刘:上周计划8600件\n2 何:轴承坏了",
            "把上面的整理成会议纪要",
        ),
        # The last line of notes is theirs, unless it speaks to the model.
        (
            "Make minutes of this.\n\nteam mtg Thurs 12.30\n- no shows: 31 in Sept\n- room 2 couch broken\n"
            "next mtg 20 Nov same time",
            "team mtg Thurs 12.30\n- no shows: 31 in Sept\n- room 2 couch broken\nnext mtg 20 Nov same time",
            "",
        ),
        (
            "【转发】关于安全检查的通知\n各机构：\n7月8日前自查，表格须签字盖章。\n\n给校长总结一下，200字以内",
            "【转发】关于安全检查的通知\n各机构：\n7月8日前自查，表格须签字盖章。",
            "给校长总结一下，200字以内",
        ),
        (
            "Turn my notes into minutes? Here they are:\n\nPTA mtg Weds\n- fair made 1,137.40\n- moaning re parking\n\n"
            "It goes to all parents so please leave out the moaning.",
            "PTA mtg Weds\n- fair made 1,137.40\n- moaning re parking",
            "It goes to all parents so please leave out the moaning.",
        ),
        (
            "这是房东发来的，帮我用英文回他，同意涨\n\nHi Wang, from July 1 the rent will be 1,250. Regards, Tom",
            "Hi Wang, from July 1 the rent will be 1,250. Regards, Tom",
            "",
        ),
        # What holds for all rows stands with them.
        (
            "Which of these is cheaper for us? Compare them please.\n\nQUOTE 1: £89 a month\nQUOTE 2: £112 a month\n\n"
            "all ex VAT",
            "QUOTE 1: £89 a month\nQUOTE 2: £112 a month\n\nall ex VAT",
            "",
        ),
        (
            "第九条 提前解除\n9.1 乙方须提前九十日书面通知。\n9.2 甲方不承担违约责任。\n\n"
            "客户是乙方。请问这一条哪些地方对他不利？",
            "第九条 提前解除\n9.1 乙方须提前九十日书面通知。\n9.2 甲方不承担违约责任。",
            "客户是乙方。请问这一条哪些地方对他不利？",
        ),
        (
            "Year 4 trip, Thurs 26 June\ncoach leaves 8.45 SHARP\ncost £14.50\n\n"
            "Can you turn that into a letter to parents? One side of A4.",
            "Year 4 trip, Thurs 26 June\ncoach leaves 8.45 SHARP\ncost £14.50",
            "Can you turn that into a letter to parents? One side of A4.",
        ),
        (
            "Work out what to pay each rep. Here is what they sent in:\n\n"
            "Dan - 4 Mar Leeds 112 miles\nPriya - 5 Mar Hull 96 miles\n\nCan you show me the working so I can check it",
            "Dan - 4 Mar Leeds 112 miles\nPriya - 5 Mar Hull 96 miles",
            "Can you show me the working so I can check it",
        ),
        # The address below a signature is the letter's.
        (
            "Hi, I need a reply to the email below. Keep it short please.\n\n"
            "From: Dom Farrow\nSubject: RE: Invoice 206\n\n"
            "Hi Pauline,\n\nSome of the glasses were broken.\n\nCheers\nDom\n\n"
            "Dom Farrow\nOperations Manager, Hatch & Rye Coffee",
            "From: Dom Farrow\nSubject: RE: Invoice 206\n\nHi Pauline,\n\nSome of the glasses were broken.\n\n"
            "Cheers\nDom\n\nDom Farrow\nOperations Manager, Hatch & Rye Coffee",
            "",
        ),
        # Thanks below rows, and the rules by which these are reckoned, are the writer's.
        (
            "把下面的整理成表格，每人一行，最后合计。\n\n李娜，3月4日到6日去成都，打车112.5。\n"
            "陈晓梅 3月12日洛阳当天往返，打车65.4。\n\n谢谢",
            "李娜，3月4日到6日去成都，打车112.5。\n陈晓梅 3月12日洛阳当天往返，打车65.4。",
            "",
        ),
        (
            "把下面这几段整理成一张表，每人一行。\n\n周敏，9月2号到4号去武汉，打车一次86一次42。\n"
            "何婷，成都，9月15号—18号，打车加起来210。\n\n"
            "补助每人每天100，头尾两天都算。\n没有发票的在备注里写一下就行，不用太长",
            "周敏，9月2号到4号去武汉，打车一次86一次42。\n何婷，成都，9月15号—18号，打车加起来210。",
            "补助每人每天100，头尾两天都算。\n没有发票的在备注里写一下就行，不用太长",
        ),
        (
            "下面是三家的报价，帮我算算哪家便宜。\n\n甲：单价45，运费800，300套以上98折\n乙：单价43.5，运费1200，不打折\n\n"
            "要写理由，一两句就行。\n谢谢",
            "甲：单价45，运费800，300套以上98折\n乙：单价43.5，运费1200，不打折",
            "要写理由，一两句就行。",
        ),
        (
            "翻译一下，发给德国供应商\n\n您好，样品收到了，颜色偏深，请重做，11月20日前寄到。\n\n谢谢\n王蕾\n\n正式一点，英文",
            "您好，样品收到了，颜色偏深，请重做，11月20日前寄到。\n\n谢谢\n王蕾",
            "正式一点，英文",
        ),
        (
            "客户投诉，帮我回：\n\n我上周买的冰箱送来就有划痕，等了五天没人来。你们到底换不换？\n\n换，周四上午送新的。短信，别超100字",
            "我上周买的冰箱送来就有划痕，等了五天没人来。你们到底换不换？",
            "换，周四上午送新的。短信，别超100字",
        ),
        (
            "Can you help me reply to this, the 21st works\n\n"
            "Hi Tom\nWe'd like it done before the 14th.\nThanks\nLinda\n\n(it does include taking the old one away)",
            "Hi Tom\nWe'd like it done before the 14th.\nThanks\nLinda",
            "(it does include taking the old one away)",
        ),
        (
            "Below are my notes, please make them into a handout\n\n"
            "- ladders: check feet\n- Gaz nearly came off\n\ndont name Gaz",
            "- ladders: check feet\n- Gaz nearly came off",
            "dont name Gaz",
        ),
        (
            "这是我写的周报 帮我改的正式一点，别写太长：\n\n这周一共到件18460件，比上周多了1200来件，货架都放不下了。",
            "这周一共到件18460件，比上周多了1200来件，货架都放不下了。",
            "",
        ),
        (
            "Summarise the notes.\n\nAnna: the lorry was late.\nBob: we call them on Friday.",
            "Anna: the lorry was late.\nBob: we call them on Friday.",
            "",
        ),
    ],
)
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


@pytest.mark.parametrize(
    "words",
    [
        "Please compare: Hotel A 95 with breakfast, free parking. Hotel B 119 without. Which is cheaper, and why",
        "周报，本周：完成了A项目验收，客户提了小问题；B项目合同在走流程。给领导看，简短点",
        # One's own facts among rows are none of a text.
        "Wages go up to £12.21 an hour. On top I pay 12% holiday pay. At the moment I charge\n\n"
        "Hollis & Co 22 hrs £19\nBramley Nursery 64 hrs £17\n\n"
        "What do I have to charge each of them to earn the same? Show me the working",
    ],
)
def test_a_line_that_goes_on_with_own_words_stays_whole(words: str) -> None:
    draft = begun("general", words).draft
    assert (draft.text("task"), draft.materials) == (words, ())


@pytest.mark.parametrize(
    ("key", "words", "question", "answer", "line"),
    [
        # What refers back says nothing, and what was said is not said again.
        ("check_figures", "work out the miles of each rep", "more", "just what I wrote", ""),
        ("check_figures", "work out the miles of each rep", "more", "Just what I wrote, no VAT", "Also: no VAT"),
        (
            "make_table",
            "make a table",
            "more",
            "one row per job, the columns I said. 24h",
            "Also: one row per job, 24h",
        ),
        ("make_table", "make a table", "more", "as above", ""),
        ("make_table", "make a table", "more", "its all in there", ""),
        ("make_table", "做成表格", "more", "就按我写的", ""),
        ("make_table", "做成表格", "more", "按我上面说的来，加一列合计", "另外：加一列合计"),
        (
            "notice",
            "Turn that into a letter to parents? One side of A4, friendly.",
            "more",
            "one side of A4, signed Mrs J Whitlock",
            "Also: signed Mrs J Whitlock",
        ),
        (
            "explain",
            "whats the difference between FCA and FOB? which one should we use?",
            "more",
            "Which one should we use. full containers by sea",
            "Also: full containers by sea",
        ),
        # The words of a clause that stand apart there may tell another thing together.
        (
            "check_figures",
            "Which is cheapest? Rate per pallet 62.50, fuel surcharge 8.5%. The surcharge of PWT only: 11%",
            "more",
            "Fuel surcharge is on the pallet rate only, not on the extras",
            None,
        ),
        ("explain_policy", "我该拿多少加班费？", "more", "我该拿多少加班费，基本工资4350", "另外：基本工资4350"),
        ("explain_policy", "这个不要写价格", "more", "这个要写价格", "另外：这个要写价格"),
        ("notice", "Do not mention the price of lunch", "more", "mention the price of lunch", None),
        # What somebody else said is told from one's own additions.
        (
            "general",
            "帮我写个招聘启事",
            "aim",
            "老板微信里说的：\n招个文员，会用电脑，打字别太慢，主要是接电话、登记客户，单休，早九晚六。\n联系人孙姐，号码我自己填",
            "补充说明：老板微信里说的：\n“招个文员，会用电脑，打字别太慢，主要是接电话、登记客户，单休，早九晚六。”\n联系人孙姐，号码我自己填",
        ),
        # What the other side asks for is no decision of ours yet.
        ("answer_complaint", "回复投诉，客户要求全额退货款", "outcome", "全额退货款", "处理方案：全额退货款"),
    ],
)
def test_an_answer_adds_what_was_not_said(key: str, words: str, question: str, answer: str, line: str | None) -> None:
    guiding = begun(key, words)
    told = answered(guiding, question, answer)
    line = f"Also: {answer}" if line is None else line
    assert told.draft.text("task") == (
        f"{guiding.draft.text('task')}\n\n{line}" if line else guiding.draft.text("task")
    )
    assert told.draft.answers[question] == line


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
        ("general", "我想把报销制度改得好懂一点，同事总看不明白。我把文字发给你，你改成大家能看懂的，行吗？"),
        ("general", "Our expense rules are hard to read. I'll send you the text, and you make it simple, ok?"),
        (
            "summarise",
            "I have a rather long email from our agent. Could you summarise it in five points? I can paste it in.",
        ),
        ("general", "领导发来一份文件，让我明天跟大家讲一讲，重点是什么？你弄成大家能听懂的话，五分钟能讲完。"),
        ("general", "Please take a look at the attached and say what you think, it is for a client who is particular."),
        ("general", "My landlord sent me a new agreement, I want to know if the rent went up, and by how much."),
        ("answer_complaint", "how we could calm down an angry guest: write a reply to his complaint"),
        ("general", "I've got a letter from the council. What do they want from us?"),
        ("general", "供应商今年发来的条款跟去年的不太一样，我想知道到底改了哪些、哪些对我们不利。怎么弄比较快？"),
        ("general", "我写了份辞职信，帮我看看合不合适，别得罪老板"),
        ("general", "I wrote a short speech for my boss's leaving do, make it funnier"),
        ("general", "The terms our supplier sent are not last year's, what did they change?"),
        ("proofread", "can you check an email before I send it? its to an employee and I dont want to get it wrong"),
    ],
)
def test_a_thing_that_is_spoken_of_and_not_given_is_asked_for(key: str, words: str) -> None:
    assert begun(key, words).open_steps[0] == MATERIAL


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Summarise our agent's letter for my boss. I can paste it in.", "Summarise our agent's letter for my boss."),
        ("Our rules are hard to read. I'll send you the text, and you make it simple.", None),
        ("a job advert please. I have some points somewhere if you need them", "a job advert please."),
        ("Write a job advert. Ask me if you need anything.", "Write a job advert."),
        ("讲话稿太长了，帮我压缩，需要的话我贴给您。", "讲话稿太长了，帮我压缩。"),
        ("能不能帮我看看：请假5天要谁批？材料等下发你", "能不能帮我看看：请假5天要谁批？"),
        ("写封信，有回执。具体情况我可以发给您。麻烦了!", "写封信，有回执。"),
        ("写个招聘启事。要什么情况你问我就行,我一条一条告诉你。", "写个招聘启事。"),
        ("写封信，缺什么问我就好。", "写封信。"),
        # What is to be said to others, or is to be done, stays.
        *(
            (each, each)
            for each in ("reply to him, I can give them 10% off", "tell him: I'll send it to you on Friday")
        ),
        *(
            (each, each)
            for each in (
                "回复他，货已经发给您了",
                "回复客户：样品今天寄出，单号稍后发您。",
                "跟客户说样品今天发给您",
                "write a short thank you",
                "thanks",
            )
        ),
    ],
)
def test_an_offer_of_the_text_is_not_sent(words: str, said: str | None) -> None:
    assert begun("general", words).draft.text("task") == (said or "Our rules are hard to read. you make it simple.")


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


def test_a_draft_comes_back_from_the_disk_with_its_answers() -> None:
    draft = answered(begun("minutes", "write them"), "kind", 0).with_material("Anna: yes").draft
    assert draft_from_json(draft_to_json(draft)) == draft
    assert "guide" not in draft_to_json(PromptDraft(framework="main"))


def test_any_text_can_be_the_beginning() -> None:
    texts = ("😀😀", "{{name}}, {{", "مرحبا، أجب على هذه الرسالة", '"""', "\x00", "x" * 5_000_000)
    for text in texts:
        for guiding in (begun("translate", text), begun("translate", "", text)):
            prompt = render(answered(guiding, "form", 0).draft, MAIN)
            assert text.strip() in prompt.text, text[:20]
            assert sum(len(card.text) for card in cards_of(prompt)) < 20 * SHOWN


def test_cards_name_what_is_sent() -> None:
    guiding = answered(begun("answer_mail", "Reply to it.", COMPLAINT), "form", 0)
    cards = cards_of(render(guiding.draft, MAIN))
    assert [(card.field, card.is_material) for card in cards] == [("task", False), ("task", True)]
    assert cards[1].text == f'"""\n{COMPLAINT}\n"""'
    proposed = with_proposed(cards, "task", "One page.")
    assert [(card.is_material, card.is_proposed) for card in proposed] == [(False, False), (False, True), (True, False)]
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
