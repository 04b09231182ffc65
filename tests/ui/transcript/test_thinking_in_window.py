"""Thinking in the real window, over a scripted Ollama: a loop is cut, a split is undone, a plain model thinks first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.ui.transcript.message import MessageView
from desktop.ui.transcript.thinking import LoopNotice
from tests.support.scripted_server import Hold
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script

pytestmark = pytest.mark.window

ROUND = "Let me check the second clause again. "
LOOPING = ndjson([ollama_line(thinking=ROUND) for _ in range(22)], then=[Hold()])
ANSWER = ndjson(ollama_lines("It is four."))


def ask(opened, text):
    opened.wait_for_models()
    opened.write(text)
    QTest.keyClick(opened.box, Qt.Key.Key_Return)


def last_view(opened):
    views = [each for each in opened.window.transcript.findChildren(MessageView) if each.isVisible()]
    return max(views, key=lambda each: each.y())


def wait_until_done(opened):
    opened.wait_until(lambda: opened.program.chat.generation is None and len(opened.path) == 2)


def test_a_loop_is_cut_and_answered(open_over):
    with open_over(ollama_script(LOOPING, ANSWER)) as (opened, _):
        ask(opened, "What is 2 + 2?")
        opened.wait_until(lambda: opened.window.transcript.findChildren(LoopNotice))
        notice = opened.window.transcript.findChild(LoopNotice)
        assert isinstance(notice, LoopNotice)
        cut = next(each for each in notice.findChildren(QPushButton) if each.text() == "Cut here and answer")
        opened.box.clearFocus()
        QTest.mouseClick(cut, Qt.MouseButton.LeftButton)
        wait_until_done(opened)
        reply = opened.path[-1]
        assert reply.text == "It is four."
        assert reply.reasoning.startswith(ROUND * 5)  # as many as make a loop; the others may not have come yet
        assert opened.box.hasFocus()
        assert not [each for each in opened.window.transcript.findChildren(LoopNotice) if each.isVisible()]


def test_a_model_that_does_not_reason_thinks_first(open_over):
    answer = ndjson(ollama_lines("<think>Two and two.</think>\n\nIt is four."))
    with open_over(ollama_script(answer, capabilities=("completion",), family="llama")) as (opened, server):
        opened.wait_for_models()
        control = opened.window.header.menu.thinking
        opened.wait_until(lambda: not control.isHidden())
        control.menu().actions()[1].trigger()
        assert control.words == "Thinking: think first"
        ask(opened, "What is 2 + 2?")
        wait_until_done(opened)
        reply = opened.path[-1]
        assert (reply.reasoning, reply.text) == ("Two and two.", "It is four.")
        header = last_view(opened).thinking.header
        assert header is not None
        opened.wait_until(lambda: header.words.startswith("Thought for"))
        sent = [each.json for each in server.requests if each.path == "/api/chat"][-1]
        assert "<think>" in sent["messages"][-1]["content"]
        assert not sent.get("think")
        assert opened.path[0].text == "What is 2 + 2?"
