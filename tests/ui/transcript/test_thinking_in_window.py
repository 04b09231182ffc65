"""Thinking in the whole program: shown, chosen, ended early, and parted from the answer again."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton

from desktop.ui.message_actions import Ask
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.transcript.message import MessageView
from desktop.ui.transcript.thinking import LoopNotice
from desktop.ui.words import token_count
from tests.support.in_process import open_program
from tests.support.scripted_server import Hold, running_server
from tests.support.scripts import (
    MODEL,
    ndjson,
    ollama_line,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    sse,
)

ROUND = "Let me check the second clause again. "
LOOPING = ndjson([ollama_line(thinking=ROUND) for _ in range(22)], then=[Hold()])
ANSWER = ndjson(ollama_lines("It is four."))


def ask(opened, text):
    opened.wait_for_models()
    opened.write(text)
    QTest.keyClick(opened.box, Qt.Key.Key_Return)


def test_what_the_server_tells_is_offered_and_what_is_chosen_is_sent(open_over):
    with open_over(ollama_script(ANSWER)) as (opened, server):
        opened.wait_for_models()
        control = opened.window.header.menu.thinking
        opened.wait_until(lambda: not control.isHidden())
        offered = {each.text().partition(":")[0]: each for each in control.menu().actions() if each.isCheckable()}
        assert list(offered) == ["Auto", "Off", "On"]
        offered["Off"].trigger()
        opened.ask("Really?")
        assert server.chats[-1].json["think"] is False


TRACE = "Two and two. That makes"
THINKS_LONG = ndjson([ollama_line(thinking=f"Step {number} of it. ") for number in range(400)], then=[Hold()])
ONLY_THINKS = ndjson(ollama_lines("", TRACE, reason="length"))
STEPS = ["Answer now", "More room", "Without thinking"]


def steps(opened):
    """The buttons in words below the messages."""
    buttons = opened.window.transcript.findChildren(QPushButton)
    return {each.text(): each for each in buttons if each.text() in STEPS and each.isVisible()}


def footer_words(opened):
    views = [each for each in opened.window.transcript.findChildren(MessageView) if each.isVisible()]
    return max(views, key=lambda each: each.y()).findChild(MessageFooter).words


def press(opened, step):
    opened.wait_until(lambda: bool(steps(opened)))
    opened.box.clearFocus()
    if step in steps(opened):
        QTest.mouseClick(steps(opened)[step], Qt.MouseButton.LeftButton)
    else:
        footer = opened.window.transcript.live_views()[-1][1].findChild(MessageFooter)
        next(each for each in footer.menu().actions() if each.text() == step).trigger()


def wait_for_answer(opened):
    opened.wait_until(lambda: opened.program.chat.generation is None and opened.path[-1].text == "It is four.")
    opened.wait_until(lambda: not steps(opened))


def test_a_loop_is_cut_and_answered_and_a_limit_does_so_by_itself(open_over):
    with open_over(ollama_script(LOOPING, ANSWER, THINKS_LONG, ANSWER)) as (opened, _):
        ask(opened, "What is 2 + 2?")
        opened.wait_until(lambda: opened.window.transcript.findChildren(LoopNotice))
        notice = opened.window.transcript.findChild(LoopNotice)
        assert isinstance(notice, LoopNotice)
        cut = next(each for each in notice.findChildren(QPushButton) if each.text() == "Cut here and answer")
        opened.box.clearFocus()
        QTest.mouseClick(cut, Qt.MouseButton.LeftButton)
        wait_for_answer(opened)
        assert opened.path[-1].reasoning.startswith(ROUND * 5)  # as many as make a loop
        assert opened.box.hasFocus()
        assert not [each for each in opened.window.transcript.findChildren(LoopNotice) if each.isVisible()]
        opened.press("Ctrl+N")
        control = opened.window.header.menu.thinking
        opened.wait_until(lambda: not control.isHidden())
        menus = control.findChildren(QMenu)
        next(each for menu in menus for each in menu.actions() if each.text() == token_count(1_000)).trigger()
        ask(opened, "What is 2 + 2?")
        wait_for_answer(opened)
        opened.wait_until(lambda: "Limit reached" in footer_words(opened))
        assert opened.path[-1].reasoning.startswith("Step 0 of it.")


def test_what_only_thought_can_be_taken_further(open_over):
    taken = {
        "Answer now": (False, TRACE),
        "More room": (True, TRACE),
        "Without thinking": (False, ""),
    }
    with open_over(ollama_script(*(ONLY_THINKS, ANSWER) * len(taken))) as (opened, server):
        for step, wanted in taken.items():
            ask(opened, "What is 2 + 2?")
            opened.wait_until(lambda: list(steps(opened)) == ["Answer now", "Without thinking"])
            assert footer_words(opened) == "Thought, but did not answer"
            press(opened, step)
            wait_for_answer(opened)
            sent = server.chats[-1].json
            assert (sent["think"], opened.path[-1].reasoning) == wanted
            assert (TRACE in sent["messages"][-1]["content"]) is (step == "Answer now")
            assert (sent.get("options", {}).get("num_predict", 0) > 8_192) is (step == "More room")
            entry = opened.program.chat.path.entries[-1]
            assert (entry.version, entry.versions) == (2, 2)
            assert opened.box.hasFocus()
            opened.press("Ctrl+N")


# A closing tag within a sentence: it might be a quotation, and is taken for one.
REPLY = "So it must be 42, I think </think> It is 42."
# What a parser on a server makes of an answer without tags.
SWALLOWED = sse(openai_chunks("", "It is 42."))


def view_of(opened):
    return max(opened.window.transcript.live_views(), key=lambda each: each[0])[1]


def trace(opened):
    return view_of(opened).thinking.trace


def sides(opened, message):
    """(thinking, answer) of the last reply, in the window and in memory alike."""
    shown = trace(opened), view_of(opened).answer.source
    assert shown == (message.reasoning, message.text)
    return shown


@pytest.mark.window
@pytest.mark.parametrize(
    ("script", "wrong", "thinking", "right", "remembered"),
    [
        (
            openai_script(sse(openai_chunks(REPLY))),
            ("", REPLY),
            True,
            ("So it must be 42, I think", "It is 42."),
            "inside",
        ),
        (openai_script(SWALLOWED), ("It is 42.", ""), False, ("", "It is 42."), "outside"),
    ],
    ids=["this was thinking", "this was the answer"],
)
def test_it_lasts_and_the_next_reply_is_right(
    qapp,
    candor_home,
    script,
    wrong,
    thinking,
    right,
    remembered,
):
    with running_server(script) as server:
        saved = {"id": "ours", "kind": "openai_compat", "name": "ours", "address": server.url}
        choice = {"connection_id": "ours", "model": MODEL}
        settings = candor_home / "settings.json"
        settings.write_text(json.dumps({"connections": [saved], "default_choice": choice}))
        with open_program(qapp, candor_home) as opened:
            opened.wait_for_models()
            reply = opened.ask("What is 17 + 25?")
            assert sides(opened, reply) == wrong
            view_of(opened).ask(Ask.RESPLIT, thinking)
            opened.wait_until(lambda: view_of(opened).answer.source == right[1])
            assert sides(opened, opened.path[-1]) == right
            conversation = opened.program.chat.current.id
        assert json.loads(settings.read_text())["splits"] == [[choice, remembered]]
        with open_program(qapp, candor_home) as opened:
            opened.wait_for_models()
            opened.program.chat.open(conversation)
            opened.wait_until(lambda: opened.path)
            assert sides(opened, opened.path[-1]) == right
            following = opened.ask("And again?")
            assert (following.reasoning.strip(), following.text) == right
