"""The header: title, models, place, and what it says is wanted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.runtime.models.directory import Listing
from desktop.ui.chat.header import Header
from desktop.ui.chat.model_menu import MenuFilter, ModelMenu
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import LabelledButton, MenuButton
from desktop.ui.widgets.labels import ElidedLabel
from desktop.ui.widgets.place_badge import PlaceBadge

OLLAMA = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="o")
CLOUD = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="<b>R&D</b>", address="https://api.example.com/v1", id="c")
QWEN = ModelInfo("qwen3:4b", size_on_disk=2_600_000_000)
EMBEDDING = ModelInfo("embed", capabilities=frozenset({"embedding"}))
NAMED = ModelInfo("/files/x.gguf", label="A & B <i>model</i>")


@pytest.fixture
def header(theme: Theme, qtbot: QtBot) -> Header:
    header = Header(theme)
    qtbot.addWidget(header)
    header.resize(800, 50)
    with qtbot.waitExposed(header):
        header.show()
    return header


def menu_of(header: Header) -> ModelMenu:
    found = header.findChild(ModelMenu)
    assert found is not None
    return found


def model_actions(header: Header) -> list[QAction]:
    return [action for action in menu_of(header).actions() if action.isCheckable()]


def words_of(header: Header) -> str:
    return header.findChild(MenuButton).words


def test_models_are_grouped_by_connection_and_the_current_is_ticked(header: Header) -> None:
    header.show_models([Listing(OLLAMA, [QWEN, EMBEDDING]), Listing(CLOUD, [NAMED])], ModelChoice("c", "/files/x.gguf"))
    texts = [action.text() for action in menu_of(header).actions() if not action.isSeparator()]
    assert texts == [
        "Ollama · On this computer",
        "qwen3:4b\t2.6 GB",
        "<b>R&&D</b> · Internet (api.example.com)",
        "A && B <i>model</i>",
        "Open a model file…",
        "Connections…",
    ]
    assert [action.isChecked() for action in model_actions(header)] == [False, True]
    assert words_of(header) == "A & B <i>model</i>"
    assert header.findChild(PlaceBadge).words == "Internet (api.example.com)"


def test_each_connection_says_how_it_stands(header: Header) -> None:
    failed = Failure("auth_rejected", host="api.example.com")
    header.show_models([Listing(OLLAMA, is_loading=True), Listing(CLOUD, failure=failed)], None)
    lines = [action.text() for action in menu_of(header).actions() if not action.isSeparator()]
    assert [lines[1], lines[3]] == ["Looking…", "The key was not accepted"]
    header.show_models([Listing(OLLAMA, []), Listing(CLOUD, [NAMED], is_loading=True)], None)
    lines = [action.text() for action in menu_of(header).actions() if not action.isSeparator()]
    assert [lines[1], lines[3]] == ["No models", "A && B <i>model</i>"]


def test_opening_the_models_is_said(header: Header, qtbot: QtBot) -> None:
    with qtbot.waitSignal(header.models_opening):
        menu_of(header).popup(header.mapToGlobal(header.rect().center()))
    menu_of(header).close()


def test_an_open_menu_keeps_its_filter_and_its_entries_while_nothing_is_new(header: Header, qtbot: QtBot) -> None:
    many = [ModelInfo(f"vendor/model-{n}") for n in range(300)]
    listing = Listing(CLOUD, many)
    header.show_models([listing], None)
    menu_of(header).popup(header.mapToGlobal(header.rect().center()))
    menu_of(header).findChild(MenuFilter).setText("model-299")
    before = menu_of(header).actions()
    listing.is_loading = True
    header.show_models([listing], None)
    assert menu_of(header).actions() == before
    listing.models = [*many, ModelInfo("vendor/new-model-2999")]
    header.show_models([listing], None)
    shown = [action.text() for action in model_actions(header) if action.isVisible()]
    assert shown == ["vendor/model-299", "vendor/new-model-2999"]
    menu_of(header).close()


def test_picking_a_model_is_said(header: Header, qtbot: QtBot) -> None:
    header.show_models([Listing(OLLAMA, [QWEN]), Listing(CLOUD, [NAMED])], None)
    with qtbot.waitSignal(header.model_chosen) as chosen:
        model_actions(header)[0].trigger()
    assert chosen.args == [ModelChoice("o", "qwen3:4b")]


def test_no_model_and_an_unlisted_one(header: Header) -> None:
    header.show_models([], None)
    assert words_of(header) == "Choose a model"
    assert not header.findChild(PlaceBadge).isVisible()
    header.show_models([Listing(OLLAMA, [])], ModelChoice("o", "gone:7b"))
    assert words_of(header) == "gone:7b"
    assert header.findChild(PlaceBadge).isVisible()


def test_many_models_can_be_filtered(header: Header, qtbot: QtBot) -> None:
    many = [ModelInfo(f"vendor/model-{n}") for n in range(300)]
    header.show_models([Listing(OLLAMA, [QWEN]), Listing(CLOUD, many)], None)
    field = menu_of(header).findChild(MenuFilter)
    assert field is not None
    field.setText("MODEL-299")
    assert [action.text() for action in model_actions(header) if action.isVisible()] == ["vendor/model-299"]
    with qtbot.waitSignal(header.model_chosen) as chosen:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert chosen.args == [ModelChoice("c", "vendor/model-299")]


def test_few_models_need_no_filter(header: Header) -> None:
    header.show_models([Listing(OLLAMA, [QWEN])], None)
    assert menu_of(header).findChildren(MenuFilter) == []


def test_the_rest_of_the_menu_and_the_buttons(header: Header, qtbot: QtBot) -> None:
    by_text = {action.text(): action for action in menu_of(header).actions()}
    with qtbot.waitSignal(header.open_file_requested):
        by_text["Open a model file…"].trigger()
    with qtbot.waitSignal(header.connections_requested):
        by_text["Connections…"].trigger()
    buttons = {button.accessibleName(): button for button in header.findChildren(QToolButton)}
    with qtbot.waitSignal(header.new_requested):
        qtbot.mouseClick(buttons["New conversation"], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(header.sidebar_toggled):
        qtbot.mouseClick(buttons["Show or hide the conversations"], Qt.MouseButton.LeftButton)


def test_a_long_title_gives_way_to_the_place(header: Header) -> None:
    header.set_title("A very long title " * 20)
    header.show_models([Listing(CLOUD, [ModelInfo("a-model-with-a-long-name-" * 5)])], ModelChoice("c", "x" * 200))
    header.resize(560, 50)
    badge = header.findChild(PlaceBadge)
    assert badge.geometry().right() < 560
    assert badge.width() >= badge.minimumSizeHint().width()
    title = header.findChild(ElidedLabel)
    assert title.toolTip().startswith("<span>A very long title")


def test_the_words_of_a_button_give_way_to_a_title(header: Header) -> None:
    fresh = next(each for each in header.findChildren(LabelledButton) if each.accessibleName() == "Start fresh")
    header.show_models([Listing(OLLAMA, [QWEN])], ModelChoice("o", "qwen3:4b"))
    header.set_title("Lunch")
    assert "Start fresh" in fresh.text()
    header.show_models([Listing(CLOUD, [])], ModelChoice("c", "a-model-with-a-long-name-of-a-vendor"))
    header.set_title("Payment terms of the framework contract")
    assert fresh.text() == ""
    assert fresh.accessibleName() == "Start fresh"
    header.resize(1400, 50)
    assert "Start fresh" in fresh.text()


def test_titles_are_plain_and_never_empty(header: Header) -> None:
    title = header.findChild(ElidedLabel)
    header.set_title("<img src=/etc/passwd>\nx")
    assert title.text() == "<img src=/etc/passwd> x"
    assert title.textFormat() is Qt.TextFormat.PlainText
    header.set_title("  ")
    assert title.text() == "New conversation"


@pytest.mark.parametrize("kind", list(PlaceKind))
def test_the_place_is_said_in_words(header: Header, kind: PlaceKind) -> None:
    header.set_place(Place(kind, "" if kind is PlaceKind.THIS_COMPUTER else "host.example"))
    badge = header.findChild(PlaceBadge)
    assert badge.accessibleName() == badge.words
    assert ("host.example" in badge.words) is (kind is not PlaceKind.THIS_COMPUTER)


def test_the_tick_survives_a_change_of_theme(header: Header, theme: Theme) -> None:
    header.show_models([Listing(OLLAMA, [QWEN])], ModelChoice("o", "qwen3:4b"))
    theme.set_mode("dark")
    assert [action.isChecked() for action in model_actions(header)] == [True]
