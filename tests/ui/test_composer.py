"""The composer: its box, its buttons, pasted texts, files, and messages that wait."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.tasks.kinds import OfficeTask
from desktop.ui.look.tokens import DARK
from tests.support.scripted_reader import ScriptedReader
from tests.ui.steps import (
    box_of,
    button_of,
    chip_words,
    chips_of,
    drop,
    files_as_data,
    paste,
)

INTERNET = Place(PlaceKind.INTERNET, "api.example.com")


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


def test_writing_is_begun_by_the_user_or_by_a_draft_that_is_opened(composer, qtbot):
    begun: list[bool] = []
    composer.writing_begun.connect(begun.append)
    for draft in ("", "kept", "kept " * 5_000, "other", ""):
        composer.open_draft(draft)
    assert set(begun) == {False}
    begun.clear()
    qtbot.keyClicks(box_of(composer), "Why?")
    assert begun == [True]


def test_send_is_stop_while_a_reply_runs(composer, qtbot):
    button = button_of(composer)
    width = button.width()
    composer.set_running(True)
    assert button.isEnabled()
    assert button.accessibleName() == "Stop"
    assert button.width() == width
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.keyClick(box_of(composer), Qt.Key.Key_Escape)
    composer.set_running(False)
    assert button.accessibleName() == "Send"


def test_enter_queues_while_a_reply_runs(composer, qtbot):
    composer.set_running(True)
    assert "queues" in box_of(composer).placeholderText()
    qtbot.keyClicks(box_of(composer), "next")
    with qtbot.waitSignal(composer.queue_requested) as queued, qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClick(box_of(composer), Qt.Key.Key_Return)
    assert queued.args == ["next"]
    assert button_of(composer).accessibleName() == "Stop"
    composer.set_running(False)
    assert "queues" not in box_of(composer).placeholderText()
    assert composer.text() == "next"  # until its owner takes it


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


def test_the_button_is_coloured_by_the_place(composer, theme):
    composer.set_text("hello")
    for place, fill in ((THIS_COMPUTER, "here"), (INTERNET, "internet")):
        composer.send_button.set_place(place)
        assert button_of(composer).property("fill") == fill
    assert "api.example.com" in button_of(composer).accessibleDescription()
    composer.send_button.set_place(None)  # an unknown place is no safe one
    assert (button_of(composer).property("fill"), button_of(composer).accessibleDescription()) == ("accent", "")
    composer.send_button.set_place(INTERNET)
    theme.set_mode("dark")
    QCoreApplication.processEvents()
    image = button_of(composer).grab().toImage()
    assert image.pixelColor(8, image.height() // 2).name() == DARK.internet.lower()


def test_a_named_task_takes_tab_but_never_enter(composer, qtbot):
    box = box_of(composer)
    box.insertPlainText("翻译合同条款")
    composer.task.show_task(OfficeTask.TRANSLATE, "合同")
    assert composer.task.isVisible()
    assert composer.task.accessibleName() == "Task recognised: a translation. Missing: 合同"
    assert QApplication.focusWidget() is box
    with qtbot.waitSignal(composer.task.guide_wanted) as wanted:
        qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert wanted.args == ["translate"]
    with qtbot.waitSignal(composer.send_requested):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    composer.hold_send(True)
    assert composer.task.isHidden(), "it makes room for what is asked above"
    composer.hold_send(False)
    assert not composer.task.isHidden()
    composer.task.show_task("")
    with qtbot.assertNotEmitted(composer.task.guide_wanted):
        qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not box
    with qtbot.waitSignal(composer.begun_anew):
        composer.take_text()


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


def asked(server):
    return str(server.chats[-1].json["messages"][-1]["content"])


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
