"""The header: title, models, place, and what it says is wanted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit, QToolButton, QToolTip, QWidget

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.context.filling import Filling
from desktop.core.context.window import Window, WindowSource
from desktop.core.model import ModelChoice, ModelInfo
from desktop.runtime.models.directory import Listing
from desktop.ui.chat.header import Header, TitleField
from desktop.ui.widgets.buttons import LabelledButton, MenuButton
from desktop.ui.widgets.labels import ElidedLabel
from desktop.ui.widgets.place_badge import PlaceBadge
from tests.ui.models.menuing import lines_of

OLLAMA = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="o")
CLOUD = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="<b>R&D</b>", address="https://api.example.com/v1", id="c")
QWEN = ModelInfo("qwen3:4b", size_on_disk=2_600_000_000)
EMBEDDING = ModelInfo("embed", capabilities=frozenset({"embedding"}))
NEARLY = Filling(Window(8_192, WindowSource.LOADED), 100, (), 5_400, 40, 2_000)
NAMED = ModelInfo("/files/x.gguf", label="A & B <i>model</i>")


@pytest.fixture
def header(theme, qtbot):
    header = Header(theme)
    qtbot.addWidget(header)
    header.resize(800, 50)
    with qtbot.waitExposed(header):
        header.show()
    return header


def words_of(header):
    return header.findChild(MenuButton).words


def test_title_model_and_place_are_shown(header, qtbot):
    header.show_models([Listing(OLLAMA, [QWEN, EMBEDDING]), Listing(CLOUD, [NAMED])], ModelChoice("c", "/files/x.gguf"))
    assert lines_of(header.menu) == [
        "On this computer, Ollama",
        "qwen3:4b",
        "Internet (api.example.com), <b>R&D</b>",
        "A & B <i>model</i>",
    ]
    assert words_of(header) == "A & B <i>model</i>"
    badge = header.findChild(PlaceBadge)
    assert badge.accessibleName() == badge.words == "Internet (api.example.com)"
    with qtbot.waitSignal(header.menu.opening):
        qtbot.mouseClick(header.findChild(MenuButton), Qt.MouseButton.LeftButton)
    header.menu.hide()
    header.show_models([], None)
    assert (words_of(header), badge.isVisible()) == ("Choose a model", False)
    header.show_models([Listing(OLLAMA, [])], ModelChoice("o", "gone:7b"))
    assert (words_of(header), badge.isVisible()) == ("gone:7b", True)
    title = header.findChild(ElidedLabel)
    header.set_title("<img src=/etc/passwd>\nx")
    assert (title.text(), title.textFormat()) == ("<img src=/etc/passwd> x", Qt.TextFormat.PlainText)
    header.set_title("  ")
    assert title.text() == "New conversation"


def test_the_buttons_say_what_is_wanted(header, qtbot):
    buttons = {button.accessibleName(): button for button in header.findChildren(QToolButton)}
    with qtbot.waitSignal(header.new.clicked):
        qtbot.mouseClick(buttons["New conversation"], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(header.sidebar.clicked):
        qtbot.mouseClick(buttons["Show or hide the conversations"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(header.more, Qt.MouseButton.LeftButton)
    assert not header.more.hasFocus(), "a click leaves the keyboard where it was"


@pytest.mark.parametrize("is_sidebar_shown", [False, True])
def test_the_place_is_whole_at_all_widths(header, is_sidebar_shown):
    """The title gives way first, then the model; the place of this computer never does, and nothing is covered."""
    header.set_title("What do the four files say about the rent of the office?")
    header.show_models([Listing(OLLAMA, [QWEN])], ModelChoice("o", "qwen3:4b"))
    header.set_sidebar_shown(is_sidebar_shown)
    header.meter.show_filling(Filling(Window(8_192, WindowSource.LOADED), 100, (), 1_000, 40, 2_000))
    title, model, badge = header.findChild(ElidedLabel), header.findChild(MenuButton), header.findChild(PlaceBadge)
    for width in range(420, 1_500, 45):
        header.resize(width, 50)
        QCoreApplication.sendPostedEvents()
        parts = header.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        ends = sorted((each.geometry().left(), each.geometry().right()) for each in parts if each.isVisible())
        assert all(end < start for (_, end), (start, _) in pairwise(ends)), width
        assert ends[-1][1] < width
        assert badge.width() >= badge.sizeHint().width()
        assert model.width() >= model.sizeHint().width() or title.width() <= header.findChild(TitleField).width_of(20)
        assert header.more.isVisible(), "it never goes"
    assert title.width() >= title.sizeHint().width()


def test_the_title_gives_way_first_then_the_words_of_a_button_then_the_models_tail(header):
    fresh = next(each for each in header.findChildren(LabelledButton) if each.accessibleName() == "Start fresh")
    title, model, badge = header.findChild(ElidedLabel), header.findChild(MenuButton), header.findChild(PlaceBadge)
    header.set_title("Payment terms of the framework contract")
    header.show_models([Listing(CLOUD, [])], ModelChoice("c", "a-model-with-a-long-name-of-a-vendor"))

    def whole():
        QCoreApplication.sendPostedEvents()
        parts = {
            "title": title.width() >= title.sizeHint().width(),
            "model": model.width() >= model.sizeHint().width(),
            "words": "Start fresh" in fresh.text(),
            "place": badge.width() >= badge.sizeHint().width(),
        }
        return " ".join(name for name, is_whole in parts.items() if is_whole)

    seen = []
    for width in range(1_500, 420, -20):
        header.resize(width, 50)
        if whole() not in seen:
            seen.append(whole())
    assert seen == ["title model words place", "model words place", "model place", "place"]


def test_the_names_of_the_buttons_go_first_and_the_title_keeps_twenty_letters_beside_a_pane(header):
    title = header.findChild(ElidedLabel)
    header.set_title("Payment terms of the framework contract with the supplier in Leeds")
    header.show_models([Listing(OLLAMA, [QWEN])], ModelChoice("o", "qwen3:4b"))
    header.set_sidebar_shown(True)
    header.meter.show_filling(NEARLY)
    fresh, builder = (
        next(each for each in header.findChildren(LabelledButton) if each.accessibleName() == name)
        for name in ("Start fresh", "Prompt builder")
    )
    header.resize(1_400, 50)
    assert (fresh.text().strip(), builder.text().strip()) == ("Start fresh", "Prompt builder")
    header.resize(600, 50)  # of 1,280 pixels, what sidebar and pane leave
    assert title.width() >= title.fontMetrics().averageCharWidth() * 20
    assert header.more.isVisible()


def test_start_fresh_stays_where_the_prompt_builder_has_given_way(header):
    """Beside an open pane, in windows of 1,000 and 1,280 pixels and of what lies between and below."""
    header.set_title("Payment terms of the framework contract with the supplier in Leeds")
    header.show_models([Listing(OLLAMA, [QWEN])], ModelChoice("o", "qwen3:4b"))
    ways = set()
    for width in range(700, 440, -5):
        header.resize(width, 50)
        QCoreApplication.sendPostedEvents()
        ways.add(tuple(each.accessibleName() for each in header.hidden_buttons))
        if width >= 579:
            assert not header.fresh.isHidden()
            assert header.title.width() >= header.title.width_of(20)
    assert ways == {(), ("Prompt builder",), ("Start fresh", "Prompt builder")}


@pytest.mark.parametrize(
    ("earlier", "words"), [(1_000, ""), (3_200, "Half full"), (5_400, "Nearly full"), (7_000, "Too long")]
)
def test_how_full_it_is_is_told_from_half_full_on(header, qtbot, earlier, words):
    header.resize(1_400, 50)
    header.meter.show_filling(Filling(Window(8_192, WindowSource.LOADED), 100, (), earlier, 40, 2_000))
    assert header.meter.isVisible() is bool(words)
    if words:
        assert header.meter.text() == words
        header.meter.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(lambda: QToolTip.isVisible() and QToolTip.text() == header.meter.toolTip())
        said = header.meter.accessibleDescription().splitlines()
        assert said[0] == words
        assert ("words are free" in said[-1]) is (words != "Too long")
    header.meter.show_filling(Filling(Window(), 100, (), earlier, 40, 2_000))
    assert not header.meter.isVisible()


def test_a_title_that_is_written_stays_with_its_conversation(header, qtbot):
    header.set_title("Rent")
    header.title.begin_editing()
    field = header.findChild(QLineEdit)
    with qtbot.assertNotEmitted(header.title.renamed):
        header.title.finish_editing()
    header.title.begin_editing()
    field.setText("Rent of the office")
    with qtbot.waitSignal(header.title.renamed) as told:
        header.title.finish_editing()
    assert told.args == ["Rent of the office"]
    with qtbot.assertNotEmitted(header.title.renamed):
        header.set_title("Another conversation")
        header.title.finish_editing()


def test_a_model_is_told_by_twelve_characters_as_long_as_there_is_any_room(header):
    header.set_title("Payment terms of the framework contract")
    header.show_models([Listing(OLLAMA, [])], ModelChoice("o", "a-model-with-a-long-name-of-a-vendor"))
    header.set_sidebar_shown(True)
    header.meter.show_filling(Filling(Window(8_192, WindowSource.LOADED), 100, (), 1_000, 40, 2_000))
    model, badge = header.findChild(MenuButton), header.findChild(PlaceBadge)
    for width in (480, 560, 660, 740):
        header.resize(width, 50)
        QCoreApplication.sendPostedEvents()
        least = model.fontMetrics().horizontalAdvance("a-model-with") + model._beside_words()
        assert model.width() >= min(least, header._theme.px(145)), width
        assert badge.width() >= badge.sizeHint().width()


def test_what_a_button_that_went_leaves_over_is_the_models(header):
    header.set_title("Name three colours")
    header.show_models([Listing(OLLAMA, [])], ModelChoice("o", "SmolLM2 135M Instruct"))
    header.set_sidebar_shown(True)
    model, title = header.findChild(MenuButton), header.findChild(ElidedLabel)
    for width in range(500, 800, 4):
        header.resize(width, 50)
        QCoreApplication.sendPostedEvents()
        free = model.x() - header.more.geometry().right()
        is_cut = model.width() < model.sizeHint().width() or title.width() < title.sizeHint().width()
        assert not is_cut or free <= 12, width


@pytest.mark.parametrize("is_sidebar_shown", [False, True])
def test_the_prompt_builder_of_a_new_conversation_never_goes(header, is_sidebar_shown):
    """It has no menu that could offer it then."""
    header.show_models([Listing(CLOUD, [])], ModelChoice("c", "a-model-with-a-long-name-of-a-vendor"))
    header.set_sidebar_shown(is_sidebar_shown)
    header.set_title("", is_stored=False)
    header.meter.show_filling(NEARLY)
    for width in range(400, 800, 20):
        header.resize(width, 50)
        QCoreApplication.sendPostedEvents()
        assert "Prompt builder" not in [each.accessibleName() for each in header.hidden_buttons], width


def test_start_fresh_keeps_its_shape_when_the_model_is_found(header):
    fresh = next(each for each in header.findChildren(LabelledButton) if each.accessibleName() == "Start fresh")

    def shape(listings, filling):
        header.show_models(listings, ModelChoice("o", "qwen3:4b"))
        header.meter.show_filling(filling)
        QCoreApplication.sendPostedEvents()
        return fresh.text()

    found = [Listing(OLLAMA, [QWEN])], Filling(Window(8_192, WindowSource.LOADED), 100, (), 1_000, 40, 2_000)
    for width in range(660, 1_020, 20):
        header.resize(width, 50)
        header.set_title("")
        assert shape([], None) == shape(*found), width
