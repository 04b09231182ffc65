"""The meter and the sheet of choices: what they say of a filling, and what keys and the mouse do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.core.context.choices import (
    Choice,
    ChosenPages,
    FreshConversation,
    InPieces,
    LargerWindow,
    LeaveOut,
    Passages,
)
from desktop.core.context.counting import USUAL, Weights
from desktop.core.context.filling import FileFilling, Filling, MessageSize, filling_of, sum_of
from desktop.core.context.window import Window, WindowSource
from desktop.core.place import THIS_COMPUTER
from desktop.core.text.tokens import Letters
from desktop.ui.chat.choice_sheet import ChoiceSheet
from desktop.ui.chat.filling_words import choice_words, reading, taken_room, title_and_sentence, verdict
from desktop.ui.look.theme import Theme
from desktop.ui.words import number

CONTRACT, PRICES = FileFilling("Contract.pdf", 4000, True, 3000), FileFilling("Prices.xlsx", 8000, True, 6000)


def filling(window, files, earlier, room, source=WindowSource.LOADED):
    """A filling by usual words, of which four tokens are three; the question has 27."""
    words, tokens = 3 * earlier // 4, sum(each.tokens for each in files) + earlier + 36
    return Filling(Window(window, source), 100, files, earlier, 40, room, False, words, 27, tokens)


FITS = filling(8000, (CONTRACT,), 800, 2000)
OVER = filling(16_000, (CONTRACT, PRICES), 1600, 3000)
LONG_TALK = filling(4096, (), 9000, 1000, WindowSource.ASKED)
CHOICES: list[Choice] = [
    LargerWindow(26_000, 15.0, 1_200_000_000),
    Passages(("Prices.xlsx",), 3800),
    ChosenPages("Prices.xlsx"),
    InPieces(3, 3000, 230.0),
    LeaveOut(("a", "b"), 900),
    FreshConversation(),
]


def test_words_are_rounded_and_tell_what_takes_room():
    told = [reading(tokens, FITS) for tokens in (0, 40, 7_893, 100_000)]
    assert told == list(map(number, (0, 30, 5_900, 75_000)))
    assert taken_room(FITS) == [
        "Instructions 66",
        f"Files {number(3000)}",
        "Earlier messages 600",
        "This question 27",
        f"Room for the answer {number(1500)} of {number(6000)} words",
    ]
    assert verdict(FITS) == "800 words are free"
    assert verdict(OVER).startswith(f"Prices.xlsx {number(6000)}: not all of it fits, ")


CONTRACT_LETTERS, SHEET_LETTERS = Letters(78_000, 0, 1_200), Letters(9_000, 0, 9_000)
FRUGAL, LAVISH = Weights(other=0.2, digit=0.35), Weights(other=0.3, wide=1.0, digit=1.0)


@pytest.mark.parametrize("weights", [USUAL, FRUGAL, LAVISH])
def test_a_text_has_one_number_of_words_whatever_the_model(weights):
    files = (("Agreement.pdf", CONTRACT_LETTERS), ("Prices.xlsx", SHEET_LETTERS), ("合同.docx", Letters(wide=9_000)))
    asked = MessageSize("q", Letters(600), files)
    found = filling_of(Window(20_000), weights, system="", earlier=sum_of([]), question=asked, room=1_000)
    assert [each.words for each in found.files] == [13_200, 3_000, 9_000]
    assert taken_room(found)[:2] == [f"Files {number(25_000)}", "This question 100"]
    assert verdict(replace(found, window=Window(20_000, WindowSource.LOADED))).startswith(
        f"Agreement.pdf {number(13_000)}: "
    )


@pytest.mark.parametrize(
    ("over", "said", "free"),
    [
        (700, "not all of it fits", 12_000),
        (7_000, "only two thirds of it fit", 8_500),
        (9_200, "only half of it fits", 7_100),
        (14_000, "only a third of it fits", 3_900),
        (18_000, "only a little of it fits", 1_300),
        (21_000, "does not fit", 0),
    ],
)
def test_how_much_of_a_file_fits_agrees_with_the_figures(over, said, free):
    agreement = FileFilling("Agreement.pdf", 20_000, True, 13_200)
    found = filling(20_100 + 40 - over, (agreement,), 0, 0)
    assert verdict(found) == f"Agreement.pdf {number(13_000)}: {said}, {number(free)} are free"


def test_a_trained_length_is_called_that_and_an_unknown_one_too():
    trained = filling(8000, (), 0, 2000, WindowSource.TRAINED)
    assert "has not said so" in verdict(trained)
    assert "not known" in verdict(Filling(Window(), 0, (), 0, 40, 2000))


def test_the_sheet_says_what_is_too_long_and_by_how_much():
    title, sentence = title_and_sentence(OVER)
    assert title == "Prices.xlsx is longer than the model can read at once"
    assert sentence.startswith(f"It has {number(6000)} words, and ")
    assert "This conversation" in title_and_sentence(LONG_TALK)[0]


@pytest.mark.parametrize("choice", CHOICES)
def test_each_choice_has_a_name_a_sentence_a_price_and_a_button(choice):
    said = choice_words(choice, OVER)
    assert said.name
    assert said.explained.endswith(".")
    assert said.price
    assert said.button


@pytest.fixture
def sheet(qtbot):
    made = ChoiceSheet(Theme("light"))
    qtbot.addWidget(made)
    made.resize(690, 500)
    made.offer(CHOICES[:4], OVER, THIS_COMPUTER)
    qtbot.waitUntil(made.isVisible)
    return made


def test_clicks_numbers_and_arrows_choose_enter_does_it_and_escape_nothing(sheet, qtbot):
    rows = [each for each in sheet.findChildren(QPushButton) if each.isCheckable()]
    qtbot.mouseClick(rows[2], Qt.MouseButton.LeftButton)
    assert [row.isChecked() for row in rows] == [False, False, True, False]
    assert any(each.text() == "Choose…" for each in sheet.findChildren(QPushButton)), "the button says what comes"
    with qtbot.assertNotEmitted(sheet.chosen), qtbot.waitSignal(sheet.closed):
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    sheet.offer(CHOICES[:4], OVER, THIS_COMPUTER)
    qtbot.keyClick(sheet, Qt.Key.Key_3)
    qtbot.keyClick(sheet, Qt.Key.Key_Up)
    with qtbot.waitSignal(sheet.chosen) as chosen:
        qtbot.keyClick(sheet, Qt.Key.Key_Return)
    assert chosen.args == [CHOICES[1]]
    assert sheet.isHidden()


def test_no_choice_is_cut_off_where_the_window_is_low(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    above, made = QWidget(), ChoiceSheet(theme)
    column.addWidget(above, 1)
    column.addWidget(made)
    window.resize(700, 380)
    with qtbot.waitExposed(window):
        window.show()
    made.offer(CHOICES[:4], OVER, THIS_COMPUTER)
    qtbot.waitUntil(lambda: all(row.height() >= row.heightForWidth(row.width()) for row in made.rows.rows))
