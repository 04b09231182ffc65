"""Names that are given by others, as long as they like: shortened in the middle, never wider than the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.runtime.models.directory import Listing
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.models.menu import ModelMenu
from desktop.ui.opening.model_opening import looking_box
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import NameLabel, PlainLabel, name_entry
from desktop.ui.words import short, short_path, shown_name

pytestmark = pytest.mark.window

LONG = "a_maker_" + "and_a_name_without_a_place_to_break_it_" * 9 + "Q4_K_M.gguf"
NARROWEST = 760


@pytest.fixture
def menu(theme, qtbot):
    made = ModelMenu(theme)
    qtbot.addWidget(made)
    connection = Connection(
        kind=ConnectionKind.OLLAMA, name=LONG.replace("break", "stop"), address="http://127.0.0.1:11434", id="o"
    )
    models = [ModelInfo(LONG, size_on_disk=2_600_000_000), *(ModelInfo(f"model-{number}") for number in range(14))]
    made.show_models([Listing(connection, models)], ModelChoice("o", LONG))
    return made


def test_a_long_name_keeps_its_beginning_and_its_end():
    assert short("qwen3:4b") == "qwen3:4b"
    assert short("two\n lines") == "two lines"
    assert short(LONG).startswith("a_maker_and")
    assert short(LONG).endswith("Q4_K_M.gguf")
    assert len(short(LONG)) < len(LONG)
    assert short_path(Path("/home/li", LONG)) == str(Path("/home/li", short(LONG)))
    assert short_path(Path("/home/li/a  b.md")) == "/home/li/a  b.md"
    assert short_path(Path("/home/li", " " * 100)) == "/home/li"


def test_entries_of_menus_are_shortened_and_explained(theme, qtbot):
    action = QAction()
    name_entry(action, theme, "qwen3 & co", "2.6 GB", about="what it is for")
    assert (action.text(), action.toolTip()) == ("qwen3 && co\t2.6 GB", "<span>what it is for</span>")
    name_entry(action, theme, LONG, about="what it is for")
    assert "…" in action.text()
    assert action.text().endswith("Q4_K_M.gguf")
    assert (action.data(), action.toolTip()) == (LONG, f"<span>{LONG}</span>")


def test_the_menu_of_models_is_not_wider_than_the_window_and_finds_all_of_a_name(menu):
    menu.open_below(QWidget(menu))
    assert menu.width() < NARROWEST
    menu.search.setText("place_to_break_it_and_a_name")
    assert [each.title for each in menu.list.rows if not each.is_heading] == [LONG]
    menu.hide()


def test_a_page_is_not_wider_than_the_window(theme, qtbot):
    page = ChatPage(theme, PanelPreference.AUTO)
    qtbot.addWidget(page)
    page.resize(NARROWEST, 560)
    page.header.set_title(LONG)
    page.empty.show_model(ModelInfo(LONG), Place(PlaceKind.THIS_COMPUTER))
    page.notice.show_text(f"Exported to /home/li/{LONG}")
    page.show()
    assert page.minimumSizeHint().width() < NARROWEST
    assert page.width() == NARROWEST
    assert page.empty.about.toolTip() == f"<span>{LONG}</span>"


def test_a_box_to_choose_from_is_not_wider_than_its_form(theme, qtbot):
    box = ChoiceBox(theme)
    qtbot.addWidget(box)
    box.add_choice("short")
    box.add_choice(LONG)
    box.setCurrentIndex(1)
    box.resize(300, box.height())
    box.show()
    assert box.minimumSizeHint().width() < 300
    assert box.width() == 300


@pytest.mark.parametrize("made", [lambda: PlainLabel(LONG, wraps=True), lambda: NameLabel(LONG)], ids=["wraps", "name"])
def test_a_label_takes_the_room_there_is(made, theme, qtbot):
    label: QWidget = made()  # type: ignore[operator]
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < NARROWEST / 2


def test_a_file_that_cannot_be_opened_is_named_in_short(qtbot):
    box = looking_box(f"/home/li/{LONG}")
    qtbot.addWidget(box)
    assert shown_name(LONG) in box.text()
    assert LONG in box.toolTip()
