"""Going back in the composer: undo across sends, edits of earlier messages, and pasted texts that were taken out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from desktop.ui.composer.card import EditBanner
from desktop.ui.inputs.message_input import PastedTextDialog, part
from desktop.ui.words import number
from tests.ui.steps import box_of, button_of, chips_of, paste

LONG = "long words\n" * 2_000


def undo(composer):
    QTest.keySequence(box_of(composer), QKeySequence(QKeySequence.StandardKey.Undo))


def type_in(composer, text):
    QTest.keyClicks(box_of(composer), text)


def press(composer, key):
    QTest.keyClick(box_of(composer), key)


def has_banner(composer):
    banner = composer.findChild(EditBanner)
    assert isinstance(banner, EditBanner)
    return banner.isVisible()


def test_undo_goes_back_over_sends_examples_and_pastes_in_order(composer, qtbot):
    type_in(composer, "one")
    composer.take_text()
    assert composer.text() == ""
    with qtbot.waitSignal(composer.draft_changed) as kept:
        undo(composer)
    assert kept.args == ["one"]
    assert button_of(composer).isEnabled()
    for again in (QKeySequence(QKeySequence.StandardKey.Redo), QKeySequence("Ctrl+Y")):
        QTest.keySequence(box_of(composer), again)
        assert composer.text() == ""
        undo(composer)
        assert composer.text() == "one"
    composer.take_text()
    type_in(composer, "mine")
    composer.set_text("the example")
    undo(composer)
    assert composer.text() == "mine"
    composer.take_text()
    type_in(composer, "Summarise:")
    paste(composer, LONG)
    sent = composer.take_text()
    assert not chips_of(composer)
    undo(composer)
    assert (composer.text(), box_of(composer).toPlainText()) == (sent, "Summarise:")
    undo(composer)
    assert (composer.text(), chips_of(composer)) == ("Summarise:", [])
    seen = []
    for _ in range(8):
        undo(composer)
        seen.append(composer.text())
    assert [each for each in seen if each] == ["mine", "one"]
    type_in(composer, "of the one")
    composer.open_draft("of the other")
    undo(composer)
    assert composer.text() == "of the other", "it does not reach into another conversation"


def test_a_removed_text_comes_back_where_it_was(composer, qtbot):
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
    composer.take_text()
    box_of(composer).undo()  # as its context menu does it: no stale step is left
    type_in(composer, " now")
    undo(composer)
    assert not chips_of(composer)


def shown(composer):
    """What a press on the first chip opens."""
    chip = chips_of(composer)[0]
    QTest.mouseClick(chip.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    dialog = chip.findChild(PastedTextDialog)
    assert isinstance(dialog, PastedTextDialog)
    return dialog


def test_what_is_long_is_a_chip_that_can_be_put_into_the_box(composer, qtbot):
    paste(composer, "word\n" * 2_000)
    assert not chips_of(composer)
    paste(composer, "字\n" * 2_501)  # more than ten kilobytes: four bytes each
    assert len(chips_of(composer)) == 1
    composer.open_draft("Summarise:")
    paste(composer, LONG)
    dialog = shown(composer)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert any(f"{number(22_000)} characters" in words and "22.0 KB" in words for words in said)
    next(each for each in dialog.findChildren(QPushButton) if "box" in each.text()).click()
    assert not chips_of(composer)
    assert box_of(composer).toPlainText() == f"Summarise:\n\n{LONG}"
    undo(composer)
    assert box_of(composer).toPlainText() == "Summarise:"
    assert [each.text for each in chips_of(composer)] == [LONG]
    for _ in range(4):
        paste(composer, "word\n" * 1_990)
    with qtbot.waitSignal(composer.pasted.explained):  # why the full box takes no more
        chips_of(composer)[0].opened_up.emit()
    assert len(chips_of(composer)) == 1


@pytest.mark.parametrize("text", ["x" * 6_000, "word " * 200_000])
def test_what_would_slow_the_box_down_stays_a_chip(composer, text):
    paste(composer, text)
    dialog = shown(composer)
    assert [each.text() for each in dialog.findChildren(QPushButton)] == ["Close"]
    dialog.reject()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("short", "short"),
        ("Summarise:\n\n" + LONG, "Summarise:"),
        (LONG, ""),
        ("a\n\nb\n\n" + LONG, "a"),
        ("\n\n" + LONG, ""),
        (LONG + "\n\nend", ""),
    ],
)
def test_a_kept_text_is_the_same_again(composer, text, words):
    assert "\n\n".join(each for each in part(text) if each) == text
    composer.open_draft(text)
    assert (composer.text(), box_of(composer).toPlainText()) == (text, words)


UP, DOWN = Qt.Key.Key_Up, Qt.Key.Key_Down
PLAIN, SHIFT, CONTROL = (getattr(Qt.KeyboardModifier, f"{each}Modifier") for each in ("No", "Shift", "Control"))


@pytest.mark.parametrize(
    ("written", "edited", "typed", "keys", "modifier", "wanted"),
    [
        ("", "", "", [UP], PLAIN, ["earlier"]),
        ("one\ntwo", "", "", [UP, UP], PLAIN, []),  # which moves the cursor
        ("", "one\ntwo", "", [UP], PLAIN, []),
        ("", "one\ntwo", "", [UP, UP, DOWN, DOWN], PLAIN, ["earlier", "later"]),
        ("", "one", "!", [UP, DOWN], PLAIN, []),  # a changed edit is not left
        ("", "", "", [UP], SHIFT, []),
        ("", "", "", [UP], CONTROL, []),
    ],
)
def test_arrows_walk_through_ones_messages(composer, written, edited, typed, keys, modifier, wanted):
    asked: list[str] = []
    composer.earlier_wanted.connect(lambda: asked.append("earlier"))
    composer.later_wanted.connect(lambda: asked.append("later"))
    composer.set_text(written)
    if edited:
        composer.begin_edit(edited)
    type_in(composer, typed)
    for key in keys:
        QTest.keyClick(box_of(composer), key, modifier)
    assert asked == wanted


def test_an_edit_leaves_the_draft_and_brings_it_back_however_it_ends(composer, qtbot):
    def state():
        assert has_banner(composer) is composer.is_editing
        return composer.text(), composer.is_editing

    type_in(composer, "half a thought")
    paste(composer, LONG)
    draft = composer.text()
    composer.begin_edit("one")
    composer.begin_edit("an earlier message")
    assert (state(), chips_of(composer)) == (("an earlier message", True), [])
    with qtbot.waitSignal(composer.draft_changed) as kept:
        type_in(composer, ", changed")
    assert kept.args == [composer.draft] == [draft], "an edit is no draft"
    with qtbot.waitSignal(composer.edit_cancelled):
        press(composer, Qt.Key.Key_Escape)
    assert (state(), len(chips_of(composer))) == ((draft, False), 1)
    composer.begin_edit("an earlier message")
    [cancel] = [each for each in composer.findChildren(QPushButton) if each.text() == "Cancel"]
    with qtbot.waitSignal(composer.edit_cancelled):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert box_of(composer).hasFocus()
    assert state() == (draft, False)
    composer.begin_edit("an earlier message")
    with qtbot.waitSignal(composer.send_requested) as sent:
        press(composer, Qt.Key.Key_Return)
    assert sent.args == ["an earlier message"]
    composer.take_text()
    assert state() == (draft, False)
    composer.begin_edit("an earlier message")
    type_in(composer, "!")
    undo(composer)
    assert state() == ("an earlier message", True)
    undo(composer)
    assert state() == (draft, False)
    composer.begin_edit("an earlier message")
    composer.open_draft("of another conversation")
    assert state() == ("of another conversation", False)
