"""Which requests speak of something that is not there, what they call it, and which bring all that they need."""

from __future__ import annotations

import pytest

from desktop.core.tasks.lacking import is_about_answer, lacks_material, missing_text
from tests.core.tables import table

CASES = table("tasks/lacking.toml")


@pytest.mark.parametrize("words", CASES["missing"])
def test_it_is_missing(words):
    assert lacks_material(words)


@pytest.mark.parametrize("words", CASES["nothing_missing"])
def test_nothing_is_missing(words):
    assert not lacks_material(words)


@pytest.mark.parametrize(("words", "lacks"), CASES["sources"])
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
}
LACKING_NOTHING = [
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
    "|翻译一下|谢谢|写短一点|翻译成英文|请用中文回答。|Bitte antworte auf Deutsch."
)
ON_FILES = (
    "And for the branch office?|Are you sure?|Which parking spaces did we agree on with Brightwater?"
    "|notice Harbour Street|Translate clause 4 of the lease|Summarise the minutes of Monday|Rent in 2026"
    "|那分公司呢？|租金|总结周一的会议纪要"
)


def test_a_message_on_the_answer_above_it_asks_no_file():
    assert [each for each in ON_THE_ANSWER.split("|") if not is_about_answer(each)] == []
    assert [each for each in ON_FILES.split("|") if is_about_answer(each)] == []
