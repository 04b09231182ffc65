"""A sign of trouble in the window: beside the answer, also after a restart, until its kind is switched off."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.sign import SignKind
from desktop.ui.errors import ErrorAction
from desktop.ui.message_actions import Recover
from desktop.ui.signs.kinds import SignKindsDialog
from desktop.ui.signs.lines import SignLines
from desktop.ui.window.main_window import MainWindow
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.support.in_process import OpenIt, OpenProgram

pytestmark = pytest.mark.window

# The scripted server counts 26 tokens, whatever was sent.
LONG = "The supplier delivers the goods to the place that the buyer has named in the order. " * 60


def lines_of(opened: OpenProgram) -> SignLines | None:
    """Those below the last reply, where there are any."""
    views = opened.window.transcript.live_views()
    return views[-1][1].signs.lines if views else None


def sentences(opened: OpenProgram) -> list[str]:
    lines = lines_of(opened)
    return [row.words for row in lines.shown] if lines is not None and lines.isVisible() else []


def choose_again(window: MainWindow, kind: SignKind) -> None:
    window.sidebar.settings_requested.emit()
    settings = window.findChild(SettingsDialog)
    assert settings is not None
    settings.signs.click()
    dialog = window.findChild(SignKindsDialog)
    assert dialog is not None
    dialog.boxes[kind].click()
    dialog.reject()


def test_it_is_there_until_its_kind_is_switched_off(open_it: OpenIt, qtbot: QtBot) -> None:
    with open_it() as opened:
        opened.wait_for_model()
        opened.ask(LONG)
        opened.wait_until(lambda: sentences(opened))
        assert sentences(opened) == ["The server read only a part of this conversation."]
        lines = lines_of(opened)
        assert lines is not None
        reply_id = opened.path[-1].id
        with qtbot.waitSignal(opened.window._chat_page.requests.asked) as told:
            button = lines.shown[0].way_out
            assert button is not None
            button.click()
        assert told.args == [reply_id, Recover(ErrorAction.MAKE_ROOM)]
    with open_it() as opened:
        opened.wait_for_model()
        opened.program.chat.open(opened.program.chat.conversations[0].id)
        opened.wait_until(lambda: sentences(opened))
        lines = lines_of(opened)
        assert lines is not None
        lines.shown[0].menu().actions()[0].trigger()
        assert sentences(opened) == []
        assert opened.program.settings.signs_off == (SignKind.CONTEXT_CUT,)
        choose_again(opened.window, SignKind.CONTEXT_CUT)
        assert len(sentences(opened)) == 1
        assert opened.program.settings.signs_off == ()
