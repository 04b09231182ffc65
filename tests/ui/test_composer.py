"""The composer: its box, its buttons, pasted texts, files, and messages that wait."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt
from PySide6.QtGui import QKeyEvent

from tests.support.scripted_reader import ScriptedReader
from tests.ui.steps import (
    asked,
    box_of,
    button_of,
    chip_words,
    chips_of,
    drop,
    files_as_data,
    paste,
)


def test_enter_sends_what_is_written_once(composer, qtbot):
    box, sent = box_of(composer), list[str]()
    composer.send_requested.connect(sent.append)
    for text in ("", "   ", "\n \t\n", "\u3000"):
        composer.set_text(text)
        assert not button_of(composer).isEnabled()
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert sent == []
    composer.set_text("")
    qtbot.keyClicks(box, "one")
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(box, "two")
    for key, modifier in (
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier),
    ):
        qtbot.keyClick(box, key, modifier)
    assert sent == ["one\ntwo"] * 3
    for repeats in (True, True):  # a key that is held down
        key_press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", repeats)
        QCoreApplication.sendEvent(box, key_press)
    assert len(sent) == 3
    assert composer.text() == "one\ntwo"  # until its owner takes it
    assert composer.take_text() == "one\ntwo"
    assert composer.text() == ""


def test_a_paste_is_plain_and_cleaned(composer):
    source = QMimeData()
    source.setHtml("<b>bold</b><img src=/etc/passwd>")
    source.setText("plain\x00\r\nwords\u2028more")
    box_of(composer).insertFromMimeData(source)
    assert composer.text() == "plain\nwords\nmore"
    paste(composer, "pasted \ud83d here")  # half a letter
    composer.set_text(f"{composer.text()} and set \udc00")
    assert composer.text().encode("utf-8").endswith(b"and set \xef\xbf\xbd")


@pytest.mark.parametrize("text", ["x" * 30_000, "word " * 5_000, "line\n" * 9_000], ids=["run", "words", "lines"])
def test_a_long_paste_becomes_a_chip_and_is_sent_with_the_message(composer, qtbot, text):
    qtbot.keyClicks(box_of(composer), "Summarise this:")
    paste(composer, text)
    assert len(chips_of(composer)) == 1
    assert box_of(composer).toPlainText() == "Summarise this:"
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.keyClick(box_of(composer), Qt.Key.Key_Return)
    assert sent.args == [f"Summarise this:\n\n{text}".strip()]


SENTENCE = "Name the page for each statement."


@pytest.fixture
def opened(open_it, monkeypatch):
    reader = ScriptedReader()
    monkeypatch.setattr("desktop.app.ReaderProcess", lambda: reader)
    with open_it() as program:
        yield program


@pytest.fixture
def contract(tmp_path):
    file = tmp_path / "contract.txt"
    file.write_text("The rent is 4,150.\fThe deposit is 12,500.", encoding="utf-8")
    return file


def entry(opened):
    """The entry of the place's menu that asks for places."""
    return next(each for each in opened.window.header.place.menu.actions() if each.isCheckable())


def give(opened, file):
    opened.wait_for_model()
    drop(opened.window, files_as_data(file))
    opened.wait_until(lambda: bool(chip_words(opened)) and "2 pages" in chip_words(opened)[0])


def last_said(opened):
    path = opened.program.chat.path
    message = path.message(path.entries[-2].id)
    assert message is not None
    return message.text


def test_the_sentence_goes_with_the_message_is_remembered_and_sent_again_with_it_alone(opened, server, contract):
    assert not entry(opened).isVisible()
    give(opened, contract)
    opened.wait_until(lambda: entry(opened).isVisible())
    assert entry(opened).text() == "Ask for pages"
    assert SENTENCE in entry(opened).toolTip()
    entry(opened).trigger()
    opened.ask("How high is the rent?")
    assert asked(server).endswith(f"How high is the rent?\n\n{SENTENCE}")
    assert last_said(opened) == f"How high is the rent?\n\n{SENTENCE}"
    assert (entry(opened).isVisible(), entry(opened).isChecked()) == (True, True)  # the conversation has the file now
    entry(opened).trigger()
    sent = len(server.chats)
    opened.program.chat.try_again()
    opened.wait_until(lambda: len(server.chats) > sent and opened.program.chat.generation is None)
    assert asked(server).endswith(SENTENCE)  # the message as it was
    opened.ask("And the deposit?")
    assert asked(server).endswith("And the deposit?")
