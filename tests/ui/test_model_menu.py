"""The menu of models, and the control for thinking beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.message import Failure
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.request import ThinkingLimit, ThinkingMode
from desktop.runtime.models.directory import Listing
from desktop.ui.look.theme import Theme
from desktop.ui.models.menu import ModelCard, ModelMenu, TermLine, ThinkingChoice, ThinkingControl
from desktop.ui.widgets.picker import narrowed
from tests.ui.connection_scenes import CHOSEN, CLOUD, COMPANY, COMPUTERS, GROUPS, OLLAMA, advice_on
from tests.ui.steps import Noted, go_to, labels_on, lines_of, models_in

MANY = [*GROUPS, Listing(CLOUD, [ModelInfo(f"vendor/model-{number}") for number in range(300)])]
SECOND = ModelChoice("o", "qwen3:8b")


class Opened:
    """The menu over a window, as the presenter fills it."""

    def __init__(self, theme, window, computer):
        self.window = window
        self.menu = ModelMenu(theme, window)
        self.settings = Noted()
        self.pages: list[str] = []
        self.chosen: list[ModelChoice] = []
        self.below = QWidget(window)
        self.menu.show_models(GROUPS, CHOSEN)
        self.menu.join(advice_on(COMPUTERS[computer], GROUPS), self.settings, self.pages.append)
        self.menu.which_requested.connect(lambda: self.pages.append("which"))
        self.menu.connections_requested.connect(lambda: self.pages.append("connections"))
        self.menu.chosen.connect(self.chosen.append)
        self.menu.open_below(self.below)

    def press(self, key, *modifiers):
        at = self.menu.search if self.menu.search.hasFocus() else self.menu.list
        QTest.keyClick(at, key, *modifiers)

    @property
    def at(self):
        """The model that the keyboard is at."""
        row = self.menu.list.current
        return row.key.model if row is not None and isinstance(row.key, ModelChoice) else ""

    @property
    def has_card(self):
        return self.menu._card.isVisible()


@pytest.fixture
def opened(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    with qtbot.waitExposed(window):
        window.show()
    return Opened(theme, window, "16")


def rows_of(listings, pinned=(), *, is_offline=False):
    menu = ModelMenu(Theme("light"))
    menu.show_pinned(pinned)
    menu.show_models(listings, CHOSEN, is_offline=is_offline)
    return list(menu.rows_now())


def places(rows):
    return [each.dot[0].partition(" (")[0] if each.dot else each.title for each in rows if each.is_heading]


def names(rows):
    return [each.key.model for each in models_in(rows)]


def test_what_is_near_stands_first_and_what_is_pinned_on_top(qapp):
    near = ["On this computer", "Private network", "Internet", "Internet"]
    assert places(rows_of(GROUPS)) == near
    pinned = rows_of(GROUPS, (ModelChoice("d", "deepseek-chat"), SECOND))
    assert places(pinned) == ["Pinned", *near]
    assert names(pinned)[:2] == ["deepseek-chat", "qwen3:8b"]
    assert len({each.key for each in pinned}) == len(pinned)
    assert [each.key for each in pinned if each.icon] == [CHOSEN]


def test_a_connection_says_how_it_stands_and_the_lock_keeps_words_here(qapp):
    failed = Failure("auth_rejected", host="gpu-server")
    listings = [Listing(OLLAMA, is_loading=True), Listing(COMPANY, failure=failed), Listing(CLOUD, [])]
    notes = [(each.title, each.can_be_at) for each in rows_of(listings) if not each.is_heading]
    assert notes == [("Looking…", False), ("No models", False), ("The key was not accepted", True)]
    locked = rows_of(GROUPS, is_offline=True)
    here = locked[1 : next(at for at, each in enumerate(locked) if at and each.is_heading)]
    assert {each.is_pale for each in here} == {False}
    assert {each.is_pale for each in models_in(locked) if each not in here} == {True}


def test_a_locked_model_cannot_be_chosen_and_a_silent_server_leads_to_its_connection(opened):
    opened.menu.show_models(GROUPS, CHOSEN, is_offline=True)
    go_to(opened.menu, "deepseek-chat")
    opened.press(Qt.Key.Key_Return)
    assert opened.chosen == []
    assert opened.menu.isVisible()
    opened.menu.show_models([*GROUPS, Listing(COMPANY, failure=Failure("unreachable", host="gpu-server"))], CHOSEN)
    opened.press(Qt.Key.Key_End)
    opened.press(Qt.Key.Key_Return)
    assert (opened.pages, opened.chosen, opened.menu.isVisible()) == (["connections"], [], False)


def test_all_typed_words_are_looked_for_in_names_and_connections(qapp):
    rows = rows_of(MANY)
    assert narrowed(rows, "  ") == rows
    assert names(narrowed(rows, "MODEL 299 deepseek")) == ["vendor/model-299"]
    assert narrowed(rows, "no such model") == []


def test_arrows_go_from_model_to_model_and_to_the_foot(opened, qtbot):
    assert opened.at == CHOSEN.model
    opened.press(Qt.Key.Key_Down)
    assert opened.at == "qwen3:8b"
    opened.press(Qt.Key.Key_Return)
    assert opened.chosen == [SECOND]
    assert not opened.menu.isVisible()
    opened.menu.open_below(opened.below)
    go_to(opened.menu, "")
    opened.press(Qt.Key.Key_Down)
    button = opened.menu.focusWidget()
    assert button is not None
    assert button.accessibleName() == "Which model runs well here"
    QTest.keyClick(button, Qt.Key.Key_Up)
    assert opened.menu.list.hasFocus()
    opened.menu.thinking.show_choice(ThinkingChoice((ThinkingMode.AUTO, ThinkingMode.OFF)))
    opened.press(Qt.Key.Key_Down)
    assert opened.menu.thinking.hasFocus()
    QTest.keyClick(opened.menu.thinking, Qt.Key.Key_Down)
    assert opened.menu.focusWidget() is button
    opened.menu.buttons[1].click()
    assert opened.pages == ["which"]
    assert not opened.menu.isVisible()


def test_typing_searches_and_escape_goes_back_step_by_step(opened):
    for key in (Qt.Key.Key_O, Qt.Key.Key_S, Qt.Key.Key_S):
        opened.press(key)
    assert lines_of(opened.menu) == ["On this computer, Ollama", "gpt-oss 20B"]
    opened.press(Qt.Key.Key_F1)
    assert opened.has_card
    opened.press(Qt.Key.Key_Escape)
    assert not opened.has_card
    opened.press(Qt.Key.Key_Escape)
    assert len(lines_of(opened.menu)) > 2
    opened.press(Qt.Key.Key_Escape)
    assert not opened.menu.isVisible()


def test_a_pin_is_kept_and_taken_away(opened):
    control = Qt.KeyboardModifier.ControlModifier
    go_to(opened.menu, "qwen3:8b")
    opened.press(Qt.Key.Key_P, control)
    assert lines_of(opened.menu)[:2] == ["Pinned", "Qwen3 8B"]
    assert opened.at == "qwen3:8b"
    opened.press(Qt.Key.Key_P, control)
    assert "Pinned" not in lines_of(opened.menu)
    assert opened.settings.changes == [{"pinned_models": (SECOND,)}, {"pinned_models": ()}]


def test_the_card_follows_the_keyboard_and_explains_its_terms(opened):
    def card():
        return opened.menu.findChildren(ModelCard)[-1]

    opened.press(Qt.Key.Key_Right)
    assert CHOSEN.model in labels_on(card())
    opened.press(Qt.Key.Key_Down)
    assert "qwen3:8b" in labels_on(card())
    opened.press(Qt.Key.Key_Left)
    assert not opened.has_card
    opened.press(Qt.Key.Key_Space)
    assert opened.has_card
    go_to(opened.menu, "deepseek-r1:7b")
    said = labels_on(card())
    assert {"DeepSeek R1 Distill 7B", "On this computer · Ollama", "deepseek-r1:7b"} <= set(said)
    assert any(each.startswith("Distilled: ") for each in said)
    terms = card().findChildren(TermLine)
    assert {each.property("lesson") for each in terms} == {"thinking-models", "sizes", "distilled", "context"}
    assert all(each.text() in said for each in terms)


AUTO, OFF, ON, HIGH = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON, ThinkingMode.HIGH


@pytest.fixture
def control(qtbot, theme):
    made = ThinkingControl(theme)
    qtbot.addWidget(made)
    return made


def entries(control, *, limits=False):
    """The entries of its menu by their first word, or those of the limits."""
    menu = control.menu()
    if limits:
        menu = next(each.menu() for each in menu.actions() if each.menu() is not None)
    assert isinstance(menu, QMenu)
    found = [each for each in menu.actions() if not each.isSeparator() and each.menu() is None]
    return {each.text().partition(":")[0]: each for each in found}


@pytest.mark.parametrize(
    ("choice", "words", "offers", "ticked"),
    [
        (ThinkingChoice((AUTO,)), "Thinking: auto", ["Auto"], "Auto"),
        (ThinkingChoice((AUTO, OFF, HIGH), OFF), "Thinking: off", ["Auto", "Off", "High"], "Off"),
        (ThinkingChoice((AUTO, ON), ON), "Thinking: on", ["Auto", "On"], "On"),
        (ThinkingChoice((OFF, ON), AUTO, asks_in_words=True), "Thinking: off", ["Off", "Think first"], "Off"),
        (ThinkingChoice((OFF, ON), ON, None, True), "Thinking: think first", ["Off", "Think first"], "Think first"),
        (ThinkingChoice((AUTO, ON), AUTO, ThinkingLimit(seconds=60)), "Thinking: auto, at most 1 min", None, None),
        (ThinkingChoice((AUTO, OFF), OFF, ThinkingLimit(seconds=60)), "Thinking: off", None, None),
        (ThinkingChoice(), "", None, None),
        (ThinkingChoice((OFF,)), "", None, None),
    ],
)
def test_it_shows_what_the_model_can_do(control, choice, words, offers, ticked):
    control.show_choice(choice)
    assert control.isHidden() is (words == "")
    if words:
        assert (control.words, control.accessibleName()) == (words, words)
    if offers is not None:
        shown = entries(control)
        assert list(shown) == offers
        assert [name for name, each in shown.items() if each.isChecked()] == [ticked]
        assert all(len(each.text()) > 20 for each in shown.values()), "each says what comes of it"
