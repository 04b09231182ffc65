"""Titles of conversations by their first message: the task, and what it is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.prompts.prompt import Language, Material, PromptDraft, new_draft
from desktop.core.prompts.render import render
from desktop.core.tasks.title import first_title
from desktop.core.text.titles import TITLE_COLUMNS, columns
from desktop.prompts.texts import load_frameworks
from tests.core.tables import table

CASES = table("tasks/title.toml")


MAIL = "From: Ms Moreau\nSubject: Order 1182 is late\n\nDear all, …"


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
    mail = sent(frameworks, "answer_mail", points="Yes.", mail=MAIL)
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


COMPLAINT = """Dear Sir or Madam,
on 24 November I ordered twelve office chairs (order 4471). They should have been here on 28 November. No chairs have
arrived, and nobody answers my mails. I want the chairs or my money.
Yours, J. Moreau"""
EXPENSES = "市场部 张三 3月5日 差旅 120\n研发部 李四 3月6日 差旅 300\n市场部 王五 3月8日 住宿 260"
NOTES = "周会记录\n张总：新仓库下月启用\n李工：消防还没验收"


@pytest.mark.parametrize(
    ("text", "title"),
    CASES["a_task_of_the_office_is_named_with_its_thing"],
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
    CASES["plain_words_have_their_own_title"],
)
def test_plain_words_have_their_own_title(text, title, frameworks):
    assert first_title(text, ["lease.pdf"] if not text else [], frameworks) == title
