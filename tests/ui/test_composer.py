"""The composer: its box, its buttons, pasted texts, files, and messages that wait."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QToolButton

from desktop.core.message import AttachmentPart, QueuedText
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.tasks.kinds import OfficeTask
from desktop.ui.composer.above_text import QueuedMessages
from desktop.ui.inputs.pasted_text import PastedTextDialog
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.look.tokens import DARK
from desktop.ui.prompts.panel import PromptPanel
from tests.support.scripted_reader import ScriptedReader
from tests.ui.steps import (
    box_of,
    button_of,
    buttons_in_words,
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


def test_tab_leaves_the_box_and_comes_back(composer, qtbot):
    composer.set_text("words")
    box = box_of(composer)
    box.setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget().accessibleName())
    assert seen == ["Attach files", "Send", "Message"]
    assert composer.text() == "words"


def test_a_draft_is_told_once_after_a_pause(composer, qtbot):
    told: list[str] = []
    composer.draft_changed.connect(told.append)
    with qtbot.waitSignal(composer.draft_changed, timeout=3000):
        qtbot.keyClicks(box_of(composer), "abc")
    assert told == ["abc"]


def test_the_box_grows_to_ten_lines_and_no_further(composer):
    heights = []
    for lines in (1, 2, 10, 11, 400):
        composer.set_text("\n".join("x" * lines))
        heights.append(box_of(composer).height())
    assert heights[0] < heights[1] < heights[2]
    assert heights[2] == heights[3] == heights[4]


def test_tall_chinese_lines_are_not_cut(composer):
    composer.set_text("请检查\n这份合同\n的付款条款")
    box = box_of(composer)
    assert box.verticalScrollBar().maximum() == 0
    assert box.cursorRect().bottom() <= box.viewport().height()


def test_a_paste_is_plain_and_cleaned(composer):
    source = QMimeData()
    source.setHtml("<b>bold</b><img src=/etc/passwd>")
    source.setText("plain\x00\r\nwords\u2028more")
    box_of(composer).insertFromMimeData(source)
    assert composer.text() == "plain\nwords\nmore"
    paste(composer, "pasted \ud83d here")  # half a letter
    composer.set_text(f"{composer.text()} and set \udc00")
    assert composer.text().encode("utf-8").endswith(b"and set \xef\xbf\xbd")


def test_pasted_files_are_not_pasted_as_their_names(composer, qtbot):
    source = QMimeData()
    source.setUrls([QUrl.fromLocalFile("/tmp/secret.txt")])
    source.setText("file:///tmp/secret.txt")
    with qtbot.waitSignal(composer.files_pasted) as given:
        box_of(composer).insertFromMimeData(source)
    assert given.args == [GivenFiles((Path("/tmp/secret.txt"),))]
    assert composer.text() == ""


@pytest.mark.parametrize("text", ["x" * 30_000, "word " * 5_000, "line\n" * 9_000], ids=["run", "words", "lines"])
def test_a_long_paste_becomes_a_chip_and_is_sent_with_the_message(composer, qtbot, text):
    qtbot.keyClicks(box_of(composer), "Summarise this:")
    paste(composer, text)
    assert len(chips_of(composer)) == 1
    assert box_of(composer).toPlainText() == "Summarise this:"
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.keyClick(box_of(composer), Qt.Key.Key_Return)
    assert sent.args == [f"Summarise this:\n\n{text}".strip()]


def test_a_chip_can_be_looked_at_and_taken_out(composer, qtbot):
    paste(composer, "first words " * 4_000)
    chip = chips_of(composer)[0]
    assert button_of(composer).isEnabled()
    chip.show_text()
    dialog = chip.findChild(PastedTextDialog)
    assert dialog is not None
    shown = dialog.findChild(QPlainTextEdit)
    assert shown is not None
    assert shown.toPlainText().startswith("first words")
    assert len(shown.toPlainText()) <= 20_000
    dialog.reject()
    remove = chip.findChild(QToolButton)
    assert remove is not None
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert composer.text() == ""
    assert not button_of(composer).isEnabled()


def test_a_long_paste_of_nothing_is_nothing(composer):
    paste(composer, " \n" * 50_000)
    assert composer.text() == ""
    assert not button_of(composer).isEnabled()


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


def queued(*texts):
    return [QueuedText(text) for text in texts]


@pytest.fixture
def queuing(composer):
    composer.set_running(True)
    return composer


def queue_of(queuing):
    queue = queuing.findChild(QueuedMessages)
    assert isinstance(queue, QueuedMessages)
    return queue


def words(queuing):
    labels = [label for label in queue_of(queuing).findChildren(QLabel) if label.isVisible()]
    QTest.qWait(0)  # until they have been placed
    places = {label: label.mapTo(queuing, label.rect().topLeft()) for label in labels}
    return [label.text() for label in sorted(labels, key=lambda label: (places[label].y(), places[label].x()))]


def test_chips_show_the_first_words_in_order(queuing):
    queuing.queued.show_messages(queued("and\nthe total?", "word " * 5_000))
    first, second = words(queuing)
    assert first == "Queued: and the total?"
    assert second.startswith("Queued: word word")
    assert second.endswith("word…")
    assert len(second) < 80


def test_a_chip_names_the_files_of_its_message(queuing):
    files = [AttachmentPart(name, "text/plain", "Text") for name in ("plan.txt", "list.txt", "map.txt")]
    queuing.queued.show_messages([QueuedText("Do they agree?", tuple(files)), QueuedText("", (files[0],))])
    assert words(queuing) == ["Queued: Do they agree?", "plan.txt and 2 more", "Queued: plan.txt"]
    back = queue_of(queuing).findChildren(QToolButton)[0]
    assert back.accessibleDescription() == "Queued: Do they agree?, with plan.txt and 2 more"


def test_many_leave_the_conversation_its_room(queuing):
    queuing.queued.show_messages(queued(*(f"message {number}" for number in range(40))))
    shown = words(queuing)
    assert sorted(shown[:5]) == [f"Queued: message {number}" for number in range(5)]
    assert shown[5] == "and 35 more"
    assert len(shown) == 6
    queuing.queued.show_messages(queued("one"))
    assert words(queuing) == ["Queued: one"]


def test_one_can_be_taken_back(queuing, qtbot):
    queuing.queued.show_messages(queued("one", "two"))
    button = queue_of(queuing).findChildren(QToolButton)[1]
    assert button.accessibleName() == "Take back into the box"
    assert button.accessibleDescription() == "Queued: two"
    with qtbot.waitSignal(queuing.queued.taken_back) as taken:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert taken.args == [1]


def test_after_a_stop_they_can_be_sent_by_hand(queuing, qtbot):
    queuing.queued.show_messages(queued("one"))
    assert buttons_in_words(queuing) == []
    queuing.set_running(False)
    assert buttons_in_words(queuing) == ["Send now"]
    [button] = [each for each in queue_of(queuing).children() if getattr(each, "text", str)() == "Send now"]
    with qtbot.waitSignal(queuing.queued.send_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    queuing.set_running(True)
    assert buttons_in_words(queuing) == []


def test_a_narrow_composer_cuts_no_chip(queuing):
    queuing.resize(320, 60)
    long = "a rather long message that waits until the answer is done and then some"
    file = AttachmentPart("a rather long name of a file that goes with it.pdf", "application/pdf", "Text")
    queuing.queued.show_messages([*queued(long), QueuedText(long, (file,))])
    QTest.qWait(0)
    for label in queue_of(queuing).findChildren(QLabel):
        if not label.isVisible():
            continue
        assert label.mapTo(queuing, label.rect().topRight()).x() < queuing.width()


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


def test_the_builder_shows_the_sentence_in_what_it_sends(opened, server, contract):
    give(opened, contract)
    opened.ask("How high is the rent?")
    opened.press("Ctrl+B")
    panel = opened.window.findChild(PromptPanel)
    assert isinstance(panel, PromptPanel)
    opened.wait_until(lambda: panel.foot.asks_places.isVisible())
    panel.show_draft(panel.new_draft.with_text(panel.framework.task.key, "How high is the deposit?"))
    panel.foot.asks_places.click()
    assert panel.prompt.text == f"How high is the deposit?\n\n{SENTENCE}"
    assert panel.prompt_as_text == "How high is the deposit?"  # the message box asks by itself
    assert entry(opened).isChecked()
    sent = len(server.chats)
    panel.send()
    opened.wait_until(lambda: len(server.chats) > sent)
    assert asked(server).endswith(f"How high is the deposit?\n\n{SENTENCE}")
