"""Finding in the conversation in the whole window: the shortcut, the focus, new replies, and another conversation."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from desktop.ui.look.icons import IconButton
from desktop.ui.widgets.find_bar import FindBar
from tests.support.in_process import OpenProgram, open_program
from tests.support.long_conversation import put_long_conversation
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window

OpenIt = Callable[[], contextlib.AbstractContextManager[OpenProgram]]


@pytest.fixture
def open_it(qapp, candor_home, monkeypatch):
    with running_server(ollama_script(ndjson(ollama_lines("It is **fo**ur. Four!")))) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        monkeypatch.setenv("XDG_CACHE_HOME", str(candor_home / "empty"))
        yield lambda: open_program(qapp, candor_home)


@pytest.fixture
def opened(open_it):
    with open_it() as program:
        yield program


def bar_of(opened):
    found = opened.window.findChild(FindBar)
    assert isinstance(found, FindBar)
    return found


def find(opened, words):
    opened.press("Ctrl+F")
    field = bar_of(opened).findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.hasFocus()
    QTest.keyClicks(field, words)


def says(opened, words):
    label = bar_of(opened).findChild(QLabel)
    assert isinstance(label, QLabel)
    opened.wait_until(lambda: label.text() == words)


def test_it_finds_and_gives_the_keyboard_back(opened):
    opened.ask("What is four?")
    find(opened, "four")
    says(opened, "1 of 3")
    QTest.keyClick(bar_of(opened).focusProxy(), Qt.Key.Key_Return)
    says(opened, "2 of 3")
    QTest.keyClick(bar_of(opened).focusProxy(), Qt.Key.Key_Escape)
    assert bar_of(opened).isHidden()
    assert opened.box.hasFocus()
    find(opened, "four")
    says(opened, "1 of 3")
    opened.ask("And now?")
    says(opened, "1 of 5")
    opened.box.setFocus()
    opened.press("Esc")  # from anywhere, while nothing runs
    assert bar_of(opened).isHidden()
    find(opened, "four")
    opened.press("Ctrl+N")  # another conversation begins without it
    assert bar_of(opened).isHidden()
    opened.press("Ctrl+F")  # there is nothing to be found
    assert bar_of(opened).isHidden()


def test_in_a_long_conversation_what_has_not_been_read_is_found_and_gone_to(open_it, candor_home):
    conversation, ids = put_long_conversation(candor_home / "candor.db", 600)
    with open_it() as opened:
        opened.wait_for_model()
        opened.wait_until(lambda: opened.program.chat.conversations)
        opened.window.sidebar.conversation_chosen.emit(conversation.id)
        opened.wait_until(lambda: len(opened.program.chat.path.entries) == len(ids))
        find(opened, "7 what a")  # 7, 17, 27 … 597
        says(opened, "60 of 60")
        QTest.keyClick(bar_of(opened).focusProxy(), Qt.Key.Key_Return)
        says(opened, "From the start")

        def is_marked():
            view = opened.window.transcript.view_at(7)
            return view is not None and any(surface._page.marks._current for _, surface in view.surfaces())

        opened.wait_until(is_marked)


def test_whether_thinking_is_searched_is_remembered(open_it, candor_home):
    with open_it() as opened:
        opened.ask("What is four?")
        find(opened, "four")
        toggle = next(each for each in bar_of(opened).findChildren(IconButton) if each.isCheckable())
        QTest.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert json.loads((candor_home / "settings.json").read_text())["find_in_thinking"] is True
    with open_it() as opened:
        opened.ask("What is four?")
        find(opened, "four")
        assert bar_of(opened).with_reasoning
