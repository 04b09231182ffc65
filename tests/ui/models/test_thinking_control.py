"""How much a model thinks, chosen where the model is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu

from desktop.core.request import ThinkingLimit, ThinkingMode
from desktop.ui.models.thinking_control import ThinkingChoice, ThinkingControl
from desktop.ui.words import token_count

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


def test_what_is_pressed_is_asked_for(control, qtbot):
    control.show_choice(ThinkingChoice((AUTO, OFF, HIGH)))
    with qtbot.waitSignal(control.mode_chosen) as chosen:
        entries(control)["High"].trigger()
    assert chosen.args == [HIGH]
    limits = entries(control, limits=True)
    assert list(limits) == ["Off", "30 s", "1 min", "2 min", "5 min", *map(token_count, (1_000, 4_000, 16_000))]
    with qtbot.waitSignal(control.limit_chosen) as chosen:
        limits["1 min"].trigger()
    assert chosen.args == [ThinkingLimit(seconds=60)]
