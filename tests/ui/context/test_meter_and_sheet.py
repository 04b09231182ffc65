"""The meter and the sheet of choices: what they say of a filling, and what keys and the mouse do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.context.choices import (
    Choice,
    ChosenPages,
    FreshConversation,
    InPieces,
    LargerWindow,
    LeaveOut,
    Passages,
)
from desktop.core.context.filling import FileFilling, Filling
from desktop.core.context.window import Window, WindowSource
from desktop.core.place import THIS_COMPUTER
from desktop.ui.context.choice_sheet import ChoiceSheet
from desktop.ui.context.meter import ContextMeter, bar_of
from desktop.ui.context.words import choice_words, legend, reading, send_words, spoken, title_and_sentence, verdict
from desktop.ui.look.theme import Theme
from desktop.ui.words import number

FITS = Filling(Window(8000, WindowSource.LOADED), 100, (FileFilling("Contract.pdf", 4000, True),), 800, 40, 2000)
PRICES = FileFilling("Prices.xlsx", 8000, True)
OVER = Filling(Window(16_000, WindowSource.LOADED), 100, (FITS.files[0], PRICES), 1600, 60, 3000)
LONG_TALK = Filling(Window(4096, WindowSource.ASKED), 50, (), 9000, 30, 1000)
CHOICES: list[Choice] = [
    LargerWindow(26_000, 15.0, 1_200_000_000),
    Passages(("Prices.xlsx",), 3800),
    ChosenPages("Prices.xlsx"),
    InPieces(3, 3000, 230.0),
    LeaveOut(("a", "b"), 900),
    FreshConversation(),
]


def test_words_are_rounded_and_tell_what_takes_room() -> None:
    assert [reading(tokens) for tokens in (0, 40, 7_893, 100_000)] == list(map(number, (0, 30, 5_900, 75_000)))
    assert [words for _, words in legend(FITS)] == [
        "Instructions 66",
        f"Files {number(3000)}",
        "Earlier messages 600",
        "This question 27",  # without what is around each message
        f"Room for the answer {number(1500)} of {number(6000)} words",
    ]
    assert verdict(FITS) == "800 words are free"
    assert verdict(OVER).startswith(f"Prices.xlsx {number(6000)}: a little too long, ")
    assert "too long" in spoken(OVER)


def test_a_trained_length_is_called_that_and_an_unknown_one_too() -> None:
    trained = Filling(Window(8000, WindowSource.TRAINED), 0, (), 0, 40, 2000)
    assert "has not said so" in verdict(trained)
    assert "not known" in verdict(Filling(Window(), 0, (), 0, 40, 2000))


def test_the_bar_is_as_long_as_what_takes_room() -> None:
    taken = ("accent", "muted", "ink")
    assert sum(share for color, share in bar_of(FITS) if color in taken) == pytest.approx(FITS.prompt / 8000)
    assert bar_of(FITS)[-1] == ("field_line", 2000 / 8000)  # the room for the answer, apart from what is taken
    empty = Filling(Window(4096, WindowSource.ASKED), 20, (), 0, 4, 3072)
    assert bar_of(empty)[3:] == [("line", (3072 - 24) / 4096), ("field_line", 0.25)]
    assert verdict(empty) == f"{number(2300)} words are free"
    assert sum(share for _, share in bar_of(OVER)) == pytest.approx(1.0)
    assert bar_of(OVER)[-1][0] == "internet"
    assert bar_of(Filling(Window(), 0, (), 0, 0, 0)) == []


def test_the_sheet_says_what_is_too_long_and_by_how_much() -> None:
    title, sentence = title_and_sentence(OVER)
    assert title == "Prices.xlsx is longer than the model can read at once"
    assert sentence.startswith(f"It has {number(6000)} words, and ")
    assert "This conversation" in title_and_sentence(LONG_TALK)[0]


@pytest.mark.parametrize("choice", CHOICES)
def test_each_choice_has_a_name_a_sentence_a_price_and_a_button(choice: Choice) -> None:
    said = choice_words(choice, OVER)
    assert said.name
    assert said.explained.endswith(".")
    assert said.price
    assert send_words(choice)


def test_the_meter_shows_its_words_while_it_has_the_focus(qtbot: QtBot) -> None:
    meter = ContextMeter(Theme("light"))
    qtbot.addWidget(meter)
    meter.show_filling(FITS)
    assert meter.isVisible()
    assert "800 words are free" in meter.accessibleDescription()
    meter.show_filling(Filling(Window(), 0, (), 0, 0, 0))
    assert not meter.isVisible()


@pytest.fixture
def sheet(qtbot: QtBot) -> ChoiceSheet:
    made = ChoiceSheet(Theme("light"))
    qtbot.addWidget(made)
    made.resize(690, 500)
    made.offer(CHOICES[:4], OVER, THIS_COMPUTER)
    qtbot.waitUntil(made.isVisible)
    return made


def test_numbers_and_arrows_choose_and_enter_does_it(sheet: ChoiceSheet, qtbot: QtBot) -> None:
    qtbot.keyClick(sheet, Qt.Key.Key_3)
    qtbot.keyClick(sheet, Qt.Key.Key_Up)
    with qtbot.waitSignal(sheet.chosen) as chosen:
        qtbot.keyClick(sheet, Qt.Key.Key_Return)
    assert chosen.args == [CHOICES[1]]
    assert sheet.isHidden()


def test_escape_closes_it_and_does_nothing(sheet: ChoiceSheet, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(sheet.chosen), qtbot.waitSignal(sheet.closed):
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isHidden()


def test_a_click_chooses_and_the_button_says_what_comes(sheet: ChoiceSheet, qtbot: QtBot) -> None:
    rows = [each for each in sheet.findChildren(QPushButton) if each.isCheckable()]
    qtbot.mouseClick(rows[2], Qt.MouseButton.LeftButton)
    assert [row.isChecked() for row in rows] == [False, False, True, False]
    assert any(each.text() == "Choose…" for each in sheet.findChildren(QPushButton))


def test_no_choice_is_cut_off_where_the_window_is_low(theme: Theme, qtbot: QtBot) -> None:
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
    qtbot.waitUntil(lambda: all(row.height() >= row.heightForWidth(row.width()) for row in made._rows))
