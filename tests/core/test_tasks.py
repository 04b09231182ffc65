"""Guided tasks: what a case is, what is asked for and lacking, and what it is called."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.context import FileNeed
from desktop.core.prompts.prompt import (
    Language,
    Material,
    PromptDraft,
    PromptFile,
    draft_from_json,
    draft_to_json,
    moved_to,
    new_draft,
)
from desktop.core.prompts.render import render, reopened
from desktop.core.recipes.recipe import Blank, BlankKind, fill, recipe_of
from desktop.core.resources import resource_path
from desktop.core.tasks.case import BlankNames, Case, put_back
from desktop.core.tasks.guiding import Guiding, begin_guiding, written_draft
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.lacking import is_about_answer, lacks_material, missing_text, points_back
from desktop.core.tasks.office import framework_for, guide_for, need_of, recognised_task
from desktop.core.tasks.title import first_title
from desktop.core.text.titles import TITLE_COLUMNS, columns
from desktop.core.text.weights import LearnedWeights, bucket_of, packed
from desktop.prompts.texts import Guides, load_frameworks
from tests.core.tables import learned, table
from tests.core.tasks.phrases import PHRASES, SILENT
from tests.support.frameworks import bundled_frameworks

# --- What a recipe that is made of a prompt asks for each time -----------------------------------------------------

FRAMEWORKS = {each.key: each for each in load_frameworks()}
MAIN_FRAMEWORK = FRAMEWORKS["main"]
ENGLISH = BlankNames(text="text", file="file", language=Language.ENGLISH)
CHINESE = BlankNames(text="文本", file="文件", language=Language.CHINESE)
MAIL = "Dear Sir or Madam, on 24 November I bought a chair."


def long(name, field="task", *, required=True):
    return Blank(name=name, kind=BlankKind.LONG_TEXT, field=field, required=required)


@pytest.mark.parametrize(
    ("task", "framework", "field", "names", "name"),
    [
        ("Write a reply to the complaint below.", "main", "task", ENGLISH, "complaint"),
        ("Summarise the contract below.\nAt most a page.", "main", "task", ENGLISH, "contract"),
        ("给下面的投诉写一封回信。", "main", "task", CHINESE, "投诉"),
        ("Answer kindly.", "main", "task", ENGLISH, "text"),
        ("Translate this.", "main", "task", ENGLISH, "text"),
        ("客气地答复。", "main", "task", CHINESE, "文本"),
        ("Answer it.", "complaint", "complaint", ENGLISH, "Complaint"),
        ("答复。", "complaint", "complaint", CHINESE, "投诉内容"),
        ("Look.", "crispe", "insight", ENGLISH, "text"),
    ],
)
def test_material_is_asked_for_by_its_name(task, framework, field, names, name):
    found = FRAMEWORKS[framework]
    draft = PromptDraft(framework=framework, texts={found.task.key: task}, materials=(Material(field, MAIL),))
    case = Case(draft, found, names)
    case.take_out()
    assert [each.blank for each in case.asked] == [long(name, field)]
    assert case.draft == PromptDraft(framework=framework, texts={found.task.key: task})
    recipe = recipe_of("x", case.draft, (case.asked[0].blank,))
    filled = fill(recipe, {name: "Too late."})
    assert filled.materials == (Material(field, "Too late."),)
    assert "below" not in render(filled, found).text.replace(task, "")
    assert put_back(case.draft, case.asked[0], name) == draft


def test_own_answers_of_a_guide_are_facts_and_those_that_were_pressed_stay():
    guide = Guides().guide("answer_mail")
    guiding = begin_guiding(guide, MAIN_FRAMEWORK, PromptDraft(framework="main"), Language.ENGLISH).with_material(MAIL)
    decision, form, more = guide.questions
    guiding = guiding.with_answer(decision, guiding.words_of(decision, decision.answers[0]))
    guiding = guiding.with_answer(form, guiding.words_of(form, form.answers[0]))
    guiding = guiding.with_answer(more, guiding.words_of(more, "the supplier was late"))
    case = Case(guiding.draft, MAIN_FRAMEWORK, ENGLISH, guide)
    case.take_out()
    assert [each.blank for each in case.asked] == [long("Mail"), Blank(name="Anything else")]
    assert [each.words for each in case.asked] == [MAIL, "the supplier was late"]
    assert case.draft.texts == {
        "task": f"Write a reply to this mail.\n\n{decision.answers[0].text.en}\n{form.answers[0].text.en}\n"
        "Also: {{Anything else}}",
    }
    back = case.draft
    for each in case.asked:
        back = put_back(back, each, each.blank.name)
    assert (back.texts, back.materials) == (guiding.draft.texts, guiding.draft.materials)


def test_what_stands_in_the_context_is_the_case():
    texts = {"task": "Write a reply.", "remedy": "New chairs.\nOn 7 May.", "customer": "A hotel.", "tone": "Calm."}
    framework = FRAMEWORKS["complaint"]
    case = Case(PromptDraft(framework="complaint", texts=texts), framework, ENGLISH)
    case.take_out()
    assert [each.blank for each in case.asked] == [long("What we do about it", "remedy")]
    assert case.draft.texts == texts | {"remedy": ""}
    kept = Case(PromptDraft(framework="main", texts={"context": "For {{whom}}"}), MAIN_FRAMEWORK, ENGLISH)
    kept.take_out()
    assert kept.asked == []


def test_files_are_asked_for_where_they_are_named_or_below():
    files = (PromptFile("task", "a.pdf"), PromptFile("context", "b.pdf"))
    texts = {"task": 'Summarise the file "a.pdf".'}
    case = Case(PromptDraft(framework="main", texts=texts, files=files), MAIN_FRAMEWORK, ENGLISH)
    case.take_out()
    assert case.draft == PromptDraft(framework="main", texts={"task": "Summarise {{file}}."})
    blanks = tuple(each.blank for each in case.asked)
    assert blanks == (
        Blank(name="file", kind=BlankKind.FILE),
        Blank(name="file 2", kind=BlankKind.FILE, field="context"),
    )
    filled = fill(recipe_of("x", case.draft, blanks), {"file": "/c.pdf", "file 2": "/d.pdf"})
    assert set(filled.files) == {PromptFile("task", "c.pdf"), PromptFile("context", "d.pdf")}
    assert filled.texts == {"task": 'Summarise the file "c.pdf".'}


# --- A draft that is made by questions -----------------------------------------------------------------------------

GUIDED = table("tasks/guiding.toml")

BUNDLED = {each.key: each for each in bundled_frameworks()}
MAIN = BUNDLED["main"]
FOLDER = Guides()
BRINGS_ITS_TEXT = {
    "translate": ("Translate into German: Good morning, all", "把这句话翻译成英文：会议改到下午三点"),
    "rewrite": ("润色这句话：我们很高兴通知您", "Rewrite more politely: send me the file now"),
}
GUIDES = sorted(file.stem for file in resource_path("guides").glob("*.toml"))
COMPLAINT = "Six of the forty chairs wobble.\nHotel Seeblick"


def begun(key, words="", *pasted, is_first=True):
    guide = FOLDER.guide(key)
    written = written_draft(words, pasted, MAIN, guide)
    return begin_guiding(guide, MAIN, written, Language.ENGLISH, is_first=is_first)


@pytest.mark.parametrize(("key", "words"), [(key, each) for key in BRINGS_ITS_TEXT for each in BRINGS_ITS_TEXT[key]])
def test_a_text_behind_a_colon_is_not_asked_for(key, words):
    assert "material" not in begun(key, words).open_steps


def asked(guiding, key):
    question = guiding.question(key)
    assert question is not None
    return question


def answered(guiding, key, answer):
    question = asked(guiding, key)
    given = question.answers[answer] if isinstance(answer, int) else answer
    return guiding.with_answer(question, guiding.words_of(question, given))


@pytest.mark.parametrize("case", GUIDED["dialogues"])
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


@pytest.mark.parametrize("key", GUIDES)
def test_each_guide_is_short_and_ends_in_one_open_question(key):
    questions = FOLDER.guide(key).questions
    assert len(questions) == 3
    assert questions[1].key == "form"
    assert questions[-1] == FOLDER.guide("general").questions[-1]
    told = answered(begun(key, "Do as we agreed."), "more", "That's all. He's the tenant. No advice")
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
    there = moved_to(guiding.draft, MAIN, BUNDLED["answer_mail"], Language.ENGLISH)
    back = moved_to(there, BUNDLED["answer_mail"], MAIN, Language.ENGLISH)
    for words in guiding.draft.answers.values():
        assert words in "\n".join(back.texts.values())
    assert back.answers == guiding.draft.answers
    assert [each.text for each in back.materials] == [COMPLAINT]


@pytest.mark.parametrize(("key", "words", "stated"), GUIDED["stated"])
def test_what_the_words_state_is_no_question(key, words, stated):
    guiding = begun(key, words)
    found = {question: guiding.stated.get(question, "") for question in stated}
    assert {question: text.rstrip("。") for question, text in found.items()} == stated
    assert not set(guiding.open_steps) & set(guiding.stated)
    if not stated:
        assert guiding.stated == {}


OFFERS = [["general", *each] for each in GUIDED["offers"]]
WHOLE = [["general", each, each] for each in GUIDED["whole"]]


@pytest.mark.parametrize(("key", "words", "task"), [*GUIDED["tasks"], *OFFERS, *WHOLE])
def test_a_task_says_what_is_to_be_done(key, words, task):
    assert begun(key, words).draft.text("task") == task


@pytest.mark.parametrize(("words", "material", "below"), GUIDED["texts"])
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


@pytest.mark.parametrize(("key", "words", "question", "answer", "line"), GUIDED["answers"])
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
    assert emptied.draft.text("task") == "Write the minutes of the meeting from these notes."


def test_any_text_can_be_the_beginning():
    texts = ("😀😀", "{{name}}, {{", "مرحبا، أجب على هذه الرسالة", '"""', "\x00", "x" * 5_000_000)
    for text in texts:
        for guiding in (begun("translate", text), begun("translate", "", text)):
            prompt = render(answered(guiding, "form", 0).draft, MAIN)
            assert text.strip() in prompt.text, text[:20]


# --- Which requests speak of something that is not there, what they call it, and which bring all that --------------

SHORT_OF = table("tasks/lacking.toml")


@pytest.mark.parametrize("words", SHORT_OF["missing"])
def test_it_is_missing(words):
    assert lacks_material(words)


@pytest.mark.parametrize("words", SHORT_OF["nothing_missing"])
def test_nothing_is_missing(words):
    assert not lacks_material(words)


@pytest.mark.parametrize(("words", "lacks"), SHORT_OF["sources"])
def test_a_document_that_a_question_takes_for_known(words, lacks):
    assert lacks_material(words) is lacks


LACKING = {
    "What's the notice period in our lease?": "lease",
    "Summarise the attached report in five bullets": "report",
    "Reply to the customer's email politely": "email",
    "Does our insurance policy cover water damage?": "policy",
    "Can you turn my notes into minutes": "notes",
    "Make this text shorter": "text",
    "summarise this": "text",
    "tl;dr": "text",
    "Check this NDA for risks": "NDA",
    "合同里的违约金是多少": "合同",
    "根据员工手册，迟到怎么处理": "手册",
    "帮我总结一下这份报告": "报告",
    "会议纪要里谁负责采购": "会议纪要",
    "请把附件翻译成英文": "原文",
    "帮我看看这份合同有没有风险": "合同",
    "润色一下": "原文",
    "Summarise the report: what did they decide?": "report",
    "What does the Miller contract say about notice?": "contract",
}
LACKING_NOTHING = [
    *("List the UN member states in a table", "Who wrote the report on the 9/11 attacks?", "把联合国成员国列成表"),
    *(
        "Calculate the average of these numbers: 5, 3, 9 and 12",
        "Check whether this is right: 2+2=5",
        "检查这个对不对：2+2=5",
    ),
    *("Translate Guten Tag into English", "What does the file extension .dll mean?", "把 Guten Tag 翻译成中文"),
    *("Check the spelling of this word: accomodation", "这几个数加起来是多少：12、7、30", "看看这个词写对没有：帐户"),
    *("How do I end a letter to a client?", "What should a good report contain?", "Is a verbal contract binding?"),
    *("Translate 'the contract is attached' into German", "How do I attach a file to an email in Outlook?"),
    "Our contract says 30 days' notice. If I give notice on 12 May, what is the last day?",
    "Write a reply to a customer whose parcel arrived broken. We will send a new one on Friday.",
    "Summarise this: the lorry was late and nobody called us back",
    "Which of these is right?\n\n1. Their invoice has been paid.\n2. There invoice has been paid.",
    *("what time is it in Tokyo", "Keep it below 100 words", "Add up 340, 120.50 and 88"),
    *("合同和协议有什么区别？", "劳动合同一般包括哪些内容？", "给我一个请假条的模板", "怎么在Word文档里插入页码"),
    *("合同上写的是提前一个月通知，我今天3月5日通知，最早哪天能走？", "把“请查收附件”翻译成英文", "这个软件怎么换模型"),
    *("写一封邮件通知全体员工，下周一开始打卡时间改成九点", "100字以下的自我介绍怎么说", ""),
]


@pytest.mark.parametrize(("words", "thing"), [*LACKING.items(), *((each, "") for each in LACKING_NOTHING)])
def test_what_a_request_lacks(words, thing):
    assert missing_text(words) == thing


ON_THE_ANSWER = (
    "Translate that|translate it into German please|Thanks|Shorter please|more formal|Summarise that in two sentences"
    "|Translate that into German|make a table of it|As an email|Make it half as long|more natural please"
    "|Summarise it in 3 points|in one line|as ten bullet points|Put it in two columns|用三点总结|写成200字以内"
    "|翻译一下|谢谢|写短一点|再短一点|做成表格|翻译成英文|请用中文回答。|Bitte antworte auf Deutsch."
)
ON_FILES = (
    "And for the branch office?|Are you sure?|Which parking spaces did we agree on with Brightwater?"
    "|notice Harbour Street|Translate clause 4 of the lease|Summarise the minutes of Monday|Rent in 2026"
    "|List the deposits in a table|Summarise the Lindqvist case|List the suppliers with their prices in a table"
    "|Summarise point 4|Explain line 7 simply|Translate paragraph 4 into German|Explain columns B and C"
    "|Explain points two and three|More rent|More holiday|less notice"
    "|Summarise this year's parking fines of Brightwater"
    "|List your suppliers with their prices|List these suppliers in a table|Summarise the fines above 500 euros"
    "|Summarise this quarter's fines|Explain this order of Brightwater|Rewrite the monthly letter to Brightwater"
    "|第12条的内容|解释第3条|总结第二条|概括前三条|把这三家供应商的报价列成表|总结这个分公司的租金|把这份合同的租金列成表"
    "|那分公司呢？|租金|总结周一的会议纪要|概括一下装修进度|把各办公室的租金列成表格|把供应商列成表|总结一下张伟的项目"
)
ALSO_ON_THE_ANSWER = (
    "Put these figures into a table|Rewrite it as a letter to Brightwater|把它改写成给张伟的信"
    "|Summarise this for the board|Rewrite this more formally for Brightwater"
    "|Translate the text above for Brightwater|把这些改写成给张伟的邮件"
)


def test_a_message_on_the_answer_above_it_asks_no_file():
    assert [each for each in ON_THE_ANSWER.split("|") if not is_about_answer(each)] == []
    assert [each for each in ON_FILES.split("|") if is_about_answer(each) or points_back(each)] == []


def test_a_message_on_the_answer_that_has_words_of_its_own_may_bear_on_files():
    words = ALSO_ON_THE_ANSWER.split("|")
    assert [each for each in words if is_about_answer(each) or not points_back(each)] == []


# --- What a question needs of a file that is too long --------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("Summarise this in five points", FileNeed.GIST),
        ("帮我总结一下这份文件", FileNeed.GIST),
        ("What is this about?", FileNeed.GIST),  # no word to look for
        ("", FileNeed.GIST),
        ("Translate this into German", FileNeed.WORDING),
        ("What is the notice period?", FileNeed.PASSAGES),
        ("这份合同的租金是多少", FileNeed.PASSAGES),
    ],
)
def test_the_need_follows_the_task(question, need):
    assert need_of(question) is need


# --- Tasks are recognised in the first line of a request, in both languages, and nothing else is taken for one -----

OFFICE = table("tasks/orders.toml")
OTHERS = learned("tasks_of_others")["lines"]


def test_each_task_is_recognised_in_both_languages():
    wrong = [(text, task, recognised_task(text)) for task, text in PHRASES if recognised_task(text) is not task]
    assert wrong == []
    for task in OfficeTask:
        texts = [text for of, text in PHRASES if of is task]
        assert {text.isascii() for text in texts} == {True, False}, task


def test_what_asks_for_no_task_stays_silent():
    assert [(text, recognised_task(text)) for text in SILENT if recognised_task(text)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_learned_is_recognised(language):
    """By 3,400 lines of four who knew nothing of each other. They are learned from: what is new is recognised less."""
    lines = [(each, text) for each in OTHERS if each["language"] == language for text in each["texts"]]
    said = [(each, recognised_task(text.partition("\t")[0])) for each, text in lines]
    asked = [(each, task) for each, task in said if each["task"] != "none"]
    right = [each for each, task in asked if task in (each["task"], *each.get("also", ()))]
    named = [task for _, task in said if task is not None]
    assert len(right) / len(asked) > 0.95
    assert len(right) / len(named) > 0.97


def test_other_languages_stay_silent():
    lines = [text for each in OTHERS if each["language"] not in ("en", "zh") for text in each["texts"]]
    assert [line for line in lines if recognised_task(line)] == []


@pytest.mark.parametrize(("text", "task"), OFFICE["tasks"])
def test_the_order_is_found_where_it_stands(text, task):
    assert (recognised_task(text) or "") == task


@pytest.mark.parametrize(("text", "guide"), OFFICE["guides"])
def test_there_is_a_guide_for_every_request_of_some_length(text, guide):
    assert guide_for(text) == guide


def test_no_text_makes_it_slow():
    hostile = ("a" * 5_000_000, "把" * 100_000, "write " * 50_000, "写" * 50_000, "，给" * 50_000, "\n" * 100_000)
    for text in hostile:
        began = time.thread_time()
        recognised_task(text)
        assert time.thread_time() - began < 0.2, text[:8]  # of the processor; usual is 0.2 ms


def test_weights_are_rounded_to_a_step_and_found_again():
    rows = [[0.0] * 3 for _ in range(100)]
    rows[bucket_of("a", 100)] = [4.0, -2.0, 0.1]
    weights = LearnedWeights.from_bytes(packed(rows))
    assert weights.of(["a"], 3) == pytest.approx([3.2, -2.0, 0.12])
    assert weights.of([], 3) == [0.0, 0.0, 0.0]


def test_each_framework_that_is_named_for_a_task_is_there():
    keys = {each.key for each in bundled_frameworks() if each.is_ready_made}
    assert keys == {framework_for(task) for task in OfficeTask} - {""}


# --- Titles of conversations by their first message ----------------------------------------------------------------

TITLES = table("tasks/title.toml")


LATE_ORDER = "From: Ms Moreau\nSubject: Order 1182 is late\n\nDear all, …"


@pytest.fixture(scope="module")
def frameworks():
    return load_frameworks()


def sent(frameworks, key, **texts):
    """Return the text of a prompt of this framework, with what it begins with and these parts."""
    framework = next(each for each in frameworks if each.key == key)
    draft = new_draft(framework, Language.ENGLISH)
    for name, text in texts.items():
        draft = draft.with_text(name, text)
    return render(draft, framework).text


def test_each_use_of_a_recipe_is_told_apart_by_what_it_is_applied_to(frameworks):
    mail = sent(frameworks, "answer_mail", points="Yes.", mail=LATE_ORDER)
    assert first_title(mail, [], frameworks) == "Reply to a mail: Order 1182 is late"
    assert first_title(mail, ["lease.pdf"], frameworks) == "Reply to a mail: lease.pdf"
    other = sent(frameworks, "explain", subject="Depreciation of machines")
    assert first_title(other, [], frameworks) == "Explain: Depreciation of machines"


def test_the_task_names_it_and_not_the_sentence_that_stands_first(frameworks):
    text = sent(frameworks, "crispe", capacity="You are an editor of many years.", statement="Name the newsletter.")
    assert text.index("You are") < text.index("Name the")
    assert first_title(text, [], frameworks) == "Name the newsletter"


def test_what_was_pasted_below_a_task_names_it(frameworks):
    main = frameworks[0]
    draft = PromptDraft(
        framework=main.key, texts={"task": "把它翻译成英文"}, materials=(Material("task", "采购合同\n甲方"),)
    )
    assert first_title(render(draft, main).text, [], frameworks) == "翻译：采购合同"
    guided = draft.with_text("task", "把它翻译成英文\n\n另外：收件人是王总，明天要")  # as guided mode sends it
    assert first_title(render(guided, main).text, [], frameworks) == "翻译：采购合同"


EXPENSES = "市场部 张三 3月5日 差旅 120\n研发部 李四 3月6日 差旅 300\n市场部 王五 3月8日 住宿 260"
NOTES = "周会记录\n张总：新仓库下月启用\n李工：消防还没验收"


@pytest.mark.parametrize(
    ("text", "title"),
    TITLES["a_task_of_the_office_is_named_with_its_thing"],
)
def test_a_task_of_the_office_is_named_with_its_thing(text, title, frameworks):
    assert first_title(text, [], frameworks) == title


_SAID = ("delivery", "late", "machine", "Friday", "payment", "refund", "we", "you", "sent", "never")
_WORDS = st.lists(st.sampled_from(_SAID), min_size=4)
_HAN_SAID = ("货物", "延误", "周五", "付款", "我们", "发票", "没有")
_HAN_WORDS = st.lists(st.sampled_from(_HAN_SAID), min_size=4)


@given(
    st.sampled_from(["Reply to this mail:", "Summarise this", "Translate this into German:", "Correct this letter"]),
    _WORDS.map(lambda words: " ".join(words).capitalize() + ", and so on."),
    st.sampled_from(["帮我回一下", "总结一下下面的内容", "翻译成英文", "做成表格"]),
    _HAN_WORDS.map(lambda words: "".join(words) + "，等等。"),
)
def test_the_first_words_of_a_text_that_was_given_never_name_it(frameworks, order, text, order_zh, text_zh):
    for asked, given_text, begins in (
        (order, text, " ".join(text.split()[:4])),
        (order_zh, text_zh, text_zh[:7]),
    ):
        title = first_title(f"{asked}\n\n{given_text}", [], frameworks)
        assert begins not in title
        assert 0 < columns(title) <= TITLE_COLUMNS


@pytest.mark.parametrize(
    ("text", "title"),
    TITLES["plain_words_have_their_own_title"],
)
def test_plain_words_have_their_own_title(text, title, frameworks):
    assert first_title(text, ["lease.pdf"] if not text else [], frameworks) == title
