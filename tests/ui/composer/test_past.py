"""Going back in the composer: undo across sends, edits of earlier messages, and pasted texts that were taken out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from desktop.ui.composer.card import Composer, EditBanner
from desktop.ui.inputs.pasted_text import PastedTextDialog, part
from desktop.ui.look.theme import Theme
from desktop.ui.words import number
from tests.ui.composer.composing import box_of, button_of, chips_of, paste

LONG = "long words\n" * 2_000


@pytest.fixture
def composer(theme: Theme, qtbot: QtBot) -> Composer:
    composer = Composer(theme)
    qtbot.addWidget(composer)
    composer.resize(640, 60)
    with qtbot.waitActive(composer):
        composer.show()
        composer.activateWindow()
    composer.setFocus()
    return composer


def undo(composer: Composer) -> None:
    QTest.keySequence(box_of(composer), QKeySequence(QKeySequence.StandardKey.Undo))


def redo(composer: Composer) -> None:
    QTest.keySequence(box_of(composer), QKeySequence(QKeySequence.StandardKey.Redo))


def type_in(composer: Composer, text: str) -> None:
    QTest.keyClicks(box_of(composer), text)


def press(composer: Composer, key: Qt.Key) -> None:
    QTest.keyClick(box_of(composer), key)


def has_banner(composer: Composer) -> bool:
    banner = composer.findChild(EditBanner)
    assert isinstance(banner, EditBanner)
    return banner.isVisible()


class TestUndo:
    def test_what_was_sent_comes_back(self, composer: Composer, qtbot: QtBot) -> None:
        type_in(composer, "my question")
        composer.take_text()
        assert composer.text() == ""
        with qtbot.waitSignal(composer.draft_changed) as kept:
            undo(composer)
        assert composer.text() == "my question"
        assert kept.args == ["my question"]
        assert button_of(composer).isEnabled()
        redo(composer)
        assert composer.text() == ""
        undo(composer)
        QTest.keySequence(box_of(composer), QKeySequence("Ctrl+Y"))
        assert composer.text() == ""

    def test_it_goes_back_over_several_sends(self, composer: Composer) -> None:
        for words in ("one", "two", "three"):
            type_in(composer, words)
            composer.take_text()
        seen = []
        for _ in range(6):
            undo(composer)
            seen.append(composer.text())
        assert [each for each in seen if each] == ["three", "two", "one"]

    def test_an_example_that_was_picked_can_be_undone(self, composer: Composer) -> None:
        type_in(composer, "mine")
        composer.set_text("the example")
        undo(composer)
        assert composer.text() == "mine"

    def test_it_does_not_reach_into_another_conversation(self, composer: Composer) -> None:
        type_in(composer, "of the one")
        composer.open_draft("of the other")
        undo(composer)
        assert composer.text() == "of the other"

    def test_a_removed_text_comes_back_where_it_was(self, composer: Composer, qtbot: QtBot) -> None:
        for text in (LONG, LONG + "2", LONG + "3"):
            paste(composer, text)
        type_in(composer, "words")
        remove = chips_of(composer)[1].findChild(QToolButton)
        assert remove is not None
        qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
        assert [each.text for each in chips_of(composer)] == [LONG, LONG + "3"]
        undo(composer)
        assert [each.text for each in chips_of(composer)] == [LONG, LONG + "2", LONG + "3"]
        assert composer.text().startswith("words")

    def test_a_paste_can_be_undone_too(self, composer: Composer) -> None:
        paste(composer, LONG)
        undo(composer)
        assert composer.text() == ""
        assert not chips_of(composer)

    def test_words_and_texts_that_were_sent_together_come_back_together(self, composer: Composer) -> None:
        type_in(composer, "Summarise:")
        paste(composer, LONG)
        sent = composer.take_text()
        assert not chips_of(composer)
        undo(composer)
        assert composer.text() == sent
        assert box_of(composer).toPlainText() == "Summarise:"

    def test_the_boxs_own_menu_leaves_no_stale_step(self, composer: Composer) -> None:
        type_in(composer, "Summarise:")
        paste(composer, LONG)
        composer.take_text()
        box_of(composer).undo()  # as its context menu does it
        type_in(composer, " now")
        undo(composer)
        assert not chips_of(composer)


class TestLongTexts:
    def open(self, composer: Composer) -> PastedTextDialog:
        chip = chips_of(composer)[0]
        QTest.mouseClick(chip.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
        dialog = chip.findChild(PastedTextDialog)
        assert isinstance(dialog, PastedTextDialog)
        return dialog

    def test_more_than_ten_kilobytes_become_a_chip(self, composer: Composer) -> None:
        paste(composer, "word\n" * 2_000)
        assert not chips_of(composer)
        paste(composer, "字\n" * 2_501)  # four bytes each
        assert len(chips_of(composer)) == 1

    def test_it_says_how_long_it_is(self, composer: Composer) -> None:
        paste(composer, LONG)
        dialog = self.open(composer)
        said = [label.text() for label in dialog.findChildren(QLabel)]
        assert any(f"{number(22_000)} characters" in words and "22.0 KB" in words for words in said)
        dialog.reject()

    def test_it_can_be_put_into_the_box_and_undone(self, composer: Composer) -> None:
        type_in(composer, "Summarise:")
        paste(composer, LONG)
        dialog = self.open(composer)
        next(each for each in dialog.findChildren(QPushButton) if "box" in each.text()).click()
        assert not chips_of(composer)
        assert box_of(composer).toPlainText() == f"Summarise:\n\n{LONG}"
        undo(composer)
        assert box_of(composer).toPlainText() == "Summarise:"
        assert [each.text for each in chips_of(composer)] == [LONG]

    def test_what_would_slow_the_box_down_stays_a_chip(self, composer: Composer) -> None:
        paste(composer, "x" * 6_000)
        paste(composer, "word " * 200_000)
        for chip in chips_of(composer):
            chip.show_text()
            dialog = chip.findChild(PastedTextDialog)
            assert isinstance(dialog, PastedTextDialog)
            assert [each.text() for each in dialog.findChildren(QPushButton)] == ["Close"]
            dialog.reject()

    def test_a_full_box_says_why_it_takes_no_more(self, composer: Composer, qtbot: QtBot) -> None:
        for _ in range(4):
            paste(composer, "word\n" * 1_990)
        paste(composer, LONG)
        with qtbot.waitSignal(composer.explained):
            chips_of(composer)[0].opened_up.emit()
        assert len(chips_of(composer)) == 1

    @pytest.mark.parametrize(
        "text", ["short", "Summarise:\n\n" + LONG, LONG, "a\n\nb\n\n" + LONG, "\n\n" + LONG, LONG + "\n\nend"]
    )
    def test_a_kept_text_is_the_same_again(self, composer: Composer, text: str) -> None:
        assert "\n\n".join(each for each in part(text) if each) == text
        composer.open_draft(text)
        assert composer.text() == text

    def test_the_words_before_it_come_back_as_words(self, composer: Composer) -> None:
        composer.open_draft("Summarise:\n\n" + LONG)
        assert box_of(composer).toPlainText() == "Summarise:"


class TestEditing:
    def test_cancelling_brings_back_what_was_written(self, composer: Composer, qtbot: QtBot) -> None:
        type_in(composer, "half a thought")
        composer.begin_edit("an earlier message")
        assert (composer.text(), has_banner(composer)) == ("an earlier message", True)
        assert composer.draft == "half a thought"
        type_in(composer, ", changed")
        with qtbot.waitSignal(composer.edit_cancelled):
            press(composer, Qt.Key.Key_Escape)
        assert (composer.text(), has_banner(composer)) == ("half a thought", False)

    def test_the_cancel_button_does_the_same(self, composer: Composer, qtbot: QtBot) -> None:
        composer.begin_edit("an earlier message")
        [cancel] = [each for each in composer.findChildren(QPushButton) if each.text() == "Cancel"]
        with qtbot.waitSignal(composer.edit_cancelled):
            qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
        assert composer.text() == ""
        assert box_of(composer).hasFocus()

    def test_sending_brings_back_what_was_written(self, composer: Composer, qtbot: QtBot) -> None:
        type_in(composer, "half a thought")
        composer.begin_edit("an earlier message")
        with qtbot.waitSignal(composer.send_requested) as sent:
            press(composer, Qt.Key.Key_Return)
        assert sent.args == ["an earlier message"]
        assert composer.take_text() == "an earlier message"
        assert (composer.text(), composer.is_editing) == ("half a thought", False)

    def test_editing_another_one_keeps_the_same_draft(self, composer: Composer) -> None:
        type_in(composer, "half a thought")
        composer.begin_edit("one")
        composer.begin_edit("another")
        composer.cancel_edit()
        assert composer.text() == "half a thought"

    def test_an_edit_is_no_draft(self, composer: Composer, qtbot: QtBot) -> None:
        type_in(composer, "half a thought")
        composer.begin_edit("an earlier message")
        with qtbot.waitSignal(composer.draft_changed) as kept:
            type_in(composer, "!")
        assert kept.args == ["half a thought"]

    def test_undo_at_the_beginning_of_an_edit_leaves_it(self, composer: Composer) -> None:
        type_in(composer, "half a thought")
        composer.begin_edit("an earlier message")
        type_in(composer, "!")
        undo(composer)
        assert (composer.text(), composer.is_editing) == ("an earlier message", True)
        undo(composer)
        assert (composer.text(), composer.is_editing) == ("half a thought", False)

    def test_another_conversation_ends_it(self, composer: Composer) -> None:
        composer.begin_edit("an earlier message")
        composer.open_draft("its draft")
        assert (composer.text(), composer.is_editing, has_banner(composer)) == ("its draft", False, False)

    def test_a_pasted_text_of_the_draft_comes_back_as_one(self, composer: Composer) -> None:
        type_in(composer, "Summarise:")
        paste(composer, LONG)
        composer.begin_edit("an earlier message")
        assert not chips_of(composer)
        composer.cancel_edit()
        assert [each.text for each in chips_of(composer)] == [LONG]


class TestArrows:
    def test_up_in_an_empty_box_asks_for_the_last_message(self, composer: Composer, qtbot: QtBot) -> None:
        with qtbot.waitSignal(composer.earlier_wanted):
            press(composer, Qt.Key.Key_Up)

    def test_up_in_written_words_moves_the_cursor(self, composer: Composer, qtbot: QtBot) -> None:
        composer.set_text("one\ntwo")
        with qtbot.assertNotEmitted(composer.earlier_wanted):
            press(composer, Qt.Key.Key_Up)
            press(composer, Qt.Key.Key_Up)
        assert box_of(composer).textCursor().blockNumber() == 0

    def test_an_untouched_edit_walks_on(self, composer: Composer, qtbot: QtBot) -> None:
        composer.begin_edit("one\ntwo")
        with qtbot.assertNotEmitted(composer.earlier_wanted):
            press(composer, Qt.Key.Key_Up)
        with qtbot.waitSignal(composer.earlier_wanted):
            press(composer, Qt.Key.Key_Up)
        press(composer, Qt.Key.Key_Down)
        with qtbot.waitSignal(composer.later_wanted):
            press(composer, Qt.Key.Key_Down)

    def test_a_changed_edit_is_not_left(self, composer: Composer, qtbot: QtBot) -> None:
        composer.begin_edit("one")
        type_in(composer, "!")
        with qtbot.assertNotEmitted(composer.earlier_wanted), qtbot.assertNotEmitted(composer.later_wanted):
            press(composer, Qt.Key.Key_Up)
            press(composer, Qt.Key.Key_Down)

    @pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier])
    def test_selecting_and_scrolling_ask_for_nothing(
        self, composer: Composer, qtbot: QtBot, modifier: Qt.KeyboardModifier
    ) -> None:
        with qtbot.assertNotEmitted(composer.earlier_wanted):
            QTest.keyClick(box_of(composer), Qt.Key.Key_Up, modifier)
