"""The results as rows: groups that grow without moving what is there, sentences cut so that the word is in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.core.place import PlaceKind
from desktop.core.search import Choices, ConversationCard, HitKind, Narrowing, SearchBatch, SearchHit, marks_in
from desktop.ui.look.theme import Theme
from desktop.ui.search.narrowing_bar import NarrowingButton
from desktop.ui.search.page import SearchPage
from desktop.ui.search.results import Head, More, ResultModel, fitted
from desktop.ui.search.words import count_words, moment, speaker
from desktop.ui.widgets.keys import tab_stops
from desktop.ui.widgets.labels import Paragraph

NOW = 1_790_000_000.0


def hit(owner: str, words: str = "x", kind: HitKind = HitKind.ANSWER, **more: object) -> SearchHit:
    return SearchHit(kind, owner, words, (), **more)  # type: ignore[arg-type]


def card(identity: str) -> ConversationCard:
    return ConversationCard(identity, f"title of {identity}", NOW)


def rows(model: ResultModel) -> list[str]:
    shown = []
    for row in model.rows:
        match row:
            case Head(name):
                shown.append(f"# {name}")
            case More(hits):
                shown.append(f"+{len(hits)}")
            case SearchHit():
                shown.append(row.sentence)
    return shown


@pytest.fixture
def model(qapp: QApplication) -> ResultModel:
    made = ResultModel(lambda: NOW)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def test_later_hits_go_into_their_groups(model: ResultModel) -> None:
    model.insert_recipes([hit("own/a.toml", "recipe", HitKind.RECIPE)])
    model.insert_batch(SearchBatch((hit("a", "1"), hit("b", "2")), (card("a"), card("b"))))
    model.insert_batch(SearchBatch((hit("a", "3"), hit("c", "4")), (card("c"),)))
    assert rows(model) == ["# title of a", "1", "3", "# title of b", "2", "# title of c", "4", "# Recipes", "recipe"]
    model.clear()
    assert rows(model) == []


def test_titles_stand_first_and_more_of_them_are_shown_on_demand(model: ResultModel) -> None:
    titles = tuple(hit(str(number), f"title {number}", HitKind.TITLE) for number in range(8))
    model.insert_batch(SearchBatch(titles, tuple(card(str(number)) for number in range(8))))
    model.insert_batch(SearchBatch((hit("a", "said"),), (card("a"),)))
    first = ["# Titles", *(f"title {number}" for number in range(5))]
    assert rows(model) == [*first, "+3", "# title of a", "said"]
    model.show_more(6)
    assert rows(model) == [*first, "title 5", "title 6", "title 7", "# title of a", "said"]


def test_a_hundred_thousand_hits_are_rows_as_others(qapp: QApplication) -> None:
    model = ResultModel(lambda: NOW)  # without Qt's tester, which looks at all rows at each insertion
    for start in range(0, 100_000, 10_000):
        owners = range(start, start + 10_000, 20)
        hits = tuple(hit(str(owner)) for owner in owners for _ in range(20))
        model.insert_batch(SearchBatch(hits, tuple(card(str(owner)) for owner in owners)))
    assert model.rowCount() == 105_000
    model.insert_batch(SearchBatch((hit("0", "far above"),)))
    assert rows(model)[-2:] == ["# title of 0", "far above"]


def test_heads_cannot_be_chosen(model: ResultModel) -> None:
    model.insert_batch(SearchBatch((hit("a", "1"), hit("b", "2")), (card("a"), card("b"))))
    assert [model.next_hit(0, 1), model.next_hit(2, 1), model.next_hit(2, -1), model.next_hit(0, -1)] == [1, 3, 1, -1]


@pytest.mark.parametrize("before", [0, 5, 400])
@pytest.mark.parametrize("room", [200, 400, 5000])
def test_a_sentence_is_cut_so_that_the_word_is_in_sight(theme: Theme, before: int, room: int) -> None:
    sentence = "word " * before + "needle" + " after a needle" * 50
    metrics = QFontMetrics(theme.ui_font())
    shown, marks = fitted(sentence, marks_in(sentence, ["needle"]), metrics, room)
    assert metrics.horizontalAdvance(shown) <= max(room, 0)
    assert {shown[slice(*mark)] for mark in marks} == {"needle"}  # and none is cut in the middle


def test_words(qapp: QApplication) -> None:
    assert moment(NOW - 60, NOW).startswith("Today, ")
    assert moment(NOW - 86_400, NOW).startswith("Yesterday, ")
    assert moment(NOW - 400 * 86_400, NOW).endswith(" 2025")
    assert speaker(hit("a", kind=HitKind.FILE, file="a.pdf", section=12)) == "File, page 12"
    assert speaker(hit("a", kind=HitKind.FILE, file="notes.txt", section=1)) == "File"
    assert count_words(0, 0, 0, is_more=False) == ""
    assert count_words(1045, 3, 0, is_more=True).replace(",", "") == "More than 1045 places"


def test_what_the_filters_may_hide_is_said(theme: Theme, qtbot: QtBot) -> None:
    page = SearchPage(theme)
    qtbot.addWidget(page)
    said = page.findChild(Paragraph)
    assert isinstance(said, Paragraph)
    page.field.line.setText("zanzibar" * 100)
    page.show_nothing()
    assert said.text() == f"Nothing was found for “{('zanzibar' * 100)[:60]}…”."
    [pinned] = [each for each in page.findChildren(NarrowingButton) if each.text() == "Pinned"]
    with qtbot.waitSignal(page.narrowing.changed) as changed:
        pinned.click()
    assert changed.args == [Narrowing(pinned=True)]
    page.show_nothing()
    assert said.text().endswith("The filters above may hide something.")
    with qtbot.waitSignal(page.narrowing.changed) as changed:
        pinned.click()
    assert changed.args == [Narrowing()]


def test_each_filter_is_reached_and_chosen_by_keys(theme: Theme, qtbot: QtBot) -> None:
    page = SearchPage(theme)
    qtbot.addWidget(page)
    page.show()
    page.narrowing.show_choices(Choices(("qwen3:8b",), (PlaceKind.INTERNET,)))
    *buttons, _ = tab_stops(page.narrowing)
    assert [each.text() for each in buttons if isinstance(each, NarrowingButton)] == [
        "When",
        "Model",
        "Place",
        "Pinned",
        "Has a file",
    ]
    for button in buttons:
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        before = page.narrowing.narrowing
        QTest.keyClick(button, Qt.Key.Key_Space)
        if menus := button.findChildren(QMenu):
            QTest.keyClick(menus[-1], Qt.Key.Key_Down)
            QTest.keyClick(menus[-1], Qt.Key.Key_Return)
        assert page.narrowing.narrowing != before
    chosen = page.narrowing.narrowing
    assert (chosen.model, chosen.place, chosen.pinned, chosen.has_file) == ("qwen3:8b", PlaceKind.INTERNET, True, True)
    assert chosen.since


def test_a_choice_of_the_menu_names_its_button_and_is_taken_back_by_it(theme: Theme, qtbot: QtBot) -> None:
    page = SearchPage(theme)
    qtbot.addWidget(page)
    page.show()
    page.narrowing.show_choices(Choices(("qwen3:8b", "/m/Qwen3-4B.gguf"), (PlaceKind.INTERNET,)))
    [model] = [each for each in page.findChildren(NarrowingButton) if each.text() == "Model"]
    model.click()
    menu = model.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [each.text() for each in menu.actions()] == ["Qwen3 8B", "Qwen3 4B"]
    menu.actions()[1].trigger()
    menu.close()
    assert page.narrowing.narrowing == Narrowing(model="/m/Qwen3-4B.gguf")
    assert model.text() == "Qwen3 4B"
    model.click()
    assert (page.narrowing.narrowing, model.text()) == (Narrowing(), "Model")
