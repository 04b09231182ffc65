"""The first page, on which a server is looked for or its address is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from desktop.core.model import ModelInfo
from desktop.core.models.facts import facts_of
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.store.models import load_catalogue
from desktop.ui.connections.fields import completed_address, is_unencrypted, place_of_address, problem_with
from desktop.ui.connections.first_run import FirstRun
from desktop.ui.errors import ErrorAction, ErrorText
from desktop.ui.start import EmptyConversation, TaskTiles
from tests.ui.languages import speaking
from tests.ui.steps import words_on

BILLION = 1_000_000_000


def buttons_of(widget):
    return [each.text() for each in widget.findChildren(QAbstractButton) if each.isVisible()]


@pytest.fixture
def page(theme, qtbot):
    page = FirstRun(theme)
    qtbot.addWidget(page)
    page.resize(760, 560)
    with qtbot.waitExposed(page):
        page.show()
    return page


def test_the_address_that_the_settings_name_is_said(page):
    page.show_state("nothing")
    assert "OLLAMA_HOST" not in words_on(page)
    page.offer_address("http://gpu-server:11434")
    assert "OLLAMA_HOST names http://gpu-server:11434." in words_on(page)


def test_an_empty_conversation_introduces_its_model(theme, qtbot):
    page = EmptyConversation(theme)
    qtbot.addWidget(page)
    page.resize(900, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.show_model(ModelInfo("x", label="<b>A</b>", parameters=135_000_000), THIS_COMPUTER)
    assert "<b>A</b>" in words_on(page)
    assert "stays on this computer" in words_on(page)
    assert "is tiny" in words_on(page)
    assert "Get a better model" in buttons_of(page)
    page.show_model(ModelInfo("y", parameters=8 * BILLION), Place(PlaceKind.INTERNET, "api.example.com"))
    assert "is tiny" not in words_on(page)
    assert "Get a better model" not in buttons_of(page)
    assert "api.example.com" in words_on(page)
    page.show_model(None, None, "gone", is_looking=True)
    assert "gone" in words_on(page)
    page.show_model(None, None, is_looking=True)
    assert "Looking" in words_on(page)
    page.show_model(None, None)
    assert "Choose a model" in words_on(page)


def test_a_chosen_model_that_is_away_leaves_the_tasks(theme, qtbot):
    page = EmptyConversation(theme)
    qtbot.addWidget(page)
    page.resize(760, 480)
    with qtbot.waitExposed(page):
        page.show()
    page.show_model(None, None, "qwen3:32b")
    page.show_trouble(ErrorText("No way", "It is shut.", (ErrorAction.TRY_AGAIN,)))
    assert "qwen3:32b · No way · It is shut." in words_on(page)
    assert "What do you want to do?" in words_on(page)
    other = next(each for each in page.findChildren(QAbstractButton) if each.text() == "Choose another model")
    with qtbot.waitSignal(page.action_chosen) as chosen:
        qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
    assert chosen.args == [ErrorAction.CHOOSE_MODEL]
    page.show_trouble(None)
    assert "does not answer" in words_on(page)
    page.show_model(ModelInfo("y", parameters=8 * BILLION), THIS_COMPUTER)
    page.show_trouble(None)
    assert not page.away.isVisible()
    page.show_model(ModelInfo("z", parameters=135_000_000), THIS_COMPUTER)
    for trouble in (ErrorText("No way", "It is shut.", ()), None):
        page.show_trouble(trouble)
        page.introduce()  # as when more has become known
        assert ("is tiny" in words_on(page)) is (trouble is None)


def test_the_start_page_offers_tasks_and_says_what_they_need(theme, qtbot):
    page = EmptyConversation(theme)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    with qtbot.waitExposed(page):
        page.show()
    tiles = page.findChild(TaskTiles).findChildren(QAbstractButton)  # type: ignore[union-attr]
    assert [tile.accessibleDescription()[:6] for tile in tiles] == ["Needs "] * 8
    with qtbot.waitSignal(page.guide_wanted) as wanted:
        tiles[0].click()
    assert wanted.args == ["answer_mail"]
    assert len({tile.y() for tile in tiles}) == 2
    page.resize(500, 700)
    qtbot.waitUntil(lambda: len({tile.y() for tile in tiles}) == 4)


def test_a_starter_that_hardly_speaks_the_language_is_named_with_one_way_to_another(theme, qapp, qtbot):
    rows = load_catalogue().catalogue
    starter = ModelInfo("/m/SmolLM2-135M-Instruct.Q4_1.gguf", label="SmolLM2 135M", parameters=134_500_000)
    with speaking(qapp, "zh_CN"):
        page = EmptyConversation(theme)
        qtbot.addWidget(page)
        page.show()
        page.show_model(starter, THIS_COMPUTER)
        assert "几乎不会中文" not in words_on(page)  # nothing is known yet
        page.known_of = lambda model: facts_of(model, rows.find_row(model.name))
        page.introduce()
        assert "SmolLM2 135M 几乎不会中文。" in words_on(page)
        assert "换一个会中文的模型" in buttons_of(page)
        page.show_model(ModelInfo("qwen3.5:4b"), THIS_COMPUTER)
        assert "几乎不会中文" not in words_on(page)
        assert "换一个会中文的模型" not in buttons_of(page)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("gpu-server:8000/v1/", "http://gpu-server:8000/v1"),
        ("127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("localhost", "http://localhost"),
        ("api.example.com/v1", "https://api.example.com/v1"),
        (" https://api.example.com/v1\n", "https://api.example.com/v1"),
        ("hello world", "hello world"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("http://api.example.com", "http://api.example.com"),
        ("https://api.example.com，", "https://api.example.com"),
        ("ａｐｉ．example。com／ｖ１", "https://api.example.com/v1"),
        ("“localhost：8080”", "http://localhost:8080"),
    ],
)
def test_the_scheme_is_added(typed, expected):
    assert completed_address(typed) == expected


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("", "Enter"),
        ("ftp://server", "http://"),
        ("file:///etc/passwd", "http://"),
        ("http://", "not an address"),
        ("http://[::1", "not an address"),
        ("http://host:port", "not an address"),
        ("http://host:99999", "not an address"),
        ("http://host:0", "not an address"),
        ("http://ho st", "not an address"),
        ("http://host\\evil", "“\\”"),
        ("https://api,example.com", "“,”"),
        ("https://api、example.com", "“、”"),
        ("https://host/\x7f", "“U+007F”"),
        ("https://a..b", "not an address"),
        ("https://xn--a", "not an address"),
        ("https://host/" + "a" * 3000, "not an address"),
        ("https://bank.example@evil.example", "@"),
        ("https://host/v1?key=1", "?"),
        ("https://host/v1#x", "#"),
    ],
)
def test_what_is_wrong_is_said(address, hint):
    assert hint in problem_with(address)


@pytest.mark.parametrize(
    ("address", "open_to_others"),
    [("http://gpu", True), ("HTTP://api.example.com", True), ("https://gpu", False), ("http://localhost", False)],
)
def test_only_http_through_a_network_is_open_to_others(address, open_to_others):
    assert is_unencrypted(address) is open_to_others


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(typed):
    address = completed_address(typed)
    assert isinstance(problem_with(address), str)
    place_of_address(address)
    assert not is_unencrypted(address) or address.lower().startswith("http://")
