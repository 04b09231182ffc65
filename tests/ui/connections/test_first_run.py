"""The first page, on which a server is looked for or its address is typed."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton

from desktop.core.model import ModelInfo
from desktop.core.models.facts import facts_of
from desktop.core.place import THIS_COMPUTER
from desktop.store.models import load_catalogue
from desktop.ui.connections.fields import completed_address, is_unencrypted, problem_with
from desktop.ui.start import EmptyConversation, TaskTiles
from tests.ui.languages import speaking
from tests.ui.steps import words_on


def buttons_of(widget):
    return [each.text() for each in widget.findChildren(QAbstractButton) if each.isVisible()]


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
