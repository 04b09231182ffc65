"""A reply that grows on behind words that it had: the view shows both as one text and one trace."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.events import BeganAgain, Finished, FinishReason, ReasoningDelta, Reclassified, TextDelta
from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart
from desktop.core.reply import ReplyBuilder
from desktop.runtime.generation import Advance
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.thinking.panel import ThinkingPanel
from desktop.ui.transcript.message_view import MessageView
from tests.ui.asking import Asked
from tests.ui.transcript.page_bench import ScriptedTurn

BEGUN = Message(
    role=Role.ASSISTANT,
    parts=(ReasoningPart("a fox"), TextPart("1. The *quick ")),
    status=MessageStatus.STREAMING,
)


def running(qtbot: QtBot, theme: Theme) -> tuple[MessageView, ScriptedTurn]:
    generation = ScriptedTurn()
    generation.builder = ReplyBuilder(BEGUN)
    view = MessageView(BEGUN, PageLook(theme), PanelPreference.AUTO, Asked(), is_last=True)
    qtbot.addWidget(view)
    view.resize(600, view.height_for(600))
    view.lay_out()
    view.show()
    view.follow(generation)  # type: ignore[arg-type]
    return view, generation


def test_text_goes_on_where_it_ended(qtbot: QtBot, theme: Theme) -> None:
    view, generation = running(qtbot, theme)
    assert view._text.source == "1. The *quick "
    generation.play(TextDelta("brown* fox."), advance=Advance(text="brown* fox."))
    assert view._text.source == "1. The *quick brown* fox."
    generation.play(Finished(FinishReason.STOP))
    assert view._text.source == generation.builder.message.text == "1. The *quick brown* fox."
    assert not view.is_running


def test_thinking_goes_on_in_the_same_panel(qtbot: QtBot, theme: Theme) -> None:
    view, generation = running(qtbot, theme)
    panels = _panels(view)
    generation.play(ReasoningDelta(" or a dog"), advance=Advance(reasoning=" or a dog"))
    assert _panels(view) == panels
    assert len(panels) == 1
    generation.play(Finished(FinishReason.CANCELLED))
    assert generation.builder.message.reasoning == "a fox or a dog"


def test_words_that_change_sides_leave_the_beginning_alone(qtbot: QtBot, theme: Theme) -> None:
    view, generation = running(qtbot, theme)
    generation.play(TextDelta("Let me see"), advance=Advance(text="Let me see"))
    generation.play(Reclassified(), advance=Advance(reasoning="Let me see", reclassified=True))
    assert view._text.source == "1. The *quick "


def test_a_reply_that_is_begun_again_shows_nothing_of_the_one_before(qtbot: QtBot, theme: Theme) -> None:
    view, generation = running(qtbot, theme)
    generation.play(BeganAgain(), TextDelta("A fox"), advance=Advance(text="A fox", reclassified=True))
    generation.play(TextDelta(" it was."), advance=Advance(text=" it was."))
    assert view._text.source == generation.builder.message.text == "A fox it was."


def _panels(view: MessageView) -> list[QWidget]:
    return list(view.findChildren(ThinkingPanel))
