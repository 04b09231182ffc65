"""What is learned by doing: a text that nobody gave is asked for before a message goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.in_process import OpenOver
from tests.support.next_events import process_next_events
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window


def test_a_message_whose_text_is_missing_is_held_once(open_over: OpenOver) -> None:
    with open_over(ollama_script(ndjson(ollama_lines("One month.")))) as (opened, server):
        chat, composer = opened.program.chat, opened.window.composer
        question = "What does our contract say on notice?"
        opened.wait_for_model()
        opened.write(question)
        opened.press_enter()
        assert "does not have the contract" in opened.notice
        assert opened.box.hasFocus()
        QTest.keyClick(opened.box, Qt.Key.Key_Escape)
        assert not opened.notice
        assert composer.text() == question
        assert chat.path.is_empty
        opened.press_enter()
        opened.wait_until(lambda: len(opened.path) == 2 and not chat.is_answering)
        opened.ask("Summarise the report")  # what follows is clear from what was said, or was held for already

        chat.new()
        opened.write(question)
        opened.press_enter()
        process_next_events()  # the buttons of the first time go
        QApplication.clipboard().setText("Either side may end it with a notice of three months.")
        opened.click("Paste")
        assert composer.text() == f"{question}\n\nEither side may end it with a notice of three months."
        assert not opened.notice
        opened.press_enter()
        opened.wait_until(lambda: len(opened.path) == 2 and not chat.is_answering)

        chat.new()
        opened.write(question)
        opened.press_enter()
        process_next_events()
        opened.click("Ask anyway")
        opened.wait_until(lambda: len(opened.path) == 2 and not chat.is_answering)

        chat.new()
        chat.attachments.add_bytes(b"Notice: three months.", "contract.txt")
        opened.wait_until(lambda: not chat.attachments.is_reading)
        opened.ask(question)

        chat.new()
        opened.program.services.settings.change(holds_for_text=False)
        opened.ask("总结一下这份合同")
        assert len(server.chats) == 6
