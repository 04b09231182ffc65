"""The results as rows: groups that grow without moving what is there, sentences cut so that the word is in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from desktop.core.place import PlaceKind
from desktop.core.search import Choices, ConversationCard, HitKind, Narrowing, SearchBatch, SearchHit, marks_in
from desktop.ui.search.narrowing_bar import NarrowingButton
from desktop.ui.search.page import SearchPage
from desktop.ui.search.results import fitted
from desktop.ui.search.words import count_words, moment, speaker
from desktop.ui.widgets.keys import tab_stops
from desktop.ui.widgets.labels import Paragraph
from tests.ui.search.searched import rows_on

NOW = 1_790_000_000.0


def hit(owner, words="x", kind=HitKind.ANSWER, **more):
    return SearchHit(kind, owner, words, (), **more)  # type: ignore[arg-type]


def card(identity):
    return ConversationCard(identity, f"title of {identity}", NOW)


def found(*hits):
    return SearchBatch(hits, tuple(card(each) for each in {hit.owner for hit in hits}))


@pytest.fixture
def page(theme, qtbot):
    made = SearchPage(theme, lambda: NOW)
    qtbot.addWidget(made)
    made.resize(900, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_later_hits_go_into_their_groups(page):
    page.results.add_recipes([hit("own/a.toml", "recipe", HitKind.RECIPE)])
    page.results.add(found(hit("a", "1"), hit("b", "2")))
    page.results.add(found(hit("a", "3"), hit("c", "4")))
    groups = ["# title of a", "answer: 1", "answer: 3", "# title of b", "answer: 2", "# title of c", "answer: 4"]
    assert rows_on(page.results.rows()) == [*groups, "# Recipes", "recipe: recipe"]
    page.results.clear()
    assert page.results.rows() == []


def test_titles_stand_first_and_more_of_them_are_shown_on_demand(page):
    page.results.add(found(*(hit(str(number), f"{number}", HitKind.TITLE) for number in range(8)), hit("a", "said")))
    page.show_rows()
    first, said = ["# Titles", *(f"title: {number}" for number in range(5))], ["# title of a", "answer: said"]
    assert rows_on(page.list.rows) == [*first, "+3", *said]
    for _ in range(5):
        QTest.keyClick(page.line, Qt.Key.Key_Down)
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    assert rows_on(page.list.rows) == [*first, *(f"title: {number}" for number in range(5, 8)), *said]
    assert rows_on([page.list.current]) == ["title: 5"]


def test_keys_pass_heads_and_what_is_found_later_does_not_move_the_place(page):
    page.results.add(found(hit("a", "1"), hit("b", "2"), hit("c", "3")))
    page.show_rows()
    keys = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Up, Qt.Key.Key_Down)
    seen = []
    for key in keys:
        QTest.keyClick(page.line, key)
        seen.append(page.list.current.key.sentence)
    assert seen == ["2", "1", "3", "1", "1", "2"]
    page.results.add(found(hit("a", "4")))
    page.show_rows()
    assert page.list.current.key.sentence == "2"


def test_a_page_that_comes_back_to_other_results_has_a_current_row(page):
    page.results.add(found(hit("a", "1"), hit("b", "2")))
    page.show_rows()
    page.hide()
    page.results.clear()
    page.results.add(found(hit("c", "3")))
    page.begin_results(1.0)
    page.show_rows()
    page.show()
    assert page.list.current is not None
    assert page.list.current.key.sentence == "3"


def test_a_hundred_thousand_hits_are_rows_as_others(page):
    page.results.add(found(*(hit(str(at // 20), str(at)) for at in range(100_000))))
    page.show_rows()
    assert len(page.list.rows) == 105_000
    QTest.keyClick(page.line, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert page.list.current.key.sentence == "99999"


@pytest.mark.parametrize("before", [0, 5, 400])
@pytest.mark.parametrize("room", [200, 400, 5000])
def test_a_sentence_is_cut_so_that_the_word_is_in_sight(theme, before, room):
    sentence = "word " * before + "needle" + " after a needle" * 50
    metrics = QFontMetrics(theme.ui_font())
    shown, marks = fitted(sentence, marks_in(sentence, ["needle"]), metrics, room)
    assert metrics.horizontalAdvance(shown) <= max(room, 0)
    assert {shown[slice(*mark)] for mark in marks} == {"needle"}  # and none is cut in the middle


def test_words(qapp):
    assert moment(NOW - 60, NOW).startswith("Today, ")
    assert moment(NOW - 86_400, NOW).startswith("Yesterday, ")
    assert moment(NOW - 400 * 86_400, NOW).endswith(" 2025")
    assert speaker(hit("a", kind=HitKind.FILE, file="a.pdf", section=12)) == "File, page 12"
    assert speaker(hit("a", kind=HitKind.FILE, file="notes.txt", section=1)) == "File"
    assert count_words(0, 0, 0, is_more=False) == ""
    assert count_words(1045, 3, 0, is_more=True).replace(",", "") == "More than 1045 places"


def test_what_the_filters_may_hide_is_said(page, qtbot):
    said = page.findChild(Paragraph)
    assert isinstance(said, Paragraph)
    page.line.setText("zanzibar" * 100)
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


def test_each_filter_is_reached_and_chosen_by_keys(page, qtbot):
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


def test_a_choice_of_the_menu_names_its_button_and_is_taken_back_by_it(page, qtbot):
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
