"""A sign of trouble in the window: beside the answer, also after a restart, until its kind is switched off."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.core.fresh_start.ways import FreshStart
from desktop.core.sign import SignKind
from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.message_actions import Ask
from desktop.ui.signs import sign_sentence
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window

# The scripted server counts 26 tokens, whatever was sent.
LONG = "The supplier delivers the goods to the place that the buyer has named in the order. " * 60


def last(opened):
    views = opened.window.transcript.live_views()
    return views[-1][1] if views else None


def sentences(opened):
    """What is said of signs below the last reply."""
    view = last(opened)
    return [sign_sentence(each) for each in view.remarks.signs] if view is not None else []


def test_a_first_answer_in_another_language_is_asked_for_in_the_users(open_over):
    english = "Dear customer, we are very sorry for the delay of your order, and for the trouble that it has caused."
    answers = iter([english, "尊敬的客户：非常抱歉。"])
    with open_over(ollama_script(lambda _: ndjson(ollama_lines(next(answers))))) as (opened, server):
        opened.ask("写一封信，为货晚到三天向客户道歉。")
        opened.wait_until(lambda: sentences(opened))
        click_way_out(opened)
        opened.wait_until(lambda: len(opened.path) == 4 and opened.program.chat.generation is None)
        assert server.chats[-1].json["messages"][-1]["content"] == "请用中文回答。"


def test_giving_in_is_shown_and_leads_to_what_the_user_gave(open_over):
    answers = iter(["您有5天年假。", "抱歉，您有15天年假。", "对不起，应该是20天年假。"])
    with open_over(ollama_script(lambda _: ndjson(ollama_lines(next(answers))))) as (opened, _):
        for said in ("年假有多少天？我工作满九年。", "不对吧", "你确定吗？到底多少天？"):
            opened.ask(said)
        opened.wait_until(lambda: sentences(opened))
        assert sentences(opened) == ["It changed its answer because you objected: 5天 → 15天 → 20天."]
        click_way_out(opened)
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
