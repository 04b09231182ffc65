"""Remarks below an answer, among them the signs of trouble."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.evidence.checked import NO_EVIDENCE
from desktop.core.fresh_start import FreshStart
from desktop.core.message import MessageStatus, Sign, SignKind
from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.look.page_look import PageLook
from desktop.ui.message_actions import Ask
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.transcript.message import MessageView
from desktop.ui.transcript.remarks import Remarks, sign_reason, sign_sentence
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.evidence_scenes import (
    ANSWER,
    AT_ANSWER_LIMIT,
    CONTRACT,
    FIRST_IN_OTHER_LANGUAGE,
    NAME,
    SIGNS,
    TOOK_BACK,
    evidence_of,
)
from tests.ui.transcript.page_bench import Asked, reply

ALL = [*SIGNS.values(), AT_ANSWER_LIMIT, TOOK_BACK, FIRST_IN_OTHER_LANGUAGE]
FRESH, LOOP = "Start fresh", SIGNS[SignKind.LOOP]


@pytest.fixture
def remarks(qtbot, theme):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(1200, 800)
    made = Remarks(PageLook(theme), Asked().at("it"), lambda: None, page)
    page.show()
    yield made
    theme.set_text_scale(1.0)


def evidence():
    return evidence_of(ANSWER, (NAME, CONTRACT))


def place(remarks, width):
    remarks.resize(width, remarks.height_for(width))


def test_nothing_to_look_at_is_no_line(remarks):
    remarks.show_evidence(evidence_of("The rent is 4,150.", (NAME, CONTRACT)))
    assert not remarks.is_any
    assert remarks.isHidden()
    remarks.show_signs([])
    assert not remarks.is_any
    remarks.show_evidence(None)
    assert remarks.accessibleName() == "This answer could not be looked up in what you gave."
    remarks.show_evidence(evidence_of("The rent is `4,150`: see line `7`.", (NAME, CONTRACT)))
    assert remarks.accessibleName() == "Figures in code were not looked up"
    for answer in ("```\nprint(x[0])\n```", "See line `7`."):
        remarks.show_evidence(evidence_of(answer, (NAME, CONTRACT)))
        assert not remarks.is_any
    remarks.show_evidence(NO_EVIDENCE)
    assert not remarks.is_any


def test_why_unfolds_what_all_signs_rest_on(remarks, qtbot):
    opposite, repeated = SIGNS[SignKind.OPPOSITE], SIGNS[SignKind.REPEATS_EARLIER]
    remarks.show_signs([opposite, repeated])
    before = remarks.height_for(600)
    why = next(each for each in remarks.findChildren(QPushButton) if each.text() == "Why? · 1 more")
    with qtbot.waitSignal(remarks.changed):
        why.click()
    for said in (opposite.excerpt, opposite.other, sign_sentence(repeated), repeated.other):
        assert said.rstrip(".") in remarks.reasons
    assert remarks.height_for(600) > before
    why.click()
    assert (remarks.reasons, remarks.height_for(600)) == ("", before)


def view_with(
    qtbot,
    theme,
    signs,
    left_out=frozenset(),
    status=MessageStatus.COMPLETE,
):
    asked = Asked(left_out=left_out)
    message = reply("Four.", signs=tuple(signs), status=status)
    view = MessageView(message, PageLook(theme), asked, is_last=True)
    qtbot.addWidget(view)
    view.show()
    return view, asked


def ways(view):
    footer = view.findChild(MessageFooter)
    return [each.text() for each in footer.findChildren(QPushButton) if each.isVisible()]


@pytest.mark.parametrize(
    ("sign", "words", "action"),
    [
        (LOOP, FRESH, (Ask.START_FRESH, SignKind.LOOP)),
        (SIGNS[SignKind.CONTEXT_CUT], "Make room", (Ask.MAKE_ROOM, None)),
        (FIRST_IN_OTHER_LANGUAGE, "In Chinese", (Ask.IN_LANGUAGE, "zh")),
        (SIGNS[SignKind.OTHER_LANGUAGE], FRESH, (Ask.START_FRESH, SignKind.OTHER_LANGUAGE)),
        (SIGNS[SignKind.UNGIVEN], "", None),
    ],
)
def test_what_helps_is_the_first_action(qtbot, theme, sign, words, action):
    view, asked = view_with(qtbot, theme, [sign])
    assert ways(view) == ([words] if words else [])
    if action is None:
        return
    next(each for each in view.findChildren(QPushButton) if each.text() == words and each.isVisible()).click()
    assert asked.actions == [action]
    offered = [each.accessibleName() for each in view.findChildren(QWidget) if each.isVisible()]
    assert sum(name == FRESH for name in offered) <= 1, "it is offered once"


def test_each_kind_has_words_of_its_own():
    assert set(SIGNS) == set(SignKind)
    for words in (map(sign_sentence, ALL), map(sign_reason, ALL)):
        found = list(words)
        assert all(found)
        assert len(set(found)) == len(found)


def test_what_is_quoted_ends_with_a_whole_word_and_one_full_stop():
    assert sign_sentence(Sign(SignKind.LOOP, "It is fair.")).endswith("“It is fair”.")
    words = sign_sentence(Sign(SignKind.LOOP, "The supplier is liable for all damage of any kind without limit."))
    assert words.endswith("of any kind without…”.")


def test_hidden_letters_in_the_evidence_are_seen(remarks):
    remarks.show_signs([Sign(SignKind.UNGIVEN, "https://bank.example/\u202egnp.exe")])
    remarks.unfold()
    assert "\u202e" not in remarks.accessibleName() + remarks.reasons
    assert "U+202E" in remarks.accessibleName()


# The scripted server counts 26 tokens, whatever was sent.
LONG = "The supplier delivers the goods to the place that the buyer has named in the order. " * 60


def last(opened):
    views = opened.window.transcript.live_views()
    return views[-1][1] if views else None


def sentences(opened):
    """What is said of signs below the last reply."""
    view = last(opened)
    return [sign_sentence(each) for each in view.remarks.signs] if view is not None else []


def test_another_language_and_giving_in_are_shown_with_a_way_out(open_over):
    english = "Dear customer, we are very sorry for the delay of your order, and for the trouble that it has caused."
    said = [english, "尊敬的客户：非常抱歉。", "您有5天年假。", "抱歉，您有15天年假。", "对不起，应该是20天年假。"]
    answers = iter(said)
    with open_over(ollama_script(lambda _: ndjson(ollama_lines(next(answers))))) as (opened, server):
        opened.ask("写一封信，为货晚到三天向客户道歉。")
        opened.wait_until(lambda: sentences(opened))
        click_way_out(opened)
        opened.wait_until(lambda: len(opened.path) == 4 and opened.program.chat.generation is None)
        assert server.chats[-1].json["messages"][-1]["content"] == "请用中文回答。"
        opened.press("Ctrl+N")
        for words in ("年假有多少天？我工作满九年。", "不对吧", "你确定吗？到底多少天？"):
            opened.ask(words)
        opened.wait_until(lambda: sentences(opened))
        assert sentences(opened) == ["It changed its answer because you objected: 5天 → 15天 → 20天."]
        click_way_out(opened)  # which leads to what the user gave
        sheet = opened.window.findChild(FreshSheet)
        assert isinstance(sheet, FreshSheet)
        assert sheet.start is FreshStart.CARRY_OVER
        opened.wait_until(lambda: sheet.preview.said.text == "年假有多少天？我工作满九年。")


def click_way_out(opened):
    footer = last(opened).findChild(MessageFooter)
    next(each for each in footer.findChildren(QPushButton) if each.isVisible()).click()


def touch_the_switch(window):
    window.sidebar.settings_requested.emit()
    settings = window.findChild(SettingsDialog)
    assert settings is not None
    settings.signs.click()
    settings.reject()


def test_it_is_there_until_its_kind_is_switched_off(open_it, qtbot):
    with open_it() as opened:
        opened.wait_for_model()
        opened.ask(LONG)
        opened.wait_until(lambda: sentences(opened))
        assert sentences(opened) == ["The server read only a part of this conversation."]
        reply_id = opened.path[-1].id
        told: list[str] = []
        opened.window.reading.register({Ask.MAKE_ROOM: lambda message_id, _: told.append(message_id)})
        click_way_out(opened)
        assert told == [reply_id]
    with open_it() as opened:
        opened.wait_for_model()
        opened.program.chat.open(opened.program.chat.conversations[0].id)
        opened.wait_until(lambda: sentences(opened))
        entries = {each.text(): each for each in last(opened).findChild(MessageFooter).menu().actions()}
        entries["Do not show again: The server read only a part of this conversation."].trigger()
        assert sentences(opened) == []
        assert opened.program.services.settings.now.signs_off == (SignKind.CONTEXT_CUT,)
        touch_the_switch(opened.window)
        assert sentences(opened) == []
        touch_the_switch(opened.window)
        assert len(sentences(opened)) == 1
        assert opened.program.services.settings.now.signs_off == ()
