"""Answering early in the real window, over a scripted Ollama: the button, the limit, and a reply that only thought."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton

from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.transcript.message import MessageView
from desktop.ui.words import token_count
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script

pytestmark = pytest.mark.window

TRACE = "Two and two. That makes"
THINKS = ndjson([ollama_line(thinking=TRACE)], then=[Hold()])
THINKS_LONG = ndjson([ollama_line(thinking=f"Step {number} of it. ") for number in range(400)], then=[Hold()])
ONLY_THINKS = ndjson(ollama_lines("", TRACE, reason="length"))
ANSWER = ndjson(ollama_lines("It is four."))
STEPS = ["Answer now", "More room", "Without thinking"]


def ask(opened):
    opened.wait_for_models()
    opened.write("What is 2 + 2?")
    QTest.keyClick(opened.box, Qt.Key.Key_Return)


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


def chats(server):
    return [each.json for each in server.chats]


def test_the_button_ends_the_thinking(open_over):
    with open_over(ollama_script(THINKS, ANSWER)) as (opened, _):
        ask(opened)
        opened.wait_until(lambda: list(steps(opened)) == ["Answer now"])
        press(opened, "Answer now")
        wait_for_answer(opened)
        reply = opened.path[-1]
        assert (reply.text, reply.reasoning) == ("It is four.", TRACE)
        opened.wait_until(lambda: "Answered early" in footer_words(opened))
        assert opened.box.hasFocus()
        assert len(opened.path) == 2


def test_a_limit_presses_it(open_over):
    with open_over(ollama_script(THINKS_LONG, ANSWER)) as (opened, _):
        opened.wait_for_models()
        control = opened.window.header.menu.thinking
        opened.wait_until(lambda: not control.isHidden())
        menus = control.findChildren(QMenu)
        next(each for menu in menus for each in menu.actions() if each.text() == token_count(1_000)).trigger()
        ask(opened)
        wait_for_answer(opened)
        opened.wait_until(lambda: "Limit reached" in footer_words(opened))
        assert opened.path[-1].reasoning.startswith("Step 0 of it.")


@pytest.mark.parametrize("step", STEPS)
def test_what_only_thought_can_be_taken_further(step, open_over):
    with open_over(ollama_script(ONLY_THINKS, ANSWER)) as (opened, server):
        ask(opened)
        opened.wait_until(lambda: list(steps(opened)) == ["Answer now", "Without thinking"])
        assert footer_words(opened) == "Thought, but did not answer"
        press(opened, step)
        wait_for_answer(opened)
        sent = chats(server)[-1]
        view = opened.path[-1]
        match step:
            case "Answer now":
                assert TRACE in sent["messages"][-1]["content"]
                assert (sent["think"], view.reasoning) == (False, TRACE)
            case "More room":
                assert sent["options"]["num_predict"] > 8_192
                assert (sent["think"], view.reasoning) == (True, TRACE)
            case _:
                assert (sent["think"], view.reasoning) == (False, "")
        entry = opened.program.chat.path.entries[-1]
        assert (entry.version, entry.versions) == (2, 2)
        assert opened.box.hasFocus()
