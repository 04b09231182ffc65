"""Writing, sending, stopping and pasting, with the keys and events that a user's hands make."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QToolButton

from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.tasks.kinds import OfficeTask
from desktop.ui.composer.card import Composer
from desktop.ui.inputs.pasted_text import PastedTextDialog
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.look.tokens import DARK
from tests.ui.composer.composing import box_of, button_of, chips_of, compose, paste

INTERNET = Place(PlaceKind.INTERNET, "api.example.com")


@pytest.fixture
def composer(theme, qtbot):
    composer = Composer(theme)
    qtbot.addWidget(composer)
    composer.resize(640, 60)
    with qtbot.waitExposed(composer):
        composer.show()
    composer.setFocus()
    return composer


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


def test_what_takes_more_than_a_line_has_the_buttons_below(composer, qtbot):
    composer.set_text("a few words")
    box = box_of(composer)

    def is_beside():
        return button_of(composer).geometry().left() >= box.geometry().right()

    def is_below():
        return button_of(composer).geometry().top() >= box.geometry().bottom()

    def is_wide(width):
        composer.resize(width, composer.height())  # again: a window manager may tell of an earlier size after it
        return composer.width() == width

    qtbot.waitUntil(is_beside)
    qtbot.waitUntil(lambda: is_wide(340) and is_below())  # too narrow to write in beside them
    qtbot.waitUntil(lambda: is_wide(640) and is_beside())
    composer.set_text("words that take more lines in a narrow box " * 4)
    qtbot.waitUntil(is_below)
    qtbot.waitUntil(lambda: box.verticalScrollBar().maximum() == 0)
    composer.set_text("one\ntwo")
    qtbot.waitUntil(is_below)
    composer.set_text("")
    qtbot.waitUntil(is_beside)
    compose(composer, "上" * 60)  # what is composed counts for the line
    qtbot.waitUntil(is_below)
    compose(composer, "")
    qtbot.waitUntil(is_beside)
    paste(composer, "material " * 3_000)  # which becomes a chip
    qtbot.waitUntil(is_below)
    # A slow window manager may still tell of a size in between.
    qtbot.waitUntil(lambda: box.geometry().width() > 600)


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
