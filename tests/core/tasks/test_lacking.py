"""Which first lines speak of something that is not there, and which bring all that they need."""

from __future__ import annotations

import pytest

from desktop.core.tasks.lacking import lacks_material, lacks_source


@pytest.mark.parametrize(
    "words",
    [
        *(
            "summarise this",
            "translate it please",
            "Proofread this for me.",
            "put this into a table",
            "shorten it",
            "make a table of this list",
        ),
        *("answer the customer's complaint", "translate the text below", "summarise the attached report"),
        *("把这个翻译成英文", "总结一下这段", "翻译下面的内容", "帮我回复客户投诉", "润色一下", "根据附件回答"),
        *("回复这位生气的客户", "reply to this angry customer"),
        *("回复这份投诉：语气诚恳一点", "翻译下面的合同：要求准确"),
    ],
)
def test_it_is_missing(words: str) -> None:
    assert lacks_material(words)


@pytest.mark.parametrize(
    "words",
    [
        *("write a mail to our landlord about the heating", "explain what a framework contract is", "plan a party"),
        *('translate "good morning" into French', "summarise this: the lorry was late and nobody called us back"),
        *(
            "make it a habit to write a list of what we have done",
            "写一封催款邮件",
            "给店起个名字，开在写字楼下面",
            "把“早上好”翻译成法语",
            "做一个旅行计划",
        ),
        *("解释一下增值税专用发票", "How do I tell my team that there is no bonus this year?"),
        *("总结一下这段：货车晚到，没有人给我们回电话，客户很生气", "", "😀"),
        "我写了一段自我介绍：我叫李明，做了五年销售，喜欢和人打交道。帮我改得好一点",
        *("答复这份投诉：台灯晚到三周。", "reply to this complaint: the lamp came late"),
    ],
)
def test_nothing_is_missing(words: str) -> None:
    assert not lacks_material(words)


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        ("Tell me what our contract says on notice.", True),
        ("Question about a contract, can the customer get out before the end of the year?", True),
        ("关于合同有个问题，客户想年底前解约，要赔多少", True),
        ("Is a verbal contract binding?", False),
        ("My lease ends 31 March and says two months' notice. When do I have to send it?", False),
        ("合同上写的是提前30天通知，我8月20号才通知，9月30号能搬吗", False),
        ("给我们公司的食堂起几个名字，要亲切", False),
        ("Name the clause of the agreement on liability.", True),
        ("我们公司的制度规定年假休几天", True),
        ("We have signed the contract.", False),
        ("写一份租房合同，要有哪些条款？", False),
    ],
)
def test_a_document_that_a_question_takes_for_known(words: str, lacks: bool) -> None:
    assert lacks_source(words) is lacks
