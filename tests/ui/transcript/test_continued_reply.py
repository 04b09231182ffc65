"""A reply that grows on behind words that it had: the view shows both as one text and one trace."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.events import Finished, FinishReason, ReasoningDelta, Reclassified, TextDelta
from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart
from desktop.core.reply import ReplyBuilder
from desktop.runtime.reply.turn import Advance
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.theme import Theme
from desktop.ui.thinking.panel import PanelPreference, ThinkingPanel
from desktop.ui.transcript.message_view import MessageView
from tests.ui.transcript.page_bench import ScriptedTurn

BEGUN = Message(
    role=Role.ASSISTANT,
    parts=(ReasoningPart("a fox"), TextPart("1. The *quick ")),
    status=MessageStatus.STREAMING,
)


def running(qtbot: QtBot, theme: Theme) -> tuple[MessageView, ScriptedTurn]:
    turn = ScriptedTurn()
    turn.builder = ReplyBuilder(BEGUN)
    view = MessageView(BEGUN, PageLook(theme), PanelPreference.AUTO, is_last=True)
    qtbot.addWidget(view)
    view.resize(600, view.height_for(600))
    view.lay_out()
    view.show()
    view.follow(turn)  # type: ignore[arg-type]
    return view, turn


def test_text_goes_on_where_it_ended(qtbot: QtBot, theme: Theme) -> None:
    view, turn = running(qtbot, theme)
    assert view._text.source == "1. The *quick "
    turn.play(TextDelta("brown* fox."), advance=Advance(text="brown* fox."))
    assert view._text.source == "1. The *quick brown* fox."
    turn.play(Finished(FinishReason.STOP))
    assert view._text.source == turn.builder.message.text == "1. The *quick brown* fox."
    assert not view.is_running


def test_thinking_goes_on_in_the_same_panel(qtbot: QtBot, theme: Theme) -> None:
    view, turn = running(qtbot, theme)
    panels = _panels(view)
    turn.play(ReasoningDelta(" or a dog"), advance=Advance(reasoning=" or a dog"))
    assert _panels(view) == panels
    assert len(panels) == 1
    turn.play(Finished(FinishReason.CANCELLED))
    assert turn.builder.message.reasoning == "a fox or a dog"


def test_words_that_change_sides_leave_the_beginning_alone(qtbot: QtBot, theme: Theme) -> None:
    view, turn = running(qtbot, theme)
    turn.play(TextDelta("Let me see"), advance=Advance(text="Let me see"))
    turn.play(Reclassified(), advance=Advance(reasoning="Let me see", reclassified=True))
    assert view._text.source == "1. The *quick "


def _panels(view: MessageView) -> list[QWidget]:
    return list(view.findChildren(ThinkingPanel))
